"""From a file of customers to what is stored of them. Touches no database: it runs in a process of its own.

The file is laid out first: whatever its sheets look like, their rows become lines of one CSV file, each field in its
own column, with a mark on those that tell of nobody. Then it is read like any other.
"""

import csv
import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

from shuke.domains.customers.rules.newcomers import load
from shuke.domains.records.reading.orders import read_mapping
from shuke.domains.records.reading.progress import Looked
from shuke.domains.records.rules.customers import Idle, NotTaken
from shuke.domains.records.rules.fields import FIELDS
from shuke.domains.records.rules.people import People, PersonRow
from shuke.domains.records.rules.tables import LOOK, SAMPLE_LENGTH, SAMPLES, Choice, Header, find_header, idle
from shuke.domains.records.types import Mapping, SheetFound, SkippedSheet, Spot
from shuke.kit.aside import begin, heard
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.grids import Grid, grids
from shuke.kit.ids import new_ids
from shuke.kit.sheets import Sheet
from shuke.kit.workbooks import Skipped

CHUNK = 1000
ZEROS = ("member_no", "card")
"""Fields whose numbers may have lost zeros in a spreadsheet."""
MARK = "mark"

CustomersRead: TypeAlias = list[tuple[int, PersonRow | NotTaken | Idle]]
"""Row numbers of what was laid out, each with what the row says."""


@dataclass(slots=True)
class Laid:
    """A file that was laid out."""

    fields: list[str] = field(default_factory=list)
    """its columns, behind the mark"""
    used: set[str] = field(default_factory=set)
    """those that say anything"""
    found: list[SheetFound] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    skipped: list[SkippedSheet] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)
    """field -> how long its numbers are where they begin with 0"""
    fingerprints: list[str] = field(default_factory=list)
    """of the headings that were used"""
    saved: bool = False
    """columns were found as somebody chose them before"""
    ref: str | None = None
    """the import whose rows these are, mended"""
    rows: int = 0
    problem: tuple[str, dict[str, Any]] | None = None
    """why none of its sheets can be read"""


def begin_customers(path: Path, mapping_path: Path | None) -> None:
    """Lets the reading process begin with the file that will be asked for; what is wrong with it is for the import to
    say.
    """
    with suppress(Refusal, OSError):
        begin(read_people, path, path.name, *shape(read_mapping(mapping_path)))


def shape(mapping: Mapping) -> tuple[str | None, str | None]:
    """Encoding and delimiter of a CSV file, where the mapping says them."""
    encoding = None if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    return encoding, None if mapping.delimiter == "," else mapping.delimiter


def read_people(
    path: Path, name: str, encoding: str | None, delimiter: str | None, told: Callable[[], Any] = heard
) -> Iterator[Laid | Looked | CustomersRead]:
    """The file laid out, then what its rows say. It is told where to lay it out, with which choice of columns, as soon
    as the file is open; then of what people the rows may be, and the present moment.

    Raises Refusal INVALID, one sentence, for what is no such file or too large.
    """
    gc.disable()  # rows come and go by the million and never in circles
    sheets = grids(path, name, encoding, delimiter)
    first = list(islice(sheets, 1))
    load()
    target, choice = told()
    laid = lay_out(chain(first, sheets), name, target, choice)
    yield laid
    people, now = told()
    yield from customer_chunks(Sheet(target), people, laid.rows, now)


def lay_out(sheets: Iterable[Grid | Skipped], name: str, target: Path, choice: Choice) -> Laid:
    """Writes the rows of every sheet that has customers to `target`."""
    laid = Laid(fields=[*FIELDS, *choice.custom])
    with target.open("w", encoding="utf-8", newline="") as file:
        work = _Layout(laid, csv.writer(file, lineterminator="\n"), choice)
        for one in sheets:
            if isinstance(one, Grid):
                work.sheet(one)
            else:
                laid.skipped.append(SkippedSheet(one.sheet, one.reason, one.params))
    if not laid.spots:
        why = laid.skipped[0] if len(laid.skipped) == 1 else None
        names = "、".join(one.sheet for one in laid.skipped)[:200]
        laid.problem = (why.reason, dict(why.params)) if why else ("workbook_no_sheet", {"file": name, "sheets": names})
    return laid


class _Layout:
    def __init__(self, laid: Laid, writer: Any, choice: Choice) -> None:
        self._laid, self._writer, self._choice = laid, writer, choice
        self._zeros: dict[str, set[int]] = {name: set() for name in ZEROS}
        self._numbers = [(name, laid.fields.index(name)) for name in ZEROS]
        self._ref = laid.fields.index("import_ref")
        writer.writerow([MARK, *laid.fields])

    def sheet(self, grid: Grid) -> None:
        laid, top = self._laid, [_stripped(row) for row in islice(grid.rows, LOOK)]
        header = find_header(top, grid.merged, self._choice)
        if header is None:
            if any(any(_stripped(row)) for row in grid.rows):
                laid.skipped.append(SkippedSheet(grid.name, "file_no_identity"))
            elif grid.name:
                laid.skipped.append(SkippedSheet(grid.name, "sheet_empty"))
            else:
                raise Refusal(ErrorCode.INVALID, reason="file_no_identity")
            return
        header.samples = [[] for _ in header.headings]
        below = chain(top[header.first :], map(_stripped, grid.rows))
        if header.names_somebody:
            laid.spots.append(Spot(laid.rows + 2, grid.name, header.first + 1))
            laid.fingerprints.append(header.fingerprint)
            laid.saved |= header.saved
            laid.used |= header.places.keys()
            self._rows(below, header)
        else:
            laid.skipped.append(SkippedSheet(grid.name, "file_no_identity"))
            for row in islice(below, LOOK):
                _sample(header, row)
        fields = {at: name for name, at in header.places.items()}
        columns = [
            (heading, fields.get(at), header.samples[at]) for at, heading in enumerate(header.headings) if heading
        ]
        laid.found.append(SheetFound(grid.name, header.first, columns))

    def _rows(self, rows: Iterator[list[str]], header: Header) -> None:
        """Writes a sheet's rows; blank ones only once something follows them."""
        laid, blank = self._laid, 0
        width = 0 if self._laid.spots[-1].sheet else len(header.headings)  # only a CSV file's rows can be torn
        order = [header.places.get(name) for name in laid.fields]
        for row in rows:
            mark = idle(row, header) or ("row_cells" if width and len(row) != width else "")
            if mark == "row_blank":
                blank += 1
                continue
            for _ in range(blank):
                self._writer.writerow(["row_blank"])
            laid.rows += blank + 1
            blank = 0
            cells = ["" if at is None or at >= len(row) else row[at].replace("\x00", "") for at in order]
            self._writer.writerow([mark, *cells])
            if not mark:
                self._note(row, cells, header)

    def _note(self, row: list[str], cells: list[str], header: Header) -> None:
        laid = self._laid
        _sample(header, row)
        for name, place in self._numbers:
            text = cells[place]
            if text[:1] == "0" and text.isdecimal():
                self._zeros[name].add(len(text))
                laid.widths = {key: next(iter(found)) for key, found in self._zeros.items() if len(found) == 1}
        if laid.ref is None:
            laid.ref = cells[self._ref] or None


def _stripped(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _sample(header: Header, row: list[str]) -> None:
    for found, cell in zip(header.samples, row, strict=False):
        if len(found) < SAMPLES and cell and cell[:SAMPLE_LENGTH] not in found:
            found.append(cell[:SAMPLE_LENGTH])


def customer_chunks(sheet: Sheet, people: People, rows: int, now: datetime) -> Iterator[Looked | CustomersRead]:
    """What the rows say, by the thousand; `rows`: how many there are, `now`: the present moment."""
    since = time.monotonic()
    yield Looked(rows, True)
    with sheet.reading() as lines:
        numbered = iter(lines)
        while block := list(islice(numbered, CHUNK)):
            at = now + timedelta(seconds=time.monotonic() - since)
            yield [
                (number, _marked(row[0]) if row[0] else people.read(row, key, at))
                for (number, row), key in zip(block, new_ids(len(block)), strict=True)
            ]


def _marked(mark: str) -> Idle | NotTaken:
    return NotTaken(mark) if mark == "row_cells" else Idle(mark)
