"""What a customer is known by: added, taken away, chosen, found to be somebody else's; and who else uses it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries, rules
from shuke.domains.customers.rules.profile import may_edit
from shuke.domains.customers.service import archive, checks, claims, holders
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import Claim, CustomerView, IdentityKind, TimelineKind
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, events, identities
from shuke.kit.errors import ErrorCode, Refusal

MOST = 20
"""identities of one customer"""

HERS = "SELECT kind, value FROM customer_identity WHERE brand_id = $1 AND customer_id = $2 AND id = $3"
KNOWN_BY = "SELECT true FROM customer_identity WHERE customer_id = $1 AND kind = $2 AND value = $3"
COUNT = "SELECT count(*) FROM customer_identity WHERE customer_id = $1"
USE_NO_MORE = """
DELETE FROM identity_contact x USING customer_identity i
WHERE x.brand_id = $1 AND x.id = $3 AND i.id = x.identity_id AND $2 IN (x.customer_id, i.customer_id)
RETURNING i.kind
"""


async def add_identity(
    actor: Actor, customer_id: UUID, kind: IdentityKind, typed: str, claim: Claim | None = None
) -> UUID:
    """She is known by this too; what she is known by already stays as it is.

    Raises Refusal NOT_FOUND, FORBIDDEN, INVALID (`value` or `label`), TOO_MANY, TAKEN and TAKEN_ELSEWHERE (the subject
    is the MaskedCustomer who has it) unless the claim says how to go about that; ERASED for what somebody was known by
    who had her data erased.
    """
    value = normalised(kind, typed)
    claim = claim or Claim()
    claim = replace(claim, label=checks.text("label", claim.label, claims.LABEL_LENGTH))
    async with db.tx():
        view = await _held(actor, "addIdentity", customer_id)
        customer_id = view.id
        await _may(actor, view, kind.value, "value")
        await holders.may_try_numbers(actor)
        if await db.fetch_value(COUNT, customer_id) >= MOST:
            raise Refusal(ErrorCode.INVALID, "value", "identities_many", most=MOST)
        if await suppressed(actor.brand_id, [(kind.value, value)]):
            raise Refusal(ErrorCode.ERASED, "value", "erased_before")
        identity = (customer_id, kind.value, value, rules.clean(typed) or value)
        for _ in range(holders.TURNS):
            taken = await claims.make_way(actor, kind, value, claim, customer_id, "value")
            if taken:
                await claims.use(actor, taken, customer_id, claim)
                await _changed(actor, view, kind.value, "customer.contact_added")
            elif await archive.attach(actor.brand_id, [identity], clock.now()):
                await _changed(actor, view, kind.value, "customer.identity_added")
            else:
                await holders.refuse_taken(actor, kind, value, customer_id, field="value")
                if not await db.fetch_value(KNOWN_BY, customer_id, kind.value, value):
                    continue  # given up this moment
            return customer_id
    raise Refusal(ErrorCode.TAKEN, "value")  # it goes from hand to hand


async def remove_identity(actor: Actor, customer_id: UUID, identity_id: UUID) -> UUID:
    """She is not known by it any more; where others of her family use it, the first of them has it from now on.

    Raises Refusal NOT_FOUND or FORBIDDEN.
    """
    async with db.tx():
        view = await _held(actor, "removeIdentity", customer_id)
        customer_id = view.id
        kind, value = await _hers(actor, customer_id, identity_id)
        await _may(actor, view, kind, "identityId")
        heirs = await archive.detach(actor.brand_id, customer_id, kind, value)
        await refresh_search(heirs)
        await refresh_completeness(actor.brand_id, heirs)
        await _changed(actor, view, kind, "customer.identity_removed")
    return customer_id


async def disown_identity(actor: Actor, customer_id: UUID, identity_id: UUID) -> UUID:
    """It turned out to be somebody else's: nobody here is known by it any more, nor reached through it. Adding it again
    undoes that, while nobody else has it. Raises Refusal NOT_FOUND or FORBIDDEN.
    """
    async with db.tx():
        view = await _held(actor, "disownIdentity", customer_id)
        customer_id = view.id
        kind, value = await _hers(actor, customer_id, identity_id)
        await _may(actor, view, kind, "identityId")
        await claims.disown(actor, customer_id, kind, value)
        data = {"kind": kind}
        await events.record(actor.brand_id, "customer.identity_disowned", actor.ref, ("customer", customer_id), data)
    return customer_id


async def choose_phone(actor: Actor, customer_id: UUID, identity_id: UUID) -> UUID:
    """Of her numbers this is the one that is shown and called. Raises Refusal NOT_FOUND or FORBIDDEN."""
    async with db.tx():
        view = await _held(actor, "choosePhone", customer_id)
        customer_id = view.id
        kind, value = await _hers(actor, customer_id, identity_id)
        if kind != rules.PHONE:
            raise Refusal(ErrorCode.NOT_FOUND, "identityId")
        await archive.choose(actor.brand_id, customer_id, kind, value, clock.now())
        await _changed(actor, view, kind, "customer.phone_chosen")
    return customer_id


async def remove_contact(actor: Actor, customer_id: UUID, contact_id: UUID) -> UUID:
    """Somebody uses a number no more that is another's. `customer_id`: either of the two. Raises Refusal NOT_FOUND or
    FORBIDDEN.
    """
    async with db.tx():
        view = await _held(actor, "removeContact", customer_id)
        customer_id = view.id
        kind = await db.fetch_value(USE_NO_MORE, actor.brand_id, customer_id, contact_id)
        if kind is None:
            raise Refusal(ErrorCode.NOT_FOUND, "contactId")
        await _changed(actor, view, kind, "customer.contact_removed")
    return customer_id


def normalised(kind: IdentityKind, typed: str) -> str:
    """Raises Refusal INVALID for what is none of this kind."""
    value = identities.normalise(kind.value, typed)
    if value is None:
        raise Refusal(ErrorCode.INVALID, "value", f"{kind.value}_invalid")
    return value


async def _held(actor: Actor, operation: str, customer_id: UUID) -> CustomerView:
    """Locks her. Raises Refusal NOT_FOUND or FORBIDDEN."""
    return await holders.reachable(actor, allow(actor, operation), customer_id, "customerId", "FOR NO KEY UPDATE")


async def _may(actor: Actor, view: CustomerView, kind: str, where: str) -> None:
    """Raises Refusal FORBIDDEN for what head office keeps to other roles: a WeChat id."""
    document, roles = (await queries.latest(actor.brand_id)).document, queries.roles_at(actor, view.store.id) or ()
    field = document.field(kind)
    if field and not field.computed and not may_edit(field, roles):
        raise Refusal(ErrorCode.FORBIDDEN, where, "field_not_yours", label=field.label)


async def _hers(actor: Actor, customer_id: UUID, identity_id: UUID) -> Sequence[Any]:
    row = await db.fetch_row(HERS, actor.brand_id, customer_id, identity_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "identityId")
    return tuple(row)


async def _changed(actor: Actor, view: CustomerView, kind: str, event: str) -> None:
    """What follows every change of what she is known by: version, search, timeline, the event."""
    await claims.touch(view.id, kind)
    await refresh_search([view.id])
    await refresh_completeness(actor.brand_id, [view.id])
    fields = {"fields": rules.schema_names([kind])}
    await append_timeline(actor.brand_id, view.id, TimelineKind.PROFILE, clock.now(), actor.id, fields)
    await events.record(actor.brand_id, event, actor.ref, ("customer", view.id), fields)
