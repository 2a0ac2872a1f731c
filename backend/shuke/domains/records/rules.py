"""How cells become orders and customers. Pure: rows of text in, values or reasons out."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from datetime import UTC, date, datetime, timedelta
from itertools import count, groupby
from operator import itemgetter
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.customers.types import CustomerRow, CustomerSource, Gender
from shuke.domains.orders.types import Column, LinesIn, OrderIn, OrderKind, OrderStatus
from shuke.domains.records.types import Mapping, Spot
from shuke.kit import phones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Rows, columns

Headings = dict[str, Sequence[str]]

ORDERS: Headings = {
    "receipt_no": ("单号", "小票号", "订单号", "receipt_no"),
    "placed_at": ("时间", "下单时间", "销售时间", "placed_at"),
    "business_date": ("营业日", "business_date"),
    "store": ("门店", "门店编码", "store"),
    "terminal": ("收银台", "收银机", "terminal"),
    "kind": ("类型", "单据类型", "kind"),
    "status": ("状态", "status"),
    "member_no": ("会员号", "会员卡号", "member_no"),
    "phone": ("手机号", "手机", "电话", "phone"),
    "refund_of": ("原单号", "refund_of"),
    "sku": ("货号", "商品编码", "条码", "sku"),
    "name": ("商品", "品名", "商品名称", "name"),
    "quantity": ("数量", "quantity"),
    "unit_price": ("单价", "unit_price"),
    "total": ("金额", "小计", "total"),
}
"""Our field -> headings under which it is found when the mapping does not say."""

CUSTOMERS: Headings = {
    "name": ("姓名", "name"),
    "alias": ("称呼", "昵称", "alias"),
    "phone": ("手机号", "手机", "电话", "phone"),
    "member_no": ("会员号", "会员卡号", "member_no"),
    "store": ("门店", "门店编码", "store"),
    "guide_phone": ("导购手机", "导购手机号", "guide_phone"),
    "gender": ("性别", "gender"),
    "birthday": ("生日", "birthday"),
    "level": ("等级", "会员等级", "level"),
    "source": ("来源", "source"),
    "note": ("备注", "note"),
    "created_at": ("建档时间", "入会时间", "created_at"),
}
GENDERS = {"女": Gender.FEMALE, "female": Gender.FEMALE, "f": Gender.FEMALE}
GENDERS |= {"男": Gender.MALE, "male": Gender.MALE, "m": Gender.MALE, "未知": Gender.UNKNOWN, "unknown": Gender.UNKNOWN}
SOURCES = {source.value: source for source in CustomerSource}
SOURCES |= {"到店": CustomerSource.WALK_IN, "转介绍": CustomerSource.REFERRAL, "线上": CustomerSource.ONLINE}
SOURCES |= {"活动": CustomerSource.EVENT, "导入": CustomerSource.IMPORT, "其他": CustomerSource.OTHER}
LONGEST = {"name": 120, "alias": 120, "level": 60, "note": 2000, "member_no": 120}
SERIALS = range(20_000, 80_000)  # what Excel makes of a day from 1954 to 2119
SERIAL_ZERO = datetime(1899, 12, 30)
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日?|(?:日|\s)\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)", re.ASCII
)
CACHE = 1 << 16
BLOCK = 100  # rows that are read at a time: few enough to stay in the processor's cache
LOOK = 2000  # rows that are looked at together for where receipts end


def headings(known: Headings, mapping: Mapping) -> Headings:
    """The headings to look for: the mapping's word first. Raises KeyError naming a field that does not exist."""
    for field in mapping.columns:
        if field not in known:
            raise KeyError(field)
    if mapping.columns:  # a mapping says it all: nothing is taken by a guess
        return {field: (heading,) for field, heading in mapping.columns.items()}
    return known


def place_orders(wanted: Headings, header: Sequence[str]) -> dict[str, int]:
    """Where each field of an order line stands. Raises Refusal INVALID when one that is needed is missing."""
    places = columns(header, wanted, ("receipt_no", "placed_at", "quantity"))
    if not {"unit_price", "total"} & places.keys():
        raise Refusal(ErrorCode.INVALID, reason="file_no_money")
    return places


def place_customers(wanted: Headings, header: Sequence[str]) -> dict[str, int]:
    """Where each field of a customer stands. Raises Refusal INVALID when she could not be known by any."""
    places = columns(header, wanted, ())
    if not {"phone", "member_no"} & places.keys():
        raise Refusal(ErrorCode.INVALID, reason="file_no_identity")
    return places


def where(spots: Sequence[Spot], row: int) -> tuple[str, int]:
    """The sheet's name and the row's number in it."""
    spot = spots[bisect_right(spots, row, key=lambda one: one.row) - 1]
    return spot.sheet, row - spot.row + spot.number


ReceiptKey: TypeAlias = tuple[str, date, str, str]
"""What rows of one receipt have in common: receipt number, business date, store, terminal."""


class Cells:
    """Cells of a row by field, empty words as None, and times in the file's zone."""

    def __init__(self, mapping: Mapping, places: AnyMapping[str, int], width: int, zone: str) -> None:
        self.places = places
        self.width = width
        self._empty = {"", *mapping.empty}
        self._formats = mapping.datetime
        self._zone = ZoneInfo(zone)
        self._moments: dict[str, tuple[datetime, date] | None] = {}

    def text(self, row: list[str], field: str) -> str | None:
        place = self.places.get(field)
        if place is None:
            return None
        plain = row[place].strip()
        return None if plain in self._empty else plain

    def moment(self, text: str) -> tuple[datetime, date] | None:
        """The moment in UTC and its day on the wall; None for what is no time."""
        found = self._moments.get(text, 0)
        if found == 0:
            if len(self._moments) >= CACHE:
                self._moments.clear()
            found = self._moments[text] = self._parse(text.strip())
        return found  # type: ignore[return-value]

    def _parse(self, text: str) -> tuple[datetime, date] | None:
        for pattern in (*self._formats, None):
            try:
                read = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)
                local = read.replace(tzinfo=self._zone) if read.tzinfo is None else read.astimezone(self._zone)
                return local.astimezone(UTC), local.date()
            except (ValueError, OverflowError):
                continue
        plain = _year_first(text) or _serial(text)
        if plain is None:
            return None
        local = plain.replace(tzinfo=self._zone)
        return local.astimezone(UTC), local.date()


def _year_first(text: str) -> datetime | None:
    """A time as tills and spreadsheets here write it: 2026/3/8 9:05. Where the day comes first, nobody can tell."""
    found = YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    year, month, this_day, hour, minute, second = map(int, found.groups("0"))
    try:
        return datetime(year, month, this_day, hour, minute, second)
    except ValueError:
        return None


def _serial(text: str) -> datetime | None:
    """A day, with its time as the fraction, in the number that Excel shows where a cell has lost its format."""
    if not (text[:5].isdecimal() and text.isascii() and text[5:6] in ("", ".")):
        return None
    try:
        days = float(text)
    except ValueError:
        return None
    if int(days) not in SERIALS:
        return None
    return SERIAL_ZERO + timedelta(days=int(days), seconds=round(days % 1 * 86400))


def day(text: str) -> date | None:
    """A date as people write them, or as a spreadsheet does: with an idle midnight, or as a serial number."""
    text = text.removesuffix(" 00:00:00")
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    found = _serial(text)
    return found.date() if found else None


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


class CustomerReader:
    """Rows of a file of customers."""

    def __init__(
        self,
        cells: Cells,
        stores: AnyMapping[str, UUID],
        default_store: UUID | None,
        guides: AnyMapping[str, UUID],
        today: date,
    ) -> None:
        self._cells = cells
        self._stores = stores
        self._default_store = default_store
        self._guides = guides
        self._today = today

    def customer(self, row: list[str]) -> CustomerRow | str:
        """The customer this row tells of, or why it tells of none (a key of `kit.words`)."""
        if len(row) != self._cells.width:
            return "row_cells"
        said = {field: self._cells.text(row, field) for field in CUSTOMERS}
        if any(len(said[field] or "") > most for field, most in LONGEST.items()) or "\x00" in "".join(row):
            return "text_long"
        phone = phones.normalise(said["phone"].removesuffix(".0")) if said["phone"] else None
        store = self._stores.get(said["store"]) if said["store"] else self._default_store
        guide = phones.normalise(said["guide_phone"]) if said["guide_phone"] else None
        birthday = day(said["birthday"]) if said["birthday"] else None
        created = self._cells.moment(said["created_at"]) if said["created_at"] else None
        gender, source = GENDERS.get((said["gender"] or "").lower()), SOURCES.get((said["source"] or "").lower())
        wrong = (
            ("identity_missing", not (said["phone"] or said["member_no"])),
            ("phone_invalid", said["phone"] and phone is None),
            ("store_missing", store is None and not said["store"]),
            ("store_unknown", store is None),
            ("guide_unknown", said["guide_phone"] and guide not in self._guides),
            ("birthday_wrong", said["birthday"] and (birthday is None or birthday > self._today)),
            ("moment_wrong", said["created_at"] and created is None),
            ("word_unknown", (said["gender"] and gender is None) or (said["source"] and source is None)),
        )
        reason = next((reason for reason, holds in wrong if holds), None)
        if reason or store is None:
            return reason or "store_unknown"
        return CustomerRow(
            store_id=store,
            guide_id=self._guides[guide] if guide else None,
            name=said["name"],
            alias=said["alias"],
            gender=gender,
            birthday=birthday,
            level=said["level"],
            source=source,
            note=said["note"],
            phone=phone,
            raw_phone=said["phone"],
            member_no=unicodedata.normalize("NFKC", said["member_no"]) if said["member_no"] else None,
            created_at=created[0] if created else None,
        )
