"""Customers whom two stores serve: one asks, the home store's manager answers, either ends it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.service import checks, counter, holders
from shuke.domains.customers.service.party import bring_along, check_party
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import IdentityKind, Party, ShareState, TimelineKind
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import service as post_office
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id, new_id

ASK = """
INSERT INTO share_request (id, brand_id, customer_id, store_id, staff_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (customer_id, store_id) WHERE state = 'open' DO NOTHING RETURNING id
"""
ASKED = "SELECT id FROM share_request WHERE customer_id = $1 AND store_id = $2 AND state = 'open'"
HOLDER = """
SELECT c.id FROM customer_identity i JOIN customer c ON c.id = i.customer_id
WHERE i.brand_id = $1 AND i.kind = 'phone' AND i.value = $2 FOR NO KEY UPDATE OF c
"""
# whoever leads the home store: its managers; where it has none, its region's; else head office
LEADERS = """
SELECT DISTINCT staff_id FROM (
  SELECT r.staff_id,
    rank() OVER (ORDER BY array_position(ARRAY['store_manager', 'regional_manager'], r.role::text)) AS place
  FROM store s JOIN staff_role r ON r.brand_id = s.brand_id AND (r.role = 'store_manager' AND r.store_id = s.id
    OR r.role = 'regional_manager' AND r.region_id = s.region_id OR r.role IN ('hq', 'admin'))
  JOIN staff st ON st.id = r.staff_id AND st.left_at IS NULL
  WHERE s.brand_id = $1 AND s.id = $2) leader
WHERE place = 1
"""
REQUEST = """
SELECT r.state, r.store_id, r.staff_id, coalesce(c.merged_into_id, c.id), h.store_id
FROM share_request r JOIN customer c ON c.id = r.customer_id
JOIN customer h ON h.id = coalesce(c.merged_into_id, c.id)
WHERE r.brand_id = $1 AND r.id = $2 FOR NO KEY UPDATE OF r, h
"""
ANSWER = """
UPDATE share_request SET state = $2, answered_by_id = $3, answered_at = $4, updated_at = $4, party = NULL WHERE id = $1
"""
PARTY = "SELECT party FROM share_request WHERE id = $1"
BRING = "UPDATE share_request SET party = $2 WHERE id = $1"
SHARE = """
INSERT INTO customer_share (id, brand_id, customer_id, store_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT DO NOTHING
"""
END = "DELETE FROM customer_share WHERE brand_id = $1 AND customer_id = $2 AND store_id = $3"
HOME = "SELECT store_id FROM customer WHERE brand_id = $1 AND id = $2 AND merged_into_id IS NULL FOR NO KEY UPDATE"


async def ask_to_share(actor: Actor, typed: str, store_id: UUID | None = None, party: Party | None = None) -> UUID:
    """Asks the home store of whoever has this phone to share her with the caller's store; the request, or the one that
    is open already. `party`: who is to be hers as soon as she is shared.

    Raises Refusal INVALID or NOT_FOUND (`phone`), TAKEN where the caller may open her already (the subject is the
    MaskedCustomer), TOO_MANY, and NOT_FOUND or FORBIDDEN for the store.
    """
    reach, number = allow(actor, "askToShare"), counter.e164(typed)
    store = await checks.store_for(actor, reach, store_id)
    async with db.tx():
        await holders.may_try_numbers(actor)
        customer_id = await db.fetch_value(HOLDER, actor.brand_id, number)
        found = await queries.holder(actor, IdentityKind.PHONE, number) if customer_id else None
        if found is None:
            raise Refusal(ErrorCode.NOT_FOUND, "phone", "nobody_to_share")
        if found.id is not None:
            raise Refusal(ErrorCode.TAKEN, "phone", subject=found)
        await holders.count_told(actor)
        row = (actor.brand_id, customer_id, store, actor.id, clock.now())
        made = await db.fetch_value(ASK, new_id(), *row)
        await _keep_party(actor, made or await db.fetch_value(ASKED, customer_id, store), party or Party())
        if made is None:
            open_one: UUID = await db.fetch_value(ASKED, customer_id, store)
            return open_one
        await _tell_leaders(actor, made, found.store.id, store)
        await _record(actor, "customer.share_asked", customer_id, {"requestId": made, "storeId": store})
    request_id: UUID = made
    return request_id


async def answer_share_request(actor: Actor, request_id: UUID, accept: bool) -> UUID:
    """The home store's word; whoever asked is told. The same answer again changes nothing.

    Raises Refusal NOT_FOUND, FORBIDDEN, or CONFLICT where somebody has answered otherwise.
    """
    reach = allow(actor, "answerShareRequest")
    async with db.tx():
        row = await db.fetch_row(REQUEST, actor.brand_id, request_id)
        if row is None or not reach.covers(row[4], None):
            raise Refusal(ErrorCode.NOT_FOUND, "id")
        state, store_id, asker, customer_id, _ = row
        waits = await db.fetch_value(PARTY, request_id)
        wanted = ShareState.ACCEPTED if accept else ShareState.DECLINED
        if state == wanted.value:
            return request_id
        if state != ShareState.OPEN.value:
            raise Refusal(ErrorCode.CONFLICT, "id", "share_answered")
        await db.execute(ANSWER, request_id, wanted.value, actor.id, clock.now())
        if accept:
            await _share(actor, customer_id, store_id)
            if waits:
                await bring_along(actor, customer_id, codec.load(waits, Party))
        url = f"/customers/{customer_id}" if accept else "/inbox"
        letter = Letter(effect_id("share", request_id), asker, InboxKind.SHARE_ANSWERED, {"accepted": accept}, url)
        await post_office.post(actor.brand_id, [letter])
        kind = "customer.shared" if accept else "customer.share_declined"
        await _record(actor, kind, customer_id, {"requestId": request_id, "storeId": store_id})
    return request_id


async def _keep_party(actor: Actor, request_id: UUID, party: Party) -> None:
    """With what waits there already; a child that was said twice is one."""
    await check_party(actor, party)
    waits = await db.fetch_value(PARTY, request_id)
    before = codec.load(waits, Party) if waits else Party()
    children = {one.id: one for one in (*before.children, *party.children)}
    both = Party(tuple(children.values()), party.referrer_id or before.referrer_id)
    if both != before:
        await db.execute(BRING, request_id, codec.dumps(both))


async def end_share(actor: Actor, customer_id: UUID, store_id: UUID) -> UUID:
    """The store may open her no more; for who leads either of the two. One that is not shared stays so.

    Raises Refusal NOT_FOUND or FORBIDDEN.
    """
    reach = allow(actor, "endShare")
    async with db.tx():
        customer_id = (await holders.reachable(actor, allow(actor, "customer"), customer_id, "customerId")).id
        home = await db.fetch_value(HOME, actor.brand_id, customer_id)
        if not (reach.covers(home, None) or reach.covers(store_id, None)):
            raise Refusal(ErrorCode.FORBIDDEN, "storeId")
        if await db.execute(END, actor.brand_id, customer_id, store_id):
            await refresh_search([customer_id])
            await _note(actor, customer_id, TimelineKind.UNSHARED, store_id)
            await _record(actor, "customer.unshared", customer_id, {"storeId": store_id})
    return customer_id


async def _share(actor: Actor, customer_id: UUID, store_id: UUID) -> None:
    await db.execute(SHARE, new_id(), actor.brand_id, customer_id, store_id, clock.now())
    await refresh_search([customer_id])
    await _note(actor, customer_id, TimelineKind.SHARED, store_id)


async def _note(actor: Actor, customer_id: UUID, kind: TimelineKind, store_id: UUID) -> None:
    store = (await identity.stores(actor.brand_id, (store_id,)))[0]
    await append_timeline(actor.brand_id, customer_id, kind, clock.now(), actor.id, {"store": store.name})


async def _tell_leaders(actor: Actor, request_id: UUID, home: UUID, asking: UUID) -> None:
    """A message to each, with the asking store's name and nothing of the customer."""
    store = (await identity.stores(actor.brand_id, (asking,)))[0]
    letters = [
        Letter(
            effect_id("share", request_id, row[0]),
            row[0],
            InboxKind.SHARE_REQUEST,
            {"store": store.name},
            f"/inbox?sheet=share&of={request_id}",
        )
        for row in await db.fetch(LEADERS, actor.brand_id, home)
    ]
    await post_office.post(actor.brand_id, letters)


async def _record(actor: Actor, kind: str, customer_id: UUID, data: Mapping[str, Any]) -> None:
    await events.record(actor.brand_id, kind, actor.ref, ("customer", customer_id), data)
