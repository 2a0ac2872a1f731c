"""Global ids and keyset pages, as Relay has them."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import strawberry

from shuke.kit.errors import ErrorCode, Refusal

T = TypeVar("T")
MAX_PAGE = 100

First = Annotated[int, strawberry.argument(description="How many rows, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor behind which to go on.")]


def global_id(type_name: str, key: UUID) -> strawberry.ID:
    """base64 of "Type:uuid", which a client may compute as well."""
    return strawberry.ID(base64.b64encode(f"{type_name}:{key}".encode()).decode())


def parse_id(value: str, type_name: str | None = None, field: str = "id") -> UUID:
    """The key in a global id of this type. Raises Refusal NOT_FOUND for anything else."""
    found, key = split_id(value, field)
    if type_name is not None and found != type_name:
        raise Refusal(ErrorCode.NOT_FOUND, field)
    return key


def optional_id(value: str | None, type_name: str, field: str) -> UUID | None:
    return parse_id(value, type_name, field) if value else None


def split_id(value: str, field: str = "id") -> tuple[str, UUID]:
    """Type name and key of a global id. Raises Refusal NOT_FOUND for what is none."""
    try:
        name, _, key = base64.b64decode(value, validate=True).decode().partition(":")
        return name, UUID(key)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refusal(ErrorCode.NOT_FOUND, field) from error


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="More follow after endCursor.")
    has_previous_page: bool = strawberry.field(description="The page was asked for with a cursor.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first row here.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last row here; pass it as `after`.")


@dataclass(slots=True)
class Edge(Generic[T]):
    cursor: str
    node: T


@dataclass(slots=True)
class Page(Generic[T]):
    """A page as the connection types read it."""

    edges: list[Edge[T]]
    page_info: PageInfo


def page_size(first: int) -> int:
    """Raises Refusal PAGE_SIZE outside 1..100."""
    if not 1 <= first <= MAX_PAGE:
        raise Refusal(ErrorCode.PAGE_SIZE, "first", most=MAX_PAGE)
    return first


def encode_cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode("|".join(str(part) for part in parts).encode()).decode()


def decode_cursor(cursor: str | None, parts: int) -> list[str] | None:
    """The parts of a cursor, None for none. Raises Refusal INVALID for what is no cursor of ours."""
    if cursor is None:
        return None
    try:
        found = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refusal(ErrorCode.INVALID, "after", "cursor_invalid") from error
    if len(found) != parts:
        raise Refusal(ErrorCode.INVALID, "after", "cursor_invalid")
    return found


def decode_id(cursor: str | None) -> UUID | None:
    """The cursor of a list ordered by id. Raises Refusal INVALID."""
    parts = decode_cursor(cursor, 1)
    return _part(UUID, parts[0]) if parts else None


def decode_moment(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The cursor of a list ordered by a time (ISO 8601 with offset) and an id. Raises Refusal INVALID."""
    parts = decode_cursor(cursor, 2)
    if parts is None:
        return None
    return _part(_moment, parts[0]), _part(UUID, parts[1])


def decode_score(cursor: str | None) -> tuple[int, UUID] | None:
    """The cursor of a list ordered by a whole number and an id. Raises Refusal INVALID."""
    parts = decode_cursor(cursor, 2)
    return (_part(_small, parts[0]), _part(UUID, parts[1])) if parts else None


def _small(text: str) -> int:
    """Raises ValueError for what no column of ours holds."""
    number = int(text)
    if abs(number) > 2**31 - 1:
        raise ValueError("too large")
    return number


def _moment(text: str) -> datetime:
    """In UTC. Raises ValueError without an offset, OverflowError for what UTC puts before year 1 or after 9999."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)


def _part(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise Refusal(ErrorCode.INVALID, "after", "cursor_invalid") from error


def make_page(rows: Sequence[T], first: int, cursors: Sequence[str], after: str | None) -> Page[T]:
    """A page of `first` rows out of the `first + 1` that were read, each with its cursor."""
    edges = [Edge(cursor, row) for cursor, row in zip(cursors[:first], rows[:first], strict=True)]
    info = PageInfo(
        has_next_page=len(rows) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Page(edges, info)
