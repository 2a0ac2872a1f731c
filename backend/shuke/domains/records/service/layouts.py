"""A file of customers, whatever it looks like, laid out as rows with a field a column."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from shuke.domains.records.reading import CustomersRead, Laid, Looked, customer_chunks, read_people, shape
from shuke.domains.records.rules.fields import FIELDS
from shuke.domains.records.rules.people import People
from shuke.domains.records.rules.tables import Choice
from shuke.domains.records.service.source import Source, scratch
from shuke.domains.records.types import Mapping
from shuke.kit import clock
from shuke.kit.aside import Ended, Words, aside
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet

Rows: TypeAlias = AsyncGenerator[Looked | CustomersRead, None]


@dataclass(slots=True)
class Layout:
    """What was found in the file, and where its rows are read."""

    laid: Laid
    source: Source
    words: Words
    found: AsyncGenerator[Laid | Looked | CustomersRead, None] | None
    """of the process that laid it out; None: it was let go"""

    def check(self) -> None:
        """Raises Refusal INVALID where no sheet can be read."""
        if self.laid.problem:
            reason, params = self.laid.problem
            raise Refusal(ErrorCode.INVALID, reason=reason, **params)

    async def rows(self, people: People) -> Rows:
        """What the rows say of these people."""
        now = clock.now()
        if self.found is None:
            self.found = aside(customer_chunks, self.source.sheet, people, self.laid.rows, now)
        self.words.say((people, now))
        async with aclosing(self.found) as found:
            async for one in found:
                assert not isinstance(one, Laid)
                yield one


@asynccontextmanager
async def laid_out(path: Path, name: str, mapping: Mapping, choice: Choice, held: bool = True) -> AsyncIterator[Layout]:
    """The file as rows. `held`: they are read next, by the process that laid it out. Raises Refusal INVALID, one
    sentence, for what is no such file.
    """
    for one in choice.columns:
        if one not in FIELDS and one not in choice.custom:
            known = ", ".join(FIELDS)
            raise Refusal(ErrorCode.INVALID, reason="mapping_field", field_name=one, known=known)
    with scratch() as folder:
        target = folder / "rows.csv"
        words = Words((target, choice))
        async with aclosing(aside(read_people, path, name, *shape(mapping), told=words)) as found:
            try:
                laid = await anext(found)
            except Ended as error:
                raise Refusal(ErrorCode.INVALID, reason="workbook_large", file=name) from error
            assert isinstance(laid, Laid)
            if not held:
                await found.aclose()
            places = {field: place for place, field in enumerate(laid.fields, 1) if field in laid.used}
            source = Source(name, Sheet(target), places, laid.spots, laid.skipped)
            yield Layout(laid, source, words, found if held else None)
