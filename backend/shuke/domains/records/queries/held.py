"""Reads: all that is kept of a customer, by the registry of parts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types import CustomerView
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.records.rules.fates import Listed, Nothing, Part
from shuke.domains.records.rules.parts import PARTS
from shuke.domains.records.types.privacy import Copy, ErasurePreview, Held
from shuke.kit import codec, db
from shuke.kit.errors import ErrorCode, Refusal

OWN_IDS = "SELECT id FROM customer WHERE brand_id = $1 AND (id = $2 OR merged_into_id = $2) ORDER BY id"
LINES = """
SELECT to_jsonb(l) - 'order_id' || jsonb_build_object('receipt_no', o.receipt_no) FROM order_line l
JOIN "order" o ON o.id = l.order_id WHERE o.customer_id = ANY($1) ORDER BY o.placed_at, o.id, l.position
"""
NAMES = """
SELECT id::text, name FROM store WHERE brand_id = $1
UNION ALL SELECT id::text, name FROM staff WHERE brand_id = $1
UNION ALL SELECT id::text, version::text FROM consent_text WHERE brand_id = $1
UNION ALL SELECT id::text, name FROM segment WHERE brand_id = $1
UNION ALL SELECT id::text, name FROM tag WHERE brand_id = $1
UNION ALL SELECT id::text, receipt_no FROM "order" WHERE customer_id = ANY($2)
UNION ALL SELECT i.id::text, i.raw_value FROM identity_contact k JOIN customer_identity i ON i.id = k.identity_id
WHERE k.customer_id = ANY($2)
"""
TECHNICAL = (
    *("brand_id", "updated_at", "version", "field_versions", "digest", "merged_into_id", "erased_at", "refusals"),
    *("snapshot", "before", "moved_by", "joined_id", "follows_sale", "remind_at", "token_hash", "swept_at"),
    *("winner_id", "loser_id", "picks", "stayed", "customer_id", "parent_id"),
)
"""Columns that say nothing of her: how the program keeps its books."""

EXTERNAL = "external_id"
"""A number at its source, which is none of ours."""
STAYS = ("orders", "consents")
"""Parts that an erasure leaves, without her."""


def confirm_with(view: CustomerView) -> str:
    """What is to be typed before she is erased: her name, else what she is called, else the end of her number."""
    return view.name or view.alias or (view.phone or view.member_no or "")[-4:]


async def own_ids(brand_id: UUID, customer_id: UUID) -> list[UUID]:
    """Hers, and those of the records that were merged into hers."""
    return [row[0] for row in await db.fetch(OWN_IDS, brand_id, customer_id)]


async def erasure_preview(actor: Actor, customer_id: UUID) -> ErasurePreview:
    """What would go and what would stay. Raises Refusal FORBIDDEN, NOT_FOUND."""
    allow(actor, "erasurePreview")
    view = await customers.customer(actor, customer_id)
    if view is None:
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    ids = await own_ids(actor.brand_id, view.id)
    counts: dict[str, int] = {}
    for part, name in _listed():
        sql = f'SELECT count(*) FROM "{part.table}" WHERE {part.column} = ANY($1)'
        counts[name] = counts.get(name, 0) + await db.fetch_value(sql, ids)
    goes = {name for part, name in _listed() if not isinstance(part.erasure, Nothing)} - set(STAYS)
    held = [Held(name, count) for name, count in counts.items() if count]
    return ErasurePreview(
        confirm_with(view), [one for one in held if one.name in goes], [one for one in held if one.name not in goes]
    )


async def everything(brand_id: UUID, view: CustomerView, at: datetime, locale: str, currency: str) -> Copy:
    """All rows that are kept of her, as a person may read them: stores, colleagues, receipts and numbers by name."""
    ids = await own_ids(brand_id, view.id)
    parts: dict[str, list[dict[str, Any]]] = {}
    for part, name in _listed():
        sql = (
            f"""SELECT {_columns(part)} FROM "{part.table}" t WHERE t.{part.column} = ANY($1)
          ORDER BY to_jsonb(t)->>'id'"""
            ""
        )
        parts.setdefault(name, []).extend(codec.loads(row[0]) for row in await db.fetch(sql, ids))
    parts["lines"] = [codec.loads(row[0]) for row in await db.fetch(LINES, ids)]
    names = {row[0]: row[1] for row in await db.fetch(NAMES, brand_id, ids)}
    told = {name: [_readable(row, names) for row in rows] for name, rows in parts.items() if rows}
    document = (await customers.latest(brand_id)).document
    return Copy(told, at, locale, document, view.store.timezone, currency, names)


def _columns(part: Part) -> str:
    """SQL of a row of the copy: without what says nothing of her, and of a row that is somebody else's what is hers."""
    only = part.export.only if isinstance(part.export, Listed) else None
    if only is not None:
        pairs = ", ".join(f"'{column}', t.{column}" for column in only)
        return f"jsonb_build_object({pairs})"
    hidden = ", ".join(f"'{column}'" for column in TECHNICAL)
    return f"to_jsonb(t) - ARRAY[{hidden}]"


def _listed() -> list[tuple[Part, str]]:
    """The parts that are hers to read, each with its name; of a table that refers to her twice, both."""
    return [(part, part.export.name) for part in PARTS if isinstance(part.export, Listed)]


def _readable(row: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    """Without what is empty; stores, colleagues and texts by name rather than id."""
    full = {key: value for key, value in row.items() if value not in (None, "", [], {})}
    told = {key: named.get(value, value) if _refers(key, value) else value for key, value in full.items()}
    return {key if key == EXTERNAL else key.removesuffix("_id"): value for key, value in told.items()}


def _refers(column: str, value: Any) -> bool:
    return column != "id" and isinstance(value, str)
