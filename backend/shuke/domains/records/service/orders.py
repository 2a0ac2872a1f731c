"""Import of a file of order lines: whole receipts, in chunks of one transaction each.

A receipt's rows may lie anywhere in the file, so it is read twice: first to learn where each receipt ends, then to
build receipts and let go of each at its last row. However the file is sorted, memory stays bounded: receipts that begin
while too many rows are held wait for a further reading.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from shuke.domains.orders import rules as order_rules
from shuke.domains.orders import service as orders
from shuke.domains.orders.rules import MAX_LINES
from shuke.domains.orders.types import Document, House, Problem
from shuke.domains.records import rules
from shuke.domains.records.rules import OrderReader, ReceiptKey
from shuke.domains.records.service.common import (
    Report,
    brand_for,
    cells_of,
    default_store,
    one_ahead,
    open_sheet,
    read_mapping,
    rehearsing,
)
from shuke.domains.records.types import Progress, Tally, Wish
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet

CHUNK_ORDERS = 1500
CHUNK_LINES = 20_000
HELD_ROWS = 100_000


@dataclass(slots=True)
class Receipt:
    """Rows of the file that make one order; beyond what an order may have, only their numbers."""

    key: ReceiptKey
    last: int
    """the row it ends at"""
    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Chunk:
    """What is stored in one transaction, and what is rejected without."""

    orders: list[tuple[Receipt, Document]] = field(default_factory=list)
    refused: list[tuple[Receipt, list[Problem]]] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    """rows that belong to no receipt, with the reason"""
    lines: int = 0


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
    async with rehearsing(wish.dry_run):
        async with db.tx():  # a file that breaks off in the middle begins no brand
            actor = await brand_for(wish, mapping)
            store, _ = await default_store(actor, mapping)
            house = await orders.house_of(actor.brand_id)
            reader = OrderReader(mapping, cells_of(mapping, sheet, places, actor), store)
            last = await asyncio.to_thread(last_rows, sheet, reader, progress)
        with Report(wish.report, actor.locale) as report:
            async for chunk in one_ahead(chunks(receipts(sheet, reader, last), reader, house)):
                documents = [document for _, document in chunk.orders]
                if wish.dry_run:
                    stored = await orders.rehearse(actor.brand_id, documents)
                else:
                    stored = await orders.store_documents(actor.brand_id, actor.ref, documents, wish.follow_ups)
                for (receipt, _), one in zip(chunk.orders, stored, strict=True):
                    tally.count(one.verdict.value, len(receipt.numbers))
                    report.add(receipt.numbers, one.verdict.value, subject=one.order_id)
                _reject(chunk, tally, report)
                progress("storing", tally.read)
    return tally


def _reject(chunk: Chunk, tally: Tally, report: Report) -> None:
    for row, reason in chunk.loose:
        tally.count("rejected")
        report.add([row], "rejected", reason)
    for receipt, problems in chunk.refused:
        tally.count("rejected", len(receipt.numbers))
        whole = next((problem for problem in problems if problem.line is None), None)
        by_line = {problem.line: problem for problem in problems}
        culprit = next((receipt.numbers[line] for line in by_line if line is not None), 0)
        for line, row in enumerate(receipt.numbers):
            problem = by_line.get(line) or whole
            if problem:
                report.add([row], "rejected", problem.reason, problem.params)
            else:
                report.add([row], "rejected", "receipt_spoiled", {"row": culprit})


def last_rows(sheet: Sheet, reader: OrderReader, progress: Progress) -> dict[int, int]:
    """Hash of each receipt's key -> its last row. Two keys of one hash share the later row, which does no harm."""
    last: dict[int, int] = {}
    with sheet.reading() as rows:
        for number, key, run in reader.runs(rows):
            if not isinstance(key, str):
                last[hash(key)] = number + len(run) - 1
            progress("reading", number)
    return last


def receipts(
    sheet: Sheet, reader: OrderReader, last: dict[int, int], held_rows: int = HELD_ROWS
) -> Iterator[Receipt | tuple[int, str]]:
    """Every receipt of the file once, complete; and every row that belongs to none, with the reason."""
    turn: set[int] | None = None  # whose turn this reading is; None: everybody's
    while turn is None or turn:
        pile = Pile(turn, last, held_rows)
        with sheet.reading() as rows:
            for number, key, run in reader.runs(rows):
                if isinstance(key, str):
                    if key and turn is None:
                        yield number, key
                elif receipt := pile.add(key, number, run):
                    yield receipt
        yield from pile.open.values()
        turn = pile.waiting


class Pile:
    """The receipts that one reading of the file has begun and not yet seen the end of."""

    def __init__(self, turn: set[int] | None, last: dict[int, int], most_rows: int) -> None:
        self.open: dict[ReceiptKey, Receipt] = {}
        self.waiting: set[int] = set()
        self._turn, self._last, self._most, self._held = turn, last, most_rows, 0

    def add(self, key: ReceiptKey, number: int, run: list[list[str]]) -> Receipt | None:
        """Takes rows in, unless their receipt was dealt with in an earlier reading or must wait for a later one. The
        receipt, if it is complete now.
        """
        receipt = self.open.get(key)
        if receipt is None:
            mark = hash(key)
            if self._turn is not None and mark not in self._turn:
                return None
            if mark in self.waiting or self._held >= self._most:
                self.waiting.add(mark)
                return None
            receipt = self.open[key] = Receipt(key, self._last[mark])
        receipt.numbers.extend(range(number, number + len(run)))
        if len(receipt.rows) <= MAX_LINES:
            receipt.rows.extend(run)
            self._held += len(run)
        if receipt.numbers[-1] < receipt.last:
            return None
        self._held -= len(receipt.rows)
        return self.open.pop(key)


def chunks(found: Iterator[Receipt | tuple[int, str]], reader: OrderReader, house: House) -> Iterator[Chunk]:
    """Receipts checked and put together by the thousand."""
    chunk = Chunk()
    for one in found:
        if isinstance(one, tuple):
            chunk.loose.append(one)
            chunk.lines += 1
        else:
            checked = order_rules.check(reader.order(one.key, one.rows), house)
            if isinstance(checked, Document):
                chunk.orders.append((one, checked))
            else:
                chunk.refused.append((one, checked))
            chunk.lines += len(one.numbers)
            one.rows = []
        if len(chunk.orders) >= CHUNK_ORDERS or chunk.lines >= CHUNK_LINES:
            yield chunk
            chunk = Chunk()
    if chunk.lines:
        yield chunk
