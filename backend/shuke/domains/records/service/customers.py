"""Import of a file of customers: each row its own verdict, in chunks of one transaction each."""

from collections import deque
from contextlib import aclosing
from uuid import UUID

from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow
from shuke.domains.identity import queries as identity
from shuke.domains.records import queries, rules
from shuke.domains.records.reading import CustomersRead, customer_chunks
from shuke.domains.records.rules import CustomerReader
from shuke.domains.records.service.common import (
    Report,
    brand_for,
    cells_of,
    default_store,
    open_sheet,
    read_mapping,
    rehearsing,
)
from shuke.domains.records.types import Progress, Tally, Wish
from shuke.kit import clock, zones
from shuke.kit.aside import aside
from shuke.kit.errors import ErrorCode, Refusal


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
            async with aclosing(aside(customer_chunks, sheet, reader)) as chunks:
                async for chunk in chunks:
                    await _store(chunk, actor.brand_id, tally, report)
                    progress("storing", tally.read)
    return tally


async def _store(chunk: CustomersRead, brand_id: UUID, tally: Tally, report: Report) -> None:
    good = [(number, row) for number, row in chunk if isinstance(row, CustomerRow)]
    verdicts = await customers.upsert_many(brand_id, [row for _, row in good])
    for number, row in chunk:
        if isinstance(row, str):
            tally.count("rejected")
            report.add([number], "rejected", row)
    for (number, _), verdict in zip(good, verdicts, strict=True):
        tally.count(verdict.outcome.value)
        report.add([number], verdict.outcome.value, verdict.reason or "", subject=verdict.customer_id)
