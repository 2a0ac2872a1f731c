"""The list of customers: filtered, searched, counted, by the index that fits."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries.view import COLUMNS, JOINS, NOT_SHARED, from_row
from shuke.domains.customers.rules import Sought
from shuke.domains.customers.types import CustomerView, Filters
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach
from shuke.kit import db

# In "C" collation, what begins with a term lies between the term and the term with the last character there is.
TERM = """(SELECT {term}::text COLLATE "C" AS term) q"""
BEGINS = "t.token >= q.term AND t.token < q.term || U&'\\+10FFFF'"
STORES = "SELECT id FROM store WHERE brand_id = $1"
TOKEN = f"""
SELECT t.customer_id FROM {TERM} CROSS JOIN ({{stores}}) w(id)
CROSS JOIN LATERAL (SELECT t.customer_id FROM search_token t WHERE t.store_id = w.id AND {BEGINS}) t
"""
TOKEN_OF = f"""
SELECT t.customer_id FROM {TERM} CROSS JOIN LATERAL (
  SELECT t.customer_id FROM search_token t WHERE t.customer_id = c.id AND {BEGINS}) t
"""
# What is shown masked is found whole, a phone also by its end, never by a part that the mask hides; the two conditions
# have an index each.
WHOLE = "t.kind IN ('phone', 'wechat', 'email') AND t.value = ANY({numbers})"
END = f"t.kind = 'phone' AND right(t.value, {rules.ENDING}) = {{ending}}"
NUMBER = """
SELECT t.customer_id FROM customer_identity t WHERE t.brand_id = $1 AND {condition} {further}
"""
# Few hits: sorted, each leads to its customer by the primary key until the page is full. OFFSET 0 keeps the planner,
# who cannot guess how many there are, from reading the whole archive instead.
FEW = """
(SELECT DISTINCT hit.customer_id FROM ({hits}) hit ORDER BY hit.customer_id DESC) found
CROSS JOIN LATERAL (SELECT * FROM customer WHERE customer.id = found.customer_id OFFSET 0) c
"""
# Many hits: the page is full sooner when the customers are taken in their order and each is asked whether she is one.
MANY = "(SELECT true FROM ({hits}) hit LIMIT 1)"
MANY_FROM = 10_000
# What a partner's key does not read, it does not find by: who has values of head office's fields is found by her name
# as it is written and by her numbers, and by nothing that may come of a value.
KNOWN_TO_PARTNERS = f"""(c.custom_values = '{{{{}}}}'
  OR strpos(lower(normalize(concat_ws(' ', c.name, c.alias), NFKC)), {{term}}::text) > 0
  OR EXISTS (SELECT FROM customer_identity t WHERE t.customer_id = c.id AND (
    (t.kind IN ('member_no', 'card') AND strpos(lower(normalize(t.value, NFKC)), {{term}}) = 1)
    OR {WHOLE} OR {END})))"""
# Customers of other stores that are shared with one of `{stores}`.
SHARED = "EXISTS (SELECT FROM customer_share x WHERE x.customer_id = c.id AND x.store_id = ANY({stores}))"
SHARED_ONLY = """
(SELECT DISTINCT x.customer_id FROM customer_share x WHERE {stores}) shared
CROSS JOIN LATERAL (SELECT * FROM customer WHERE customer.id = shared.customer_id OFFSET 0) c
"""


async def customers(actor: Actor, filters: Filters, first: int, after: UUID | None = None) -> list[CustomerView]:
    """The newest first: `first` and, when there are more, one further row. `after`: the last id of the page before."""
    choice = await _choice(actor, filters)
    if after:
        choice.where.append(f"{choice.key} < {choice.arg(after)}")
    page = choice.page(f"LIMIT {choice.arg(first + 1)}")
    sql = f"SELECT {COLUMNS} FROM ({page}) page JOIN customer c ON c.id = page.id {JOINS} ORDER BY c.id DESC"
    return [from_row(row) for row in await db.fetch(sql, *choice.args)]


async def total(actor: Actor, filters: Filters) -> int:
    """How many customers the filters leave."""
    choice = await _choice(actor, filters)
    return await db.fetch_value(f"SELECT count(*) FROM ({choice.page('')}) chosen", *choice.args)


async def _choice(actor: Actor, filters: Filters) -> "_Choice":
    reach, sought = allow(actor, "customers"), rules.sought(filters.search)
    if filters.region_id is not None:
        region = (await identity.stores_by_region(actor.brand_id)).get(filters.region_id, set())
        reach = replace(
            reach, all_stores=_common(reach.all_stores, region), own_stores=_common(reach.own_stores, region)
        )
    stores = _stores(reach, filters)
    many = sought is not None and await _hits_many(actor, sought, stores)
    return _Choice(actor, reach, filters, stores, sought, many)


def _stores(reach: Reach, filters: Filters) -> tuple[UUID, ...] | None:
    """The stores to look into (None: all)."""
    everywhere, own = reach.all_stores, reach.own_stores
    stores = None if everywhere is None or own is None else tuple(dict.fromkeys((*everywhere, *own)))
    if filters.store_id is None:
        return stores
    return (filters.store_id,) if stores is None or filters.store_id in stores else ()


def _common(stores: tuple[UUID, ...] | None, region: set[UUID]) -> tuple[UUID, ...]:
    """Of the region, the stores within reach (None: all are)."""
    return tuple(key for key in region if stores is None or key in stores)


async def _hits_many(actor: Actor, sought: Sought, stores: tuple[UUID, ...] | None) -> bool:
    args: list[Any] = [actor.brand_id]
    count = f"SELECT count(*) FROM (SELECT FROM ({_hits(sought, args, stores)}) hit LIMIT {MANY_FROM}) hits"
    return bool(await db.fetch_value(count, *args) == MANY_FROM)


def _hits(sought: Sought, args: list[Any], stores: tuple[UUID, ...] | None) -> str:
    """What gives the customers whom a search finds, some of them twice; its arguments are added to `args`."""
    among = STORES if stores is None else f"{STORES} AND id = ANY({_arg(args, stores)})"
    return _parts(sought, args, TOKEN.replace("{stores}", among), "")


def _is_hit(sought: Sought, args: list[Any]) -> str:
    """What gives the customer `c` if the search finds her."""
    return _parts(sought, args, TOKEN_OF, "AND t.customer_id = c.id")


def _parts(sought: Sought, args: list[Any], token: str, further: str) -> str:
    parts = [token.format(term=_arg(args, term)) for term in sought.terms]
    if sought.numbers:
        condition = WHOLE.format(numbers=_arg(args, sought.numbers))
        parts.append(NUMBER.format(condition=condition, further=further))
    if sought.ending:
        condition = END.format(ending=_arg(args, sought.ending))
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

    def __init__(
        self,
        actor: Actor,
        reach: Reach,
        filters: Filters,
        stores: tuple[UUID, ...] | None,
        sought: Sought | None,
        many: bool,
    ) -> None:
        self.args: list[Any] = [actor.brand_id]
        self.where = ["c.brand_id = $1", "c.merged_into_id IS NULL", "c.erased_at IS NULL"]
        if actor.kind == "partner":
            self.where.append(f"NOT {NOT_SHARED}")
        self.by_store: str | None = None
        self.source, self.key = "customer c", "c.id"
        # in a search those who are shared with a store are found among its own
        self.shared = sought is not None and reach.actor_id is not None
        if sought and (many or filters.shared):
            self.where.append(MANY.format(hits=_is_hit(sought, self.args)))
        elif sought:
            self.source, self.key = FEW.format(hits=_hits(sought, self.args, stores)), "found.customer_id"
        self._within(reach)
        if filters.mine:
            self.where.append(f"c.guide_id = {self.arg(actor.id)}")
        if filters.shared:
            self._only_shared(reach, stores)
        elif stores is not None:
            self._of_stores(stores, apart=not filters.mine and (many or not sought))
        if sought and actor.kind == "partner":
            term, numbers, ending = (self.arg(said) for said in (sought.terms[0], sought.numbers, sought.ending))
            self.where.append(KNOWN_TO_PARTNERS.format(term=term, numbers=numbers, ending=ending))
        if filters.among:
            self.where.append(filters.among.sql.format(*map(self.arg, filters.among.args)))

    def page(self, limit: str) -> str:
        """SELECT of the chosen ids, the newest first."""
        order = f"ORDER BY {self.key} DESC {limit}"
        if not self.by_store:
            return f"SELECT {self.key} AS id FROM {self.source} WHERE {self.condition} {order}"
        # each store's newest from its own index range, and the few that are shared with them
        own = f"SELECT c.id FROM {self.source} WHERE c.store_id = w.store_id AND {self.condition} {order}"
        parts = f"SELECT own.id FROM unnest({self.by_store}::uuid[]) w(store_id) CROSS JOIN LATERAL ({own}) own"
        if self.shared:
            few = SHARED_ONLY.format(stores=f"x.store_id = ANY({self.by_store})")
            parts += f" UNION ALL SELECT c.id FROM {few} WHERE c.store_id <> ALL({self.by_store}) AND {self.condition}"
        return f"SELECT id FROM ({parts}) parts ORDER BY id DESC {limit}"

    def _of_stores(self, stores: tuple[UUID, ...], *, apart: bool) -> None:
        placeholder = self.arg(stores)
        if apart:
            self.by_store = placeholder
        elif self.shared:
            self.where.append(f"(c.store_id = ANY({placeholder}) OR {SHARED.format(stores=placeholder)})")
        else:
            self.where.append(f"c.store_id = ANY({placeholder})")

    def _only_shared(self, reach: Reach, stores: tuple[UUID, ...] | None) -> None:
        """Those of other stores that may be opened here all the same; none for a partner's key."""
        if reach.actor_id is None:
            self.where.append("false")
            return
        placeholder = self.arg(stores)
        self.source = SHARED_ONLY.format(stores=f"({placeholder}::uuid[] IS NULL OR x.store_id = ANY({placeholder}))")
        self.where.append(f"({placeholder}::uuid[] IS NULL OR c.store_id <> ALL({placeholder}))")

    def _within(self, reach: Reach) -> None:
        """Of stores where only own and pool rows count, a condition says so: `view.within`, as SQL."""
        if reach.all_stores is not None and reach.own_stores != ():
            mine = f"(c.guide_id IS NULL OR c.guide_id = {self.arg(reach.actor_id)})"
            home = f"c.store_id = ANY({self.arg(reach.all_stores)}) OR {mine}"
            theirs = SHARED.format(stores=self.arg([*reach.all_stores, *(reach.own_stores or ())]))
            self.where.append(f"({home} OR {theirs})")

    def arg(self, value: Any) -> str:
        return _arg(self.args, value)

    @property
    def condition(self) -> str:
        return " AND ".join(self.where)
