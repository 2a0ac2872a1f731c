"""Import of a file of order lines: whole receipts, in chunks of one transaction each."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass

from shuke.domains.identity.types import Actor
from shuke.domains.orders import service as orders
from shuke.domains.orders.types import IngestVerdict, Stored
from shuke.domains.records.reading import Chunk, Looked, Place, order_chunks, read_mapping
from shuke.domains.records.service.common import (
    brand_for,
    check_report,
    default_store,
    rehearsing,
)
from shuke.domains.records.service.report import Ledger, Report
from shuke.domains.records.service.source import Source, opened
from shuke.domains.records.types import ImportKind, Mapping, Progress, Tally, Wish
from shuke.kit import db
from shuke.kit.aside import aside

Chunks = AsyncGenerator[Chunk, None]


@dataclass(slots=True)
class OrderImport:
    """One run through a file of order lines."""

    actor: Actor
    mapping: Mapping
    source: Source
    dry_run: bool
    follow_ups: bool
    progress: Progress

    async def chunks(self) -> Chunks:
        """What the file holds; when the first chunk comes, the whole file was found readable."""
        store, _ = await default_store(self.actor, self.mapping)
        place = Place(self.actor.timezone, store, await orders.house_of(self.actor.brand_id))
        work = order_chunks, self.source.sheet, self.mapping, self.source.places
        async with aclosing(aside(*work, told=place)) as found:
            async for one in found:
                if isinstance(one, Looked):
                    self.progress("counted" if one.all else "reading", one.rows)
                else:
                    yield one

    async def settle(self, chunk: Chunk, ledger: Ledger) -> None:
        """Stores a chunk, apart from what an earlier run has settled, and writes down what became of its rows."""
        chunk.orders = [one for one in chunk.orders if not ledger.settled(one[0][0])]
        chunk.refused = [one for one in chunk.refused if not ledger.settled(one[0][0])]
        chunk.loose = [one for one in chunk.loose if not ledger.settled(one[0])]
        async with ledger.chunk():
            for (rows, _), one in zip(chunk.orders, await self._store(chunk), strict=True):
                ledger.add(rows, one.verdict.value, subject=one.order_id)
            self._reject(chunk, ledger)
        self.progress("storing", ledger.tally.read)

    async def _store(self, chunk: Chunk) -> list[Stored]:
        documents, brand_id, ref = [document for _, document in chunk.orders], self.actor.brand_id, self.actor.ref
        if self.dry_run:
            return await orders.rehearse(brand_id, documents)
        stored = await orders.store_documents(brand_id, ref, documents, self.follow_ups)
        if self.follow_ups:  # an earlier run may have filed them as history
            known = [one for one in stored if one.verdict is not IngestVerdict.CREATED]
            await orders.set_off(brand_id, ref, [one.order_id for one in known if one.order_id])
        return stored

    def _reject(self, chunk: Chunk, ledger: Ledger) -> None:
        for row, reason in chunk.loose:
            ledger.add([row], "rejected", reason)
        for rows, problems in chunk.refused:
            whole = next((problem for problem in problems if problem.line is None), None)
            by_line = {problem.line: problem for problem in problems}
            culprit = next((rows[line] for line in by_line if line is not None), rows[0])
            for line, row in enumerate(rows):
                problem = by_line.get(line) or whole
                if problem:
                    ledger.add([row], "rejected", problem.reason, problem.params)
                else:
                    ledger.add([row], "rejected", "receipt_spoiled", {"row": self.source.beside(row, culprit)})


async def import_orders(wish: Wish, progress: Progress) -> Tally:
    """Takes over a file of order lines; the tally counts its rows. Imported again, nothing changes.

    A receipt with a bad row is rejected whole, so that no order has a wrong total. Raises Refusal INVALID, one
    sentence, for a file that cannot be read.
    """
    check_report(wish)
    mapping = read_mapping(wish.mapping)
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(opened(wish.file, wish.file.name, mapping, ImportKind.ORDERS))
        await stack.enter_async_context(rehearsing(wish.dry_run))
        async with db.tx():  # a file that breaks off in the middle begins no brand
            actor = await brand_for(wish, mapping)
            work = OrderImport(actor, mapping, source, wish.dry_run, wish.follow_ups, progress)
            chunks: Chunks = await stack.enter_async_context(aclosing(work.chunks()))
            chunk = await anext(chunks, None)
        report = stack.enter_context(Report(wish.report, actor.locale, source))
        while chunk:
            await work.settle(chunk, report)
            chunk = await anext(chunks, None)
        return report.tally
