"""Use cases: post letters, read them, subscribe devices; and the sweep that pushes what was posted."""

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import queries, rules
from shuke.domains.notifications.types import Claimed, DeliveryState, InboxKind, Letter, PushDevice
from shuke.kit import clock, codec, db, events, metrics, throttle, webpush
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import effect_id, new_id
from shuke.kit.secrets import secret
from shuke.kit.text import clean
from shuke.kit.webpush import Answer, Device

log = logging.getLogger(__name__)

TTL = timedelta(hours=4)  # how long a push service keeps a reminder for a phone that is off
LEASE = timedelta(minutes=2)  # longer than one batch can take: tries end after webpush.TIMEOUT
AT_ONCE = 50  # deliveries a batch, sent side by side: a silent push service holds a sweep up for one timeout at most
DEFAULT_CONTACT = "mailto:admin@example.com"

POST = """
INSERT INTO inbox_message (id, brand_id, staff_id, kind, data, url, created_at, updated_at)
SELECT x.id, $1, x.staff_id, x.kind, x.data::jsonb, x.url, $2, $2
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) AS x (id, staff_id, kind, data, url)
JOIN staff ON staff.id = x.staff_id AND staff.brand_id = $1 AND staff.left_at IS NULL
ON CONFLICT (id) DO NOTHING
"""
ADDRESSES = f"""
SELECT m.id, p.id FROM inbox_message m JOIN (SELECT p.id, p.staff_id {queries.LIVE}) p ON p.staff_id = m.staff_id
WHERE m.id = ANY($2) AND m.brand_id = $3 AND ($4::uuid IS NULL OR p.id = $4)
"""
STAMP = """
INSERT INTO push_delivery (id, brand_id, message_id, subscription_id, state, next_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, 'pending', $5, $5, $5) ON CONFLICT DO NOTHING
"""
YOUNG = """
SELECT id, data FROM inbox_message WHERE brand_id = $1 AND staff_id = $2 AND kind = $3 AND read_at IS NULL
  AND created_at > $4 ORDER BY created_at DESC, id DESC LIMIT 1 FOR NO KEY UPDATE
"""
UNREAD_ALREADY = """
SELECT DISTINCT m.staff_id, m.kind, m.url
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS x (staff_id, kind, url)
JOIN inbox_message m ON m.staff_id = x.staff_id AND m.kind = x.kind AND m.url = x.url
WHERE m.brand_id = $1 AND m.read_at IS NULL
"""
GROW = "UPDATE inbox_message SET data = $2, url = $3, updated_at = $4 WHERE id = $1"
# A try that is under way sends what is out of date: it finds another count than its own and notes nothing.
AGAIN = """
UPDATE push_delivery SET state = 'pending', next_at = $2, updated_at = $2,
  attempts = CASE WHEN state <> 'pending' THEN 0 WHEN attempts > 0 THEN attempts + 1 ELSE 0 END
WHERE message_id = $1 AND state <> 'gone'
"""
SUBSCRIBE = """
INSERT INTO push_subscription
  (id, brand_id, staff_id, session_id, endpoint, p256dh, auth, device, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, (SELECT device FROM session WHERE id = $4)), $9, $9)
ON CONFLICT (endpoint) DO UPDATE SET brand_id = $2, staff_id = $3, session_id = $4, p256dh = $6, auth = $7,
  device = excluded.device, updated_at = $9, ended_at = NULL, failing_since = NULL,
  created_at = CASE WHEN push_subscription.staff_id = $3 THEN push_subscription.created_at ELSE $9 END,
  last_success_at = CASE WHEN push_subscription.staff_id = $3 THEN push_subscription.last_success_at END
RETURNING id
"""
# a browser has one subscription; an older one of the same session is what it replaced
REPLACE = """
UPDATE push_subscription SET ended_at = $3, updated_at = $3 WHERE session_id = $1 AND id <> $2 AND ended_at IS NULL
"""
UNSUBSCRIBE = """
UPDATE push_subscription SET ended_at = $3, updated_at = $3 WHERE staff_id = $1 AND endpoint = $2 AND ended_at IS NULL
RETURNING id
"""
# A try is counted when it begins, so that one which kills its worker ends as well.
CLAIM = f"""
WITH due AS (
  SELECT id FROM push_delivery WHERE state = 'pending' AND next_at <= $1 ORDER BY next_at LIMIT $2
  FOR UPDATE SKIP LOCKED
), live AS (SELECT p.id, p.staff_id {queries.LIVE}),
seen AS (
  SELECT d.id, m.kind, m.data, m.url, p.id AS subscription_id, p.endpoint, p.p256dh, p.auth, CASE
    WHEN NOT EXISTS (SELECT FROM live l WHERE l.id = p.id AND l.staff_id = m.staff_id) THEN 'gone'
    WHEN m.created_at < $4 OR d.attempts >= $5 THEN 'failed' ELSE 'pending' END AS state
  FROM due JOIN push_delivery d ON d.id = due.id JOIN inbox_message m ON m.id = d.message_id
  JOIN push_subscription p ON p.id = d.subscription_id
)
UPDATE push_delivery d SET state = s.state, next_at = $3, updated_at = $1,
  attempts = d.attempts + CASE s.state WHEN 'pending' THEN 1 ELSE 0 END
FROM seen s WHERE d.id = s.id
RETURNING d.id, d.state, d.attempts, s.kind, s.data, s.url, s.subscription_id, s.endpoint, s.p256dh, s.auth
"""
RECORD = """
UPDATE push_delivery SET state = $3, status = $4, error = $5, next_at = coalesce($6, next_at), updated_at = $7
WHERE id = $1 AND attempts = $2 AND state = 'pending'
"""
REMEMBER = """
UPDATE push_subscription SET updated_at = $3,
  last_success_at = CASE WHEN $4 = 'sent' THEN $3 ELSE last_success_at END,
  failing_since = CASE WHEN $4 = 'sent' THEN NULL ELSE coalesce(failing_since, $3) END,
  ended_at = CASE WHEN $4 = 'gone' THEN $3 ELSE ended_at END
WHERE id = $1 AND p256dh = $2
"""


async def post(brand_id: UUID, letters: Sequence[Letter], only_to: UUID | None = None) -> None:
    """Puts letters into inboxes and on their way to the readers' devices (`only_to`: this subscription alone).

    Joins the caller's transaction. A letter that was posted before, or whose reader has left, is passed over.
    """
    ids = [letter.id for letter in letters]
    columns = (
        ids,
        [letter.staff_id for letter in letters],
        [letter.kind.value for letter in letters],
        [codec.dumps(letter.data) for letter in letters],
        [letter.url for letter in letters],
    )
    async with db.tx():
        now = clock.now()
        await db.execute(POST, brand_id, now, *columns)
        await _address(brand_id, ids, now, only_to)


async def post_unless_unread(brand_id: UUID, letters: Sequence[Letter]) -> None:
    """The same, but for readers who have a letter of that kind, leading to the same place, still unread."""
    readers, kinds, places = zip(*((letter.staff_id, letter.kind.value, letter.url) for letter in letters), strict=True)
    async with db.tx():
        rows = await db.fetch(UNREAD_ALREADY, brand_id, readers, kinds, places)
        known = {tuple(row) for row in rows}
        await post(brand_id, [one for one in letters if (one.staff_id, one.kind.value, one.url) not in known])


async def remind(brand_id: UUID, letters: Sequence[Letter]) -> None:
    """The same for TASKS_DUE, whose `data` is {count, taskIds}: where the reader has not read a reminder that came
    minutes ago, this one grows by the cards and goes to her devices again, where it takes its own place.
    """
    async with db.tx():
        await post(brand_id, [letter for letter in letters if not await _grown(brand_id, letter)])


async def _grown(brand_id: UUID, letter: Letter) -> bool:
    now = clock.now()
    row = await db.fetch_row(YOUNG, brand_id, letter.staff_id, letter.kind.value, now - rules.GROWS_FOR)
    if row is None:
        return False
    known = codec.loads(row[1])["taskIds"]
    tasks = list(dict.fromkeys([*known, *letter.data["taskIds"]]))
    if len(tasks) > len(known):
        data = codec.dumps({"count": len(tasks), "taskIds": tasks})
        await db.execute(GROW, row[0], data, rules.tasks_url([UUID(task) for task in tasks]), now)
        await db.execute(AGAIN, row[0], now)
        await _address(brand_id, [row[0]], now)  # a device that is new since
    return True


async def _address(brand_id: UUID, ids: Sequence[UUID], now: datetime, only_to: UUID | None = None) -> None:
    pairs = await db.fetch(ADDRESSES, now, ids, brand_id, only_to)
    await db.execute_many(STAMP, [(effect_id("push", *pair), brand_id, *pair, now) for pair in pairs])


async def mark_read(actor: Actor, ids: Sequence[UUID] | None = None) -> int:
    """Marks messages (None: all) as read; ids that are not hers are passed over. How many are still unread."""
    allow(actor, "markInboxRead")
    assert actor.id
    async with db.tx():
        touched = await db.execute(
            "UPDATE inbox_message SET read_at = $2, updated_at = $2"
            " WHERE staff_id = $1 AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY($3))",
            *(actor.id, clock.now(), ids),
        )
        if touched:
            await events.record(actor.brand_id, "inbox.read", actor.ref, ("staff", actor.id), {"messages": touched})
        return await queries.unread(actor.id)


async def subscribe(actor: Actor, wanted: Device, name: str | None) -> PushDevice:
    """Reminds this browser from now on, until its session ends; an endpoint that another person used becomes hers.

    Raises Refusal UNSUPPORTED for an address of no known push service, INVALID for keys that are none, TOO_MANY.
    """
    allow(actor, "subscribePush")
    if actor.session_id is None:
        raise Refusal(ErrorCode.FORBIDDEN)
    if not rules.endpoint_allowed(wanted.endpoint, _extra_places()):
        raise Refusal(ErrorCode.UNSUPPORTED, "endpoint")
    if field := webpush.wrong_key(wanted):
        raise Refusal(ErrorCode.INVALID, field, "push_key_invalid")
    name = (clean(name) or "")[:120].strip() or None
    async with db.tx():
        await throttle.hit(f"subscribe-push/{actor.id}", 30, timedelta(hours=1))
        now, keys = clock.now(), (wanted.endpoint, wanted.p256dh, wanted.auth)
        key = await db.fetch_value(SUBSCRIBE, new_id(), actor.brand_id, actor.id, actor.session_id, *keys, name, now)
        await db.execute(REPLACE, actor.session_id, key, now)
        await events.record(actor.brand_id, "push.subscribed", actor.ref, ("push_subscription", key))
        made = await queries.device(actor, key)
        if made is None:  # her session was ended while she asked
            raise Refusal(ErrorCode.SIGN_IN_NEEDED)
        return made


async def unsubscribe(actor: Actor, endpoint: str) -> None:
    """Stops reminding this browser; one that is not reminded stays so."""
    allow(actor, "unsubscribePush")
    if not rules.endpoint_possible(endpoint):
        return
    async with db.tx():
        key = await db.fetch_value(UNSUBSCRIBE, actor.id, endpoint, clock.now())
        if key is not None:
            await events.record(actor.brand_id, "push.unsubscribed", actor.ref, ("push_subscription", key))


async def test_push(actor: Actor, endpoint: str) -> None:
    """Sends a test reminder to this browser alone. Raises Refusal NOT_FOUND or TOO_MANY."""
    allow(actor, "testPush")
    assert actor.id
    if not rules.endpoint_possible(endpoint):
        raise Refusal(ErrorCode.NOT_FOUND, "endpoint")
    async with db.tx():
        sql = f"SELECT p.id {queries.LIVE} AND p.staff_id = $2 AND p.endpoint = $3"
        key = await db.fetch_value(sql, clock.now(), actor.id, endpoint)
        if key is None:
            raise Refusal(ErrorCode.NOT_FOUND, "endpoint")
        await throttle.hit(f"test-push/{actor.id}", 5, timedelta(minutes=10))
        await post(actor.brand_id, [Letter(new_id(), actor.id, InboxKind.TEST, {"count": 1}, "/inbox")], only_to=key)
        await events.record(actor.brand_id, "push.tested", actor.ref, ("push_subscription", key))


async def public_key() -> str:
    """The server's public VAPID key, base64url; the private one is made at the first call ever."""
    return webpush.public_key(await _private_key())


async def _private_key() -> str:
    return await secret("vapid", webpush.new_key)


def _extra_places() -> list[str]:
    return os.environ.get("SHUKE_PUSH_HOSTS", "").replace(",", " ").split()


def _contact() -> str:
    chosen = os.environ.get("SHUKE_PUSH_CONTACT", "").strip()
    if chosen and not rules.contact_usable(chosen):
        log.warning("SHUKE_PUSH_CONTACT must be mailto:somebody@a.domain or https://a.domain; the default is used")
    return chosen if chosen and rules.contact_usable(chosen) else DEFAULT_CONTACT


async def sweep_deliveries(limit: int) -> int:
    """Pushes what is due, at most `limit` (and one batch); how many rows were due. Any number may sweep at once.

    Rows are claimed in a short transaction and leased; sending happens outside. Who dies between sending and noting
    it leaves a row that is sent again under the same id, which devices show once.
    """
    async with db.tx():
        now = clock.now()
        rows = await db.fetch(CLAIM, now, min(limit, AT_ONCE), now + LEASE, now - rules.STALE_AFTER, rules.MAX_ATTEMPTS)
    claimed = [Claimed(row[0], DeliveryState(row[1]), row[2], InboxKind(row[3]), *tuple(row)[4:]) for row in rows]
    waiting = [delivery for delivery in claimed if delivery.state is DeliveryState.PENDING]
    if waiting:
        key, contact = await _private_key(), _contact()
        async with webpush.session() as session, asyncio.TaskGroup() as group:
            for delivery in waiting:
                group.create_task(_deliver(session, delivery, key, contact))
    return len(claimed)


async def _deliver(session: object, delivery: Claimed, key: str, contact: str) -> None:
    device = Device(delivery.endpoint, delivery.p256dh, delivery.auth)
    if rules.endpoint_allowed(device.endpoint, _extra_places()):
        count = codec.loads(delivery.data).get("count", 1)
        message = {"id": delivery.id, "kind": delivery.kind.name, "count": count, "url": delivery.url}
        answer = await webpush.send(
            *(session, device, codec.dumps(message)),
            key=key,
            contact=contact,
            topic=delivery.id.hex,
            ttl=int(TTL.total_seconds()),
        )
    else:  # taken off the operator's list since
        answer = Answer(403, error="endpoint not allowed")
    await _record(delivery, answer)


async def _record(delivery: Claimed, answer: Answer) -> None:
    now = clock.now()
    verdict = rules.judge(answer.status, answer.retry_after, delivery.attempts, now)
    if verdict.state is DeliveryState.FAILED:
        log.warning("push delivery %s failed: %s %s", delivery.id, answer.status, answer.error or "")
    metrics.PUSHES.labels(verdict.state.value).inc()  # pending: it is tried again
    async with db.tx():
        await db.execute(
            *(RECORD, delivery.id, delivery.attempts, verdict.state.value, answer.status),
            *(answer.error, verdict.next_at, now),
        )
        await db.execute(REMEMBER, delivery.subscription_id, delivery.p256dh, now, verdict.state.value)
