"""Import of files of customers: each row its own verdict, in chunks of one transaction each."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from shuke.domains.customers import queries as archive
from shuke.domains.customers.rules.profile import ruled
from shuke.domains.customers.types.profile import Document
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries
from shuke.domains.records.reading import CustomersRead, Looked, read_mapping
from shuke.domains.records.rules import Cells, custom, overwriting
from shuke.domains.records.rules.custom import Asked
from shuke.domains.records.rules.customers import CustomerReader, Idle, NotTaken
from shuke.domains.records.rules.fields import CUSTOM
from shuke.domains.records.rules.house import House, Tag
from shuke.domains.records.rules.people import People, PersonRow
from shuke.domains.records.rules.tables import Choice
from shuke.domains.records.service.common import (
    brand_for,
    check_report,
    default_store,
    rehearsing,
)
from shuke.domains.records.service.layouts import Layout, laid_out
from shuke.domains.records.service.report import Ledger, Report
from shuke.domains.records.service.taking import Taker, quotable
from shuke.domains.records.types import Choices, ImportKind, Mapping, Progress, RowFate, Tally, Wish
from shuke.domains.segments import queries as segments
from shuke.domains.segments.types.tags import TagKind
from shuke.kit import clock, zones
from shuke.kit.ids import new_id

Chunks = AsyncGenerator[CustomersRead, None]


@dataclass(slots=True)
class CustomerImport:
    """One run through a file of customers. `batch_id`: under which it can be undone."""

    actor: Actor
    mapping: Mapping
    layout: Layout
    batch_id: UUID
    choices: Choices
    progress: Progress
    _people: People | None = None

    async def chunks(self) -> Chunks:
        """What the file holds."""
        source, laid = self.layout.source, self.layout.laid
        zone = self.mapping.timezone or self.actor.timezone
        cells = Cells(self.mapping, source.places, len(laid.fields) + 1, zone)
        template = await archive.latest(self.actor.brand_id)
        reader = CustomerReader(cells, await self._house(template.document))
        people = self._people = People(reader, self.actor.brand_id, self.batch_id, self.choices, template)
        async with aclosing(self.layout.rows(people)) as found:
            async for one in found:
                if isinstance(one, Looked):
                    self.progress("counted" if one.all else "reading", one.rows)
                else:
                    yield one

    async def _house(self, document: Document) -> House:
        actor = self.actor
        _, store_id = await default_store(actor, self.mapping)
        stores = await identity.stores(actor.brand_id)
        names = [store.name for store in stores]
        known = {store.name: store.id for store in stores if names.count(store.name) == 1}
        known |= {store.code: store.id for store in stores} | {str(store.id): store.id for store in stores}
        by_phone = await queries.guides_by_phone(actor.brand_id)
        by_name = await queries.people_by_name(actor.brand_id)
        today = zones.local_date(clock.now(), actor.timezone)
        asked = {f"{CUSTOM}{one.key}": Asked(one, actor.currency, known, by_name) for one in custom.fields(document)}
        tags = await self._tags() if "tags" in self.layout.laid.fields else {}
        return House(known, store_id, by_phone, by_name, today, asked, self.layout.laid.widths, tags, ruled(document))

    async def _tags(self) -> dict[str, Tag]:
        by_name, exclusive = await segments.tags_by_name(self.actor.brand_id)
        return {
            name: Tag(one.id, one.kind is TagKind.STATIC, one.group_id if one.group_id in exclusive else None)
            for name, one in by_name.items()
        }

    async def settle(self, chunk: CustomersRead, ledger: Ledger) -> None:
        """Stores a chunk, apart from what an earlier run has settled, and writes down what became of its rows."""
        assert self._people
        chunk = [one for one in chunk if not ledger.settled(one[0])]
        people = [(number, said) for number, said in chunk if isinstance(said, PersonRow)]
        async with ledger.chunk():
            taker = Taker(self.actor.brand_id, self.batch_id, self.choices, self._people)
            fates = dict(
                zip((number for number, _ in people), await taker.take([said for _, said in people]), strict=True)
            )
            left = {number: said for number, said in chunk if isinstance(said, NotTaken)}
            kept = await quotable(self.actor.brand_id, left)
            for number, said in chunk:
                if isinstance(said, Idle):
                    ledger.add([number], RowFate.SKIPPED.value, said.reason)
                elif isinstance(said, NotTaken):
                    cells = said.cells if number in kept else None
                    ledger.add([number], RowFate.REJECTED.value, said.reason, said.params, cells=cells)
                else:
                    fate = fates[number]
                    ledger.add([number], fate.verdict.value, fate.reason, fate.params, fate.customer_id, fate.cells)
        self.progress("storing", ledger.tally.read)


async def import_customers(wish: Wish, progress: Progress) -> Tally:
    """Takes over files of customers, known by member number or phone. What a row leaves empty stays as it is on file,
    and so does what somebody has changed there since a file last said it.

    Raises Refusal INVALID, one sentence, for a file that cannot be read; then none of them is taken.
    """
    check_report(wish)
    mapping, batch_id, document = read_mapping(wish.mapping), wish.batch_id or new_id(), await _template(wish)
    told, otherwise = overwriting.policies(wish.overwrite, document)
    choices = Choices(ImportKind.CUSTOMERS, wish.dry_run, columns=mapping.columns, overwrite=told, otherwise=otherwise)
    async with AsyncExitStack() as stack:
        choice = Choice(mapping.columns, custom.headings(document))
        layouts = [await _opened(stack, path, mapping, choice, len(wish.files) == 1) for path in wish.files]
        await stack.enter_async_context(rehearsing(wish.dry_run))
        actor = await brand_for(wish, mapping)
        report = stack.enter_context(Report(wish.report, actor.locale, layouts[0].source))
        for layout in layouts:
            report.turn_to(layout.source)
            work = CustomerImport(actor, mapping, layout, batch_id, choices, progress)
            async with aclosing(work.chunks()) as chunks:
                async for chunk in chunks:
                    await work.settle(chunk, report)
        return report.tally


async def _template(wish: Wish) -> Document:
    """The template of the brand that is meant, where it is there already; else the one that brands begin with."""
    found = [brand.id for brand in await identity.brands() if wish.brand in (None, brand.name)]
    return (await archive.latest(found[0] if found else new_id())).document


async def _opened(stack: AsyncExitStack, path: Path, mapping: Mapping, choice: Choice, held: bool) -> Layout:
    layout = await stack.enter_async_context(laid_out(path, path.name, mapping, choice, held))
    layout.check()
    return layout
