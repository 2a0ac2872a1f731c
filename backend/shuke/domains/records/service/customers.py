"""Import of a file of customers: each row its own verdict, in chunks of one transaction each."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow
from shuke.domains.identity import queries as identity
from shuke.domains.records import queries, rules
from shuke.domains.records.rules import CustomerReader
from shuke.domains.records.service.common import (
    Report,
    brand_for,
    cells_of,
    default_store,
    one_ahead,
    open_sheet,
    read_mapping,
    rehearsing,
)
from shuke.domains.records.types import Progress, Tally, Wish
from shuke.kit import clock, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import Sheet

T = TypeVar("T")
CHUNK = 1000


async def import_customers(wish: Wish, progress: Progress) -> Tally:
    """Takes over a file of customers, known by member number or phone. What a row leaves empty stays as it is on file.

    Raises Refusal INVALID, one sentence, for a file that cannot be read.
    """
    mapping = read_mapping(wish.mapping)
    sheet, places = open_sheet(wish, mapping, rules.CUSTOMERS, ())
    if not {"phone", "member_no"} & places.keys():
        raise Refusal(ErrorCode.INVALID, reason="file_no_identity")
    with sheet.reading() as rows:  # a file that breaks off in the middle is told before anything is written
        deque(rows, 0)
    tally = Tally()
    async with rehearsing(wish.dry_run):
        actor = await brand_for(wish, mapping)
        _, store_id = await default_store(actor, mapping)
        stores = {store.code: store.id for store in await identity.stores(actor.brand_id)}
        guides = await queries.guides_by_phone(actor.brand_id)
        today = zones.local_date(clock.now(), actor.timezone)
        reader = CustomerReader(cells_of(mapping, sheet, places, actor), stores, store_id, guides, today)
        with Report(wish.report, actor.locale) as report:
            async for chunk in one_ahead(by_the(CHUNK, customers_in(sheet, reader))):
                good = [(number, row) for number, row in chunk if isinstance(row, CustomerRow)]
                verdicts = await customers.upsert_many(actor.brand_id, [row for _, row in good])
                for number, row in chunk:
                    if isinstance(row, str):
                        tally.count("rejected")
                        report.add([number], "rejected", row)
                for (number, _), verdict in zip(good, verdicts, strict=True):
                    tally.count(verdict.outcome.value)
                    report.add([number], verdict.outcome.value, verdict.reason or "", subject=verdict.customer_id)
                progress("storing", tally.read)
    return tally


def customers_in(sheet: Sheet, reader: CustomerReader) -> Iterator[tuple[int, CustomerRow | str]]:
    """Each row's number with its customer, or why it tells of none."""
    with sheet.reading() as rows:
        for number, row in rows:
            if any(row):
                yield number, reader.customer(row)


def by_the(size: int, items: Iterator[T]) -> Iterator[list[T]]:
    """The items in lists of this size."""
    while chunk := list(islice(items, size)):
        yield chunk
