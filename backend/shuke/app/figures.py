"""What the database knows that an operator asks: how late are timers, events, pushes and cards; does the till deliver.

Each statement reads the end of a partial index and counts no further than MOST, so asking costs the same however much
there is. Workers keep the answers fresh (`keep`); `shuke doctor` asks some of the same questions.
"""

import asyncio
import logging
from datetime import timedelta

from shuke.kit import clock, db, metrics

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds
MOST = 10_000
SOON = timedelta(hours=24)

_AGE = "coalesce(extract(epoch FROM $1 - min({column})), 0)"
LAGS = {
    "enrolments": f"SELECT {_AGE.format(column='wake_at')} FROM enrolment WHERE wake_at <= $1",
    "reminders": f"SELECT {_AGE.format(column='remind_at')} FROM task WHERE state = 'open' AND remind_at <= $1",
    "expiry": f"SELECT {_AGE.format(column='expires_at')} FROM task WHERE state = 'open' AND expires_at <= $1",
    "pushes": f"SELECT {_AGE.format(column='next_at')} FROM push_delivery WHERE state = 'pending' AND next_at <= $1",
    "events": f"SELECT {_AGE.format(column='at')} FROM event WHERE dispatched_at IS NULL AND at <= $1",
    "deliveries": f"SELECT {_AGE.format(column='next_at')} FROM event_delivery WHERE done_at IS NULL AND next_at <= $1",
}
"""How many seconds ago the oldest that is still waiting was due."""
UNDONE = f"""
SELECT count(*) FILTER (WHERE attempts = 0), count(*) FILTER (WHERE attempts > 0)
FROM (SELECT attempts FROM event_delivery WHERE done_at IS NULL LIMIT {MOST}) x
"""
PUSHES_WAITING = f"SELECT count(*) FROM (SELECT FROM push_delivery WHERE state = 'pending' LIMIT {MOST}) x"
CARDS = f"""
SELECT b.name, coalesce(sum(late.n), 0)::int, coalesce(sum(soon.n), 0)::int
FROM brand b LEFT JOIN store s ON s.brand_id = b.id
LEFT JOIN LATERAL (SELECT count(*) AS n FROM (
  SELECT FROM task t WHERE t.brand_id = s.brand_id AND t.store_id = s.id AND t.state = 'open' AND t.due_at < $1
  LIMIT {MOST}) x) late ON true
LEFT JOIN LATERAL (SELECT count(*) AS n FROM (
  SELECT FROM task t WHERE t.brand_id = s.brand_id AND t.store_id = s.id AND t.state = 'open' AND t.due_at >= $1
    AND t.due_at < $2 LIMIT {MOST}) x) soon ON true
GROUP BY b.name
"""
NEWS = """
SELECT b.name, (SELECT extract(epoch FROM $1 - max(e.at)) FROM event e WHERE e.brand_id = b.id AND e.kind = $2)
FROM brand b
"""
WORKERS = "SELECT count(*) FROM worker_heartbeat WHERE beat_at > $1"


async def gather() -> dict[str, tuple[str, str, dict[str, float]]]:
    """Every figure, as `kit.metrics.Figures` keeps them."""
    now = clock.now()
    lags = {name: float(await db.fetch_value(sql, now)) for name, sql in LAGS.items()}
    undone = await db.fetch_row(UNDONE)
    cards = await db.fetch(CARDS, now, now + SOON)
    orders = await db.fetch(NEWS, now, "orders.recorded")
    pushes, workers = await db.fetch_value(PUSHES_WAITING), await db.fetch_value(WORKERS, now - timedelta(minutes=1))
    assert undone
    return {
        "shuke_lag_seconds": ("How late are timers, events and pushes?", "what", lags),
        "shuke_deliveries_undone": (
            "How many effects of events wait, and how many have stumbled?",
            "state",
            {"waiting": undone[0], "stumbled": undone[1]},
        ),
        "shuke_pushes_waiting": ("How many reminders wait to be pushed?", "", {"": pushes}),
        "shuke_tasks_late": ("How many cards are past their time?", "brand", {row[0]: row[1] for row in cards}),
        "shuke_tasks_due": ("How many cards fall due in a day?", "brand", {row[0]: row[2] for row in cards}),
        "shuke_orders_age_seconds": (
            "How long ago did orders last come in?",
            "brand",
            {row[0]: float(row[1]) for row in orders if row[1] is not None},
        ),
        "shuke_workers": ("How many workers show signs of life?", "", {"": workers}),
    }


async def keep(stop: asyncio.Event) -> None:
    """Keeps the figures fresh until told to stop; while the database is away, there are none."""
    while not stop.is_set():
        try:
            metrics.FIGURES.latest = await gather()
        except Exception as error:
            metrics.FIGURES.latest = {}
            log.warning("no figures: %s", type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue
