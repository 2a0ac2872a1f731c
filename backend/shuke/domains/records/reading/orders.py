"""From a file's rows to what is stored of them. Touches no database: it runs in a process of its own.

A receipt's rows may lie anywhere in the file, so it is read twice: first to learn where each receipt ends, then to
build receipts and let go of each at its last row. However the file is sorted, memory stays bounded: receipts that begin
while too many rows are held wait for a further reading.
"""

import codecs
import gc
import tomllib
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from shuke.domains.identity.types import Locale
from shuke.domains.orders import rules as order_rules
from shuke.domains.orders.rules import MAX_LINES
from shuke.domains.orders.types import Document, House, LinesIn, Problem
from shuke.domains.records import rules
from shuke.domains.records.reading.progress import Looked
from shuke.domains.records.rules import Cells, OrderReader, ReceiptKey
from shuke.domains.records.types import Mapping
from shuke.kit.aside import begin, heard
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_ids
from shuke.kit.sheets import Sheet, is_workbook

CHUNK_ORDERS = 3000
FIRST_ORDERS = 400  # then twice as many each time: storing begins before much is read
CHUNK_LINES = 40_000
HELD_ROWS = 100_000
A_LOOK = 100_000  # rows between two words of progress
NO_LINES = LinesIn.of([])
ZONE = "Asia/Shanghai"  # of a brand that nobody described


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
    """What is stored in one transaction, and what is rejected without. Row numbers beside each."""

    orders: list[tuple[list[int], Document]] = field(default_factory=list)
    refused: list[tuple[list[int], list[Problem]]] = field(default_factory=list)
    loose: list[tuple[int, str]] = field(default_factory=list)
    """rows that belong to no receipt, with the reason"""
    lines: int = 0


@dataclass(slots=True, frozen=True)
class Place:
    """What the database knows and a reader of orders needs."""

    zone: str
    """of times without offset, where the mapping names none"""
    store: str | None
    """code of the store of rows that name none"""
    house: House


def read_mapping(path: Path | None) -> Mapping:
    """The mapping file, or all defaults. Raises Refusal INVALID with the place that is wrong."""
    if path is None:
        return Mapping()
    try:
        return checked(msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Mapping))
    except (ValueError, LookupError) as error:  # what tomllib, msgspec, codecs and zoneinfo raise are kinds of these
        why = str(error).replace("\n", " ")
        raise Refusal(ErrorCode.INVALID, reason="mapping_wrong", file=path.name, why=why) from error


def checked(mapping: Mapping) -> Mapping:
    """The mapping. Raises ValueError or LookupError for an encoding, zone, language or delimiter that is none."""
    codecs.lookup(mapping.encoding)
    ZoneInfo(mapping.timezone or ZONE)
    Locale(mapping.brand.locale)
    if len(mapping.delimiter) != 1:
        raise ValueError("delimiter must be one character")
    return mapping


def begin_orders(path: Path, mapping_path: Path | None) -> None:
    """Has the process beside this one begin with `order_chunks` while this one still loads and connects. What is wrong
    with the file is for the import to say.
    """
    with suppress(Refusal, OSError, KeyError):
        mapping = read_mapping(mapping_path)
        if not is_workbook(path):
            sheet = Sheet(path, mapping.encoding, mapping.delimiter)
            places = rules.place_orders(rules.headings(rules.ORDERS, mapping), sheet.header)
            begin(order_chunks, sheet, mapping, places)


def order_chunks(
    sheet: Sheet, mapping: Mapping, places: AnyMapping[str, int], told: Callable[[], Place] = heard
) -> Iterator[Looked | Chunk]:
    """Receipts checked and put together by the thousand; before the first chunk, the whole file was found readable.
    What the database knows is asked for as late as can be: a mapping may say all that the first reading needs.
    """
    gc.disable()  # rows come and go by the million and never in circles
    told = cache(told)
    zone = mapping.timezone or told().zone
    store = mapping.store.code if mapping.store else told().store
    reader = OrderReader(mapping, Cells(mapping, places, len(sheet.header), zone), store)
    last: dict[int, int] = {}
    number = 1
    for number in last_rows(sheet, reader, last):
        yield Looked(number - 1)
    yield Looked(number - 1, True)
    found, house = receipts(sheet, reader, last), told().house
    most = FIRST_ORDERS
    while (chunk := _chunk(found, reader, house, most)).lines:
        yield chunk
        most = min(most * 2, CHUNK_ORDERS)


def _chunk(found: Iterator[Receipt | tuple[int, str]], reader: OrderReader, house: House, most: int) -> Chunk:
    chunk = Chunk()
    for order_id in new_ids(most):
        one = next(found, None)
        if one is None:
            break
        _put(one, order_id, chunk, reader, house)
        if chunk.lines >= CHUNK_LINES:
            break
    return chunk


def _put(one: Receipt | tuple[int, str], order_id: UUID, chunk: Chunk, reader: OrderReader, house: House) -> None:
    if isinstance(one, tuple):
        chunk.loose.append(one)
        chunk.lines += 1
        return
    checked = order_rules.check(reader.order(one.key, one.rows), house, order_id)
    if isinstance(checked, Document):
        checked.said.lines = NO_LINES  # they are in the document as COPY takes them
        chunk.orders.append((one.numbers, checked))
    else:
        chunk.refused.append((one.numbers, checked))
    chunk.lines += len(one.numbers)


def last_rows(sheet: Sheet, reader: OrderReader, last: dict[int, int]) -> Iterator[int]:
    """Fills in: hash of each receipt's key -> its last row. Two keys of one hash share the later row, which does no
    harm. Yields now and then, and at the end, the number of the last row that was read.
    """
    told = number = 0
    with sheet.reading() as rows:
        for number, ends in reader.ends(rows):
            last.update(ends)
            if number - told >= A_LOOK:
                told = number
                yield number
    if number > told:
        yield number


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
