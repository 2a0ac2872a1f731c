"""Use cases of the counter: a link for a customer to fill in, one for whoever scans the store's code, and what came in.

A link's token is computed from its id under the installation's key: whoever may see the link sees the same code again,
and the database holds only the token's hash.
"""

import base64
import hashlib
import hmac
import secrets as random
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import queries
from shuke.domains.customers.queries import links as reads
from shuke.domains.customers.queries.view import NOT_SHARED
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.rules.profile import takes
from shuke.domains.customers.service import checks, edit, merging, numbers
from shuke.domains.customers.service.consents import record_consent
from shuke.domains.customers.types import Gender, IdentityKind
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.customers.types.links import AnswerState, LinkView, NewLink, Offer, Said
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach
from shuke.kit import clock, codec, db, events, throttle
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from shuke.kit.secrets import secret

LINKS_AN_HOUR, LINKS_AN_HOUR_BY_KEY = 120, 12_000
"""of one person; of a partner's key: a chain's tills print one on each receipt"""
MOST_OFFERS, LONGEST_OFFER = 8, 40
LANGUAGES = ("zh-CN", "en")
UNUSED = timedelta(days=40)
"""So long an ended link is kept by which nothing came in: as long as the answer to who made it."""
PIECE = 5000

OPEN = """
INSERT INTO customer_link (id, brand_id, store_id, staff_id, customer_id, parent_id, order_id, token_hash, expires_at,
  single_use, unsure, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) ON CONFLICT (id) DO NOTHING
"""
# whoever wants nothing passed on is not there for a partner
HOME = f"SELECT c.store_id FROM customer c WHERE c.id = $1 AND c.erased_at IS NULL AND NOT {NOT_SHARED}"
REVOKE = (
    "UPDATE customer_link SET revoked_at = coalesce(revoked_at, $2), updated_at = $2 WHERE id = $1 OR parent_id = $1"
)
# what somebody said by it, a yes or a no with it, and whoever came in by a code keep it
SWEEP = """
DELETE FROM customer_link WHERE id IN (
  SELECT l.id FROM customer_link l WHERE l.expires_at < $1 AND l.used_at IS NULL AND l.said = '{}' AND l.offers = '[]'
    AND NOT EXISTS (SELECT FROM customer_link p WHERE p.parent_id = l.id)
    AND NOT EXISTS (SELECT FROM consent_entry e
      WHERE e.customer_id = l.customer_id AND e.evidence ->> 'link' = l.id::text)
  ORDER BY l.expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
"""
LOCK = "SELECT said FROM customer_link WHERE id = $1 FOR UPDATE"
KEEP = "UPDATE customer_link SET said = $2, updated_at = $3 WHERE id = $1"
SAVE_OFFERS = """
INSERT INTO link_offers (id, brand_id, version, offers, staff_id, created_at, updated_at, asked)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT (brand_id) DO UPDATE SET
  version = excluded.version, offers = excluded.offers, asked = excluded.asked, staff_id = excluded.staff_id,
  updated_at = excluded.updated_at
"""


async def link_token(link_id: UUID) -> str:
    """128 bits that nobody guesses, the same for the same link: 22 characters fit for an address."""
    key = await secret("customer link", lambda: random.token_urlsafe(32))
    digest = hmac.digest(key.encode(), link_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def hashed(token: str) -> bytes:
    """What the database holds of a token."""
    return hashlib.sha256(token.encode()).digest()


async def create_link(actor: Actor, new: NewLink) -> UUID:
    """Makes a link; its id. For a customer it fills in her card; for a store, that of whoever scans it.

    By a partner's key: for customers of its stores; a receipt of its stores whose customer is of another becomes one
    for whoever has it. Raises Refusal NOT_FOUND or FORBIDDEN (customer, store), INVALID (`days`; `singleUse` of a
    store's code, which many scan), TAKEN (the id), TOO_MANY.
    """
    reach, by_key = allow(actor, "createCustomerLink"), actor.kind == "partner"
    await throttle.hit(f"links/{actor.id}", LINKS_AN_HOUR_BY_KEY if by_key else LINKS_AN_HOUR, timedelta(hours=1))
    kind = "receipt" if new.order_id else "customer" if new.customer_id else "store"
    days = timedelta(days=new.days) if new.days is not None else rules.USUAL[kind]
    if not timedelta(days=1) <= days <= rules.LONGEST[kind]:
        raise Refusal(ErrorCode.INVALID, "days", "link_days", most=rules.LONGEST[kind].days)
    if kind == "store" and new.single_use:
        raise Refusal(ErrorCode.INVALID, "singleUse", "link_many_scan")
    async with db.tx():
        hers = await _whose(actor, reach, new) if new.customer_id else None
        if hers:
            new = replace(new, customer_id=hers[0], store_id=hers[1])
        else:
            store_id = await checks.store_for(actor, reach, new.store_id)
            new = replace(new, customer_id=None, store_id=store_id)
        if not await insert(actor.brand_id, new, None if by_key else actor.id, days):
            raise Refusal(ErrorCode.TAKEN, "id", "id_taken")
        subject = ("customer", new.customer_id) if new.customer_id else ("store", new.store_id)
        await events.record(actor.brand_id, "link.created", actor.ref, subject, {"link": new.id})
    return new.id


async def _whose(actor: Actor, reach: Reach, new: NewLink) -> tuple[UUID, UUID] | None:
    """The customer who is meant and her store; None: a partner's receipt, of somebody who is not the key's to know."""
    assert new.customer_id
    if actor.kind != "partner":
        view = await checks.reachable(actor, reach, new.customer_id, "customerId")
        return view.id, view.store.id
    standing = await merging.standing(actor.brand_id, new.customer_id, merging.SHARED)
    home = await db.fetch_value(HOME, standing) if standing else None
    if standing and home and reach.covers(home, None):
        return standing, home
    if new.order_id is None:
        raise Refusal(ErrorCode.NOT_FOUND, "customerId")
    return None


async def insert(
    brand_id: UUID,
    new: NewLink,
    staff_id: UUID | None,
    days: timedelta,
    parent_id: UUID | None = None,
    *,
    unsure: bool = False,
) -> bool:
    """Puts a link down. False: its id is there already."""
    now = clock.now()
    who = (new.id, brand_id, new.store_id, staff_id, new.customer_id, parent_id, new.order_id)
    secret_part = hashed(await link_token(new.id))
    return bool(await db.execute(OPEN, *who, secret_part, now + days, new.single_use, unsure, now))


async def revoke_link(actor: Actor, link_id: UUID) -> UUID:
    """Nobody can use it any more, from this moment on; one that is revoked stays so. Raises Refusal NOT_FOUND."""
    allow(actor, "revokeCustomerLink")
    async with db.tx():
        view = await _reachable(actor, "revokeCustomerLink", link_id)
        await db.execute(REVOKE, link_id, clock.now())
        subject = ("customer", view.customer_id) if view.customer_id else ("store", view.store.id)
        await events.record(actor.brand_id, "link.revoked", actor.ref, subject, {"link": link_id})
    return link_id


async def tidy_links(piece: int = PIECE) -> int:
    """Forgets links that ended 40 days ago and by which nothing came in, piece by piece: a till prints one on each
    receipt. How many.
    """
    total, before = 0, clock.now() - UNUSED
    while count := await db.execute(SWEEP, before, piece):
        total += count
    return total


async def _reachable(actor: Actor, operation: str, link_id: UUID) -> LinkView:
    view = await reads.link(actor, link_id)
    if view is None:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    reach = allow(actor, operation)
    if view.customer_id is None:
        if not reach.covers(view.store.id, view.staff.id if view.staff else None):
            raise Refusal(ErrorCode.FORBIDDEN)
        return view
    lock = "FOR NO KEY UPDATE" if operation == "settleLinkAnswers" else "FOR KEY SHARE"
    await checks.reachable(actor, reach, view.customer_id, "id", lock)
    return view


async def settle_answers(actor: Actor, link_id: UUID, take: Collection[str]) -> UUID:
    """Decides what came in and waits: what is named goes onto her card, of the rest what stands there stays.

    Her id. Raises Refusal NOT_FOUND, FORBIDDEN, and what an edit by hand raises: TAKEN and TAKEN_ELSEWHERE for a number
    of somebody else's, INVALID, ERASED, TOO_MANY.
    """
    allow(actor, "settleLinkAnswers")
    async with db.tx():
        view = await _reachable(actor, "settleLinkAnswers", link_id)
        said = msgspec.json.decode(await db.fetch_value(LOCK, link_id), type=dict[str, Said])
        waiting = {name: one for name, one in said.items() if one.state is AnswerState.WAITING}
        if view.customer_id is None or not set(take) <= waiting.keys():
            raise Refusal(ErrorCode.NOT_FOUND, "take", "link_answer_gone")
        waiting = await _hers_to_decide(actor, view.customer_id, waiting)
        if not set(take) <= waiting.keys():
            raise Refusal(ErrorCode.FORBIDDEN, "take", "link_answer_not_yours")
        await _take(actor, view.customer_id, {name: waiting[name].value for name in take})
        done = {name: Said(AnswerState.TAKEN if name in take else AnswerState.KEPT) for name in waiting}
        await db.execute(KEEP, link_id, codec.dumps(said | done), clock.now())
        data = {"link": link_id, "fields": sorted(waiting), "taken": sorted(take)}
        await events.record(actor.brand_id, "link.settled", actor.ref, ("customer", view.customer_id), data)
    return view.customer_id


async def _hers_to_decide(actor: Actor, customer_id: UUID, waiting: Mapping[str, Said]) -> dict[str, Said]:
    """What she may change on the card herself; the rest goes on waiting for somebody who may."""
    document = (await queries.latest(actor.brand_id)).document
    view = await queries.customer(actor, customer_id)
    roles = queries.roles_at(actor, view.store.id if view else None) or ()
    return {name: one for name, one in waiting.items() if takes(document, name.removeprefix("values."), roles)}


async def _take(actor: Actor, customer_id: UUID, chosen: Mapping[str, Any]) -> None:
    """By the ways that a colleague's own hand would take."""
    patch: dict[str, Any] = {name: value for name, value in chosen.items() if name in ("name", "birthday")}
    if gender := chosen.get("gender"):
        patch["gender"] = Gender(gender)
    if own := {name.removeprefix("values."): value for name, value in chosen.items() if name.startswith("values.")}:
        patch["values"] = {key: _typed(value) for key, value in own.items()}
    if patch:
        view = await queries.customer(actor, customer_id)
        assert view  # she was locked
        await edit.update_customer(actor, customer_id, view.version, patch)
    for kind in (IdentityKind.PHONE, IdentityKind.WECHAT):  # beside what she is known by already
        if number := chosen.get(kind.value):
            await numbers.add_identity(actor, customer_id, kind, number)
    for name, value in chosen.items():
        if name.startswith("consent."):
            state = ConsentState.GRANTED if value["granted"] else ConsentState.REFUSED
            purpose, text = ConsentPurpose(name.removeprefix("consent.")), UUID(value["text"])
            said = ConsentSaid(purpose, ConsentChannel.ANY, state, ConsentHow.FORM, text)
            await record_consent(actor, customer_id, said)


def _typed(value: Any) -> list[str]:
    """A value as an input takes it."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


async def save_offers(
    actor: Actor, base_version: int, labels: list[tuple[str, dict[str, str]]], fields: Collection[str] | None = None
) -> int:
    """Makes the page say what head office wants it to; the version. `labels`: what the shop gives in return: (key,
    words by language), a new one's key empty. `fields`: keys of the fields of its own that are asked; None: as before.

    Raises Refusal FORBIDDEN, CONFLICT, REQUIRED (no words), INVALID (too many, too long), NOT_FOUND (a field that may
    not be asked).
    """
    allow(actor, "saveLinkOffers")
    if len(labels) > MOST_OFFERS:
        raise Refusal(ErrorCode.INVALID, "offers", "offers_many", most=MOST_OFFERS)
    offers = [_offer(key, words, f"offers.{place}") for place, (key, words) in enumerate(labels)]
    async with db.tx():
        await db.lock("link offers", actor.brand_id)
        before = await reads.offers_of(actor.brand_id)
        if before.version != base_version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "offers_changed")
        askable = {field.key for field in rules.may_ask((await queries.latest(actor.brand_id)).document)}
        if fields is not None and not set(fields) <= askable:
            raise Refusal(ErrorCode.NOT_FOUND, "fields", "field_unknown")
        chosen = before.fields if fields is None else sorted(fields)
        row = (new_id(), actor.brand_id, base_version + 1, codec.dumps(offers), actor.id, clock.now())
        await db.execute(SAVE_OFFERS, *row, None if chosen is None else codec.dumps(chosen))
        subject, data = ("brand", actor.brand_id), {"version": base_version + 1}
        await events.record(actor.brand_id, "offers.saved", actor.ref, subject, data)
    return base_version + 1


def _offer(key: str, words: Mapping[str, str], where: str) -> Offer:
    label = {language: text for language in LANGUAGES if (text := words.get(language, "").strip())}
    if not label:
        raise Refusal(ErrorCode.REQUIRED, where)
    if any(len(text) > LONGEST_OFFER for text in label.values()) or len(key) > LONGEST_OFFER:
        raise Refusal(ErrorCode.INVALID, where, "too_long", most=LONGEST_OFFER)
    return Offer(key or new_id().hex, label)
