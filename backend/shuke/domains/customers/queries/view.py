"""The customer in a row, and by her id.

A room above joins a customer into its own statement with COLUMNS and JOINS (both about an alias `c` of `customer`) and
gives the WIDTH values of its row to `from_row`: `SELECT t.id, {COLUMNS} FROM task t JOIN customer c ON … {JOINS}`, then
`from_row(row[1 : 1 + WIDTH])`.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shuke.domains.customers.types import CustomerSource, CustomerView, Gender
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Staff, Store
from shuke.kit import birthdays, db, phones

# Of several the one that was added or chosen last.
OWN = """
(SELECT {column} FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'phone'
 ORDER BY coalesce(i.chosen_at, i.created_at) DESC, i.id DESC LIMIT 1)
"""
THROUGH = """
(SELECT {column} FROM identity_contact x JOIN customer_identity i ON i.id = x.identity_id AND i.kind = 'phone'
 WHERE x.customer_id = c.id ORDER BY x.id DESC LIMIT 1)
"""
OWN_PHONE = OWN.format(column="i.value")
PHONE = f"coalesce({OWN_PHONE}, {THROUGH.format(column='i.value')})"
PHONE_ID = f"coalesce({OWN.format(column='i.id')}, {THROUGH.format(column='i.id')})"
"""Her number, or the one that she uses with somebody."""

SHARED_WITH = "ARRAY(SELECT x.store_id FROM customer_share x WHERE x.customer_id = c.id)"
COLUMNS = f"""
c.id, c.brand_id, c.name, c.alias, c.gender, c.birthday, c.level, c.source, c.note, {PHONE},
(SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'member_no' ORDER BY i.id LIMIT 1),
c_store.id, c_store.name, c_store.code, c_region.name, c_store.timezone, c_guide.id, c_guide.name,
c.version, c.created_at, {SHARED_WITH}
"""
WIDTH = 21
JOINS = """
JOIN store c_store ON c_store.id = c.store_id LEFT JOIN region c_region ON c_region.id = c_store.region_id
LEFT JOIN staff c_guide ON c_guide.id = c.guide_id
"""
# an old id, of somebody who was merged into another, leads to that one: never more than one step
BY_IDS = f"""
SELECT {COLUMNS}, asked.id FROM customer asked
JOIN customer c ON c.id = coalesce(asked.merged_into_id, asked.id) {JOINS}
WHERE asked.brand_id = $1 AND asked.id = ANY($2) AND c.erased_at IS NULL
"""
STANDING = """
SELECT asked.id, c.id FROM customer asked JOIN customer c ON c.id = coalesce(asked.merged_into_id, asked.id)
WHERE asked.brand_id = $1 AND asked.id = ANY($2) AND c.erased_at IS NULL
"""
NOT_SHARED = "c.refusals ? 'sharing/any'"
"""Whoever does not want her data passed on is not there for a partner."""


def from_row(row: Any) -> CustomerView:
    """The customer in WIDTH values, as COLUMNS has them."""
    phone, birthday = row[9], row[5]
    return CustomerView(
        row[0],
        row[1],
        row[2],
        row[3],
        Gender(row[4]),
        birthdays.parse(birthday).solar if birthday else None,
        row[6],
        CustomerSource(row[7]),
        row[8],
        phones.masked(phone) if phone else None,
        row[10],
        Store(*row[11:16]),
        Staff(row[16], row[17]) if row[16] else None,
        row[18],
        row[19],
        birthday,
        tuple(row[20]),
    )


async def customer(actor: Actor, customer_id: UUID) -> CustomerView | None:
    """The customer; None when there is none within the caller's reach. An old id leads to whom she was merged into."""
    return (await customers_by_id(actor, [customer_id]))[0]


async def customers_by_id(actor: Actor, ids: Iterable[UUID]) -> list[CustomerView | None]:
    """A batch, in the order of `ids`; old ids lead to whom they were merged into."""
    reach, wanted = allow(actor, "customer"), list(ids)
    sql = f"{BY_IDS} AND NOT {NOT_SHARED}" if actor.kind == "partner" else BY_IDS
    rows = await db.fetch(sql, actor.brand_id, wanted)
    seen = {row[WIDTH]: view for row in rows if may_touch(reach, view := from_row(row))}
    return [seen.get(key) for key in wanted]


async def standing(brand_id: UUID, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Id -> customer, of those who are the brand's; an old id leads to whom she was merged into."""
    return {row[0]: row[1] for row in await db.fetch(STANDING, brand_id, list(ids))}


def may_touch(reach: Reach, view: CustomerView) -> bool:
    """Does an operation with this reach cover the customer?"""
    return within(reach, view.store.id, view.guide.id if view.guide else None, view.shared_with)


def within(reach: Reach, store_id: UUID, guide_id: UUID | None, shared_with: Iterable[UUID]) -> bool:
    """The one answer to whether somebody's operation reaches a customer of this store and guide (None: its pool).

    In a store that she is shared with she counts as one of its pool, for people; a partner's key never reaches further
    than her home store.
    """
    if reach.covers(store_id, guide_id):
        return True
    return reach.actor_id is not None and any(reach.covers(other, None) for other in shared_with)
