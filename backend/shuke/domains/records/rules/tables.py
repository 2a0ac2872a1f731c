"""Where a table begins in a sheet, which of its columns is which field, and which of its rows tell of nobody."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shuke.domains.records.rules.fields import FIELDS, GROUPS, IDENTITIES, IGNORED, PHONES, forms, plain
from shuke.kit.grids import Merged

LOOK = 30
"""How many rows from the top the headings may stand below."""
SUMS = ("合计", "总计", "小计", "汇总", "共计", "总合计", "total", "sum", "subtotal", "grand total")
SAMPLES, SAMPLE_LENGTH = 3, 40


@dataclass(slots=True)
class Header:
    """The headings of a table."""

    first: int
    """the row below them, from 0"""
    headings: list[str]
    """one a column, as shown; told apart by a number where two are alike"""
    places: dict[str, int]
    """field -> column"""
    samples: list[list[str]] = field(default_factory=list)
    """a column's first values"""
    saved: bool = False
    """the columns are those that somebody chose before"""
    words: frozenset[str] = frozenset()
    """all that stands in its rows, as it is compared"""

    @property
    def fingerprint(self) -> str:
        """The same for the same headings, in whatever order."""
        said = "\n".join(sorted(plain(heading) for heading in self.headings if heading))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def names_somebody(self) -> bool:
        """Whether a customer can be known by what stands here."""
        return any(name in self.places for name in IDENTITIES)


@dataclass(slots=True, frozen=True)
class Choice:
    """How fields find their columns."""

    columns: Mapping[str, str]
    """field -> heading, as somebody chose it; empty: by the known headings"""
    custom: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """further fields with their headings"""
    saved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """fingerprint of headings -> field -> heading, as somebody chose it for such headings before"""
    closed: frozenset[str] = frozenset()
    """fields that whoever imports does not fill in: their columns tell nothing"""


def find_header(top: Sequence[list[str]], merged: Sequence[Merged], choice: Choice) -> Header | None:
    """The headings among the first rows of a sheet, in one line or in two; None: there is nothing in them.

    Of all lines the one that names most fields, the earliest of several; where none names any, the first that looks
    like headings, so that somebody can say what is what.
    """
    best: tuple[int, Header] | None = None
    for row in range(len(top)):
        for lines, header in enumerate((_single(top, row, choice), _double(top, row, merged, choice)), 1):
            if header is None:
                continue
            if not choice.columns and header.fingerprint in choice.saved:
                header.places = _open(
                    _chosen([(name,) for name in header.headings], choice.saved[header.fingerprint]), choice
                )
                header.saved = True
                return header
            # a title above one line of headings is not a second line of them
            score = 2 * len(header.places) + (header.names_somebody and 100) - lines
            if header.places and (best is None or score > best[0]):
                best = (score, header)
    return best[1] if best else _likely(top)


def _single(top: Sequence[list[str]], row: int, choice: Choice) -> Header | None:
    if not any(top[row]):
        return None
    names = [(cell,) for cell in top[row]]
    return Header(row + 1, unique(top[row]), place(names, choice), words=frozenset(map(plain, top[row])))


def _double(top: Sequence[list[str]], row: int, merged: Sequence[Merged], choice: Choice) -> Header | None:
    """Two lines read as one: a group's name above those of its columns, or a name that reaches over both."""
    if row + 1 >= len(top) or not any(top[row]) or not any(top[row + 1]):
        return None
    upper, lower = list(top[row]), list(top[row + 1])
    upper += [""] * (len(lower) - len(upper))
    lower += [""] * (len(upper) - len(lower))
    over = _spread(upper, lower, row, merged)
    names: list[tuple[str, ...]] = []
    shown = []
    for group, above, below in zip(over, upper, lower, strict=True):
        if below and group and group != below:
            names.append((group + below,) if plain(group).startswith(GROUPS) else (group + below, below))
            shown.append(f"{group} {below}")
        else:
            names.append((below or above,))
            shown.append(below or above)
    words = frozenset(map(plain, (*upper, *lower)))
    return Header(row + 2, unique(shown), place(names, choice), words=words)


def _spread(upper: list[str], lower: list[str], row: int, merged: Sequence[Merged]) -> list[str]:
    """The group that stands above each column: as cells were merged, else over the blanks to its right."""
    over, group, to = [""] * len(upper), "", -1
    spans = {(a, b): d for a, b, c, d in merged if a <= row <= c}
    known = bool(spans)
    for at, text in enumerate(upper):
        if text:
            group, to = text, spans.get((row, at), at if known else len(upper))
        over[at] = group if at <= to and lower[at] else ""
    return over


def place(names: Sequence[tuple[str, ...]], choice: Choice) -> dict[str, int]:
    """field -> column: each column's names are tried in turn, each field takes the surest heading."""
    if choice.columns:
        return _open(_chosen(names, choice.columns), choice)
    rank = _ranks(choice.custom)
    claims: dict[str, list[tuple[int, int]]] = {}
    for column, tried in enumerate(names):
        found = next((rank[form] for name in tried for form in forms(name) if form in rank), None)
        if found:
            claims.setdefault(found[0], []).append((found[1], column))
    places = {name: min(columns)[1] for name, columns in claims.items()}
    spare = sorted(column for _, column in claims.get("phone", ()) if column != places["phone"])
    for name, column in zip((name for name in PHONES if name not in places), spare, strict=False):
        places[name] = column
    return _open(places, choice)


def _open(places: dict[str, int], choice: Choice) -> dict[str, int]:
    return {name: column for name, column in places.items() if name not in choice.closed}


def _chosen(names: Sequence[tuple[str, ...]], columns: Mapping[str, str]) -> dict[str, int]:
    shown = unique([tried[0] for tried in names])
    by_name: dict[str, int] = {}
    for column in reversed(range(len(names))):
        by_name |= {plain(name): column for name in (*reversed(names[column]), shown[column]) if name}
    return {name: by_name[plain(heading)] for name, heading in columns.items() if plain(heading) in by_name}


def _ranks(custom: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    """A heading's form -> its field, and how sure it is. Our own fields come before those of head office."""
    found: dict[str, tuple[str, int]] = {}
    for name, headings in (*FIELDS.items(), *custom.items()):
        for sure, heading in enumerate(headings):
            for form in (plain(heading), plain(heading).replace("_", " ")):
                found.setdefault(form, (name, sure))
    return found


def unique(headings: Sequence[str]) -> list[str]:
    """The headings, told apart: 电话, 电话 2."""
    seen: dict[str, int] = {}
    shown = []
    for heading in headings:
        text = " ".join(heading.split())[:80]
        seen[text] = seen.get(text, 0) + 1
        shown.append(f"{text} {seen[text]}" if text and seen[text] > 1 else text)
    return shown


def _likely(top: Sequence[list[str]]) -> Header | None:
    """The first of the rows that have most different words, taken for headings."""
    widths = [len({cell for cell in row if cell}) for row in top]
    if not widths or max(widths) == 0:
        return None
    row = widths.index(max(widths))
    return Header(row + 1, unique(top[row]), {})


def ignored(heading: str) -> bool:
    """Whether a column of this name is known to tell nothing of a customer."""
    return any(form in IGNORED for form in forms(heading))


def idle(row: Sequence[str], header: Header) -> str:
    """Why a row below the headings tells of nobody (a key of `kit.words`); "": it may tell of somebody."""
    said = [cell for cell in row if cell]
    if not said:
        return "row_blank"
    known = [row[at] for name, at in header.places.items() if name in IDENTITIES and at < len(row)]
    if not any(map(_number_like, known)) and any(plain(cell).replace(" ", "") in SUMS for cell in said):
        return "row_total"
    if len(said) > 1 and all(plain(cell) in header.words for cell in said):
        return "row_heading"
    if len(said) == 1 and not any(known) and said[0].startswith(("# ", "注", "说明", "备注", "制表", "打印")):
        return "row_note"
    return ""


def _number_like(cell: str) -> bool:
    """Whether this could be somebody's number and no sum's."""
    return len(cell) >= 5 and (cell.isdecimal() or sum(char.isdigit() for char in cell) >= 5)
