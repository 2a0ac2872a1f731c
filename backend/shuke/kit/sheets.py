"""Tables in files: reading CSV as shops have it, writing CSV that a spreadsheet program cannot be tricked by."""

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from shuke.kit.errors import ErrorCode, Refusal

PEEK = 1 << 16
WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # or one that asks for a password
GUESSES = ("utf-8", "gb18030")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Sheet:
    """A CSV file with a header line, read from the beginning as often as needed. Nothing is kept in memory.

    Raises Refusal INVALID, one sentence each, for what is no such file: empty, binary, an Excel workbook, another
    encoding, quotes that never close.
    """

    def __init__(self, path: Path, encoding: str = "utf-8", delimiter: str = ",") -> None:
        self.path = path
        self._encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
        self._said = encoding
        self._delimiter = delimiter
        _look(path, b"" if self._encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")) else b"\x00")
        with self.reading() as rows:
            self.header = [name.removeprefix("\ufeff").strip() for name in rows.header]

    @contextmanager
    def reading(self) -> Iterator["Rows"]:
        """The rows from the beginning. What breaks while they are read is told as above."""
        rows = None
        try:
            with self.path.open(encoding=self._encoding, newline="") as file:
                rows = Rows(csv.reader(file, delimiter=self._delimiter))
                yield rows
        except UnicodeDecodeError as error:
            row = rows.reader.line_num + 1 if rows else 1
            raise Refusal(ErrorCode.INVALID, reason="file_encoding", encoding=self._said, row=row) from error
        except csv.Error as error:
            row = rows.reader.line_num if rows else 1
            raise Refusal(ErrorCode.INVALID, reason="file_quotes", row=row) from error


class Rows:
    """(row number as a spreadsheet shows it, cells) of every row below the header; an empty line is an empty list."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.header: list[str] = next(reader, [])

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return enumerate(self.reader, 2)

    def blocks(self, size: int) -> Iterator[tuple[int, list[list[str]]]]:
        """The number of a first row, and it with those that follow."""
        number = 2
        while block := list(islice(self.reader, size)):
            yield number, block
            number += len(block)


def is_workbook(path: Path) -> bool:
    """Whether this is to be read by `kit.workbooks`: .xlsx, or .xls, which looks like one with a password."""
    with path.open("rb") as file:
        return file.read(len(WORKBOOK)) in (WORKBOOK, OLD_WORKBOOK)


def is_archive(path: Path) -> bool:
    """Whether this is a zip archive, as an .xlsx is."""
    with path.open("rb") as file:
        return file.read(len(WORKBOOK)) == WORKBOOK


def guess_encoding(path: Path) -> str:
    """UTF-8 if all of the file is that, else what Excel writes in China. Reads the whole file."""
    decoder = codecs.getincrementaldecoder(GUESSES[0])()
    try:
        with path.open("rb") as file:
            while piece := file.read(PEEK):
                decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return GUESSES[1]
    return GUESSES[0]


def _look(path: Path, forbidden: bytes) -> None:
    """Tells what is plainly no CSV by its first bytes."""
    with path.open("rb") as file:
        head = file.read(PEEK)
    if head.startswith((WORKBOOK, OLD_WORKBOOK)):  # which whoever asks for rows of text did not look for
        raise Refusal(ErrorCode.INVALID, reason="file_workbook", file=path.name)
    if forbidden and forbidden in head:
        raise Refusal(ErrorCode.INVALID, reason="file_binary", file=path.name)
    if not head.strip(b"\xef\xbb\xbf\r\n\t "):
        raise Refusal(ErrorCode.INVALID, reason="file_empty", file=path.name)


def columns(header: Sequence[str], wanted: Mapping[str, Sequence[str]], needed: Sequence[str]) -> dict[str, int]:
    """Where each field stands, by the first of its possible headings that is there.

    Raises Refusal INVALID naming the headings of `needed` fields that are missing.
    """
    places = {heading: place for place, heading in reversed(list(enumerate(header)))}
    found = {}
    for field, headings in wanted.items():
        here = next((places[heading] for heading in headings if heading in places), None)
        if here is not None:
            found[field] = here
    missing = [" / ".join(wanted.get(field, [field])) for field in needed if field not in found]
    if missing:
        names = ", ".join(header)[:200]
        raise Refusal(ErrorCode.INVALID, reason="file_columns", missing=", ".join(missing), found=names)
    return found


def bare(text: str) -> str:
    """A cell as it was before `safe` made it harmless."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def safe(text: str) -> str:
    """A cell that a spreadsheet program shows and never computes."""
    return f"'{text}" if text.startswith(FORMULA) else text
