"""Pure decisions: does an order hold water, what is it worth, is it news, and what its statistics look like."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.domains.orders.types import Document, House, IngestVerdict, OrderIn, OrderKey, OrderKind, Problem
from shuke.kit import money, pgcopy, phones
from shuke.kit.errors import ErrorCode
from shuke.kit.memo import Memo

MAX_TEXT = 60  # source, terminal, receipt number
MAX_NAME = 500  # what a line says of its article
MAX_MEMBER = 120
MAX_LINES = 10_000
MAX_MINOR = 10**15
REMEMBERED = 1 << 16  # articles, and numbers of a line: a shop's lines are much alike
EARLIEST = 1970  # a year before which no till rang
NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?|[+-]?\d{1,3}(,\d{3}){1,5}(\.\d{1,12})?", re.ASCII)
AHEAD = timedelta(days=1)  # so far may a store's day be beyond that of UTC
BREAKS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")  # what is no text: control characters, halves of characters

STARTS = [pgcopy.row(7) + pgcopy.int4(position) for position in range(1, MAX_LINES + 1)]
"""how the row of each position begins"""

Measured: TypeAlias = tuple[bytes, int, Problem | None]
"""quantity, unit price and total as COPY takes them; the total in minor units; or what is wrong"""


def check(order: OrderIn, house: House, order_id: UUID) -> Document | list[Problem]:
    """The order ready to be stored under a fresh id, or everything that is wrong with it."""
    scale = 0 if order.total_is_minor else money.digits(house.currency)
    said = zip(order.lines.quantities, order.lines.unit_prices, order.lines.totals, strict=True)
    measured = tuple(zip(*map(_measures(scale, house.currency).__getitem__, said), strict=True))
    numbers, minors, wrongs = measured or ((), (), ())
    total = sum(minors)
    problems = _head_problems(order, house)
    if any(wrongs):
        problems += [replace(wrong, line=line) for line, wrong in enumerate(wrongs) if wrong]
    if order.kind is OrderKind.REFUND and total > 0:
        problems.append(Problem(ErrorCode.INVALID, "lines", "refund_positive"))
    if problems:
        return problems
    member = unicodedata.normalize("NFKC", order.member_no).strip() if order.member_no else None
    phone = _phone(order.phone[:MAX_TEXT]) if order.phone else None
    own = pgcopy.uuid(order_id)
    articles = map(ARTICLES.__getitem__, zip(order.lines.skus, order.lines.names, strict=True))
    rows = list(map(b"".join, zip(STARTS, articles, numbers, strict=False)))
    digest = _digest(order, member, phone, house.currency, b"".join(rows))
    key = OrderKey(order.source, house.stores[order.store_code], order.terminal, order.business_date, order.receipt_no)
    buyer = member or None, phone
    lines = own.join([*rows, b""])  # each row ends with it
    return Document(order_id, key, order, *buyer, house.currency, total, len(rows), lines, digest)


def line_rows(document: Document, order_id: UUID) -> bytes:
    """The document's lines as COPY takes them, as those of this order."""
    if order_id == document.id:
        return document.lines
    return document.lines.replace(document.id.bytes, order_id.bytes)  # 74 random bits, which nobody could foresee


def _head_problems(order: OrderIn, house: House) -> list[Problem]:
    problems = _text_problems(order)
    if order.store_code not in house.stores:
        problems.append(Problem(ErrorCode.NOT_FOUND, "storeCode", "store_unknown"))
    if order.placed_at.tzinfo is None or order.placed_at.year < EARLIEST:
        problems.append(Problem(ErrorCode.INVALID, "placedAt", "moment_offset"))
    elif order.placed_at > house.latest:
        problems.append(Problem(ErrorCode.INVALID, "placedAt", "in_future"))
    if order.business_date > house.latest.date() + AHEAD:
        problems.append(Problem(ErrorCode.INVALID, "businessDate", "in_future"))
    if order.currency not in (None, house.currency):
        problems.append(Problem(ErrorCode.INVALID, "currency", "currency_other", {"currency": house.currency}))
    if not 1 <= len(order.lines) <= MAX_LINES:
        problems.append(Problem(ErrorCode.INVALID, "lines", "lines_count", {"most": str(MAX_LINES)}))
    return problems


def _text_problems(order: OrderIn) -> list[Problem]:
    texts = {
        "source": order.source,
        "terminal": order.terminal,
        "receiptNo": order.receipt_no,
        "refundOfReceiptNo": order.refund_of_receipt_no or "",
        "refundOfTerminal": order.refund_of_terminal or "",
        "memberNo": order.member_no or "",
    }
    empty = [name for name in ("source", "receiptNo") if not texts[name].strip()]
    missing = [Problem(ErrorCode.REQUIRED, name, "required") for name in empty]
    whole = "".join(texts.values())
    if len(whole) <= MAX_TEXT and not BREAKS.search(whole):  # nearly always
        return missing
    wrong = []
    for name, text in texts.items():
        most = MAX_MEMBER if name == "memberNo" else MAX_TEXT
        if len(text) > most or BREAKS.search(text):
            wrong.append(Problem(ErrorCode.INVALID, name, "text_wrong", {"most": str(most)}))
    return missing + wrong


@lru_cache(8)
def _measures(scale: int, currency: str) -> Memo[tuple[str | None, str | None, str | None], Measured]:
    return Memo(lambda said: measure(*said, scale, currency), REMEMBERED)


def measure(quantity: str | None, unit_price: str | None, total: str | None, scale: int, currency: str) -> Measured:
    """A line's numbers: the total is the one that was said (in units of 10^-scale), else quantity × unit price, half up
    (away from zero).
    """
    pieces = number(quantity, 11, 3)
    if pieces is None:
        return _wrong("quantity", "quantity_wrong")
    price = number(unit_price, 12, 6) if unit_price else None
    if unit_price and price is None:
        return _wrong("unitPrice", "price_wrong")
    minor: int | None = None
    if total:
        said = number(total, 15, scale)
        minor = None if said is None else int(said.scaleb(scale))
    elif price is not None:
        minor = money.to_minor(pieces * price, currency)
    if minor is None or abs(minor) > MAX_MINOR:
        return _wrong("totalMinor", "total_wrong")
    return _numeric(pieces) + _numeric(price) + pgcopy.int8(minor), minor, None


def _wrong(field: str, reason: str) -> Measured:
    return b"", 0, Problem(ErrorCode.INVALID, field, reason)


def article(said: tuple[str | None, str | None]) -> bytes:
    """What was sold (SKU, name), as COPY takes it: control characters are spaces, nothing is NULL."""
    return b"".join(pgcopy.text(_plain(text)) for text in said)


ARTICLES = Memo(article, REMEMBERED)


def _plain(text: str | None) -> str | None:
    return BREAKS.sub(" ", text or "").strip()[:MAX_NAME] or None


_numeric = lru_cache(1 << 12)(pgcopy.numeric)


@lru_cache(1 << 12)
def number(text: str | None, whole: int, places: int) -> Decimal | None:
    """A plain decimal number (thousands separated by commas at most) without trailing zeros, or None."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if len(plain) > 40 or not NUMBER.fullmatch(plain):
        return None
    value = Decimal(plain.replace(",", ""))
    if value != value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) or abs(value) >= 10**whole:
        return None
    value = value.normalize() + 0  # no negative zero
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


@lru_cache(1 << 12)
def _phone(typed: str) -> str | None:
    return phones.normalise(typed)


def _digest(order: OrderIn, member: str | None, phone: str | None, currency: str, lines: bytes) -> bytes:
    head = (
        order.kind.value,
        order.status.value,
        order.placed_at.isoformat(),
        currency,
        member or "",
        phone or "",
        order.refund_of_receipt_no or "",
        order.refund_of_business_date or "",
        order.refund_of_terminal or "",
    )
    said = "\x1f".join(map(str, head)).encode() + b"\x1e"
    return hashlib.sha256(said + lines).digest()


def verdicts(documents: Sequence[Document], known: Mapping[OrderKey, bytes]) -> list[IngestVerdict]:
    """One verdict a document, in turn: a key that comes again is compared with the one before it."""
    last = dict(known)
    found = []
    for document in documents:
        before = last.get(document.key)
        last[document.key] = document.digest
        if before is None:
            found.append(IngestVerdict.CREATED)
        else:
            found.append(IngestVerdict.UNCHANGED if before == document.digest else IngestVerdict.UPDATED)
    return found


def last_months(now: datetime, zone: str) -> list[str]:
    """The last twelve calendar months of a store, this one included, oldest first: 2026-11."""
    local = now.astimezone(ZoneInfo(zone))
    count = local.year * 12 + local.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(count - 11, count + 1)]


def average_gap(count: int, first: date | None, last: date | None) -> int | None:
    """Calendar days between counted orders, rounded half up."""
    if count < 2 or first is None or last is None:
        return None
    return (2 * (last - first).days + count - 1) // (2 * (count - 1))


def customer_of(document: Document, members: Mapping[str, UUID], phones_known: Mapping[str, UUID]) -> UUID | None:
    """Whose order it is: the member number wins over the phone; neither known: nobody's."""
    by_member = members.get(document.member_no or "")
    return by_member or phones_known.get(document.phone or "")
