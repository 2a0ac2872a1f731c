"""Putting customers down whom nobody knows, from rows that were encoded where they were read: copied, all or none."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from shuke.domains.customers.queries.profile import SHIPPED
from shuke.domains.customers.rules.newcomers import CUSTOMER, IDENTITY, TIMELINE, TOKEN, Newcomer
from shuke.kit import db, events

VERSION = "SELECT max(version) FROM profile_template WHERE brand_id = $1"


async def bring_in(brand_id: UUID, newcomers: Sequence[Newcomer], batch_id: UUID) -> bool:
    """Writes them, their numbers, tokens and timelines, and one event. Call it under `hold_bulk`, with nobody whose
    number is known or stands here twice. False: somebody has taken one of the numbers just now, and nothing is written.
    """
    # in order, so that two callers wait for each other and never in a circle
    numbers = sorted(pair for one in newcomers for pair in zip(one.numbers, one.identities, strict=True))
    try:
        async with db.attempt():
            await db.copy("customer", CUSTOMER, [one.customer for one in newcomers])
            await db.copy("customer_identity", IDENTITY, [row for _, row in numbers])
            await db.copy("search_token", TOKEN, [one.tokens for one in newcomers])
            await db.copy("timeline_entry", TIMELINE, [one.timeline for one in newcomers])
    except asyncpg.UniqueViolationError:
        return False
    people = sorted((one.id for one in newcomers), key=str)
    data = {"created": len(people), "updated": 0, "customers": people, "import": batch_id}
    await events.record(brand_id, "customers.imported", events.SYSTEM, ("brand", brand_id), data)
    return True


async def template_version(brand_id: UUID) -> int:
    """Of the template that customers are measured by now."""
    version: int | None = await db.fetch_value(VERSION, brand_id)
    return version or SHIPPED
