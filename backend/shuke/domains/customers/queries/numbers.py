"""Who is known by which number, and the number itself for who may see it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries.card import cards_of
from shuke.domains.customers.queries.view import JOINS, PHONE_ID, SHARED_WITH, customer, within
from shuke.domains.customers.types import Identity, IdentityKind, MaskedCustomer
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Store
from shuke.kit import db, identities

OWNERS = """
SELECT i.kind, i.value, i.customer_id FROM unnest($2::text[], $3::text[]) AS w(kind, value)
JOIN customer_identity i ON i.brand_id = $1 AND i.kind = w.kind AND i.value = w.value
"""
USERS = """
SELECT DISTINCT x.customer_id FROM identity_contact x JOIN customer_identity i ON i.id = x.identity_id
WHERE i.brand_id = $1 AND i.customer_id = ANY($2)
"""
HOLDER = f"""
SELECT c.id, coalesce(c.name, c.alias), i.value, c.guide_id, {SHARED_WITH},
  c_store.id, c_store.name, c_store.code, c_region.name, c_store.timezone
FROM customer_identity i JOIN customer c ON c.id = i.customer_id AND c.brand_id = i.brand_id {JOINS}
WHERE i.brand_id = $1 AND i.kind = $2 AND i.value = $3
"""
OWNER_OF = "SELECT customer_id FROM customer_identity WHERE brand_id = $1 AND id = $2"
PLAIN = f"""
SELECT c.store_id, c.guide_id, {SHARED_WITH}, i.value FROM customer c JOIN customer_identity i ON i.id = $3 AND (
  i.customer_id = c.id OR EXISTS (
    SELECT FROM identity_contact x WHERE x.identity_id = i.id AND x.customer_id = c.id))
WHERE c.brand_id = $1 AND c.id = $2
"""


async def users_of(brand_id: UUID, customer_ids: Sequence[UUID]) -> list[UUID]:
    """Who uses a number that is one of these customers'."""
    return [row[0] for row in await db.fetch(USERS, brand_id, list(customer_ids))]


async def find_by_identity(brand_id: UUID, kind: IdentityKind, values: Iterable[str]) -> dict[str, UUID]:
    """Normalised value -> customer, for those that somebody in the brand is known by."""
    wanted = list(values)
    found = await owners(brand_id, [(kind.value, value) for value in wanted])
    return {value: key for (_, value), key in found.items()}


async def owners(brand_id: UUID, identities: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """(kind, value) -> customer."""
    rows = await db.fetch(OWNERS, brand_id, [pair[0] for pair in identities], [pair[1] for pair in identities])
    return {(row[0], row[1]): row[2] for row in rows}


async def holder(actor: Actor, kind: IdentityKind, value: str) -> MaskedCustomer | None:
    """Who in the brand has this number: by name where the caller may open her, else `id` None and her name masked."""
    row = await db.fetch_row(HOLDER, actor.brand_id, kind.value, value)
    if row is None:
        return None
    key, name, number, guide_id, shared_with, *store = row
    shown = identities.masked(kind.value, number)
    if within(allow(actor, "customer"), store[0], guide_id, shared_with):
        return MaskedCustomer(key, name or shown, shown, Store(*store))
    return MaskedCustomer(None, rules.masked_name(name), shown, Store(*store))


async def phone_id(actor: Actor, customer_id: UUID) -> UUID | None:
    """The id of the number that a customer is shown with: her own, or one that she uses with somebody."""
    sql = f"SELECT {PHONE_ID} FROM customer c WHERE c.brand_id = $1 AND c.id = $2"
    key: UUID | None = await db.fetch_value(sql, actor.brand_id, customer_id)
    return key


async def identity(actor: Actor, identity_id: UUID) -> Identity | None:
    """One of the things that a customer is known by whom the caller may open; none for a partner's key."""
    owner = await db.fetch_value(OWNER_OF, actor.brand_id, identity_id)
    if owner is None or not actor.reads_notes or await customer(actor, owner) is None:
        return None
    (card,) = await cards_of(actor, [owner])
    return next((one for one in card.identities if one.id == identity_id), None)


async def plain_phone(actor: Actor, customer_id: UUID, number_id: UUID) -> str | None:
    """The number in E.164 for a caller who may reveal it, while she has it or uses it with its owner.

    Use it only after `service.reveal_phone` has put this very number down.
    """
    row = await db.fetch_row(PLAIN, actor.brand_id, customer_id, number_id)
    return row[3] if row and within(allow(actor, "revealPhone"), row[0], row[1], row[2]) else None
