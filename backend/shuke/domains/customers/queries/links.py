"""Reads: links to fill in, as staff and as the public page see them, and what the shop gives in return."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers.queries.view import customer
from shuke.domains.customers.types.links import LinkAnswer, LinkView, Offer, Offers, OpenLink, Said, Standing
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Staff, Store
from shuke.kit import codec, db

MOST = 20
"""links of one customer or store that are shown, the latest first"""

COLUMNS = """
l.id, l.customer_id, l.order_id, s.id, s.name, s.code, g.name, s.timezone, st.id, st.name, l.created_at, l.unsure,
l.expires_at, l.single_use, l.used_at, l.revoked_at, l.said, l.offers
"""
JOINS = """
FROM customer_link l JOIN store s ON s.id = l.store_id LEFT JOIN region g ON g.id = s.region_id
LEFT JOIN staff st ON st.id = l.staff_id
"""
PUBLIC = """
SELECT l.id, l.brand_id, b.name, s.id, s.name, s.code, NULL, s.timezone, b.currency,
  l.customer_id IS NULL AND l.parent_id IS NULL, l.expires_at, l.single_use, l.used_at, l.revoked_at
FROM customer_link l JOIN store s ON s.id = l.store_id JOIN brand b ON b.id = l.brand_id WHERE l.token_hash = $1
"""
_said = msgspec.json.Decoder(dict[str, Said])
_offers = msgspec.json.Decoder(tuple[Offer, ...])


async def links_of(actor: Actor, customer_id: UUID) -> list[LinkView]:
    """A customer's links, the latest first; none of a customer whom the caller may not open. Without those that a till
    has printed and by which nothing came in.
    """
    allow(actor, "customerLinks")
    view = await customer(actor, customer_id)
    if view is None:
        return []
    sql = f"""SELECT {COLUMNS} {JOINS} WHERE l.brand_id = $1 AND l.customer_id = $2
      AND NOT (l.staff_id IS NULL AND l.order_id IS NOT NULL AND l.said = '{{}}') ORDER BY l.id DESC LIMIT {MOST}"""
    return [_view(row) for row in await db.fetch(sql, actor.brand_id, view.id)]


async def store_links(actor: Actor, store_id: UUID) -> list[LinkView]:
    """A store's codes for whoever scans them, the latest first; none of a store that is not the caller's."""
    if not allow(actor, "customerLinks").covers(store_id, None):
        return []
    sql = f"""SELECT {COLUMNS} {JOINS} WHERE l.brand_id = $1 AND l.store_id = $2 AND l.customer_id IS NULL
      AND l.parent_id IS NULL AND l.order_id IS NULL ORDER BY l.id DESC LIMIT {MOST}"""
    return [_view(row) for row in await db.fetch(sql, actor.brand_id, store_id)]


async def link(actor: Actor, link_id: UUID) -> LinkView | None:
    """One link of a customer or a store within the caller's reach."""
    reach = allow(actor, "customerLinks")
    row = await db.fetch_row(f"SELECT {COLUMNS} {JOINS} WHERE l.brand_id = $1 AND l.id = $2", actor.brand_id, link_id)
    view = _view(row) if row else None
    if view is None:
        return None
    if view.customer_id is None:
        return view if reach.covers(view.store.id, None) else None
    return view if await customer(actor, view.customer_id) else None


async def made_link(actor: Actor, link_id: UUID) -> LinkView | None:
    """One that the caller has made, as she may see it: a partner nothing of what came in by it."""
    if actor.kind != "partner":
        return await link(actor, link_id)
    reach = allow(actor, "createCustomerLink")
    row = await db.fetch_row(f"SELECT {COLUMNS} {JOINS} WHERE l.brand_id = $1 AND l.id = $2", actor.brand_id, link_id)
    view = _view(row) if row else None
    return replace(view, answers=(), offers=()) if view and reach.covers(view.store.id, None) else None


def _view(row: Any) -> LinkView:
    staff = Staff(row[8], row[9]) if row[8] else None
    answers = tuple(LinkAnswer(name, one.state, one.value) for name, one in sorted(_said.decode(row[16]).items()))
    store, offers = Store(*row[3:8]), _offers.decode(row[17])
    return LinkView(row[0], row[1], row[2], store, staff, row[10], row[11], Standing(*row[12:16]), answers, offers)


async def public_link(token_hash: bytes) -> OpenLink | None:
    """What the public page may know of a link."""
    row = await db.fetch_row(PUBLIC, token_hash)
    return OpenLink(row[0], row[1], row[2], Store(*row[3:8]), row[8], row[9], Standing(*row[10:])) if row else None


async def offers(actor: Actor) -> Offers:
    """What the shop gives in return, for whoever works there."""
    allow(actor, "linkOffers")
    return await offers_of(actor.brand_id)


async def offers_of(brand_id: UUID) -> Offers:
    row = await db.fetch_row("SELECT version, offers, asked FROM link_offers WHERE brand_id = $1", brand_id)
    if row is None:
        return Offers(0, ())
    return Offers(row[0], _offers.decode(row[1]), tuple(codec.loads(row[2])) if row[2] else None)
