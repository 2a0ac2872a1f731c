"""Use cases: who came with a new customer goes to the one who is on file already, at once or when she is shared."""

import dataclasses
from uuid import UUID

from msgspec.structs import replace

from shuke.domains.customers import queries
from shuke.domains.customers.service import checks, counter, edit, holders
from shuke.domains.customers.service.children import add_dependant
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.service.visits import file_visit
from shuke.domains.customers.types import Claim, IdentityKind, NewCustomer, Party, TimelineKind
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, i18n
from shuke.kit.errors import ErrorCode, Refusal

REFERRER = "SELECT referrer_id FROM customer WHERE id = $1"
CALLED = "SELECT coalesce(name, alias) FROM customer WHERE brand_id = $1 AND id = $2"


async def join_known(actor: Actor, new: NewCustomer) -> UUID:
    """Whoever was to be entered is the one who has the number: children, who brought her and the visit become hers, the
    rest stays as it is on file. Her id; where nobody has the number any more, the new one's.

    Raises Refusal as `create_customer`, and FORBIDDEN where the caller may not add to her card.
    """
    number = counter.e164(new.phone)
    async with db.tx():
        await holders.may_try_numbers(actor)
        found = await queries.holder(actor, IdentityKind.PHONE, number)
        if found is None or found.id is None:
            return await counter.create_customer(actor, dataclasses.replace(new, claim=Claim()))
        for place, child in enumerate(new.children):
            try:
                await _add(actor, found.id, child)
            except Refusal as refusal:
                refusal.field = f"children.{place}.{refusal.field}" if refusal.field else "children"
                raise
        if new.referrer_id:
            await _brought(actor, found.id, new.referrer_id)
        if new.visit_id:
            await file_visit(actor, new.visit_id, found.id, new.filed_at)
    return found.id


async def check_party(actor: Actor, party: Party) -> None:
    """What can be known beforehand. Raises Refusal NOT_FOUND for a referrer out of the caller's reach."""
    if party.referrer_id:
        await checks.reachable(actor, allow(actor, "customer"), party.referrer_id, "referrerId")


async def bring_along(actor: Actor, customer_id: UUID, party: Party) -> None:
    """What waited with a request to share her becomes hers. What cannot any more is written into her timeline, so that
    somebody can see to it. Joins the caller's transaction.
    """
    for child in party.children:
        try:
            await _add(actor, customer_id, child)
        except Refusal:
            day = child.born_on or child.due_on
            words = {"name": child.name or "", "day": day.isoformat() if day else ""}
            await _note(actor, customer_id, "party_child", words)
    if party.referrer_id:
        await _brought(actor, customer_id, party.referrer_id)


async def _add(actor: Actor, customer_id: UUID, child: NewDependant) -> None:
    """Raises Refusal as `add_dependant`, but for a child that is there already."""
    try:
        await add_dependant(actor, replace(child, customer_id=customer_id))
    except Refusal as refusal:
        if refusal.code is not ErrorCode.TAKEN:
            raise


async def _brought(actor: Actor, customer_id: UUID, referrer_id: UUID) -> None:
    """Who brought her, unless somebody else did; then it is a note."""
    before = await db.fetch_value(REFERRER, customer_id)
    if before == referrer_id:
        return
    view = await queries.customer(actor, customer_id)
    if before is None and view is not None:
        try:
            await edit.update_customer(actor, customer_id, view.version, {"referrer_id": referrer_id})
            return
        except Refusal:  # a circle, or somebody whom this colleague may not open
            pass
    name = await db.fetch_value(CALLED, actor.brand_id, referrer_id)
    await _note(actor, customer_id, "party_referrer", {"name": name or ""})


async def _note(actor: Actor, customer_id: UUID, key: str, words: dict[str, str]) -> None:
    said = {"text": i18n.say(actor.locale.value, key, **words)}
    await append_timeline(actor.brand_id, customer_id, TimelineKind.NOTE, clock.now(), actor.id, said)
