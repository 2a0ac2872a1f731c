"""A file to import, whatever its kind, as rows that are read like a CSV file's."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from shuke.domains.records import rules
from shuke.domains.records.rules import Headings
from shuke.domains.records.types import ImportKind, Mapping, SkippedSheet, Spot
from shuke.kit.aside import Ended, aside
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet, is_workbook
from shuke.kit.workbooks import unpack

PREFIX = "shuke-import-"

Placing: TypeAlias = Callable[[Headings, Sequence[str]], dict[str, int]]

KINDS: dict[ImportKind, tuple[Headings, Placing]] = {
    ImportKind.ORDERS: (rules.ORDERS, rules.place_orders),
}


@dataclass(slots=True)
class Source:
    """What an import reads: rows below one header, from all sheets that have the headings."""

    name: str
    sheet: Sheet
    places: dict[str, int]
    spots: list[Spot] = field(default_factory=lambda: [Spot(2, "", 2)])
    skipped: list[SkippedSheet] = field(default_factory=list)

    def where(self, row: int) -> tuple[str, int]:
        """The sheet's name and the row's number in it, as a spreadsheet shows them."""
        return rules.where(self.spots, row)

    def beside(self, row: int, other: int) -> int | str:
        """How to name `other` to somebody who looks at `row`."""
        sheet, number = self.where(other)
        return number if sheet == self.where(row)[0] else f"{sheet} {number}"


@asynccontextmanager
async def opened(path: Path, name: str, mapping: Mapping, kind: ImportKind) -> AsyncIterator[Source]:
    """The file as rows. Raises Refusal INVALID, one sentence, for a file that is none of this kind."""
    known, placing = KINDS[kind]
    try:
        wanted = rules.headings(known, mapping)
    except KeyError as error:
        names = ", ".join(known)
        raise Refusal(ErrorCode.INVALID, reason="mapping_field", field_name=error.args[0], known=names) from error
    if not is_workbook(path):
        sheet = await asyncio.to_thread(Sheet, path, mapping.encoding, mapping.delimiter)
        yield Source(name, sheet, placing(wanted, sheet.header))
        return
    with scratch() as folder:
        target = folder / "rows.csv"
        try:
            async with aclosing(aside(unpack, path, target, list(wanted), partial(placing, wanted))) as told:
                unpacked = await anext(told)
        except Ended as error:
            raise Refusal(ErrorCode.INVALID, reason="workbook_large", file=name) from error
        spots = [Spot(span.row, span.sheet, span.number) for span in unpacked.spans]
        skipped = [SkippedSheet(one.sheet, one.reason, one.params) for one in unpacked.skipped]
        places = {one: place for place, one in enumerate(wanted) if one in unpacked.fields}
        yield Source(name, Sheet(target), places, spots, skipped)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for as long as it is needed; those of processes that were killed are cleared away first."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _lives(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
