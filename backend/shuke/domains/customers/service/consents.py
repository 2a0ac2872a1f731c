"""Use cases: what a customer allows is put down; head office writes the words for it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from shuke.domains.customers import rules
from shuke.domains.customers.queries import consents as texts
from shuke.domains.customers.rules import consents
from shuke.domains.customers.service import checks, ledger
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import TimelineKind
from shuke.domains.customers.types.consents import ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.i18n import CATALOGUE
from shuke.kit.ids import new_id

EVIDENCE_LENGTH = 200
BODY_LENGTH = 4000
BY_HAND = (ConsentHow.COUNTER, ConsentHow.CALL, ConsentHow.WECHAT, ConsentHow.FORM)
NEW_TEXT = """
INSERT INTO consent_text (id, brand_id, purpose, version, bodies, staff_id) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""


async def record_consent(actor: Actor, customer_id: UUID, said: ConsentSaid) -> UUID:
    """Puts down what a customer allows or does not, at the time that she said it; gives her id.

    What holds is decided by `rules.consents`: a yes that was waiting on a phone while she said no elsewhere is kept and
    changes nothing. Raises Refusal NOT_FOUND, FORBIDDEN, INVALID (channel, at, note), REQUIRED (a yes without the text
    that she had before her).
    """
    reach = allow(actor, "recordConsent")
    said, now = _checked(said), clock.now()
    async with db.tx():
        customer_id = (await checks.reachable(actor, reach, customer_id, "customerId", "FOR NO KEY UPDATE")).id
        if said.text_id is not None:
            await hold_text(actor.brand_id, said.purpose, said.text_id)
        at = min(said.at or now, now)
        evidence = {"how": said.how.value} | ({"note": said.note} if said.note else {})
        await ledger.add(actor.brand_id, customer_id, actor.id, replace(said, at=at), evidence, now)
        await ledger.refresh_refusals(customer_id)
        data = {"purpose": said.purpose.value, "channel": said.channel.value, "state": said.state.value}
        await append_timeline(actor.brand_id, customer_id, TimelineKind.CONSENT, at, actor.id, data)
        event = data | {"how": said.how.value}
        await events.record(actor.brand_id, "consent.recorded", actor.ref, ("customer", customer_id), event)
    return customer_id


def _checked(said: ConsentSaid) -> ConsentSaid:
    if not consents.fits(said.purpose, said.channel):
        raise Refusal(ErrorCode.INVALID, "channel", "consent_channel")
    if said.how not in BY_HAND:
        raise Refusal(ErrorCode.INVALID, "how")
    if said.state is ConsentState.GRANTED and said.text_id is None:
        raise Refusal(ErrorCode.REQUIRED, "textId", "consent_text_needed")
    if said.at is not None and said.at.tzinfo is None:
        raise Refusal(ErrorCode.INVALID, "at")
    note = rules.clean(said.note)
    if note is not None and len(note) > EVIDENCE_LENGTH:
        raise Refusal(ErrorCode.INVALID, "note", "too_long", most=EVIDENCE_LENGTH)
    return replace(said, note=note)


async def hold_text(brand_id: UUID, purpose: ConsentPurpose, text_id: UUID) -> None:
    """Raises Refusal NOT_FOUND for what is no text of this purpose; writes the shipped one when it is first used."""
    if text_id == texts.shipped_id(brand_id, purpose):
        await _ship(brand_id, purpose)
        return
    sql = "SELECT true FROM consent_text WHERE brand_id = $1 AND id = $2 AND purpose = $3"
    if not await db.fetch_value(sql, brand_id, text_id, purpose.value):
        raise Refusal(ErrorCode.NOT_FOUND, "textId")


async def _ship(brand_id: UUID, purpose: ConsentPurpose) -> None:
    body = codec.dumps(texts.shipped_bodies()[purpose.value])
    await db.execute(NEW_TEXT, texts.shipped_id(brand_id, purpose), brand_id, purpose.value, 1, body, None)


async def save_consent_text(actor: Actor, purpose: ConsentPurpose, bodies: Mapping[str, str], base: int) -> UUID:
    """Writes a further version of a purpose's text; what was said to an earlier one stays said. Gives its id.

    Raises Refusal FORBIDDEN, REQUIRED (no text in any language), INVALID (a language we do not speak, too long),
    CONFLICT when `base` is not the version in force.
    """
    allow(actor, "saveConsentText")
    clean = {locale: words for locale, body in bodies.items() if (words := _body(locale, body))}
    if not clean:
        raise Refusal(ErrorCode.REQUIRED, "bodies")
    async with db.tx():
        await db.lock("consent texts", actor.brand_id)
        await _ship(actor.brand_id, purpose)
        latest = "SELECT max(version) FROM consent_text WHERE brand_id = $1 AND purpose = $2"
        version: int = await db.fetch_value(latest, actor.brand_id, purpose.value)
        if base != version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "consent_text_newer")
        text_id, row = new_id(), (actor.brand_id, purpose.value, version + 1, codec.dumps(clean), actor.id)
        await db.execute(NEW_TEXT, text_id, *row)
        data = {"purpose": purpose.value, "version": version + 1}
        await events.record(actor.brand_id, "consent_text.saved", actor.ref, ("consent_text", text_id), data)
    return text_id


def _body(locale: str, body: str) -> str | None:
    if locale not in CATALOGUE:
        raise Refusal(ErrorCode.INVALID, "bodies")
    words = body.replace("\r\n", "\n").strip()
    if len(words) > BODY_LENGTH:
        raise Refusal(ErrorCode.INVALID, "bodies", "too_long", most=BODY_LENGTH)
    return words or None
