"""How rows become orders."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count, groupby
from operator import itemgetter
from typing import TypeAlias

from shuke.domains.orders.types import Column, LinesIn, OrderIn, OrderKind, OrderStatus
from shuke.domains.records.rules.cells import Cells, day
from shuke.domains.records.types import Mapping
from shuke.kit.sheets import Rows

BLOCK = 100  # rows that are read at a time: few enough to stay in the processor's cache
LOOK = 2000  # rows that are looked at together for where receipts end

ReceiptKey: TypeAlias = tuple[str, date, str, str]
"""What rows of one receipt have in common: receipt number, business date, store, terminal."""


class OrderReader:
    """Rows of a file of order lines."""

    def __init__(self, mapping: Mapping, cells: Cells, store: str | None) -> None:
        self._mapping = mapping
        self._cells = cells
        self._default_store = store
        self._receipt, self._placed = cells.places["receipt_no"], cells.places["placed_at"]
        self._line_places = [cells.places.get(field) for field in ("sku", "name", "quantity", "unit_price", "total")]
        told = ("receipt_no", "placed_at", "business_date", "store", "terminal")
        self._signature = itemgetter(*(cells.places[field] for field in told if field in cells.places))

    def runs(self, rows: Rows) -> Iterator[tuple[int, ReceiptKey | str, list[list[str]]]]:
        """Rows that follow each other in one receipt: the first one's number, their key, the rows. A row that belongs
        to none comes alone, with the reason (a key of `kit.words`; "" for an empty line).
        """
        width = self._cells.width
        for number, block in rows.blocks(BLOCK):
            sound = set(map(len, block)) == {width}
            for _, together in groupby(block, self._signature if sound else self._careful_signature):
                run = list(together)
                key = self.key(run[0])
                if isinstance(key, str):
                    yield from ((number + place, self.key(row), [row]) for place, row in enumerate(run))
                else:
                    yield number, key, run
                number += len(run)

    def ends(self, rows: Rows) -> Iterator[tuple[int, dict[int, int]]]:
        """Many rows at a time: the last one's number; hash of each receipt's key -> the last row of it among them."""
        width = self._cells.width
        for number, block in rows.blocks(LOOK):
            sound = set(map(len, block)) == {width}
            latest = dict(zip(map(self._signature if sound else self._careful_signature, block), count(number)))
            ends: dict[int, int] = {}
            for row in latest.values():
                key = self.key(block[row - number])
                if not isinstance(key, str):
                    ends[hash(key)] = max(row, ends.get(hash(key), 0))
            yield number + len(block) - 1, ends

    def _careful_signature(self, row: list[str]) -> object:
        return self._signature(row) if len(row) == self._cells.width else None

    def key(self, row: list[str]) -> ReceiptKey | str:
        """The receipt this row belongs to, or why it belongs to none (a key of `kit.words`; "" for an empty line)."""
        cells = self._cells
        if not any(row):
            return ""
        if len(row) != cells.width:
            return "row_cells"
        receipt = row[self._receipt].strip()
        if not receipt:
            return "receipt_missing"
        moment = cells.moment(row[self._placed])
        if moment is None:
            return "moment_wrong"
        said = cells.text(row, "business_date")
        business_date = day(said) if said else moment[1]
        if business_date is None:
            return "day_wrong"
        store = cells.text(row, "store") or self._default_store or ""
        return (receipt, business_date, store, cells.text(row, "terminal") or "")

    def order(self, key: ReceiptKey, rows: Sequence[list[str]]) -> OrderIn:
        """The order of a receipt's rows, in the file's order; what the first row says of the whole receipt holds."""
        cells, mapping, first = self._cells, self._mapping, rows[0]
        moment = cells.moment(first[self._placed])
        assert moment
        refunds, said = mapping.refund, cells.text(first, "kind")
        receipt_no, business_date, store, terminal = key
        is_refund = bool(refunds.prefix and receipt_no.startswith(refunds.prefix)) or said in refunds.values
        is_off = cells.text(first, "status") in mapping.cancelled.values
        return OrderIn(
            source=mapping.source,
            store_code=store,
            terminal=terminal,
            business_date=business_date,
            receipt_no=receipt_no,
            placed_at=moment[0],
            lines=self._lines(rows),
            kind=OrderKind.REFUND if is_refund else OrderKind.SALE,
            status=OrderStatus.CANCELLED if is_off else OrderStatus.COMPLETED,
            currency=mapping.currency,
            member_no=cells.text(first, "member_no"),
            phone=cells.text(first, "phone"),
            refund_of_receipt_no=cells.text(first, "refund_of"),
        )

    def _lines(self, rows: Sequence[list[str]]) -> LinesIn:
        columns: list[Column] = list(zip(*rows, strict=True))
        if empty := self._mapping.empty:
            columns = [[None if cell in empty else cell for cell in column] for column in columns]
        nothing: Column = [None] * len(rows)
        return LinesIn(*(nothing if place is None else columns[place] for place in self._line_places))
