"""Workbooks as Excel writes them, and as nobody should."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Sequence[object]]], hidden: Sequence[str] = ()) -> Path:
    """A workbook; dates and times are Excel's own numbers with a format, text that begins with = a formula whose value
    is the cell's after `|`.
    """
    with xlsxwriter.Workbook(path) as book:
        day, moment = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(y, x, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(y, x, cell, day)
                    elif isinstance(cell, str) and cell.startswith("="):
                        formula, _, value = cell.partition("|")
                        sheet.write_formula(y, x, formula, None, value)
                    elif isinstance(cell, str):
                        sheet.write_string(y, x, cell)
                    elif cell is not None:
                        sheet.write(y, x, cell)
    return path


def write_bomb(path: Path, source: Path, megabytes: int, claim: int | None = None) -> Path:
    """A copy of a workbook with a part of zeros beside it; `claim`: the size that the archive says it has."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one, old.read(one))
        with new.open("xl/media/zeros.bin", "w") as part:
            for _ in range(megabytes):
                part.write(bytes(1 << 20))
    if claim is not None:
        raw = path.read_bytes()
        true = (megabytes << 20).to_bytes(4, "little")
        path.write_bytes(raw.replace(true, claim.to_bytes(4, "little")))
    return path
