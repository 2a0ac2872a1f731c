"""Two APIs and two workers are replaced one after the other while people work: nothing is lost, nothing is doubled."""

import asyncio
import base64
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from shuke.domains.identity import service as identity
from shuke.domains.identity.types import KeyWish, PartnerScope
from shuke.domains.records import queries as records
from shuke.domains.records.types import ImportState, Tally
from shuke.kit import clock, codec, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world, system
from tests.factories.notifications import reminded
from tests.factories.tasks import add_buyers, make_card
from tests.installation import Proxy, Slot, slots, token_of
from tests.integration.test_import_jobs import asked, in_earnest, long_file, whole_report
from tests.integration.test_notifications_push import pushes as pushes
from tests.push.receiver import Browser, PushService

READ = "{ customers(first: 5) { edges { node { id alias } } } }"
NOTE = "mutation ($input: AddNoteInput!) { addNote(input: $input) { entry { id } userErrors { code } } }"
OUTCOME = """
mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { task { id } userErrors { code message } } }
"""
INGEST = """
mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { results { verdict } userErrors { code } } }
"""
READ_ALL = "mutation ($input: MarkInboxReadInput!) { markInboxRead(input: $input) { userErrors { code } } }"
CARDS, PEOPLE = 120, 6
AFTERNOON = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 14:00 in Shanghai: reminders go out
AT_WORK = """
SELECT (SELECT count(*) FROM task WHERE state = 'open' AND remind_at IS NOT NULL AND id = ANY($1))
  + (SELECT count(*) FROM event WHERE dispatched_at IS NULL)
  + (SELECT count(*) FROM event_delivery WHERE done_at IS NULL)
  + (SELECT count(*) FROM push_delivery WHERE state = 'pending')
  + (SELECT count(*) FROM import_job WHERE ended_at IS NULL)
"""


@dataclass
class Shop:
    world: World
    cards: list[UUID]
    browser: Browser
    """the guide's, which is to be reminded"""


async def opened(pushes: PushService) -> Shop:
    world = await make_world()
    _, browser = await reminded(world, pushes)
    customers = await add_buyers(world, CARDS)
    with clock.pretended(AFTERNOON):
        cards = [await make_card(world, customer, AFTERNOON + timedelta(hours=1)) for customer in customers]
    # a reminder every 200 ms, so that some fall due whoever is being replaced
    times = [(card, AFTERNOON + timedelta(seconds=5 + n / 5)) for n, card in enumerate(cards)]
    await db.execute_many("UPDATE task SET remind_at = $2 WHERE id = $1", times)
    return Shop(world, cards, browser)


async def test_processes_are_replaced_without_a_lost_request_or_a_doubled_effect(
    pushes: PushService, database: str, tmp_path: Path
) -> None:
    begun = clock.now()
    shop = await opened(pushes)
    allowed = {"SHUKE_PUSH_HOSTS": pushes.origin}
    with slots(database, "serve", "serve", "worker", "worker", SHUKE_DRAIN="1", **allowed) as places:
        shift = AFTERNOON - begun
        await asyncio.gather(*(started(slot, shift) for slot in places[:3]))
        stop = asyncio.Event()
        work = [asyncio.create_task(one) for one in await at_work(shop, places[:2], stop)]
        job = await asked(shop.world.staff["hq"], long_file(tmp_path), in_earnest(shop.world))
        await half_way(job)
        assert await places[2].stop() == 0, places[2].said()  # the import ends in time, or the next goes on with it
        await asyncio.gather(*(started(slot, shift) for slot in places[2:]))
        for slot in places:
            assert await slot.stop() == 0, slot.said()
            await started(slot, shift)
        await asyncio.sleep(1)
        stop.set()
        receipts, *notes = await asyncio.gather(*work)
        async with asyncio.timeout(90):
            while await db.fetch_value(AT_WORK, shop.cards):
                await asyncio.sleep(0.2)
        for slot in places:
            assert await slot.stop() == 0, slot.said()
            errors = [line for line in slot.lines() if line["level"] not in ("INFO", "WARNING")]
            assert not errors, "\n".join(map(str, errors))
    assert sum(map(len, notes)) > 100 and len(receipts) > 10
    await check_notes_and_cards([note for some in notes for note in some], shop.cards)
    await check_reminders(shop)
    await check_orders(shop, job, receipts)


async def at_work(shop: Shop, apis: list[Slot], stop: asyncio.Event) -> list[Coroutine[Any, Any, list[str]]]:
    """A till and six people."""
    proxy, till = Proxy(apis, await token_of(shop.world.staff["guide"])), Proxy(apis, "")
    wish = KeyWish("till", frozenset([PartnerScope.INGEST]))
    bearer = (await identity.create_partner_key(await system(shop.world), wish)).token
    till.http = httpx.AsyncClient(headers={"authorization": f"Bearer {bearer}"}, timeout=30)
    owners = dict(tuple(row) for row in await db.fetch("SELECT id, customer_id FROM task"))
    shares = [shop.cards[n::PEOPLE] for n in range(PEOPLE)]
    people = [person(proxy, [owners[card] for card in share], share, stop) for share in shares]
    return [sells(till, stop), *people]


async def half_way(job: UUID) -> None:
    """Until the import has stored something and goes on."""
    sql = "SELECT read > 0, ended_at FROM import_job WHERE id = $1"
    async with asyncio.timeout(60):
        while not (found := await db.fetch_row(sql, job)) or not found[0]:
            await asyncio.sleep(0.01)
    assert found[1] is None


async def started(slot: Slot, shift: timedelta) -> None:
    slot.env["SHUKE_CLOCK"] = (datetime.now(UTC) + shift).isoformat()
    await slot.start()


async def sells(till: Proxy, stop: asyncio.Event) -> list[str]:
    """A till that says each sale twice, to a new member each; the receipts."""
    receipts: list[str] = []
    while not stop.is_set():
        receipt = f"R{len(receipts)}"
        at = AFTERNOON - timedelta(hours=1)
        sale: dict[str, Any] = {"source": "till", "storeCode": "S1", "receiptNo": receipt}
        line = {"quantity": "1", "totalMinor": "100", "name": "milk"}
        sale |= {"businessDate": at.date().isoformat(), "placedAt": at.isoformat()}
        sale |= {"memberNo": f"N{receipt}", "lines": [line]}
        said = {"operationId": str(uuid4()), "orders": [sale]}
        for _ in range(2):
            answer = (await till.post(INGEST, input=said))["ingestOrders"]
            assert answer == {"results": [{"verdict": "CREATED"}], "userErrors": []}, answer
        receipts.append(receipt)
        await asyncio.sleep(0.25)  # a key has its rate
    return receipts


async def person(proxy: Proxy, customers: list[UUID], cards: list[UUID], stop: asyncio.Event) -> list[str]:
    """Reads and writes until told to stop, some of it twice as an outbox would; the notes' ids."""
    notes: list[str] = []
    closed = 0
    while not stop.is_set():
        assert (await proxy.post(READ))["customers"]["edges"]
        note = {"operationId": str(uuid4()), "customerId": global_id("Customer", customers[0]), "id": str(new_id())}
        for _ in range(1 + len(notes) % 2):
            answer = (await proxy.post(NOTE, input={**note, "text": "came by"}))["addNote"]
            assert not answer["userErrors"], answer
        notes.append(note["id"])
        if closed < len(cards) // 2 and len(notes) % 3 == 0:
            said = {"operationId": str(uuid4()), "taskId": global_id("Task", cards[closed]), "outcome": "REACHED"}
            answer = (await proxy.post(OUTCOME, input=said))["recordOutcome"]
            assert not answer["userErrors"], answer
            closed += 1
        if len(notes) % 7 == 0:
            await proxy.post(READ_ALL, input={"operationId": str(uuid4())})
    return notes


def global_id(kind: str, key: object) -> str:
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


async def check_notes_and_cards(notes: list[str], cards: list[UUID]) -> None:
    kept = await db.fetch("SELECT id FROM timeline_entry WHERE id = ANY($1)", notes)
    assert len(kept) == len(notes) == len(set(notes))
    noted = await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.noted'")
    assert noted == len(notes)
    closed = await db.fetch_value("SELECT count(*) FROM task WHERE state = 'done'")
    assert closed == await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'task.outcome'")
    assert await db.fetch_value("SELECT count(*) FROM event_delivery WHERE attempts <> 1") == 0


async def check_reminders(shop: Shop) -> None:
    """Each card was told once, as news, in her inbox and, as a number, on her phone."""
    guide = str(shop.world.staff["guide"].id)
    rows = await db.fetch("SELECT data FROM event WHERE kind = 'tasks.due'")
    news = [cards for row in rows if (cards := codec.loads(row[0])["staff"].get(guide))]
    told = [card for cards in news for card in cards]
    assert len(told) == len(set(told))
    still = await db.fetch("SELECT id FROM task WHERE state = 'open' AND id = ANY($1)", shop.cards)
    assert {str(row[0]) for row in still} <= set(told)
    rows = await db.fetch("SELECT id, data FROM inbox_message WHERE staff_id = $1 AND kind = 'tasks_due'", guide)
    letters = {row[0]: codec.loads(row[1])["taskIds"] for row in rows}
    assert sorted(card for cards in letters.values() for card in cards) == sorted(told) and len(letters) > 1
    sent = await db.fetch("SELECT id, message_id FROM push_delivery WHERE state = 'sent'")
    assert {str(row[0]): len(letters[row[1]]) for row in sent} == {
        message["id"]: message["count"] for message in shop.browser.shown
    }
    assert {row[1] for row in sent} == set(letters)
    pushed = [(message["id"], message["count"]) for message in shop.browser.messages]
    assert len(pushed) == len(set(pushed)) <= len(news)


async def check_orders(shop: Shop, job_id: UUID, receipts: list[str]) -> None:
    job = await records.import_job(shop.world.staff["hq"], job_id)
    assert (job.state, job.tally) == (ImportState.DONE, Tally(24_000, created=23_760, rejected=240))
    assert await whole_report(job) == [("", n) for n in range(2, 24_002)]
    stored = await db.fetch_row('SELECT count(*), sum(total_minor) FROM "order"')
    assert tuple(stored or ()) == (8_000 + len(receipts), 23_760 * 125 + len(receipts) * 100)
    enrolled = await db.fetch("SELECT count(*) FROM enrolment GROUP BY customer_id")
    assert len(enrolled) == len(receipts) and len({row[0] for row in enrolled}) == 1
