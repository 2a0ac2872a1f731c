"""A file of whatever kind as sheets of rows of text: .xlsx and .xls by python-calamine, all else as CSV.

For a process of its own (`kit.aside`): an archive is looked through before it is opened, and from then on the process
gets so much memory and dies alone when a sheet wants more.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet, guess_encoding, is_archive, is_workbook
from shuke.kit.workbooks import LONGEST_CELL, Skipped, check_archive, limit_memory, shown

DELIMITERS = ",\t;|"
MOST_COLUMNS = 512
EXACT = 10**15
"""From here on a number in a workbook has lost digits: Excel keeps fifteen."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Merged: TypeAlias = tuple[int, int, int, int]
"""First row, first column, last row, last column; all from 0."""


@dataclass(slots=True)
class Grid:
    """A sheet: its name ("" in a file without), and every row from the first on; merged cells hold in the first."""

    name: str
    rows: Iterator[list[str]]
    merged: list[Merged] = field(default_factory=list)


def grids(path: Path, name: str, encoding: str | None, delimiter: str | None) -> Iterator[Grid | Skipped]:
    """The sheets of a file, one after the other. `encoding`, `delimiter`: of a CSV file; None: to be found out.

    Raises Refusal INVALID, one sentence, for what is no such file or too large.
    """
    if is_workbook(path):
        yield from _workbook(path, name)
    else:
        yield from _lines(path, encoding, delimiter)


def _workbook(path: Path, name: str) -> Iterator[Grid | Skipped]:
    if is_archive(path):
        check_archive(path)
    limit_memory()
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for about in book.sheets_metadata:
                if str(about.typ) != "SheetTypeEnum.WorkSheet":
                    yield Skipped(about.name, "sheet_no_table")
                elif str(about.visible) != "SheetVisibleEnum.Visible":
                    yield Skipped(about.name, "sheet_hidden")
                else:
                    yield _sheet(about.name, book.get_sheet_by_name(about.name))
    except calamine.CalamineError as error:
        reason = "workbook_wrong" if is_archive(path) else "file_workbook"
        raise Refusal(ErrorCode.INVALID, reason=reason, file=name) from error


def _sheet(name: str, sheet: Any) -> Grid | Skipped:
    if sheet.width > MOST_COLUMNS:
        return Skipped(name, "sheet_wide", {"most": MOST_COLUMNS})
    left = sheet.start[1] if sheet.start else 0  # columns before the first that says anything do not come along
    merged = [(a, b - left, c, d - left) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
    return Grid(name, ([_text(cell) for cell in row] for row in sheet.iter_rows()), merged)


def _text(value: Any) -> str:
    """A cell as people see it; a number too long to be exact as Excel shows it, so that it is not taken for one."""
    if type(value) is str:
        return value[:LONGEST_CELL]
    if type(value) is float and abs(value) >= EXACT:
        return f"{value:.5E}"
    return shown(value)


def _lines(path: Path, encoding: str | None, delimiter: str | None) -> Iterator[Grid]:
    encoding = encoding or _encoding(path)
    delimiter = delimiter or _delimiter(path, encoding)
    with Sheet(path, encoding, delimiter).reading() as rows:
        yield Grid("", _from_the_first(rows.header, rows.reader))


def _from_the_first(header: list[str], rest: Any) -> Iterator[list[str]]:
    yield [cell.removeprefix("\ufeff") for cell in header]
    yield from rest


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in UTF_16 else guess_encoding(path)


def _delimiter(path: Path, encoding: str) -> str:
    """The one that most of the first lines agree in."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = file.read(1 << 14).splitlines()[:20]
    found = {mark: _agreement(lines, mark) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: found[mark])


def _agreement(lines: list[str], mark: str) -> int:
    widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
    return sum(width for width in widths if width > 1)
