"""What every import does: find or begin its brand and the store of rows that name none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.identity import service as houses
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.records.reading import ZONE
from shuke.domains.records.rules import Cells
from shuke.domains.records.service.source import Source
from shuke.domains.records.types import FixedStore, Wish
from shuke.domains.records.types import Mapping as FileMapping
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal

CURRENCY = "CNY"  # of a brand that nobody described


class _Undo(Exception):
    """Takes a rehearsal back."""


def check_report(wish: Wish) -> None:
    """Raises Refusal INVALID for a report that would be written over what is read."""
    for read in (*wish.files, wish.mapping):
        if wish.report and read and wish.report.exists() and read.exists() and wish.report.samefile(read):
            raise Refusal(ErrorCode.INVALID, reason="report_over_source", file=read.name)


@asynccontextmanager
async def rehearsing(dry_run: bool) -> AsyncIterator[None]:
    """A dry run's one transaction, which is taken back at its end; else nothing."""
    if not dry_run:
        yield
        return
    try:
        async with db.tx():
            yield
            raise _Undo
    except _Undo:
        pass


async def brand_for(wish: Wish, mapping: FileMapping) -> Actor:
    """The program, acting for the brand that the rows belong to; begun where there is none yet.

    Raises Refusal INVALID when it is not clear which, or when the file is in another currency.
    """
    async with db.tx():
        await db.lock("import", "brand")  # two imports at once begin one brand
        brands = await identity.brands()
        found = [brand.id for brand in brands if wish.brand in (None, brand.name)]
        if len(found) > 1 or (brands and not found):
            names = ", ".join(brand.name for brand in brands)
            raise Refusal(ErrorCode.INVALID, reason="brand_which", known=names)
        if not found:
            name = wish.brand or mapping.brand.name or wish.file.stem
            place = (mapping.currency or CURRENCY, mapping.timezone or ZONE, Locale(mapping.brand.locale))
            found = [await houses.create_brand(name, *place)]
        actor = await identity.system_actor(found[0])
        if mapping.currency not in (None, actor.currency):
            raise Refusal(ErrorCode.INVALID, reason="currency_other", currency=actor.currency)
        return actor


async def default_store(actor: Actor, mapping: FileMapping) -> tuple[str | None, UUID | None]:
    """Code and id of the store of rows that name none: the mapping's, made if need be, else the brand's only one. A
    brand that has no store yet gets its first.
    """
    stores = {store.code: store.id for store in await identity.stores(actor.brand_id)}
    fixed = mapping.store
    if fixed is None and not stores:
        fixed = FixedStore("1", (await identity.brand(actor.brand_id)).name)
    if fixed is None:
        return next(iter(stores.items())) if len(stores) == 1 else (None, None)
    async with db.tx():
        await db.lock("import", "store", actor.brand_id)
        stores = {store.code: store.id for store in await identity.stores(actor.brand_id)}
        if fixed.code not in stores:
            name, zone = fixed.name or fixed.code, mapping.timezone or actor.timezone
            stores[fixed.code] = await houses.create_store(actor.brand_id, fixed.code, name, zone)
    return fixed.code, stores[fixed.code]


def cells_of(mapping: FileMapping, source: Source, actor: Actor) -> Cells:
    return Cells(mapping, source.places, len(source.sheet.header), mapping.timezone or actor.timezone)
