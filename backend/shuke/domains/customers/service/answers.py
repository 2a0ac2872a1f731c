"""What came in by a link is kept: onto her card, into the ledger of consents, or put by for a colleague."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shuke.domains.customers import rules as customer_rules
from shuke.domains.customers.queries import consents as texts
from shuke.domains.customers.queries import links as reads
from shuke.domains.customers.rules import consents, links
from shuke.domains.customers.service import archive, edit, ledger, merging
from shuke.domains.customers.service.consents import hold_text
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import TimelineKind
from shuke.domains.customers.types.consents import ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.customers.types.links import AnswerState, Filled, Offer, Said, Standing
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id

WHOSE = "SELECT customer_id FROM customer_link WHERE id = $1"
# the customer first, the link after: as merges lock them
LOCK = """
SELECT said, offers, unsure, expires_at, single_use, used_at, revoked_at FROM customer_link WHERE id = $1 FOR UPDATE
"""
SAVE = """
UPDATE customer_link SET said = $2, offers = $3, used_at = $4, updated_at = $5 WHERE id = $1
"""
NUMBERS = "SELECT kind, value FROM customer_identity WHERE customer_id = $1 AND kind IN ('phone', 'wechat')"
# a code for one use that names nobody is over once whoever scanned it has finished
END_PARENT = """
UPDATE customer_link p SET used_at = $2, updated_at = $2 FROM customer_link l
WHERE l.id = $1 AND p.id = l.parent_id AND p.single_use AND p.used_at IS NULL
"""
GIVEN = "SELECT offers FROM customer_link WHERE customer_id = $1 AND id <> $2"
CONSENT = "consent."


@dataclass(slots=True)
class _Card:
    """Hers, locked; and what this link has brought so far."""

    actor: Actor
    link_id: UUID
    customer_id: UUID
    unsure: bool
    said: dict[str, Said]
    offers: tuple[Offer, ...]
    used_at: datetime | None


async def keep(actor: Actor, link_id: UUID, wanted: Mapping[str, Any], sent: Filled) -> None:
    """Keeps the answers (field -> value) that came in by a link, in the caller's transaction.

    Raises Refusal NOT_FOUND where the link is over by now, or somebody sends what is no text of consent.
    """
    card = await _locked(actor, link_id)
    if card is None:  # somebody who had herself erased: nothing of her is kept
        return
    waited = _waits(card)
    taken, waiting = await _onto_card(card, wanted)
    for purpose, (granted, text_id) in sent.consents.items():
        await _consent(card, purpose, granted, text_id, sent, taken, waiting)
    if sent.done:
        card.used_at = clock.now()
        await _give(card)
    await db.execute(SAVE, link_id, codec.dumps(card.said), codec.dumps(card.offers), card.used_at, clock.now())
    if sent.done:
        await db.execute(END_PARENT, link_id, clock.now())
    if taken or waiting or sent.done:
        told = {"fields": sorted(taken), "waiting": sorted(waiting), "done": sent.done}
        await _tell(card, told | {"begins_to_wait": _waits(card) and not waited})


async def _locked(actor: Actor, link_id: UUID) -> _Card | None:
    whose = await db.fetch_value(WHOSE, link_id)
    key = await merging.standing(actor.brand_id, whose, "FOR NO KEY UPDATE") if whose else None
    row = await db.fetch_row(LOCK, link_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, reason="link_unknown")
    if reason := links.over(Standing(*row[3:]), clock.now()):
        raise Refusal(ErrorCode.NOT_FOUND, reason=reason)
    if key is None:
        return None
    said = msgspec.json.decode(row[0], type=dict[str, Said])
    return _Card(actor, link_id, key, row[2], said, msgspec.json.decode(row[1], type=tuple[Offer, ...]), row[5])


async def _onto_card(card: _Card, wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Fills what is blank; the names of what was filled and of what waits."""
    brand_id = card.actor.brand_id
    row = await db.fetch_row(edit.LOAD, brand_id, card.customer_id)
    assert row
    versions, version, *values, custom = row
    current = dict(zip((*edit.COLUMNS, "phone"), values, strict=True))
    current |= {f"values.{key}": value for key, value in codec.loads(custom).items()}
    kept: dict[str, int] = codec.loads(versions)
    numbers = {name: value for name, value in wanted.items() if name in ("phone", "wechat")}
    others = {name: value for name, value in wanted.items() if name not in numbers}
    filled, waiting = links.sort_out(others, current, kept, card.said, card.unsure)
    attached, put_by = await _numbers(card, numbers)
    filled |= attached
    waiting |= put_by
    if filled:
        await edit.put(brand_id, card.customer_id, version + 1, kept, filled)
    for name, value in wanted.items():
        if name in waiting:
            card.said[name] = Said(AnswerState.WAITING, value)
        elif name in filled:
            card.said[name] = Said(AnswerState.TAKEN, version=version + 1)
        elif name not in card.said or card.said[name].state is not AnswerState.TAKEN:
            card.said[name] = Said(AnswerState.TAKEN)  # as it stood already
    return list(filled), list(waiting)


async def _numbers(card: _Card, wanted: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A number that nobody has becomes hers where she has none of its kind; every other one waits."""
    hers, gone = await db.fetch(NUMBERS, card.customer_id), await suppressed(card.actor.brand_id, wanted.items())
    filled, waiting = dict[str, Any](), dict[str, Any]()
    for kind, value in wanted.items():
        known = {row[1] for row in hers if row[0] == kind}
        if value in known:
            continue
        number = (card.customer_id, kind, value, value)
        free = not (known or card.unsure or (kind, value) in gone)
        if free and await archive.attach(card.actor.brand_id, [number], clock.now()):
            filled[kind] = value
        else:
            waiting[kind] = value
    return filled, waiting


async def _consent(
    card: _Card,
    purpose: ConsentPurpose,
    granted: bool,
    text_id: UUID,
    sent: Filled,
    taken: list[str],
    waiting: list[str],
) -> None:
    """A no counts at once; a yes over a no that she said elsewhere waits until somebody has asked her."""
    name, state = f"{CONSENT}{purpose.value}", ConsentState.GRANTED if granted else ConsentState.REFUSED
    await hold_text(card.actor.brand_id, purpose, text_id)
    before, now = card.said.get(name), consents.current(await texts.ledger(card.customer_id))
    own, standing = before is not None and before.state is AnswerState.TAKEN, now.get((purpose, consents.ANY))
    if own and standing is not None and standing.state is state:
        return
    closed = f"{purpose.value}/{consents.ANY.value}" in consents.closed(now)
    if card.unsure or (granted and closed and not own):
        card.said[name] = Said(AnswerState.WAITING, {"granted": granted, "text": str(text_id)})
        waiting.append(name)
        return
    at = clock.now()
    said = ConsentSaid(purpose, consents.ANY, state, ConsentHow.FORM, text_id, at=at)
    evidence = {"how": ConsentHow.FORM.value, "link": str(card.link_id), "locale": sent.locale.value}
    await ledger.add(card.actor.brand_id, card.customer_id, None, said, evidence, at)
    await ledger.refresh_refusals(card.customer_id)
    data = {"purpose": purpose.value, "channel": consents.ANY.value, "state": state.value}
    await append_timeline(card.actor.brand_id, card.customer_id, TimelineKind.CONSENT, at, None, data)
    card.said[name] = Said(AnswerState.TAKEN)
    taken.append(name)


async def _give(card: _Card) -> None:
    """What the shop gives in return is hers, each once, when enough has come in."""
    if not links.complete(card.said):
        return
    rows = await db.fetch(GIVEN, card.customer_id, card.link_id)
    had = {one["key"] for row in rows for one in codec.loads(row[0])} | {offer.key for offer in card.offers}
    offered = (await reads.offers_of(card.actor.brand_id)).offers
    card.offers = (*card.offers, *(offer for offer in offered if offer.key not in had))


def _waits(card: _Card) -> bool:
    return any(one.state is AnswerState.WAITING for one in card.said.values())


async def _tell(card: _Card, told: Mapping[str, Any]) -> None:
    """One entry a link, which grows; one event a sending."""
    brand_id, key = card.actor.brand_id, card.customer_id
    fields = [name for name, one in card.said.items() if one.state is AnswerState.TAKEN and not _is_consent(name)]
    data: dict[str, Any] = {"fields": customer_rules.schema_names(fields)}
    data["waiting"] = sum(one.state is AnswerState.WAITING for one in card.said.values())
    data["offers"] = [offer.label for offer in card.offers]
    entry = effect_id("filled in", card.link_id)
    await append_timeline(brand_id, key, TimelineKind.SELF_FILLED, clock.now(), None, data, entry)
    about = {"link": card.link_id, **told}
    await events.record(brand_id, "customer.self_filled", card.actor.ref, ("customer", key), about)


def _is_consent(name: str) -> bool:
    return name.startswith(CONSENT)
