"""What the program is at (a request, a delivery, a job), so that its log and its figures can say so.

Names come from our own code and schema only: what a client writes may hold anything, a phone number too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from shuke.kit.ids import new_id


@dataclass(slots=True)
class Work:
    """One piece of work; `name` and `brand` are filled in when they become known."""

    id: str
    name: str = ""
    brand: UUID | None = None


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work | None:
    return _current.get()


@contextmanager
def work(name: str = "", brand: UUID | None = None, id: str = "") -> Iterator[Work]:
    """Inside, that is what this task (and tasks it starts) is at; an id is made unless one is given."""
    begun = Work(id or str(new_id()), name, brand)
    token = _current.set(begun)
    try:
        yield begun
    finally:
        _current.reset(token)


def tell(name: str = "", brand: UUID | None = None) -> None:
    """Says more about the current piece of work, if there is one."""
    begun = _current.get()
    if begun is not None:
        begun.name, begun.brand = name or begun.name, brand or begun.brand
