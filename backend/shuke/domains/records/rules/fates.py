"""What may become of the rows of a table that knows a customer, in each use case that concerns all of them."""

from collections.abc import Mapping
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
class ByEvent:
    """Not in the use case's own transaction, but once its event is delivered: event -> where the handler that does it
    stands within `shuke.domains`.
    """

    handlers: Mapping[str, str]


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


@dataclass(slots=True, frozen=True)
class Holds:
    """Undoing an import: life went on with her of whom there is such a row; if she came by the import, she stays."""


@dataclass(slots=True, frozen=True)
class Goes:
    """Undoing an import: computed, offered, or brought by the import itself; the rows go with who came by it, and hold
    nobody. `alone`: SQL of which rows, of the table as `t`, that holds; the others hold her.
    """

    alone: str = "true"


Fate: TypeAlias = Nothing | Relink | ByRoom | ByEvent | Rebuilt | Restored | Delete | Strip | Listed | Holds | Goes


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
    import_undo: Fate
    export: Fate


RESTORED = Restored()
HOLDS, GOES = Holds(), Goes()
NO_OWNER = Nothing("it has no guide of its own: who serves her is asked of the customer")
NEVER_READ = Nothing("no file tells of it")
