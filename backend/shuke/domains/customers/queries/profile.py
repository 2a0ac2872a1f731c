"""Reads: the profile template, what completeness is measured by, and where a field is used."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries.view import PHONE
from shuke.domains.customers.rules import profile
from shuke.domains.customers.rules.completeness import DUE, NOTHING
from shuke.domains.customers.types.profile import (
    Document,
    Field,
    Form,
    Template,
)
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Role, Staff
from shuke.kit import clock, codec, db, zones
from shuke.kit.errors import ErrorCode, Refusal

SHIPPED = 1
"""The version that every brand begins with; it is in the table from the worker's first look at the brand on."""
LATEST = """
SELECT p.version, p.document, p.created_at, s.id, s.name FROM profile_template p LEFT JOIN staff s ON s.id = p.staff_id
WHERE p.brand_id = $1 ORDER BY p.version DESC LIMIT 1
"""
FORM = """
SELECT p.version, p.document FROM profile_template p
LEFT JOIN profile_template n ON n.brand_id = p.brand_id AND n.version = p.version + 1
WHERE p.brand_id = $1 AND (n.id IS NULL OR (p.version = $2 AND n.created_at > $3))
"""
AWAY = timedelta(days=30)
"""How long after it was superseded a version still counts for who typed into it: as long as a phone may be offline."""


def _telling(column: str) -> str:
    """SQL of a column that some values say nothing in."""
    silent = ", ".join(f"'{value}'" for value in NOTHING[column])
    return f"CASE WHEN c.{column} NOT IN ({silent}) THEN c.{column} END"


# key of a built-in field -> SQL of what is on file, about an alias `c` of `customer`; null: nothing
FACTS = {
    "name": "c.name",
    "alias": "c.alias",
    "gender": _telling("gender"),
    "birthday": "c.birthday::text",
    "level": "c.level",
    "source": _telling("source"),
    "note": "c.note",
    "store": "c.store_id",
    "guide": "c.guide_id",
    "referrer": "c.referrer_id",
    "phone": PHONE,
    "wechat": "(SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'wechat' LIMIT 1)",
    "values": "c.custom_values",
    DUE: """(SELECT min(d.due_on) FROM dependant d
      WHERE d.customer_id = c.id AND d.born_on IS NULL AND d.removed_at IS NULL)""",
    "dismissed": "ARRAY(SELECT d.problem || '=' || d.value FROM dismissed_problem d WHERE d.customer_id = c.id)",
}
_PAIRS = ", ".join(f"'{name}', {sql}" for name, sql in FACTS.items())
FACTS_JSON = f"jsonb_build_object({_PAIRS}, 'zone', (SELECT z.timezone FROM store z WHERE z.id = c.store_id))"
# Names of the people and places that custom values refer to; a customer's with what tells whether the caller may know.
UUID_FORM = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
NAMED = f"""
(WITH refs AS (SELECT array_agg(CASE WHEN v.value ~ '{UUID_FORM}' THEN v.value::uuid END) AS ids
  FROM jsonb_each_text(c.custom_values) v)
SELECT coalesce(jsonb_object_agg(n.id, n.said), '{{}}') FROM (
  SELECT s.id, jsonb_build_array(s.name) FROM staff s, refs WHERE s.id = ANY(refs.ids) AND s.brand_id = c.brand_id
  UNION ALL
  SELECT s.id, jsonb_build_array(s.name) FROM store s, refs WHERE s.id = ANY(refs.ids) AND s.brand_id = c.brand_id
  UNION ALL
  SELECT o.id, jsonb_build_array(coalesce(o.name, o.alias), o.store_id, o.guide_id) FROM customer o, refs
  WHERE o.id = ANY(refs.ids) AND o.brand_id = c.brand_id
) AS n(id, said))
"""
USED = "SELECT count(*) FROM customer WHERE brand_id = $1 AND merged_into_id IS NULL AND custom_values ? $2"


@cache
def shipped() -> Document:
    """The template that every brand begins with."""
    text = files("shuke.domains.customers").joinpath("shipped", "profile.json").read_text("utf-8")
    return codec.load(text, Document)


async def template(actor: Actor) -> Template:
    """The brand's template, with what a caller by a partner's key may know of: public fields."""
    allow(actor, "profileTemplate")
    found = await latest(actor.brand_id)
    if actor.kind != "partner":
        return found
    fields = tuple(field for field in found.document.fields if profile.may_see(field, None))
    groups = tuple(group for group in found.document.groups if any(field.group == group.key for field in fields))
    return Template(found.version, Document(groups, fields, found.document.full_from))


async def templates_of(actor: Actor, brand_ids: Iterable[UUID]) -> list[Template]:
    """For a request that shows values: the brand's whole template, once."""
    return [await latest(brand_id) for brand_id in brand_ids]


async def latest(brand_id: UUID) -> Template:
    row = await db.fetch_row(LATEST, brand_id)
    if row is None:
        return Template(SHIPPED, shipped())
    staff = Staff(row[3], row[4]) if row[3] else None
    return Template(row[0], codec.load(row[1], Document), row[2] if staff else None, staff)


async def form(brand_id: UUID, version: int | None) -> Form:
    """What values were typed into, for a caller who had this version before her (None: she did not say). One that was
    superseded more than AWAY ago is taken as today's.

    Raises Refusal INVALID for a version that never was.
    """
    rows = await db.fetch(FORM, brand_id, version or 0, clock.now() - AWAY)
    found = {row[0]: codec.load(row[1], Document) for row in rows} or {SHIPPED: shipped()}
    newest = max(found)
    if version is not None and not 1 <= version <= newest:
        raise Refusal(ErrorCode.INVALID, "templateVersion", "template_version")
    return Form(found[newest], found.get(version or newest, found[newest]), version is not None)


def roles_at(actor: Actor, store_id: UUID | None = None) -> frozenset[Role] | None:
    """The caller's roles in this store, or (None) anywhere; None: a partner's key."""
    if actor.kind == "partner":
        return None
    if actor.kind == "system":
        return frozenset(Role)
    return frozenset(
        grant.role for grant in actor.grants if not store_id or grant.stores is None or store_id in grant.stores
    )


async def field(actor: Actor, key: str) -> Field:
    """A field, for head office. Raises Refusal FORBIDDEN, NOT_FOUND."""
    allow(actor, "fieldUsage")
    found = (await latest(actor.brand_id)).document.field(key)
    if found is None:
        raise Refusal(ErrorCode.NOT_FOUND, "key", "field_unknown")
    return found


async def customers_with(actor: Actor, key: str) -> int:
    """How many customers of the brand have a value in a field of head office's own."""
    allow(actor, "fieldUsage")
    count: int = await db.fetch_value(USED, actor.brand_id, key)
    return count


def facts(said: Any) -> dict[str, Any]:
    """FACTS_JSON of a row, and today in her store: some problems are made by time alone."""
    found: dict[str, Any] = codec.loads(said)
    return found | {"today": zones.local_date(clock.now(), found.pop("zone")).isoformat()}
