"""Partners' keys."""

import secrets as random
from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity import queries, rules
from shuke.domains.identity.models import PartnerKey
from shuke.domains.identity.service.house import named
from shuke.domains.identity.service.passwords import token_hash
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

USED_EVERY = timedelta(minutes=5)


async def by_key(token: str) -> Actor | None:
    """The actor of a partner's bearer key."""
    found = await queries.partner_by_key(token_hash(token))
    if found is None:
        return None
    actor, used = found
    if not isinstance(used, datetime) or clock.now() - used > USED_EVERY:
        await db.execute("UPDATE partner_key SET last_used_at = $2 WHERE id = $1", actor.id, clock.now())
    return actor


async def create_partner_key(brand_id: UUID, name: str, scopes: frozenset[str]) -> str:
    """A bearer key, shown this once. Raises Refusal INVALID for a scope that does not exist."""
    if not scopes or not scopes <= rules.SCOPES:
        raise Refusal(ErrorCode.INVALID, "scope", "scope_unknown", known=", ".join(sorted(rules.SCOPES)))
    name, token = named("name", name), f"shuke_{random.token_urlsafe(32)}"
    async with db.tx():
        key = await PartnerKey.create(
            id=new_id(), brand_id=brand_id, name=name, token_hash=token_hash(token), scopes=" ".join(sorted(scopes))
        )
        await events.record(brand_id, "partner_key.created", events.SYSTEM, ("partner_key", key.id))
    return token
