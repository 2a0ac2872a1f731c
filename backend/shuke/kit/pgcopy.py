"""PostgreSQL's binary COPY format, field by field, for rows whose fields are much alike: encoded once, joined often.

https://www.postgresql.org/docs/current/sql-copy.html (binary format), numeric as in the server's numeric_recv.
"""

import struct
from decimal import Decimal
from uuid import UUID

BEGIN = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"


def row(fields: int) -> bytes:
    """What stands before a row of so many fields."""
    return struct.pack("!h", fields)


def text(value: str | None) -> bytes:
    return NULL if value is None else _field(value.encode())


def int4(value: int) -> bytes:
    return struct.pack("!ii", 4, value)


def int8(value: int) -> bytes:
    return struct.pack("!iq", 8, value)


def uuid(value: UUID) -> bytes:
    return _field(value.bytes)


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


def _field(payload: bytes) -> bytes:
    return struct.pack("!i", len(payload)) + payload
