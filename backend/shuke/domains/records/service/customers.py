"""Import of a file of customers: each row its own verdict, in chunks of one transaction each."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow
from shuke.domains.identity import queries as identity
from shuke.domains.identity.types import Actor
from shuke.domains.records import queries
from shuke.domains.records.reading import CustomersRead, Looked, customer_chunks, read_mapping
from shuke.domains.records.rules import CustomerReader
from shuke.domains.records.service.common import (
    brand_for,
    cells_of,
    check_report,
    default_store,
    rehearsing,
)
from shuke.domains.records.service.report import Ledger, Report
from shuke.domains.records.service.source import Source, opened
from shuke.domains.records.types import ImportKind, Mapping, Progress, Tally, Wish
from shuke.kit import clock, db, zones
from shuke.kit.aside import aside

Chunks = AsyncGenerator[CustomersRead, None]


@dataclass(slots=True)
class CustomerImport:
    """One run through a file of customers."""

    actor: Actor
    mapping: Mapping
    source: Source
    progress: Progress

    async def chunks(self) -> Chunks:
        """What the file holds; when the first chunk comes, the whole file was found readable."""
        actor = self.actor
        _, store_id = await default_store(actor, self.mapping)
        stores = {store.code: store.id for store in await identity.stores(actor.brand_id)}
        guides = await queries.guides_by_phone(actor.brand_id)
        today = zones.local_date(clock.now(), actor.timezone)
        cells = cells_of(self.mapping, self.source, actor)
        reader = CustomerReader(cells, stores, store_id, guides, today)
        async with aclosing(aside(customer_chunks, self.source.sheet, reader)) as found:
            async for one in found:
                if isinstance(one, Looked):
                    self.progress("counted" if one.all else "reading", one.rows)
                else:
                    yield one

    async def settle(self, chunk: CustomersRead, ledger: Ledger) -> None:
        """Stores a chunk, apart from what an earlier run has settled, and writes down what became of its rows."""
        chunk = [one for one in chunk if not ledger.settled(one[0])]
        good = [(number, row) for number, row in chunk if isinstance(row, CustomerRow)]
        async with ledger.chunk():
            verdicts = await customers.upsert_many(self.actor.brand_id, [row for _, row in good])
            for number, row in chunk:
                if isinstance(row, str):
                    ledger.add([number], "rejected", row)
            for (number, _), verdict in zip(good, verdicts, strict=True):
                ledger.add([number], verdict.outcome.value, verdict.reason or "", subject=verdict.customer_id)
        self.progress("storing", ledger.tally.read)


async def import_customers(wish: Wish, progress: Progress) -> Tally:
    """Takes over a file of customers, known by member number or phone. What a row leaves empty stays as it is on file.

    Raises Refusal INVALID, one sentence, for a file that cannot be read.
    """
    check_report(wish)
    mapping = read_mapping(wish.mapping)
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(opened(wish.file, wish.file.name, mapping, ImportKind.CUSTOMERS))
        await stack.enter_async_context(rehearsing(wish.dry_run))
        async with db.tx():  # a file that breaks off in the middle begins no brand
            actor = await brand_for(wish, mapping)
            work = CustomerImport(actor, mapping, source, progress)
            chunks: Chunks = await stack.enter_async_context(aclosing(work.chunks()))
            chunk = await anext(chunks, None)
        report = stack.enter_context(Report(wish.report, actor.locale, source))
        while chunk is not None:
            await work.settle(chunk, report)
            chunk = await anext(chunks, None)
        return report.tally
