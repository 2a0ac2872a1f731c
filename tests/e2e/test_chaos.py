"""Two phones through bad connections, dead tabs and a dead browser: every act is in the shop once, or on its phone with
the reason. `SHUKE_CHAOS_SEED` repeats a run's choices.
"""

import asyncio
import os
from collections import Counter
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

from playwright.async_api import Browser

from tests.e2e.busy_phone import MUST_MEET, Act, BusyPhone, operation_ids
from tests.e2e.conftest import Guide, Site, two_of_one_store
from tests.e2e.weather import gate

ACTS = 50  # of each phone
CARDS = """SELECT t.id::text, t.customer_id::text FROM task t JOIN staff s ON s.id = t.assignee_id
WHERE s.phone = $1 AND t.state = 'open' AND t.outcome IS NULL AND t.due_at < $2 ORDER BY t.id"""
TO_POOL = "UPDATE customer SET guide_id = NULL WHERE id = ANY($1)"
CARDS_TO_POOL = "UPDATE task SET assignee_id = NULL WHERE id = ANY($1)"
APPLIED = """SELECT o.id, o.name FROM operation o JOIN staff s ON s.id = o.actor_id
WHERE s.phone = $1 AND o.name = ANY($2)"""
EVENTS = """SELECT e.kind, e.subject_id::text AS subject, count(*) FROM event e JOIN staff s ON s.id = e.actor_id
WHERE s.phone = $1 GROUP BY 1, 2"""
NAMES = ["recordOutcome", "undoOutcome", "addNote", "createCustomer", "updateCustomer"]
TOLD = {"RecordOutcome": "task.outcome", "UndoOutcome": "task.undone", "UpdateCustomer": "customer.updated"}
"""Operations that tell an event each time they change something."""
Rows = list[dict[str, Any]]


async def test_a_hundred_acts_on_two_phones_are_in_the_shop_once_or_kept_with_their_reason(
    browser: Browser, shop: Site, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SHUKE_CHAOS_SEED") or SystemRandom().randrange(10**6))
    print(f"SHUKE_CHAOS_SEED={seed}")
    guides = await two_of_one_store(shop)
    port = int(shop.environment["SHUKE_PORT"])
    work, shared = await share_some(shop, guides)
    async with gate(port) as first, gate(port) as second:
        phones = [
            BusyPhone(shop, guide, way, browser.browser_type, tmp_path / name, Random(f"{seed}/{name}"), number, *own)
            for guide, way, name, number, own in zip(
                guides,
                (first, second),
                ("one", "two"),
                (f"1347{seed % 1000:03}", f"1348{seed % 1000:03}"),
                work,
                strict=True,
            )
        ]
        try:
            await asyncio.gather(*(phone.warm_up() for phone in phones))
            await asyncio.gather(*(phone.be_used(ACTS) for phone in phones))
            rows = await asyncio.gather(*(phone.outbox_at_rest() for phone in phones))
        finally:
            await asyncio.gather(*(phone.switch_off() for phone in phones))
    for phone, kept in zip(phones, rows, strict=True):
        assert not phone.troubles, phone.troubles
        assert len(phone.acts) == ACTS
        print(phone.guide.name, Counter(act.kind for act in phone.acts), dict(phone.gate.suffered), dict(phone.met))
        assert all(map(phone.has_met, MUST_MEET)), "weather that befell no write"
        assert phone.met["closed tab"] and phone.met["crash"] == 1
        await operations_agree(shop, phone, kept)
        await effects_agree(shop, phone, kept, shared)
        print(Counter((row["op"], row["state"], *(why["code"] for why in row.get("reasons") or [])) for row in kept))


async def share_some(shop: Site, guides: list[Guide]) -> tuple[list[tuple[list[str], list[str]]], set[str]]:
    """Each guide's cards and their customers, half of them in the pool of the store, where both work on them."""
    found = [await shop.fetch(CARDS, "+86" + guide.phone, shop.now) for guide in guides]
    pool = [row for rows in found for row in rows[:2]]
    await shop.fetch(TO_POOL, [UUID(row[1]) for row in pool])
    await shop.fetch(CARDS_TO_POOL, [UUID(row[0]) for row in pool])
    work = [([row[0] for row in pool + rows[2:]], [row[1] for row in pool[:2] + rows[2:]]) for rows in found]
    return work, {key for row in pool for key in row}


async def operations_agree(shop: Site, phone: BusyPhone, kept: Rows) -> None:
    """What the phone thinks it has delivered is what the shop has carried out, no more and no less."""
    applied = await shop.fetch(APPLIED, "+86" + phone.guide.phone, NAMES)
    assert {row["id"] for row in applied} == operation_ids(kept)
    for row in kept:
        if row["state"] == "rejected":
            assert row["reasons"], row
        elif row["state"] != "sent":  # waits behind a new customer who was refused
            assert any(other["creates"] and other["entity"] == row["entity"] for other in kept), row


async def effects_agree(shop: Site, phone: BusyPhone, kept: Rows, shared: set[str]) -> None:
    there = [str(row["input"]) for row in kept if row["state"] != "sent"]
    for act in phone.acts:
        if act.word and act.kind != "outcome":
            on_phone = sum(f"'{act.word}'" in said for said in there)
            assert await times_done(shop, act) + (act.kind != "edit" and on_phone) == 1, (act, on_phone)
    events = {
        (row["kind"], row["subject"]): row["count"] for row in await shop.fetch(EVENTS, "+86" + phone.guide.phone)
    }
    delivered = Counter((TOLD.get(row["op"], ""), subject_of(row)) for row in kept if row["state"] == "sent")
    for (told, subject), times in delivered.items():
        if told and subject not in shared:
            assert events.get((told, subject), 0) == times, (told, subject)
        elif told:  # a colleague had closed the card meanwhile: it stayed as it was
            assert events.get((told, subject), 0) <= times, (told, subject)
    await last_words_stand(shop, phone, kept, shared)


def subject_of(row: dict[str, Any]) -> str:
    return str(row["entity"]).partition(":")[2]


async def times_done(shop: Site, act: Act) -> int:
    if act.kind == "note":
        found = "SELECT count(*) FROM timeline_entry WHERE data->>'text' = $1"
    elif act.kind == "create":
        found = "SELECT count(*) FROM customer WHERE name = $1"
    else:
        return 1  # of many edits the last word stands
    return int(str(await shop.value(found, act.word)))


async def last_words_stand(shop: Site, phone: BusyPhone, kept: Rows, shared: set[str]) -> None:
    """What she said last of a card or a customer that is hers alone is what the shop says."""
    refused = {subject_of(row) for row in kept if row["state"] == "rejected"}
    last = {(act.kind, act.subject): act.word for act in phone.acts if act.kind in ("outcome", "edit")}
    for (kind, subject), word in last.items():
        if subject in shared or subject in refused:
            continue
        of = "outcome FROM task" if kind == "outcome" else "note FROM customer"
        assert await shop.value(f"SELECT {of} WHERE id = $1", UUID(subject)) == word, (kind, subject, word)
