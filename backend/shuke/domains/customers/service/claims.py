"""A number that somebody has already: used by another one too, or gone to her."""

from uuid import UUID

from shuke.domains.customers.service import archive
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.holders import reachable, refuse_taken
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import Claim, IdentityKind, IfTaken, TimelineKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db
from shuke.kit.ids import new_id

LABEL_LENGTH = 40

# it stays with its owner until the transaction's end
OWNER = """
SELECT id, customer_id FROM customer_identity WHERE brand_id = $1 AND kind = $2 AND value = $3 FOR NO KEY UPDATE
"""
USE = """
INSERT INTO identity_contact (id, brand_id, identity_id, customer_id, role, label, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (identity_id, customer_id) DO UPDATE SET role = excluded.role, label = excluded.label, updated_at = $7
"""
# a phone is a field that edits are merged by: who changes an older state of it is told
CHANGED = """
UPDATE customer SET version = version + 1, updated_at = $3,
  field_versions = field_versions || jsonb_build_object($2::text, version + 1) WHERE id = $1
"""


async def make_way(
    actor: Actor, kind: IdentityKind, value: str, claim: Claim, for_id: UUID | None = None, field: str = "phone"
) -> UUID | None:
    """Does what the claim says with what somebody else than `for_id` has: of FAMILY the identity to `use`, which stays
    its owner's; else None, and nobody has it by a TAKE_OVER.

    Raises Refusal TAKEN_ELSEWHERE where the caller may not open its owner, FORBIDDEN where he may not take it from her.
    """
    if claim.if_taken in (IfTaken.REFUSE, IfTaken.SAME):
        return None
    row = await db.fetch_row(OWNER, actor.brand_id, kind.value, value)
    if row is None or row[1] == for_id:
        return None
    await refuse_taken(actor, kind, value, beyond=True, field=field)
    identity_id: UUID = row[0]
    if claim.if_taken is IfTaken.FAMILY:
        return identity_id
    await reachable(actor, allow(actor, "disownIdentity"), row[1], "customerId")
    await disown(actor, row[1], kind.value, value)
    return None


async def use(actor: Actor, identity_id: UUID, customer_id: UUID, claim: Claim) -> None:
    """She uses what is another's."""
    row = (new_id(), actor.brand_id, identity_id, customer_id, claim.role.value, claim.label)
    await db.execute(USE, *row, clock.now())


async def disown(actor: Actor, owner_id: UUID, kind: str, value: str) -> None:
    """Takes it off its owner and those who use it with her; the fact stays in her timeline, without the number."""
    await archive.detach(actor.brand_id, owner_id, kind, value, inherit=False)
    await touch(owner_id, kind)
    await refresh_search([owner_id])
    await refresh_completeness(actor.brand_id, [owner_id])
    now = clock.now()
    await append_timeline(actor.brand_id, owner_id, TimelineKind.DISOWNED, now, actor.id, {"kind": kind})


async def touch(customer_id: UUID, kind: str) -> None:
    """What she is known by has changed."""
    await db.execute(CHANGED, customer_id, kind, clock.now())
