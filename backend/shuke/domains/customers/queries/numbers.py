"""Who is known by which number, and the number itself for who may see it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries.view import JOINS, PHONE
from shuke.domains.customers.types import IdentityKind, MaskedCustomer
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Store
from shuke.kit import db, phones

OWNERS = """
SELECT i.kind, i.value, i.customer_id FROM unnest($2::text[], $3::text[]) AS w(kind, value)
JOIN customer_identity i ON i.brand_id = $1 AND i.kind = w.kind AND i.value = w.value
"""
HOLDER = f"""
SELECT c.id, coalesce(c.name, c.alias), i.value, c.guide_id,
  c_store.id, c_store.name, c_store.code, c_region.name, c_store.timezone
FROM customer_identity i JOIN customer c ON c.id = i.customer_id AND c.brand_id = i.brand_id {JOINS}
WHERE i.brand_id = $1 AND i.kind = $2 AND i.value = $3
"""


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
    key, name, number, guide_id, *store = row
    shown = phones.masked(number) if kind is IdentityKind.PHONE else number
    if allow(actor, "customer").covers(store[0], guide_id):
        return MaskedCustomer(key, name or shown, shown, Store(*store))
    return MaskedCustomer(None, rules.masked_name(name), shown, Store(*store))


async def phone_id(actor: Actor, customer_id: UUID) -> UUID | None:
    """The id of the number that a customer is shown with."""
    sql = f"SELECT {PHONE.replace('i.value', 'i.id', 1)} FROM customer c WHERE c.brand_id = $1 AND c.id = $2"
    key: UUID | None = await db.fetch_value(sql, actor.brand_id, customer_id)
    return key


async def plain_phone(actor: Actor, number_id: UUID) -> str | None:
    """The number in E.164 for a caller who may reveal it, while its customer has it.

    Use it only after `service.reveal_phone` has put this very number down.
    """
    reach = allow(actor, "revealPhone")
    sql = """SELECT c.store_id, c.guide_id, i.value FROM customer_identity i JOIN customer c ON c.id = i.customer_id
      WHERE c.brand_id = $1 AND i.id = $2"""
    row = await db.fetch_row(sql, actor.brand_id, number_id)
    return row[2] if row and reach.covers(row[0], row[1]) else None
