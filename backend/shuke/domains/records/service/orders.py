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

CHUNK_ORDERS = 2000
CHUNK_LINES = 30_000
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
    width, signature, before, number = reader.width, reader.signature, None, 1
    key: ReceiptKey | str = ""
    with sheet.reading() as rows:
        for number, row in rows:
            if len(row) == width and signature(row) == before:
                continue  # like the row before, as most are
            if not isinstance(key, str):
                last[hash(key)] = number - 1
            key = reader.key(row)
            before = signature(row) if len(row) == width else None
            progress("reading", number)
        if not isinstance(key, str):
            last[hash(key)] = number
    return last


def receipts(
    sheet: Sheet, reader: OrderReader, last: dict[int, int], held_rows: int = HELD_ROWS
) -> Iterator[Receipt | tuple[int, str]]:
    """Every receipt of the file once, complete; and every row that belongs to none, with the reason."""
    turn: set[int] | None = None  # whose turn this reading is; None: everybody's
    width, signature = reader.width, reader.signature
    while turn is None or turn:
        pile = Pile(turn, last, held_rows)
        before, receipt = None, None
        key: ReceiptKey | str = ""
        with sheet.reading() as rows:
            for number, row in rows:
                if len(row) != width or signature(row) != before:
                    key = reader.key(row)
                    before = signature(row) if len(row) == width else None
                    receipt = None if isinstance(key, str) else pile.receipt(key)
                if receipt is not None:
                    receipt.numbers.append(number)
                    if len(receipt.rows) <= MAX_LINES:
                        receipt.rows.append(row)
                    if number == receipt.last:
                        yield pile.closed(receipt)
                        before = None
                elif turn is None and key and isinstance(key, str):
                    yield number, key
        yield from pile.open.values()
        turn = pile.waiting


class Pile:
    """The receipts that one reading of the file has begun and not yet seen the end of."""

    def __init__(self, turn: set[int] | None, last: dict[int, int], most_rows: int) -> None:
        self.open: dict[ReceiptKey, Receipt] = {}
        self.waiting: set[int] = set()
        self._turn, self._last, self._most = turn, last, most_rows
        self._held = 0  # rows of open receipts, but for the one that was asked for last
        self._current: Receipt | None = None
        self._counted = 0

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        """The receipt of this key; None: it was dealt with in an earlier reading, or must wait for a later one."""
        if self._current:
            self._held += len(self._current.rows) - self._counted
        found = self.open.get(key)
        if found is None:
            mark = hash(key)
            if self._turn is not None and mark not in self._turn:
                found = None
            elif mark in self.waiting or self._held >= self._most:
                self.waiting.add(mark)
            else:
                found = self.open[key] = Receipt(key, self._last[mark])
        self._current, self._counted = found, len(found.rows) if found else 0
        return found

    def closed(self, receipt: Receipt) -> Receipt:
        """The receipt, complete; its rows are held no longer."""
        self._held -= self._counted
        self._current = None
        return self.open.pop(receipt.key)


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
