"""Two APIs and two workers are replaced one after the other while people work: nothing is lost, nothing is doubled."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from shuke.kit import clock, codec, db
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.tasks import add_buyers, make_card
from tests.installation import Proxy, Slot, slots, token_of

READ = "{ customers(first: 5) { edges { node { id alias } } } }"
NOTE = "mutation ($input: AddNoteInput!) { addNote(input: $input) { entry { id } userErrors { code } } }"
OUTCOME = """
mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { task { id } userErrors { code message } } }
"""
CARDS, PEOPLE = 120, 6
AFTERNOON = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 14:00 in Shanghai: reminders go out


async def test_processes_are_replaced_without_a_lost_request_or_a_doubled_effect(database: str) -> None:
    begun = clock.now()
    world = await make_world()
    customers = await add_buyers(world, CARDS)
    with clock.pretended(AFTERNOON):
        cards = [await make_card(world, customer, AFTERNOON + timedelta(hours=1)) for customer in customers]
    # a reminder every 200 ms, so that some fall due whoever is being replaced
    times = [(card, AFTERNOON + timedelta(seconds=5 + n / 5)) for n, card in enumerate(cards)]
    await db.execute_many("UPDATE task SET remind_at = $2 WHERE id = $1", times)
    token = await token_of(world.staff["guide"])
    with slots(database, "serve", "serve", "worker", "worker", SHUKE_DRAIN="1") as places:
        shift = AFTERNOON - begun
        await asyncio.gather(*(started(slot, shift) for slot in places))
        proxy, stop = Proxy(places[:2], token), asyncio.Event()
        shares = [(customers[n::PEOPLE], cards[n::PEOPLE]) for n in range(PEOPLE)]
        people = [asyncio.create_task(person(proxy, *share, stop)) for share in shares]
        for slot in places:
            assert await slot.stop() == 0
            await started(slot, shift)
        await asyncio.sleep(1)
        stop.set()
        notes = [note for notes in await asyncio.gather(*people) for note in notes]
        async with asyncio.timeout(60):
            while await db.fetch_value("SELECT count(*) FROM task WHERE state = 'open' AND remind_at IS NOT NULL"):
                await asyncio.sleep(0.2)
        for slot in places:
            assert await slot.stop() == 0
            errors = [line for line in slot.lines() if line["level"] not in ("INFO", "WARNING")]
            assert not errors, errors
    assert len(notes) > 100
    await check_effects(notes, cards)


async def started(slot: Slot, shift: timedelta) -> None:
    slot.env["SHUKE_CLOCK"] = (datetime.now(UTC) + shift).isoformat()
    await slot.start()


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
    return notes


def global_id(kind: str, key: object) -> str:
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


async def check_effects(notes: list[str], cards: list[UUID]) -> None:
    kept = await db.fetch("SELECT id FROM timeline_entry WHERE id = ANY($1)", notes)
    assert len(kept) == len(notes) == len(set(notes))
    noted = await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'customer.noted'")
    assert noted == len(notes)
    assert await db.fetch_value("SELECT count(*) FROM event WHERE dispatched_at IS NULL") == 0
    rows = await db.fetch("SELECT data FROM event WHERE kind = 'tasks.due'")
    told = [card for row in rows for cards in codec.loads(row[0])["staff"].values() for card in cards]
    assert len(told) == len(set(told))
    closed = await db.fetch_value("SELECT count(*) FROM task WHERE state = 'done'")
    assert closed == await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'task.outcome'")
    still = {str(row[0]) for row in await db.fetch("SELECT id FROM task WHERE state = 'open'")}
    assert still <= set(told) <= {str(card) for card in cards}
