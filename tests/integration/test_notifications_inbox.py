"""The inbox: the truth of every reminder."""

import asyncio
from datetime import timedelta

from shuke.domains.notifications import handlers, queries, service
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.notifications import due, remind


async def test_each_person_gets_one_message_about_all_her_cards(database: str) -> None:
    world = await make_world()
    guide, colleague = world.staff["guide"], world.staff["colleague"]
    assert guide.id and colleague.id
    event = due(world, {guide.id: 3, colleague.id: 1})
    await handlers.on_tasks_due(event)
    (hers,) = await queries.inbox(guide, 30)
    assert (hers.kind, hers.data["count"], hers.url, hers.read_at) == (InboxKind.TASKS_DUE, 3, "/", None)
    assert hers.data["taskIds"] == event.data["staff"][str(guide.id)]
    (other,) = await queries.inbox(colleague, 30)
    assert other.url.startswith("/tasks/") and await queries.inbox(world.staff["stranger"], 30) == []


async def test_an_event_that_is_delivered_again_posts_nothing_new(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    assert guide.id
    event = due(world, {guide.id: 2})
    await asyncio.gather(*(handlers.on_tasks_due(event) for _ in range(4)))
    assert await queries.unread(guide.id) == 1


async def test_who_has_left_or_works_elsewhere_gets_nothing(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    await db.execute("UPDATE staff SET left_at = $2 WHERE id = $1", world.staff["guide"].id, clock.now())
    await remind(world, world.staff["guide"], other.staff["guide"])
    assert await db.fetch_value("SELECT count(*) FROM inbox_message") == 0


async def test_reading_marks_hers_alone_and_says_what_is_left(database: str) -> None:
    world = await make_world()
    guide, colleague = world.staff["guide"], world.staff["colleague"]
    for _ in range(3):
        await remind(world, guide, colleague)
    mine, foreign = (await queries.inbox(guide, 30))[0], (await queries.inbox(colleague, 30))[0]
    assert await service.mark_read(guide, [mine.id, foreign.id, new_id()]) == 2
    assert await service.mark_read(guide, [mine.id]) == 2
    read = await queries.message(guide, mine.id)
    assert read and read.read_at and await queries.message(guide, foreign.id) is None
    assert await service.mark_read(guide) == 0
    assert colleague.id and await queries.unread(colleague.id) == 3
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'inbox.read'") == 2


async def test_pages_follow_each_other_without_gap_or_double(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    assert guide.id
    letters = [Letter(new_id(), guide.id, InboxKind.TASKS_DUE, {"count": 1}, "/") for _ in range(7)]
    await service.post(world.brand_id, letters[:4])  # of one moment: the id decides
    await service.post(world.brand_id, letters[4:])
    seen, after = [], None
    while True:
        rows = await queries.inbox(guide, 3, after)
        seen += rows[:3]
        if len(rows) <= 3:
            break
        after = rows[2].created_at, rows[2].id
    assert len({row.id for row in seen}) == len(seen) == 7
    assert seen == sorted(seen, key=lambda row: (row.created_at, row.id), reverse=True)
    assert seen[0].created_at - seen[-1].created_at < timedelta(minutes=1)
