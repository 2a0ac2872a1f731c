"""Cards and buyers for tests of follow-ups."""

from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity.types import Actor
from shuke.domains.tasks import service
from shuke.domains.tasks.queries import tasks_by_id
from shuke.domains.tasks.types import NewReason, Reason, TaskView
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World

WORDS = {"zh-CN": "{days} 天没来了", "en": "{days} days without a purchase"}
SAY = {"zh-CN": "{called}您好", "en": "Hello {called}"}

BUYERS = """
INSERT INTO customer (id, brand_id, store_id, guide_id, alias) SELECT x, $2, $3, $4, $5 FROM unnest($1::uuid[]) x
"""
STATS = """
INSERT INTO customer_stats (id, brand_id, order_count, gross_minor, refunded_minor, first_order_at, last_order_at)
SELECT x, $2, $3, $3 * 10000, 0, $4, $5 FROM unnest($1::uuid[]) x
ON CONFLICT (id) DO UPDATE SET order_count = excluded.order_count, first_order_at = excluded.first_order_at,
  last_order_at = excluded.last_order_at
"""


async def add_buyers(
    world: World, count: int = 1, guide: str | None = "guide", store: int = 0, alias: str | None = "小满妈妈"
) -> list[UUID]:
    """Customers of a store, known by nothing but what the shop calls them."""
    ids = [new_id() for _ in range(count)]
    owner = world.staff[guide].id if guide else None
    await db.execute(BUYERS, ids, world.brand_id, world.stores[store], owner, alias)
    return ids


async def bought(
    world: World, customers: list[UUID], first: datetime | None, last: datetime | None = None, orders: int = 1
) -> None:
    """Their statistics as the orders' room keeps them; `first` None: nothing that counts."""
    await db.execute(STATS, customers, world.brand_id, orders if first else 0, first, last or first)


def reason(key: str = "wake_up", due_at: datetime | None = None, since: str = "2026-08-01") -> Reason:
    return Reason(new_id(), key, WORDS, SAY, {"since": since}, due_at or clock.now())


async def make_card(
    world: World, customer: UUID, due_at: datetime | None = None, key: str = "wake_up", lasts: timedelta = timedelta(9)
) -> UUID:
    """A reason to contact the customer, due now; the id that her card has if this opens it."""
    news = reason(key, due_at)
    await service.add_reasons(world.brand_id, [NewReason(customer, news, news.due_at + lasts)])
    return news.id


async def card(actor: Actor, task_id: UUID) -> TaskView:
    """The card as this person sees it."""
    (found,) = await tasks_by_id(actor, [task_id])
    assert found is not None
    return found


async def cards_of(customer: UUID) -> list[tuple[str, int]]:
    """State and number of reasons of all her cards, the oldest first."""
    rows = await db.fetch(
        "SELECT state, jsonb_array_length(reasons) FROM task WHERE customer_id = $1 ORDER BY created_at, id", customer
    )
    return [tuple(row) for row in rows]
