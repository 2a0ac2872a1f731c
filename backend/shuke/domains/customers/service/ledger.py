"""The ledger of consents itself: entries go in, what follows is kept beside the customer, two ledgers become one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries import consents as texts
from shuke.domains.customers.rules import consents
from shuke.domains.customers.types.consents import ConsentHow, ConsentPurpose, ConsentSaid, ConsentState, Key, Said
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db
from shuke.kit.ids import new_id

ADD = """
INSERT INTO consent_entry (id, brand_id, customer_id, text_id, purpose, channel, state, evidence, actor_id, at,
  created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
"""
KEEP = "UPDATE customer SET refusals = $2, updated_at = $3 WHERE id = $1"


async def add(
    brand_id: UUID,
    customer_id: UUID,
    actor_id: UUID | None,
    said: ConsentSaid,
    evidence: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """Puts an entry down and gives its id; `refresh_refusals` must follow."""
    entry = new_id()
    what = (said.purpose.value, said.channel.value, said.state.value)
    who = (entry, brand_id, customer_id, said.text_id)
    await db.execute(ADD, *who, *what, codec.dumps(evidence), actor_id, said.at or now, now)
    return entry


async def refresh_refusals(customer_id: UUID) -> None:
    """Keeps beside the customer what follows from her ledger; call it in the transaction of every change of it."""
    now = consents.current(await texts.ledger(customer_id))
    await db.execute(KEEP, customer_id, codec.dumps(consents.closed(now)), clock.now())


async def refuse_all(actor: Actor, customer_id: UUID, how: ConsentHow) -> None:
    """Nothing holds but what she says from now on, apart from what concerns her own orders."""
    now = clock.now()
    for purpose in ConsentPurpose:
        if purpose is not ConsentPurpose.SERVICE:
            said = ConsentSaid(purpose, consents.ANY, ConsentState.REFUSED, how)
            await add(actor.brand_id, customer_id, actor.id, said, {"how": how.value}, now)
    await refresh_refusals(customer_id)


@asynccontextmanager
async def ledger_open(what: str) -> AsyncIterator[None]:
    """Inside, the ledger of the current transaction may be touched by a merge ("merging") or an erasure ("erasing")."""
    await db.fetch_value("SELECT set_config('shuke.ledger', $1, true)", what)
    yield
    await db.fetch_value("SELECT set_config('shuke.ledger', '', true)")  # a failure ends the transaction, and this


async def join_consents(brand_id: UUID, winner: UUID, losers: list[UUID]) -> list[UUID]:
    """Makes several customers' ledgers the winner's and lets the strictest hold: where the later word of one would
    override another's no, a no is added. Joins the caller's transaction, in which all of them are locked. Gives the
    entries that were added.
    """
    records = [consents.current(await texts.ledger(key)) for key in (winner, *losers)]
    wanted = consents.strictest(*records)
    async with ledger_open("merging"):
        sql = "UPDATE consent_entry SET customer_id = $2 WHERE brand_id = $1 AND customer_id = ANY($3)"
        await db.execute(sql, brand_id, winner, losers)
    added = [
        await add(brand_id, winner, None, said, {"how": ConsentHow.MERGE.value}, clock.now())
        for said in _missing(wanted, consents.current(await texts.ledger(winner)))
    ]
    await refresh_refusals(winner)
    return added


def _missing(wanted: Mapping[Key, Said], now: Mapping[Key, Said]) -> list[ConsentSaid]:
    """What must be said so that all that is refused stays refused."""
    refused = ConsentState.REFUSED
    return [
        ConsentSaid(*key, refused, ConsentHow.MERGE)
        for key, said in wanted.items()
        if said.state is not ConsentState.GRANTED and (key not in now or now[key].state is ConsentState.GRANTED)
    ]
