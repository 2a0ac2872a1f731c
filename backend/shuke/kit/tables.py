"""Tables on their way out: .xlsx and .csv that a spreadsheet program shows and never computes, however long they are.

Every cell is text: a phone keeps its zeros and is never shown as 1.38E+10. What begins like a formula is made harmless
(`kit.sheets.safe`). A workbook is written row by row and holds none of them in memory.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from shuke.kit.sheets import safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MOST_ROWS = 1_048_575  # below the headings, in one sheet
LONGEST = 32_767  # characters that a cell of a workbook takes
WIDTH = 16


class Table(Protocol):
    """Rows of text below headings, and a word about where they come from."""

    def __enter__(self) -> "Table": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Adds rows."""

    def about(self, lines: Sequence[str]) -> None:
        """Says who took this out, when and of what; last, before the table is closed."""


def table(path: Path, suffix: str, headings: Sequence[str], name: str) -> Table:
    """A table to be written; `suffix`: xlsx or csv; `name`: of its sheet."""
    return Workbook(path, headings, name) if suffix == "xlsx" else Lines(path, headings)


class Workbook:
    """A workbook: one sheet, a further one where a sheet is full, and one about where it comes from."""

    def __init__(self, path: Path, headings: Sequence[str], name: str) -> None:
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)})
        self._text = self._book.add_format({"num_format": "@"})
        self._bold = self._book.add_format({"bold": True, "num_format": "@"})
        self._headings, self._name, self._count = headings, name, 0
        self._begin()

    def _begin(self) -> None:
        self._count += 1
        name = self._name if self._count == 1 else f"{self._name} {self._count}"
        self._sheet: Any = self._book.add_worksheet(name[:31])
        self._sheet.set_column(0, max(len(self._headings) - 1, 0), WIDTH, self._text)
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._line(self._headings, self._bold)

    def _line(self, cells: Sequence[str | None], form: Any) -> None:
        for place, cell in enumerate(cells):
            if cell:
                self._sheet.write_string(self._row, place, safe(cell)[:LONGEST], form)
        self._row += 1

    def write(self, rows: Iterable[Sequence[str | None]]) -> None:
        for cells in rows:
            if self._row > MOST_ROWS:
                self._begin()
            self._line(cells, self._text)

    def about(self, lines: Sequence[str]) -> None:
        self._sheet.set_footer(f"&C{lines[0]}"[:255].replace("\n", " "))
        sheet = self._book.add_worksheet("!")
        sheet.set_column(0, 0, 80)
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, safe(line)[:LONGEST], self._text)

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()


class Lines:
    """A CSV file with a byte order mark, as Excel wants it to read Chinese."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self.write([headings])

    def write(self, rows: Iterable[Sequence[str | None]]) -> None:
        self._writer.writerows([safe(cell or "") for cell in cells] for cells in rows)

    def about(self, lines: Sequence[str]) -> None:
        self.write([[f"# {line}"] for line in lines])

    def __enter__(self) -> "Lines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
