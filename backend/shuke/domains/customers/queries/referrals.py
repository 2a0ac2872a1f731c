"""The graph around a customer: who brought her, whom she brought, whom these brought."""

from dataclasses import dataclass
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries.view import within
from shuke.domains.customers.types.referrals import Brought, Referrals
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor

MOST = 20
MOST_FURTHER = 60

_PERSON = """'id', {0}.id, 'name', coalesce({0}.alias, {0}.name), 'store_id', {0}.store_id, 'store', s.name,
  'guide_id', {0}.guide_id,
  'shared_with', ARRAY(SELECT w.store_id FROM customer_share w WHERE w.customer_id = {0}.id)"""
_NEWEST = "WHERE {0}.referrer_id = {1} AND {0}.merged_into_id IS NULL"
_FURTHER = f"""customer d JOIN customer e ON e.referrer_id = d.id AND e.merged_into_id IS NULL
  JOIN store s ON s.id = e.store_id {_NEWEST.format("d", "c.id")}"""
# about an alias `c` of `customer`, as a part of her card
PART = f"""(SELECT jsonb_build_object(
  'referrer', (SELECT jsonb_build_object({_PERSON.format("r")})
    FROM customer r JOIN store s ON s.id = r.store_id WHERE r.id = c.referrer_id AND r.erased_at IS NULL),
  'brought', coalesce((SELECT jsonb_agg(x.who) FROM (SELECT jsonb_build_object({_PERSON.format("d")}, 'by', c.id) AS who
    FROM customer d JOIN store s ON s.id = d.store_id {_NEWEST.format("d", "c.id")}
    ORDER BY d.id DESC LIMIT {MOST}) x), '[]'),
  'further', coalesce((SELECT jsonb_agg(x.who) FROM (SELECT jsonb_build_object({_PERSON.format("e")}, 'by', d.id) AS who
    FROM {_FURTHER} ORDER BY d.id DESC, e.id DESC LIMIT {MOST_FURTHER}) x), '[]'),
  'brought_count', (SELECT count(*) FROM customer d {_NEWEST.format("d", "c.id")}),
  'further_count', (SELECT count(*) FROM {_FURTHER})))"""


@dataclass(slots=True, frozen=True)
class Shown:
    """Somebody in the graph as the caller may know her: `id` None and her name masked where she may not open her."""

    id: UUID | None
    name: str | None
    store: str


def shown(actor: Actor, person: Brought) -> Shown:
    """By name where the caller may open her."""
    if within(allow(actor, "customer"), person.store_id, person.guide_id, person.shared_with):
        return Shown(person.id, person.name, person.store)
    return Shown(None, rules.masked_name(person.name), person.store)


def brought_by(graph: Referrals, by: UUID) -> list[Brought]:
    """Whom somebody of the first level brought."""
    return [person for person in graph.further if person.by == by]
