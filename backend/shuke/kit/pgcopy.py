"""PostgreSQL's binary COPY format, field by field, for rows whose fields are much alike: encoded once, joined often.

https://www.postgresql.org/docs/current/sql-copy.html (binary format), numeric as in the server's numeric_recv.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from shuke.kit.ids import Ascending

BEGIN = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
TEXT = 25  # the type's oid
UUID_LENGTH = b"\x00\x00\x00\x10"
_length = struct.Struct("!i").pack
YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)


def row(fields: int) -> bytes:
    """What stands before a row of so many fields."""
    return struct.pack("!h", fields)


def text(value: str | None) -> bytes:
    if value is None:
        return NULL
    payload = value.encode()
    return _length(len(payload)) + payload


def texts_after(head: bytes, values: Iterable[str], tail: bytes) -> bytes:
    """A row for each value, which stands between the same fields."""
    return b"".join([head + _length(len(said)) + said + tail for said in map(str.encode, values)])


def texts(values: Sequence[str]) -> bytes:
    """A text[] of one dimension."""
    if not values:
        return _field(struct.pack("!iii", 0, 0, TEXT))
    return _field(struct.pack("!iiiii", 1, 0, TEXT, len(values), 1) + b"".join(map(text, values)))


def jsonb(value: str) -> bytes:
    """Of the JSON's text."""
    return _field(b"\x01" + value.encode())


def boolean(value: bool) -> bytes:
    return b"\x00\x00\x00\x01\x01" if value else b"\x00\x00\x00\x01\x00"


def timestamptz(value: datetime) -> bytes:
    """Microseconds since 2000 in UTC."""
    since = value - YEAR_2000
    return int8((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def int2(value: int) -> bytes:
    return struct.pack("!ih", 2, value)


def int4(value: int) -> bytes:
    return struct.pack("!ii", 4, value)


def int8(value: int) -> bytes:
    return struct.pack("!iq", 8, value)


def uuid(value: UUID | None) -> bytes:
    return NULL if value is None else UUID_LENGTH + value.int.to_bytes(16, "big")


def numeric(value: Decimal | None) -> bytes:
    """Base-10000 digits, the weight of the first, sign, and how many decimals to show. Finite values only."""
    if value is None:
        return NULL
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    shown = max(-exponent, 0)
    after = -(-shown // 4)  # groups behind the point
    whole = int("".join(map(str, digits))) * 10 ** (4 * after + exponent)
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    weight = len(groups) - after - 1 if groups else 0
    head = struct.pack("!hhHh", len(groups), weight, 0x4000 if sign and groups else 0, shown)
    return _field(head + struct.pack(f"!{len(groups)}h", *reversed(groups)))


def next_uuid(ids: Ascending) -> bytes:
    """A new one."""
    return UUID_LENGTH + ids.number().to_bytes(16, "big")


def _field(payload: bytes) -> bytes:
    return _length(len(payload)) + payload
