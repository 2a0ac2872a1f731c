"""Inquiries from outside: whoever asks is on file afterwards, once, and her store is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.rules import PHONE
from shuke.domains.customers.rules import profile as profile_rules
from shuke.domains.customers.rules import visits as rules
from shuke.domains.customers.service import archive, checks, counter
from shuke.domains.customers.service.completeness import asked, refresh_completeness
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import CustomerSource, Gender, IdentityKind, TimelineKind
from shuke.domains.customers.types.visits import Lead, LeadSaid, VisitChannel, VisitKind
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, events, identities, throttle, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

LEADS_AN_HOUR = 600
"""of one caller"""
MESSAGE_LENGTH = 2000
LENGTHS = {"source": 60, "externalId": 120}
WECHAT, EMAIL = IdentityKind.WECHAT.value, IdentityKind.EMAIL.value

# a lead that came before is left as it is; its id tells which
PUT = """
INSERT INTO visit (id, brand_id, store_id, customer_id, kind, channel, is_new, at, filed_at, note, source, external_id,
  created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
BEFORE = "SELECT id FROM visit WHERE brand_id = $1 AND source = $2 AND external_id = $3"


@dataclass(slots=True, frozen=True)
class Received:
    """A lead that is in; `repeated`: it was already."""

    id: UUID
    repeated: bool = False


@dataclass(slots=True, frozen=True)
class _Sender:
    """Whose a lead is; `entered`: her record was made just now. `beside`: what the timeline says of contacts that are
    not hers, see TimelineKind.INQUIRY.
    """

    customer_id: UUID | None = None
    entered: bool = False
    beside: Mapping[str, Any] = field(default_factory=dict)


async def create_lead(actor: Actor, said: LeadSaid) -> Received:
    """Takes a lead from a partner's program, or from head office, by the code of a store within its reach.

    Raises Refusal NOT_FOUND (storeCode), REQUIRED (nothing to reach her by, no source), INVALID (a contact that is
    none, a text too long, what head office's rules for its field refuse, what no customer writes), TOO_MANY.
    """
    reach = allow(actor, "createLead")
    await throttle.hit(f"leads/{actor.id}", LEADS_AN_HOUR, timedelta(hours=1), "leads_many")
    stores = await identity.stores(actor.brand_id, reach.all_stores)
    store = next((store for store in stores if store.code == said.store_code.strip()), None)
    if store is None:
        raise Refusal(ErrorCode.NOT_FOUND, "storeCode", "store_code_unknown")
    source = checks.text("source", said.source, LENGTHS["source"])
    if source is None:
        raise Refusal(ErrorCode.REQUIRED, "source")
    external = checks.text("externalId", said.external_id, LENGTHS["externalId"])
    name, message = checks.text("name", said.name), checks.text("message", said.message, MESSAGE_LENGTH)
    if rules.is_junk(name, message):
        raise Refusal(ErrorCode.INVALID, "message", "lead_junk")
    lead = Lead(new_id(), store.id, contacts(said), source, clock.now(), name, message, external)
    await _check_ruled(actor, lead)
    return await receive_lead(actor.brand_id, actor.ref, lead)


async def _check_ruled(actor: Actor, lead: Lead) -> None:
    """Raises Refusal INVALID for what the form would not take either."""
    told = {"name": lead.name} | {kind: value for kind, value, _ in lead.contacts}
    ruled = profile_rules.ruled((await queries.latest(actor.brand_id)).document)
    profile_rules.check_ruled(ruled, told, zones.local_date(lead.at, actor.timezone))


def contacts(said: LeadSaid) -> tuple[tuple[str, str, str], ...]:
    """What she can be reached by, the surest first. Raises Refusal REQUIRED or INVALID."""
    found = []
    if said.phone and said.phone.strip():
        number = counter.e164(said.phone)
        if rules.keypad_number(number):
            raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
        found.append((PHONE, number, said.phone))
    for kind, typed in ((WECHAT, said.wechat), (EMAIL, said.email)):
        if typed and typed.strip():
            value = identities.normalise(kind, typed)
            if value is None:
                raise Refusal(ErrorCode.INVALID, kind, f"{kind}_invalid")
            found.append((kind, value, typed))
    if not found:
        raise Refusal(ErrorCode.REQUIRED, "phone", "lead_contact")
    return tuple(found)


async def receive_lead(brand_id: UUID, by: tuple[str, UUID | None], lead: Lead) -> Received:
    """Puts a lead on the timeline of whoever is known by one of its contacts, else enters her into the store's pool.

    Of somebody on file the first contact that is anybody's decides who; the others do not become hers, since anybody
    can type a number: they stand in the line, masked (ADR 24). The same source and external id again: nothing happens
    anew. Nobody who had herself erased comes back by it. One event, `lead.received`, by which her card comes (tasks).
    `by`: as events name the actor. Joins the caller's transaction.
    """
    async with db.tx():
        if lead.external_id is not None:
            await db.lock("lead", brand_id, lead.source, lead.external_id)
            if before := await db.fetch_value(BEFORE, brand_id, lead.source, lead.external_id):
                return Received(before, repeated=True)
        erased = await suppressed(brand_id, [(kind, value) for kind, value, _ in lead.contacts])
        if open_to := tuple(contact for contact in lead.contacts if contact[:2] not in erased):
            sender = await _whose(brand_id, replace(lead, contacts=open_to))
            told = {"customer": sender.customer_id, "entered": sender.entered}
        else:  # she had herself erased: that somebody asked is counted, and nothing of her is kept
            sender, told = _Sender(), {}
            lead = replace(lead, message=None, external_id=None)
        now, channel, customer_id, entered = clock.now(), VisitChannel.ONLINE.value, sender.customer_id, sender.entered
        head = (lead.id, brand_id, lead.store_id, customer_id, VisitKind.INQUIRY.value, channel, entered, lead.at)
        await db.execute(PUT, *head, now if entered else None, lead.message, lead.source, lead.external_id, now)
        if customer_id:
            data = {"channel": channel, "source": lead.source} | ({"note": lead.message} if lead.message else {})
            data |= sender.beside
            await append_timeline(brand_id, customer_id, TimelineKind.INQUIRY, lead.at, None, data, lead.id)
        await events.record(brand_id, "lead.received", by, ("visit", lead.id), told)
        return Received(lead.id)


async def _whose(brand_id: UUID, lead: Lead) -> _Sender:
    """Who sent it; two leads at once make one."""
    now = clock.now()
    while True:
        known = await queries.owners(brand_id, [(kind, value) for kind, value, _ in lead.contacts])
        owner = next((known[kind, value] for kind, value, _ in lead.contacts if (kind, value) in known), None)
        if owner:
            return _Sender(owner, beside=_beside(lead, known, owner))
        customer_id = new_id()
        values = {"name": lead.name, "alias": None, "gender": Gender.UNKNOWN.value, "birthday": None}
        values |= {"level": None, "source": CustomerSource.ONLINE.value, "note": None}
        record = archive.Record(customer_id, lead.contacts[0], lead.store_id, None, values, now)
        if not await archive.create(brand_id, [record], now, await asked(brand_id)):
            continue  # somebody has the number by now
        created = {"source": CustomerSource.ONLINE.value}
        await append_timeline(brand_id, customer_id, TimelineKind.CREATED, now, None, created)
        await archive.attach(brand_id, [(customer_id, *contact) for contact in lead.contacts], now)
        await refresh_search([customer_id])
        await refresh_completeness(brand_id, [customer_id])
        return _Sender(customer_id, entered=True)


def _beside(lead: Lead, known: Mapping[tuple[str, str], UUID], owner: UUID) -> dict[str, Any]:
    """The contacts that are not this customer's, those of somebody else apart."""
    said = [(kind, value) for kind, value, _ in lead.contacts if known.get((kind, value)) != owner]
    parts = {"left": [one for one in said if one not in known], "others": [one for one in said if one in known]}
    return {
        name: [[kind, identities.masked(kind, value)] for kind, value in found]
        for name, found in parts.items()
        if found
    }
