"""A file of customers, whatever it looks like, laid out as rows with a field a column."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shuke.domains.records.reading import Laid, lay_out
from shuke.domains.records.rules.fields import FIELDS
from shuke.domains.records.rules.tables import Choice
from shuke.domains.records.service.source import Source, scratch
from shuke.domains.records.types import Mapping
from shuke.kit.aside import Ended, aside
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet


@dataclass(slots=True)
class Layout:
    """What was found in the file, and where its rows are read."""

    laid: Laid
    source: Source

    def check(self) -> None:
        """Raises Refusal INVALID where no sheet can be read."""
        if self.laid.problem:
            reason, params = self.laid.problem
            raise Refusal(ErrorCode.INVALID, reason=reason, **params)


@asynccontextmanager
async def laid_out(path: Path, name: str, mapping: Mapping, choice: Choice) -> AsyncIterator[Layout]:
    """The file as rows. Raises Refusal INVALID, one sentence, for what is no such file."""
    for one in choice.columns:
        if one not in FIELDS and one not in choice.custom:
            known = ", ".join(FIELDS)
            raise Refusal(ErrorCode.INVALID, reason="mapping_field", field_name=one, known=known)
    encoding = None if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    delimiter = None if mapping.delimiter == "," else mapping.delimiter
    with scratch() as folder:
        target = folder / "rows.csv"
        try:
            async with aclosing(aside(lay_out, path, name, target, encoding, delimiter, choice)) as told:
                laid = await anext(told)
        except Ended as error:
            raise Refusal(ErrorCode.INVALID, reason="workbook_large", file=name) from error
        places = {field: place for place, field in enumerate(laid.fields, 1)}
        yield Layout(laid, Source(name, Sheet(target), places, laid.spots, laid.skipped))
