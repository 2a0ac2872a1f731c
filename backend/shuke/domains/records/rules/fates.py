"""What may become of the rows of a table that knows a customer, in each use case that concerns all of them."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(slots=True, frozen=True)
class Nothing:
    """The rows stay as they are."""

    because: str


@dataclass(slots=True, frozen=True)
class Relink:
    """Merge: the loser's rows become the winner's. `once`: columns that may stand only once beside a customer; a row
    that the winner has already goes, and comes back with the undo. `alone`: SQL of which rows that holds.
    """

    once: tuple[str, ...] | None = None
    alone: str = "true"


@dataclass(slots=True, frozen=True)
class ByRoom:
    """A use case of the table's own room decides: where it stands within `shuke.domains`."""

    use_case: str


@dataclass(slots=True, frozen=True)
class Rebuilt:
    """Computed anew from what was changed: by the function that stands here within `shuke.domains`."""

    use_case: str


@dataclass(slots=True, frozen=True)
class Restored:
    """Undo: what the merge changed becomes what it was, column by column, unless somebody changed it since."""


@dataclass(slots=True, frozen=True)
class Delete:
    """Erasure: the rows go."""


@dataclass(slots=True, frozen=True)
class Strip:
    """Erasure: the row stays, so that totals hold; these columns become what they are by default."""

    columns: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Listed:
    """Export: the rows stand in a customer's own export, under this name. `only`: these columns of them, where the
    rest of the row is somebody else's; None: all that say something of her.
    """

    name: str
    only: tuple[str, ...] | None = None


Fate: TypeAlias = Nothing | Relink | ByRoom | Rebuilt | Restored | Delete | Strip | Listed


@dataclass(slots=True, frozen=True)
class Part:
    """A column that refers to a customer, and what each of the use cases does with its rows."""

    table: str
    column: str
    merge: Fate
    undo: Fate
    erasure: Fate
    hand_over: Fate
    imports: Fate
    export: Fate


RESTORED = Restored()
NO_OWNER = Nothing("it has no guide of its own: who serves her is asked of the customer")
NEVER_READ = Nothing("no file tells of it")
