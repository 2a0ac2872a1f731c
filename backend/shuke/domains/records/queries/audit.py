"""Reads: who did what in the house, by the index that fits."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.types.privacy import AuditEvent, AuditFilter
from shuke.kit import codec, db, zones

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
"""Nothing happened before or after; days beyond them have no moment in every zone."""

AUDIT = """
SELECT e.id, e.at, e.kind, e.actor_kind, coalesce(s.name, k.name), e.subject_type, e.subject_id, e.data
FROM ({page}) page JOIN event e ON e.id = page.id
LEFT JOIN staff s ON s.id = e.actor_id AND s.brand_id = e.brand_id
LEFT JOIN partner_key k ON k.id = e.actor_id AND k.brand_id = e.brand_id
ORDER BY page.at DESC, page.id DESC
"""
ONE = "SELECT e.id, e.at FROM event e WHERE e.brand_id = $1 AND e.id = $2"
# each kind's latest from its own index range, then the latest of these
BY_KIND = """
SELECT x.id, x.at FROM unnest({kinds}::text[]) w(kind) CROSS JOIN LATERAL ({page}) x
ORDER BY x.at DESC, x.id DESC LIMIT {limit}
"""


async def audit_events(
    actor: Actor, chosen: AuditFilter, first: int, after: tuple[datetime, UUID] | None = None
) -> list[AuditEvent]:
    """What was done, the latest first: `first` rows and one more, if there is. One statement; however many events there
    are, it reads one index range, or one a kind.
    """
    allow(actor, "auditEvents")
    sql, args = _page(actor, chosen, first, after)
    return [_event(row) for row in await db.fetch(AUDIT.format(page=sql), *args)]


async def audit_event(actor: Actor, event_id: UUID) -> AuditEvent | None:
    """One of them, by its id."""
    allow(actor, "auditEvents")
    row = await db.fetch_row(AUDIT.format(page=ONE), actor.brand_id, event_id)
    return _event(row) if row else None


def _page(actor: Actor, chosen: AuditFilter, first: int, after: tuple[datetime, UUID] | None) -> tuple[str, list[Any]]:
    args: list[Any] = [actor.brand_id, first + 1]
    where = ["e.brand_id = $1"]

    def holds(condition: str, *values: Any) -> None:
        args.extend(values)
        places = [f"${len(args) - len(values) + n + 1}" for n in range(len(values))]
        where.append(condition.format(*places))

    if not chosen.program:
        where.append("e.actor_kind <> 'system'")
    if chosen.staff_id:
        holds("e.actor_id = {0}", chosen.staff_id)
    if chosen.customer_id:
        holds("e.subject_id = {0}", chosen.customer_id)
    if chosen.since:
        holds("e.at >= {0}", zones.at_local(max(chosen.since, FIRST_DAY), 0, actor.timezone))
    if chosen.until:
        holds("e.at < {0}", zones.at_local(min(chosen.until, LAST_DAY) + timedelta(days=1), 0, actor.timezone))
    if after:
        holds("(e.at, e.id) < ({0}, {1})", *after)
    narrow = chosen.staff_id or chosen.customer_id
    if chosen.kinds:
        args.append(list(chosen.kinds))
        where.append(f"e.kind = ANY(${len(args)})" if narrow else "e.kind = w.kind")
    page = f"SELECT e.id, e.at FROM event e WHERE {' AND '.join(where)} ORDER BY e.at DESC, e.id DESC LIMIT $2"
    if chosen.kinds and not narrow:
        page = BY_KIND.format(kinds=f"${len(args)}", page=page, limit="$2")
    return page, args


def _event(row: Any) -> AuditEvent:
    said: list[Any] = [*row[:7], codec.loads(row[7])]
    return AuditEvent(*said)
