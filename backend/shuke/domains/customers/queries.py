"""Reads: customers within the caller's reach, their timelines, who is known by which number.

A room above joins a customer into its own statement with COLUMNS and JOINS (both about an alias `c` of `customer`) and
gives the WIDTH values of its row to `from_row`: `SELECT t.id, {COLUMNS} FROM task t JOIN customer c ON … {JOINS}`, then
`from_row(row[1 : 1 + WIDTH])`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.rules import Sought
from shuke.domains.customers.types import (
    CustomerSource,
    CustomerView,
    Filters,
    Gender,
    IdentityKind,
    MaskedCustomer,
    TimelineEntry,
    TimelineKind,
)
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach, Staff, Store
from shuke.kit import codec, db, phones

PHONE = """
(SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'phone' ORDER BY i.id DESC LIMIT 1)
"""
COLUMNS = f"""
c.id, c.brand_id, c.name, c.alias, c.gender, c.birthday, c.level, c.source, c.note, {PHONE},
(SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'member_no' ORDER BY i.id LIMIT 1),
c_store.id, c_store.name, c_store.code, c_region.name, c_store.timezone, c_guide.id, c_guide.name,
c.version, c.created_at
"""
WIDTH = 20
JOINS = """
JOIN store c_store ON c_store.id = c.store_id LEFT JOIN region c_region ON c_region.id = c_store.region_id
LEFT JOIN staff c_guide ON c_guide.id = c.guide_id
"""
BY_IDS = f"""
SELECT {COLUMNS} FROM customer c {JOINS} WHERE c.brand_id = $1 AND c.id = ANY($2) AND c.merged_into_id IS NULL
"""

# In "C" collation, what begins with a term lies between the term and the term with the last character there is.
TOKEN = """
SELECT t.customer_id FROM (SELECT lower(normalize({text}, NFKC)) COLLATE "C" AS term) q
CROSS JOIN LATERAL (SELECT t.customer_id FROM search_token t
  WHERE t.brand_id = $1 AND t.token >= q.term AND t.token < q.term || U&'\\+10FFFF' {further}) t
"""
# Phones are found whole or by their end, never by a part that the mask hides; the two conditions have an index each.
NUMBER = """
SELECT t.customer_id FROM customer_identity t WHERE t.brand_id = $1 AND t.kind = 'phone' AND {condition} {further}
"""
# Few hits: sorted, each leads to its customer by the primary key until the page is full. OFFSET 0 keeps the planner,
# who cannot guess how many there are, from reading the whole archive instead.
FEW = """
(SELECT DISTINCT hit.customer_id FROM ({hits}) hit ORDER BY hit.customer_id DESC) found
CROSS JOIN LATERAL (SELECT * FROM customer WHERE customer.id = found.customer_id OFFSET 0) c
"""
# Many hits: the page is full sooner when the customers are taken in their order and each is asked whether she is one.
MANY = "(SELECT true FROM ({hits}) hit LIMIT 1)"
MANY_FROM = 100_000
TIMELINE = """
SELECT t.id, t.customer_id, t.kind, t.at, st.name, t.data, c_store.timezone
FROM timeline_entry t JOIN customer c ON c.id = t.customer_id JOIN store c_store ON c_store.id = c.store_id
LEFT JOIN staff st ON st.id = t.actor_id
"""
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


def from_row(row: Any) -> CustomerView:
    """The customer in WIDTH values, as COLUMNS has them."""
    phone = row[9]
    return CustomerView(
        row[0],
        row[1],
        row[2],
        row[3],
        Gender(row[4]),
        row[5],
        row[6],
        CustomerSource(row[7]),
        row[8],
        phones.masked(phone) if phone else None,
        row[10],
        Store(*row[11:16]),
        Staff(row[16], row[17]) if row[16] else None,
        row[18],
        row[19],
    )


async def customer(actor: Actor, customer_id: UUID) -> CustomerView | None:
    """The customer; None when there is none within the caller's reach."""
    return (await customers_by_id(actor, [customer_id]))[0]


async def customers_by_id(actor: Actor, ids: Iterable[UUID]) -> list[CustomerView | None]:
    """A batch, in the order of `ids`."""
    reach, wanted = allow(actor, "customer"), list(ids)
    rows = await db.fetch(BY_IDS, actor.brand_id, wanted)
    seen = {view.id: view for view in map(from_row, rows) if may_touch(reach, view)}
    return [seen.get(key) for key in wanted]


def may_touch(reach: Reach, view: CustomerView) -> bool:
    """Does an operation with this reach cover the customer?"""
    return reach.covers(view.store.id, view.guide.id if view.guide else None)


async def customers(actor: Actor, filters: Filters, first: int, after: UUID | None = None) -> list[CustomerView]:
    """The newest first: `first` and, when there are more, one further row. `after`: the last id of the page before."""
    choice = await _choice(actor, filters)
    if after:
        choice.where.append(f"{choice.key} < {choice.arg(after)}")
    limit = choice.arg(first + 1)
    page = f"SELECT c.id FROM {choice.source} WHERE {choice.condition} ORDER BY {choice.key} DESC LIMIT {limit}"
    if choice.by_store:  # each store's newest from its own index range, then the newest of these
        page = f"SELECT c.id FROM unnest({choice.by_store}::uuid[]) w(store_id) CROSS JOIN LATERAL ({page}) c"
        page += f" ORDER BY c.id DESC LIMIT {limit}"
    sql = f"SELECT {COLUMNS} FROM ({page}) page JOIN customer c ON c.id = page.id {JOINS} ORDER BY c.id DESC"
    return [from_row(row) for row in await db.fetch(sql, *choice.args)]


async def total(actor: Actor, filters: Filters) -> int:
    """How many customers the filters leave."""
    choice = await _choice(actor, filters)
    page = f"SELECT c.id FROM {choice.source} WHERE {choice.condition}"
    if choice.by_store:
        page = f"SELECT c.id FROM unnest({choice.by_store}::uuid[]) w(store_id) CROSS JOIN LATERAL ({page}) c"
    return await db.fetch_value(f"SELECT count(*) FROM ({page}) chosen", *choice.args)


async def _choice(actor: Actor, filters: Filters) -> "_Choice":
    reach, sought = allow(actor, "customers"), rules.sought(filters.search)
    if filters.region_id is not None:
        region = (await identity.stores_by_region(actor.brand_id)).get(filters.region_id, set())
        reach = replace(
            reach, all_stores=_common(reach.all_stores, region), own_stores=_common(reach.own_stores, region)
        )
    return _Choice(actor, reach, filters, sought, sought is not None and await _hits_many(actor, sought))


def _common(stores: tuple[UUID, ...] | None, region: set[UUID]) -> tuple[UUID, ...]:
    """Of the region, the stores within reach (None: all are)."""
    return tuple(key for key in region if stores is None or key in stores)


async def _hits_many(actor: Actor, sought: Sought) -> bool:
    args: list[Any] = [actor.brand_id]
    hits = _hits(sought, args)
    count = f"SELECT count(*) FROM (SELECT FROM ({hits}) hit LIMIT {MANY_FROM}) hits"
    return bool(await db.fetch_value(count, *args) == MANY_FROM)


def _hits(sought: Sought, args: list[Any], further: str = "") -> str:
    """What gives the customers whom a search finds, some of them twice; its arguments are added to `args`."""
    parts = [TOKEN.format(text=_arg(args, sought.text), further=further)]
    if sought.numbers:
        condition = f"t.value = ANY({_arg(args, sought.numbers)})"
        parts.append(NUMBER.format(condition=condition, further=further))
    if sought.ending:
        condition = f"right(t.value, {rules.ENDING}) = {_arg(args, sought.ending)}"
        parts.append(NUMBER.format(condition=condition, further=further))
    return "UNION ALL".join(parts)


def _arg(args: list[Any], value: Any) -> str:
    """Adds an argument; its placeholder."""
    args.append(value)
    return f"${len(args)}"


class _Choice:
    """FROM and WHERE of a list's statement: what the reach and the filters leave, by the index that fits.

    `by_store` (a placeholder) is set when the rows are best taken store by store.
    """

    def __init__(self, actor: Actor, reach: Reach, filters: Filters, sought: Sought | None, many: bool) -> None:
        self.args: list[Any] = [actor.brand_id]
        self.where = ["c.brand_id = $1", "c.merged_into_id IS NULL"]
        self.by_store: str | None = None
        self.source, self.key = "customer c", "c.id"
        if sought and many:
            self.where.append(MANY.format(hits=_hits(sought, self.args, "AND t.customer_id = c.id")))
        elif sought:
            self.source, self.key = FEW.format(hits=_hits(sought, self.args)), "found.customer_id"
        stores = self._within(actor, reach, filters)
        if filters.mine:
            self.where.append(f"c.guide_id = {self.arg(actor.id)}")
        if stores is not None:
            placeholder = self.arg(stores)
            if filters.mine or (sought and not many):
                self.where.append(f"c.store_id = ANY({placeholder})")
            else:
                self.by_store = placeholder
                self.where.append("c.store_id = w.store_id")
        if filters.among:
            self.where.append(filters.among.sql.format(*map(self.arg, filters.among.args)))

    def _within(self, actor: Actor, reach: Reach, filters: Filters) -> tuple[UUID, ...] | None:
        """The stores to look into (None: all); of those where only own and pool rows count, a condition says so."""
        everywhere, own = reach.all_stores, reach.own_stores
        if everywhere is not None and own != ():
            mine = f"(c.guide_id IS NULL OR c.guide_id = {self.arg(reach.actor_id)})"
            self.where.append(f"(c.store_id = ANY({self.arg(everywhere)}) OR {mine})")
        stores = None if everywhere is None or own is None else tuple(dict.fromkeys((*everywhere, *own)))
        if filters.store_id is None:
            return stores
        return (filters.store_id,) if stores is None or filters.store_id in stores else ()

    def arg(self, value: Any) -> str:
        return _arg(self.args, value)

    @property
    def condition(self) -> str:
        return " AND ".join(self.where)


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


async def timeline(
    actor: Actor, customer_id: UUID, first: int, after: tuple[datetime, UUID] | None = None
) -> list[TimelineEntry]:
    """What touched a customer whom the caller has before her, the latest first: `first` rows and one more, if there is.

    `after`: time and id of the last entry of the page before.
    """
    sql = f"{TIMELINE} WHERE t.brand_id = $1 AND t.customer_id = $2"
    args: list[Any] = [actor.brand_id, customer_id, first + 1]
    if after:
        sql, args = f"{sql} AND (t.at, t.id) < ($4, $5)", [*args, *after]
    rows = await db.fetch(f"{sql} ORDER BY t.at DESC, t.id DESC LIMIT $3", *args)
    return [_entry(row) for row in rows]


async def timeline_entry(actor: Actor, entry_id: UUID) -> TimelineEntry | None:
    """One entry, of a customer within the caller's reach."""
    row = await db.fetch_row(f"{TIMELINE} WHERE t.brand_id = $1 AND t.id = $2", actor.brand_id, entry_id)
    return _entry(row) if row and await customer(actor, row[1]) else None


def _entry(row: Any) -> TimelineEntry:
    return TimelineEntry(row[0], row[1], TimelineKind(row[2]), row[3], row[4], codec.loads(row[5]), row[6])


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
