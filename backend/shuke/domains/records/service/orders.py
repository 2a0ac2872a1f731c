"""Import of a file of order lines: whole receipts, in chunks of one transaction each."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

from shuke.domains.orders import service as orders
from shuke.domains.orders.types import House, IngestVerdict
from shuke.domains.records import rules
from shuke.domains.records.reading import Chunk, Looked, order_chunks
from shuke.domains.records.rules import OrderReader
from shuke.domains.records.service.common import (
    Report,
    brand_for,
    cells_of,
    default_store,
    open_sheet,
    read_mapping,
    rehearsing,
)
from shuke.domains.records.types import Progress, Tally, Wish
from shuke.kit import db
from shuke.kit.aside import aside
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet


async def import_orders(wish: Wish, progress: Progress) -> Tally:
    """Takes over a file of order lines; the tally counts its rows. Imported again, nothing changes.

    A receipt with a bad row is rejected whole, so that no order has a wrong total. Raises Refusal INVALID, one
    sentence, for a file that cannot be read.
    """
    mapping = read_mapping(wish.mapping)
    sheet, places = open_sheet(wish, mapping, rules.ORDERS, ("receipt_no", "placed_at", "quantity"))
    if not {"unit_price", "total"} & places.keys():
        raise Refusal(ErrorCode.INVALID, reason="file_no_money")
    tally = Tally()
    async with rehearsing(wish.dry_run), AsyncExitStack() as stack:
        async with db.tx():  # a file that breaks off in the middle begins no brand
            actor = await brand_for(wish, mapping)
            store, _ = await default_store(actor, mapping)
            reader = OrderReader(mapping, cells_of(mapping, sheet, places, actor), store)
            house = await orders.house_of(actor.brand_id)
            chunks = await stack.enter_async_context(aclosing(_chunks(sheet, reader, house, progress)))
            chunk = await anext(chunks, None)
        report = stack.enter_context(Report(wish.report, actor.locale))
        while chunk:
            documents = [document for _, document in chunk.orders]
            if wish.dry_run:
                stored = await orders.rehearse(actor.brand_id, documents)
            else:
                stored = await orders.store_documents(actor.brand_id, actor.ref, documents, wish.follow_ups)
                if wish.follow_ups:  # an earlier run may have filed them as history
                    known = [one for one in stored if one.verdict is not IngestVerdict.CREATED]
                    await orders.set_off(actor.brand_id, actor.ref, [one.order_id for one in known if one.order_id])
            for (rows, _), one in zip(chunk.orders, stored, strict=True):
                tally.count(one.verdict.value, len(rows))
                report.add(rows, one.verdict.value, subject=one.order_id)
            _reject(chunk, tally, report)
            progress("storing", tally.read)
            chunk = await anext(chunks, None)
    return tally


async def _chunks(sheet: Sheet, reader: OrderReader, house: House, progress: Progress) -> AsyncGenerator[Chunk, None]:
    async with aclosing(aside(order_chunks, sheet, reader, house)) as found:
        async for one in found:
            if isinstance(one, Looked):
                progress("reading", one.rows)
            else:
                yield one


def _reject(chunk: Chunk, tally: Tally, report: Report) -> None:
    for row, reason in chunk.loose:
        tally.count("rejected")
        report.add([row], "rejected", reason)
    for rows, problems in chunk.refused:
        tally.count("rejected", len(rows))
        whole = next((problem for problem in problems if problem.line is None), None)
        by_line = {problem.line: problem for problem in problems}
        culprit = next((rows[line] for line in by_line if line is not None), 0)
        for line, row in enumerate(rows):
            problem = by_line.get(line) or whole
            if problem:
                report.add([row], "rejected", problem.reason, problem.params)
            else:
                report.add([row], "rejected", "receipt_spoiled", {"row": culprit})
