"""Use cases of the public page: somebody holds a link in her hand and fills in a card, and is never told what is on it.

Nobody has shown who she is. So what stands on a card stays, and what differs waits for a colleague (ADR 24); whoever
scans a store's code and gives a number that is on file fills in nothing by herself, and is answered like everybody.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.queries import links as reads
from shuke.domains.customers.rules import PHONE
from shuke.domains.customers.rules import links as rules
from shuke.domains.customers.rules import profile as profile_rules
from shuke.domains.customers.rules import visits as visit_rules
from shuke.domains.customers.service import answers, checks, counter, leads, links, profile
from shuke.domains.customers.types import Gender
from shuke.domains.customers.types.links import Filled, NewLink, OpenLink, Saved
from shuke.domains.customers.types.profile import Form
from shuke.domains.customers.types.visits import Lead
from shuke.domains.identity.types import Actor
from shuke.kit import clock, db, identities, throttle, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id, new_id

WINDOW = timedelta(minutes=10)
UNKNOWN_FROM_ADDRESS = 30
SENT_FROM_ADDRESS = 120  # a whole shop may sit behind one address
SENT_BY_LINK, SENT_BY_CODE = 30, 300
NEW_FROM_ADDRESS = 40
LINK_SOURCE = "link"
"""Where a lead of a store's code came from; screens have words for it."""

FOUND = "SELECT customer_id, is_new FROM visit WHERE id = $1"
KNOWN = "SELECT true FROM customer_link WHERE id = $1"


async def open_link(token: str, address: str) -> OpenLink:
    """The link of this token, if it may be used now. Raises Refusal NOT_FOUND with the reason, TOO_MANY."""
    tries = _key("unknown", address)
    await throttle.check(tries, UNKNOWN_FROM_ADDRESS)
    link = await reads.public_link(links.hashed(token))
    if link is None:
        await throttle.hit(tries, UNKNOWN_FROM_ADDRESS, WINDOW)
        raise Refusal(ErrorCode.NOT_FOUND, reason="link_unknown")
    if reason := rules.over(link.standing, clock.now()):
        raise Refusal(ErrorCode.NOT_FOUND, reason=reason)
    return link


async def fill_in(token: str, sent: Filled, address: str) -> Saved:
    """Keeps what she sent; an answer left out changes nothing. With mistakes nothing is kept.

    Raises Refusal NOT_FOUND for a link that is over, TOO_MANY.
    """
    link = await open_link(token, address)
    await throttle.hit(_key("sent", address), SENT_FROM_ADDRESS, WINDOW)
    most = SENT_BY_CODE if link.general else SENT_BY_LINK
    await throttle.hit(f"link/{link.id}", most, WINDOW)
    actor = Actor("link", link.id, link.brand_id, "", sent.locale, link.store.timezone, link.currency)
    form = await _form(link.brand_id, sent.template_version)
    wanted, mistakes = await _checked(actor, link, form, sent)
    if mistakes:
        return Saved(token, mistakes)
    if link.general:
        await throttle.hit(_key("new", address), NEW_FROM_ADDRESS, timedelta(hours=1))
    async with db.tx():
        key = await _begin(link, wanted, sent) if link.general else link.id
        await answers.keep(actor, key, wanted, sent)
    return Saved(await links.link_token(key) if link.general else token)


def _key(what: str, address: str) -> str:
    """The throttle's key, in which nobody reads an address."""
    return f"link/{what}/{hashlib.sha256(address.encode()).hexdigest()}"


async def _form(brand_id: UUID, version: int | None) -> Form:
    try:
        return await queries.form(brand_id, version)
    except Refusal:  # somebody plays with the form
        return await queries.form(brand_id, None)


@dataclass(slots=True)
class _Reading:
    """Answers read one by one: what each comes to, or what is wrong with it."""

    wanted: dict[str, Any]
    mistakes: dict[str, Refusal]

    def put(self, name: str, value: Any) -> None:
        if value is not None:
            self.wanted[name] = value


async def _checked(
    actor: Actor, link: OpenLink, form: Form, sent: Filled
) -> tuple[dict[str, Any], Mapping[str, Refusal]]:
    """Field -> value as it would be kept, by the rules that staff's own form is held to; and what is to be mended."""
    reading = _Reading({}, {})
    chosen = (await reads.offers_of(link.brand_id)).fields
    then, now = ({field.key for field in rules.asks(one, chosen)} for one in (form.then, form.now))
    asked = then & now
    for name in [name for name in rules.BASICS if name in asked and sent.texts.get(name, "").strip()]:
        try:
            reading.put(name, READERS[name](actor, sent.texts[name]))
            today = zones.local_date(clock.now(), actor.timezone)
            profile_rules.check_built_in(form, {name: reading.wanted.get(name)}, today)
        except Refusal as refusal:
            reading.mistakes[name] = refusal
    for key in [key for key in sent.values if key in asked]:
        try:
            found = await profile.filled_in(actor, form, {key: sent.values[key]}, {}, link.store.id)
            reading.put(f"values.{key}", found[key])
        except Refusal as refusal:
            if any(words.strip() for words in sent.values[key]):  # what was left blank is not refused
                reading.mistakes[f"values.{key}"] = refusal
    if link.general and not {PHONE, "wechat"} & (reading.wanted.keys() | reading.mistakes.keys()):
        reading.mistakes["phone"] = Refusal(ErrorCode.REQUIRED, "phone", "link_contact")
    return reading.wanted, reading.mistakes


def _name(actor: Actor, typed: str) -> str | None:
    words = checks.text("name", typed)
    if visit_rules.is_junk(words, None):
        raise Refusal(ErrorCode.INVALID, "name", "link_name")
    return words


def _phone(actor: Actor, typed: str) -> str:
    number = counter.e164(typed)
    if visit_rules.keypad_number(number):
        raise Refusal(ErrorCode.INVALID, "phone", "phone_invalid")
    return number


def _wechat(actor: Actor, typed: str) -> str:
    value = identities.normalise("wechat", typed)
    if value is None:
        raise Refusal(ErrorCode.INVALID, "wechat", "wechat_invalid")
    return value


def _gender(actor: Actor, typed: str) -> str | None:
    return typed if typed in (Gender.FEMALE.value, Gender.MALE.value) else None


READERS = {"name": _name, "phone": _phone, "wechat": _wechat, "gender": _gender, "birthday": counter.birthday}


async def _begin(link: OpenLink, wanted: Mapping[str, Any], sent: Filled) -> UUID:
    """Somebody scanned the store's code: a lead comes in, and a link of her own by which she goes on; its id.

    The same page sent again is the same person. Whoever is on file already is not taken at her word.
    """
    key = effect_id("link", link.id, sent.nonce or new_id())
    if await db.fetch_value(KNOWN, key):
        return key
    kind = PHONE if PHONE in wanted else "wechat"
    contact = (kind, wanted[kind], sent.texts[kind])
    lead = Lead(new_id(), link.store.id, (contact,), LINK_SOURCE, clock.now(), wanted.get("name"), None, str(key))
    received = await leads.receive_lead(link.brand_id, ("link", link.id), lead)
    row = await db.fetch_row(FOUND, received.id)
    assert row
    new = NewLink(key, row[0], link.store.id)
    await links.insert(link.brand_id, new, None, rules.GOING_ON, link.id, unsure=not row[1])
    return key
