"""Excel workbooks (.xlsx, .xls): the sheets that are wanted become one CSV file, with a note of which row stood where.

Everything behind the reading of a file can then treat it like any CSV file, and a workbook costs its unpacking alone.
Unpacking trusts nothing: it runs in a process of its own (`kit.aside`) whose memory is bounded, after every part of the
archive was found to inflate to what it says and all of them to no more than is allowed.
"""

import csv
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import is_archive

MOST_UNPACKED = 1 << 30
MOST_MEMORY = 2 << 30
MOST_PARTS = 5000
LONGEST_CELL = 40_000  # more than Excel takes; the reader of CSV breaks off at 131,072
PIECE = 1 << 20

Place = Callable[[list[str]], dict[str, int]]
"""Headings -> where each field stands. Raises Refusal INVALID when a field that is needed is missing."""


@dataclass(slots=True)
class Span:
    """Rows of the CSV file from `row` on are those of `sheet` from `number` on, both as a spreadsheet numbers them."""

    row: int
    sheet: str
    number: int


@dataclass(slots=True)
class Skipped:
    """A sheet that was not read, and why: a key of `kit.words` with what fills it."""

    sheet: str
    reason: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Unpacked:
    """What became of a workbook."""

    fields: list[str] = field(default_factory=list)
    """those that at least one sheet has"""
    spans: list[Span] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rows: int = 0


def unpack(path: Path, target: Path, fields: Sequence[str], place: Place) -> Iterator[Unpacked]:
    """Writes the rows of every visible sheet that `place` accepts to `target`, a CSV file with a column a field.

    Yields once. Raises Refusal INVALID, one sentence, for what is no workbook, is too large, or has no such sheet.
    For a process of its own: it limits the process's memory, and a workbook that wants more ends the process.
    """
    if is_archive(path):
        check_archive(path)
    limit_memory()
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book, target.open("w", encoding="utf-8", newline="") as file:
            done = _Writer(file, fields, place).all_of(book, path.name)
    except calamine.CalamineError as error:
        reason = "workbook_wrong" if is_archive(path) else "file_workbook"
        raise Refusal(ErrorCode.INVALID, reason=reason, file=path.name) from error
    yield done


class _Writer:
    def __init__(self, file: Any, fields: Sequence[str], place: Place) -> None:
        self._writer = csv.writer(file)
        self._fields, self._place = fields, place
        self._done = Unpacked()
        self._why: Refusal | None = None

    def all_of(self, book: Any, name: str) -> Unpacked:
        done, found = self._done, set()
        self._writer.writerow(self._fields)
        for about in book.sheets_metadata:
            if str(about.typ) != "SheetTypeEnum.WorkSheet":
                done.skipped.append(Skipped(about.name, "sheet_no_table"))
            elif str(about.visible) != "SheetVisibleEnum.Visible":
                done.skipped.append(Skipped(about.name, "sheet_hidden"))
            else:
                found |= self._sheet(about.name, book.get_sheet_by_name(about.name))
        if not done.spans:
            names = "、".join(one.sheet for one in done.skipped)[:200]
            if self._why and len(done.skipped) == 1:
                raise self._why
            raise Refusal(ErrorCode.INVALID, reason="workbook_no_sheet", file=name, sheets=names)
        done.fields = [one for one in self._fields if one in found]
        return done

    def _sheet(self, name: str, sheet: Any) -> set[str]:
        """Writes one sheet's rows, the first that says anything being its headings; the fields that it has."""
        rows = ([shown(cell) for cell in row] for row in sheet.iter_rows())
        number = 0  # rows above the first that says anything come along, columns before it do not
        for header in rows:
            number += 1
            if any(header):
                break
        else:
            self._done.skipped.append(Skipped(name, "sheet_empty"))
            return set()
        try:
            places = self._place([text.strip() for text in header])
        except Refusal as refusal:
            self._why = refusal
            self._done.skipped.append(Skipped(name, refusal.reason, refusal.params))
            return set()
        self._done.spans.append(Span(self._done.rows + 2, name, number + 1))
        order = [places.get(one) for one in self._fields]
        for row in rows:
            self._writer.writerow(["" if at is None else row[at] for at in order])
            self._done.rows += 1
        return set(places)


def shown(value: Any) -> str:
    """A cell as people see it: no `.0`, no more digits than Excel keeps, dates as ISO 8601 without an idle midnight."""
    kind = type(value)
    if kind is str:
        return value[:LONGEST_CELL]
    if kind is float or kind is int:
        text = format(value, ".15g")
        return format(Decimal(text), "f") if "e" in text else text
    if kind is datetime:
        near = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return near.date().isoformat() if near.hour == near.minute == near.second == 0 else near.isoformat(" ")
    if kind is date:
        return value.isoformat()
    return str(value).upper() if kind is bool else str(value)


def check_archive(path: Path) -> None:
    """Raises Refusal INVALID for an archive that is broken, lies about itself, or inflates to too much."""
    wrong = Refusal(ErrorCode.INVALID, reason="workbook_wrong", file=path.name)
    large = Refusal(ErrorCode.INVALID, reason="workbook_large", file=path.name)
    try:
        with ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise large
            for part in parts:
                if part.flag_bits & 1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                    raise wrong
                if part.compress_type == ZIP_DEFLATED and not _inflates(file, part):
                    raise large
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise wrong from error


def _inflates(file: Any, part: ZipInfo) -> bool:
    """Whether a part inflates to no more than it says. Python's own reader would stop there and not tell."""
    file.seek(part.header_offset)
    head = file.read(30)
    if len(head) < 30:
        raise EOFError
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), os.SEEK_CUR)
    inflate, size, left = zlib.decompressobj(-15), 0, part.compress_size
    while not inflate.eof:
        piece = inflate.unconsumed_tail
        if not piece:
            piece = file.read(min(PIECE, left))
            left -= len(piece)
            if not piece:
                raise EOFError
        size += len(inflate.decompress(piece, PIECE))
        if size > part.file_size:
            return False
    return True


def limit_memory() -> None:
    """From here on this process gets only so much memory, and dies in silence when it wants more."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
