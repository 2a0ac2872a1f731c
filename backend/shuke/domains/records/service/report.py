"""Where an import writes down what became of each row."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from uuid import UUID

from shuke.domains.identity.types import Locale
from shuke.domains.records.queries import stayed_of
from shuke.domains.records.service.source import Source
from shuke.domains.records.types import Tally
from shuke.kit import db, i18n
from shuke.kit.sheets import safe

PAGE = 1000
HEADER = ("file", "sheet", "row", "verdict", "reason", "message", "id")


class Ledger:
    """Counts rows by verdict; what else is kept of them is its heirs' business."""

    def __init__(self) -> None:
        self.tally = Tally()

    def settled(self, row: int) -> bool:
        """Whether an earlier run came as far as the receipt, or the customer, that begins with this row."""
        return False

    @asynccontextmanager
    async def chunk(self) -> AsyncIterator[None]:
        """Stands around the storing of a chunk and what is added about it: one transaction."""
        async with db.tx():
            yield

    def add(
        self,
        rows: Sequence[int],
        verdict: str,
        reason: str = "",
        params: Mapping[str, object] | None = None,
        subject: UUID | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        """These rows of what is read met this fate; `reason` is a key of the sentences. `cells`: what stood in a row
        that was not taken, field by field.
        """
        self.tally.count(verdict, len(rows))


class Report(Ledger):
    """The row-by-row report: a CSV file for a spreadsheet program; no path, only counts. Rows come as they are
    settled; nothing of the source's cells is repeated in it.
    """

    def __init__(self, path: Path | None, locale: Locale, source: Source) -> None:
        super().__init__()
        self._file = path.open("w", encoding="utf-8-sig", newline="") if path else None
        self._writer = csv.writer(self._file) if self._file else None
        self._locale = locale.value
        self._source = source
        if self._writer:
            self._writer.writerow(HEADER)
            self._skipped(source)

    def turn_to(self, source: Source) -> None:
        """From here on rows are this file's."""
        if source is not self._source:
            self._source = source
            self._skipped(source)

    def _skipped(self, source: Source) -> None:
        for skipped in source.skipped:
            message = i18n.say(self._locale, skipped.reason, **skipped.params)
            line = (source.name, skipped.sheet, "", "skipped", skipped.reason, message, "")
            if self._writer:
                self._writer.writerow([safe(cell) for cell in line])

    def __enter__(self) -> "Report":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(
        self,
        rows: Sequence[int],
        verdict: str,
        reason: str = "",
        params: Mapping[str, object] | None = None,
        subject: UUID | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        super().add(rows, verdict, reason, params, subject, cells)
        if self._writer is None:
            return
        message = i18n.say(self._locale, reason, **(params or {})) if reason else ""
        tail = (verdict, reason, safe(message), str(subject or ""))
        name, where = safe(self._source.name), self._source.where
        for row in rows:
            sheet, number = where(row)
            self._writer.writerow((name, safe(sheet), number, *tail))


async def report_stayed(batch_id: UUID, path: Path) -> None:
    """Writes whom the undo of an import could not leave as if it had not been: id, reason codes, columns changed."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer, after = csv.writer(file), 0
        writer.writerow(("id", "reasons", "fields"))
        while found := (await stayed_of(batch_id, PAGE, after))[:PAGE]:
            writer.writerows((one.customer_id, " ".join(one.reasons), " ".join(one.fields)) for one in found)
            after = found[-1].place
