"""Use cases of the person at the counter: a new customer, a note, a look at the number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries, rules
from shuke.domains.customers.rules import completeness
from shuke.domains.customers.rules import profile as profile_rules
from shuke.domains.customers.rules.consents import open_channels
from shuke.domains.customers.service import archive, claims, ledger, profile, suppressions
from shuke.domains.customers.service.checks import NOTE_LENGTH, reachable, store_for, text
from shuke.domains.customers.service.children import enter_with_her
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.holders import may_try_numbers, refuse_taken
from shuke.domains.customers.service.referrals import bring
from shuke.domains.customers.service.search import enter_search
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.service.visits import file_visit
from shuke.domains.customers.types import CustomerSource, Gender, IdentityKind, NewCustomer, RevealReason, TimelineKind
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose
from shuke.domains.customers.types.profile import Form, Subject
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Role
from shuke.kit import birthdays, clock, codec, db, events, phones, throttle, zones
from shuke.kit.errors import ErrorCode, Refusal

REVEALS_AN_HOUR = 30
REVEAL_NOTE_LENGTH = 200
USUAL = ("source", CustomerSource.WALK_IN.value)
"""What a form says of where she comes from unless somebody says otherwise."""
OWNERS = (Role.GUIDE, Role.ADVISOR)
"""Roles whose holder owns the customers that she enters."""

ADD_NOTE = """
INSERT INTO timeline_entry (id, brand_id, customer_id, kind, at, actor_id, data) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
"""


async def create_customer(actor: Actor, new: NewCustomer) -> UUID:
    """Enters a customer; whoever enters her as a guide owns her, else she belongs to the store's pool.

    Raises Refusal INVALID (phone, birthday, a text too long, a value that does not fit its field, a child), REQUIRED,
    NOT_FOUND (store, referrer), FORBIDDEN, TOO_MANY, TAKEN (the id; or the phone within the caller's reach),
    TAKEN_ELSEWHERE (the phone in a store beyond it) and ERASED (she had her data erased, and the caller does not say
    `file_anew`); for a phone the subject is the MaskedCustomer who has it. `new.claim` says how to go about a phone
    that somebody has.
    """
    reach = allow(actor, "createCustomer")
    number = e164(new.phone)
    new = replace(new, name=text("name", new.name), alias=text("alias", new.alias), note=text("note", new.note))
    store_id, now = await store_for(actor, reach, new.store_id), clock.now()
    serves = any(grant.role in OWNERS and store_id in (grant.stores or (store_id,)) for grant in actor.grants)
    values = {name: getattr(new, name, None) for name in rules.PROFILE}
    values |= {"gender": new.gender.value, "source": new.source.value, "birthday": birthday(actor, new.birthday)}
    typed = (rules.PHONE, number, rules.clean(new.phone) or number)
    claim = replace(new.claim, label=text("label", new.claim.label, claims.LABEL_LENGTH))
    async with db.tx():
        form = await queries.form(actor.brand_id, new.template_version)
        custom = await _custom_values(actor, new, store_id, {**values, "phone": number}, form)
        await may_try_numbers(actor)
        used = await claims.make_way(actor, IdentityKind.PHONE, number, claim)  # what stays another's
        guide_id, identity = actor.id if serves else None, None if used else typed
        record = archive.Record(new.id, identity, store_id, guide_id, values, now, custom)
        if not await archive.create(actor.brand_id, [record], now, completeness.asked(form.now)):
            # the id first: where it stands already, the number has just been hung on somebody else's row
            if not await db.fetch_value("SELECT true FROM customer WHERE id = $1", new.id):
                await refuse_taken(actor, IdentityKind.PHONE, number, new.id)
            raise Refusal(ErrorCode.TAKEN, "id", "id_taken")
        if used:
            await claims.use(actor, used, new.id, claim)
        else:
            await _file_anew(actor, new, number)
        await enter_search([new.id])
        if new.referrer_id:
            await bring(actor, new.id, new.referrer_id)
            await refresh_completeness(actor.brand_id, [new.id])
        if new.children:
            await enter_with_her(actor, new.id, new.children)
        if new.visit_id:
            await file_visit(actor, new.visit_id, new.id, new.filed_at)
        data = {"source": new.source.value}
        await append_timeline(actor.brand_id, new.id, TimelineKind.CREATED, now, actor.id, data)
        await events.record(actor.brand_id, "customer.created", actor.ref, ("customer", new.id), data)
    return new.id


async def _file_anew(actor: Actor, new: NewCustomer, number: str) -> None:
    """Lets somebody who was erased come back if that is wanted: with nothing of before, and nothing allowed. Asked
    after her number went in, so that an erasure at this moment is seen. Raises Refusal ERASED.
    """
    if not await suppressions.suppressed(actor.brand_id, [(rules.PHONE, number)]):
        return
    if not new.file_anew:
        raise Refusal(ErrorCode.ERASED, "phone", "erased_before")
    await suppressions.lift(actor.brand_id, rules.PHONE, number)
    await ledger.refuse_all(actor, new.id, ConsentHow.ERASURE)
    await events.record(actor.brand_id, "suppression.lifted", actor.ref, ("customer", new.id))


async def add_note(actor: Actor, customer_id: UUID, entry_id: UUID, said: str) -> UUID:
    """Puts a note into her timeline. Raises Refusal NOT_FOUND, FORBIDDEN, REQUIRED, INVALID or TAKEN (the id)."""
    reach = allow(actor, "addNote")
    words = text("text", said, NOTE_LENGTH)
    if words is None:
        raise Refusal(ErrorCode.REQUIRED, "text")
    async with db.tx():
        customer_id = (await reachable(actor, reach, customer_id, "customerId")).id
        row = (entry_id, actor.brand_id, customer_id, TimelineKind.NOTE.value, clock.now(), actor.id)
        if not await db.execute(ADD_NOTE, *row, codec.dumps({"text": words})):
            raise Refusal(ErrorCode.TAKEN, "id", "id_taken")
        await events.record(actor.brand_id, "customer.noted", actor.ref, ("customer", customer_id), {"entry": entry_id})
    return entry_id


async def reveal_phone(
    actor: Actor,
    customer_id: UUID,
    reason: RevealReason | None = None,
    note: str | None = None,
    purposes: Sequence[str] = (ConsentPurpose.MARKETING.value,),
) -> UUID | None:
    """Puts down that the caller sees her number, and what for; its id, by which `queries.plain_phone` gives it. None:
    she has none.

    `purposes`: what a call for her card would be about; `reason` None is an older app's, which calls for a card.
    Raises Refusal NOT_FOUND, FORBIDDEN (she wants no such calls), REQUIRED (OTHER without a note), INVALID or TOO_MANY.
    """
    reach = allow(actor, "revealPhone")
    words = text("note", note, REVEAL_NOTE_LENGTH)
    if reason is RevealReason.OTHER and words is None:
        raise Refusal(ErrorCode.REQUIRED, "note", "reveal_say_why")
    async with db.tx():
        customer_id = (await reachable(actor, reach, customer_id)).id
        if reason in (None, RevealReason.CARD):
            await _may_call(customer_id, purposes)
        number_id = await queries.phone_id(actor, customer_id)
        if number_id is None:
            return None
        await throttle.hit(f"reveal/{actor.id}", REVEALS_AN_HOUR, timedelta(hours=1))
        why = {"reason": reason.value} if reason else {}
        told = why | ({"note": words} if words else {})
        await append_timeline(actor.brand_id, customer_id, TimelineKind.PHONE_REVEALED, clock.now(), actor.id, told)
        await events.record(actor.brand_id, "customer.phone_revealed", actor.ref, ("customer", customer_id), why)
    return number_id


async def _may_call(customer_id: UUID, purposes: Sequence[str]) -> None:
    """Raises Refusal FORBIDDEN when she asked not to be called about any of this."""
    refusals = await db.fetch_value("SELECT refusals FROM customer WHERE id = $1", customer_id)
    if ConsentChannel.PHONE not in open_channels(codec.loads(refusals), purposes):
        raise Refusal(ErrorCode.FORBIDDEN, "id", "calls_refused")


def e164(typed: str) -> str:
    """Raises Refusal INVALID for what is no phone number."""
    number = phones.normalise(typed)
    if number is None:
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    return number


def birthday(actor: Actor, said: date | str | None) -> str | None:
    """The canonical text of a birthday: a day by the sun, or as people write one (see kit.birthdays).

    Raises Refusal INVALID for a text that is none, a day that has not come yet, or that nobody alive has seen.
    """
    words = rules.clean(said) if isinstance(said, str) else said
    if words is None:
        return None
    if isinstance(words, str):
        field, kept = "birthDate", birthdays.read(words)
        if kept is None:
            raise Refusal(ErrorCode.INVALID, field, "birthday_unreadable")
    else:
        field, kept = "birthday", birthdays.of_day(words) if words.year in birthdays.YEARS else None
    if kept is None or (kept.born_on and kept.born_on > zones.local_date(clock.now(), actor.timezone)):
        raise Refusal(ErrorCode.INVALID, field, "birthday_impossible")
    return str(kept)


async def _custom_values(
    actor: Actor, new: NewCustomer, store_id: UUID, said_of_her: Mapping[str, Any], form: Form
) -> dict[str, Any]:
    """What was typed into fields of head office's own. Raises Refusal as `profile.filled_in`, and REQUIRED."""
    own = {name: None if value == Gender.UNKNOWN.value else value for name, value in said_of_her.items()}
    roles = queries.roles_at(actor, store_id) or ()
    told = {name for name, value in own.items() if value and (name, value) != USUAL}
    profile_rules.check_hands(form.now, sorted(told | ({"referrerId"} if new.referrer_id else set())), roles)
    profile_rules.check_built_in(form, own, zones.local_date(clock.now(), actor.timezone))
    said = await profile.filled_in(actor, form, new.values or {}, {}, store_id)
    said = {key: value for key, value in said.items() if value is not None}
    if form.known or new.values is not None:
        profile_rules.demand(form, Subject.CUSTOMER, own | said, roles)
    return said
