"""What stands on a customer's card beside her own row: one statement for all of it, however much is shown."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import convert

from shuke.domains.customers.queries import profile
from shuke.domains.customers.queries.dependants import CHILDREN
from shuke.domains.customers.types import Card
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db

# part of the card -> SQL that gives it as JSON, about an alias `c` of `customer`
PARTS = {
    "identities": """(SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', i.id, 'kind', i.kind, 'value', i.value, 'verified_at', i.verified_at) ORDER BY i.kind, i.id DESC), '[]')
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
