"""What stands on a customer's card beside her own row: one statement for all of it, however much is shown."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import convert, structs

from shuke.domains.customers import rules
from shuke.domains.customers.queries import profile, referrals
from shuke.domains.customers.queries.dependants import CHILDREN
from shuke.domains.customers.queries.view import within
from shuke.domains.customers.types import Card, Relative
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db

# the other one of two who use a number, about an alias `r` of `customer` and the contact `x`
RELATIVE = """jsonb_build_object('contact_id', x.id, 'role', x.role, 'label', x.label, 'id', r.id,
  'name', coalesce(r.name, r.alias), 'store_id', r.store_id, 'guide_id', r.guide_id,
  'shared_with', ARRAY(SELECT s.store_id FROM customer_share s WHERE s.customer_id = r.id))"""
# part of the card -> SQL that gives it as JSON, about an alias `c` of `customer`
PARTS = {
    "identities": f"""(SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', i.id, 'kind', i.kind, 'value', i.value, 'verified_at', i.verified_at, 'used_by', (
        SELECT coalesce(jsonb_agg({RELATIVE} ORDER BY x.id), '[]')
        FROM identity_contact x JOIN customer r ON r.id = x.customer_id
        WHERE x.identity_id = i.id AND x.customer_id <> c.id))
      ORDER BY i.kind, coalesce(i.chosen_at, i.created_at) DESC, i.id DESC), '[]')
      FROM customer_identity i WHERE i.customer_id = c.id)""",
    "facts": profile.FACTS_JSON,
    "named": profile.NAMED,
    "consents": """(SELECT coalesce(jsonb_agg(jsonb_build_object('purpose', e.purpose, 'channel', e.channel,
      'state', e.state, 'at', e.at, 'known_at', e.created_at, 'how', e.evidence ->> 'how', 'by', s.name,
      'text_id', e.text_id, 'text_version', t.version) ORDER BY e.at DESC, e.id DESC), '[]')
      FROM consent_entry e LEFT JOIN staff s ON s.id = e.actor_id LEFT JOIN consent_text t ON t.id = e.text_id
      WHERE e.customer_id = c.id)""",
    "refusals": "c.refusals",
    "dependants": CHILDREN,
    "through": f"""(SELECT coalesce(jsonb_agg(jsonb_build_object(
      'kind', i.kind, 'value', i.value, 'owner', {RELATIVE}) ORDER BY x.id DESC), '[]')
      FROM identity_contact x JOIN customer_identity i ON i.id = x.identity_id AND i.customer_id <> c.id
      JOIN customer r ON r.id = i.customer_id WHERE x.customer_id = c.id)""",
    "shares": """(SELECT coalesce(jsonb_agg(jsonb_build_object('store_id', s.id, 'name', s.name, 'code', s.code,
      'region', g.name, 'timezone', s.timezone, 'at', x.created_at) ORDER BY x.id), '[]')
      FROM customer_share x JOIN store s ON s.id = x.store_id LEFT JOIN region g ON g.id = s.region_id
      WHERE x.customer_id = c.id)""",
    "referrals": referrals.PART,
}
CARDS = f"""
SELECT c.id, {", ".join(PARTS.values())} FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2)
"""
BARE = Card()


async def cards_of(actor: Actor, ids: Iterable[UUID]) -> list[Card]:
    """The cards of customers whom the caller has before her, in the order of `ids`."""
    wanted = list(ids)
    rows = await db.fetch(CARDS, actor.brand_id, wanted)
    found = {row[0]: _card(row[1:]) for row in rows}
    return [found.get(key, BARE) for key in wanted]


def _card(parts: Iterable[str]) -> Card:
    said = {name: codec.loads(part) for name, part in zip(PARTS, parts, strict=True)}
    return convert(said, Card)


def relative(actor: Actor, one: Relative) -> Relative:
    """The other one as the caller may know her: without her id, her name masked, where he may not open her."""
    if within(allow(actor, "customer"), one.store_id, one.guide_id, one.shared_with):
        return one
    return structs.replace(one, id=None, name=rules.masked_name(one.name))
