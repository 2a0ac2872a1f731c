"""Reads: segments by rules, what a rule would find, and why somebody is in or not."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers.facts import key_of
from shuke.domains.customers.rules.profile import may_see
from shuke.domains.customers.types import Among
from shuke.domains.customers.types.profile import Field, FieldPlace, FieldUse
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.segments.queries.catalogue import by_id, catalogue, trees
from shuke.domains.segments.queries.cells import in_cell
from shuke.domains.segments.queries.tags import STANDS
from shuke.domains.segments.rules import expanded, reasons
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rules import (
    PAST,
    SEGMENTS,
    Answer,
    Figures,
    Membership,
    PastTime,
    Preview,
    Reasons,
    SegmentKind,
    SegmentView,
    Standing,
    Why,
)
from shuke.domains.segments.types.tags import TAGS, HeldTag
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.rules import WILLING, Catalogue, Condition, Every, Node, Statement, conditions, deciding, read

COLUMNS = """s.id, s.brand_id, s.name, s.note, s.kind, s.version, s.tree, s.members, s.filled_at, s.archived_at,
  s.created_at, s.updated_at, (SELECT f.name FROM segment_version v
    JOIN staff f ON f.id = coalesce(v.staff_id, s.staff_id)
    WHERE v.segment_id = s.id ORDER BY v.number DESC LIMIT 1)"""
# who was merged away stands in a snapshot under her old id
HERS = """m.left_at IS NULL AND (m.customer_id = c.id
  OR m.customer_id IN (SELECT o.id FROM customer o WHERE o.merged_into_id = c.id))"""
LIST = f"SELECT {COLUMNS} FROM segment s WHERE s.brand_id = $1 AND (s.archived_at IS NULL OR $2) ORDER BY s.id DESC"
ONE = f"SELECT {COLUMNS} FROM segment s WHERE s.brand_id = $1 AND s.id = $2"
# what was set, by whom and until when, and the dynamic tags of the segments that she is in
TAGGED = f"""(SELECT coalesce(jsonb_agg(to_jsonb(q) - 'place' ORDER BY q.place), '[]') FROM (
  SELECT ARRAY[g.position, t.position] AS place, t.id AS tag_id, t.name, t.colour, t.kind, g.name AS "group",
    h.set_by, h.since, s.name AS staff, t.segment_id, h.score, h.reasons, h.model_version, h.expires_at
  FROM (
    SELECT x.tag_id, x.set_how AS set_by, x.set_at AS since, x.staff_id, x.score, x.reasons, x.model_version,
      x.expires_at FROM customer_tag x WHERE x.customer_id = c.id AND {STANDS}
    UNION ALL SELECT d.id, 'rule', m.entered_at, NULL, NULL, NULL, NULL, NULL FROM segment_member m
    JOIN tag d ON d.segment_id = m.segment_id WHERE m.customer_id = c.id AND m.left_at IS NULL
  ) h JOIN tag t ON t.id = h.tag_id AND t.archived_at IS NULL JOIN tag_group g ON g.id = t.group_id
  LEFT JOIN staff s ON s.id = h.staff_id) q)"""
STANDING = f"""
SELECT c.id, (SELECT m.cell FROM segment_membership m WHERE m.customer_id = c.id AND m.left_at IS NULL),
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'segment_id', s.id, 'name', s.name, 'kind', s.kind,
      'since', m.entered_at) ORDER BY m.entered_at DESC, s.id), '[]')
    FROM segment_member m JOIN segment s ON s.id = m.segment_id AND s.archived_at IS NULL
    WHERE {HERS}), {TAGGED}, f.last_on, f.visits, f.minor,
  (SELECT (b.basis ->> 'window_days')::int FROM rfm_state b WHERE b.brand_id = $1)
FROM customer c JOIN store z ON z.id = c.store_id LEFT JOIN rfm_figure f ON f.customer_id = c.id
WHERE c.brand_id = $1 AND c.id = ANY($3)
"""
# her time in it, and those that are over, the latest first: each with what was seen at its end that is known
TIMES = f"""
SELECT m.entered_at, v.tree, w.by, m.left_at FROM segment_member m
CROSS JOIN LATERAL (SELECT CASE WHEN m.left_at IS NULL THEN m.entered_by ELSE m.left_by END AS by) w
LEFT JOIN segment_version v ON v.segment_id = m.segment_id AND v.number = (w.by ->> 'version')::int
WHERE m.segment_id = $1 AND m.customer_id = $2 ORDER BY m.left_at DESC NULLS FIRST LIMIT {PAST + 1}
"""
REASONS = """
SELECT m.id, coalesce(w.store_id, c.store_id), v.tree, m.entered_by FROM segment_member m
JOIN customer c ON c.id = m.customer_id LEFT JOIN customer w ON w.id = c.merged_into_id
LEFT JOIN segment_version v ON v.segment_id = m.segment_id AND v.number = (m.entered_by ->> 'version')::int
WHERE m.brand_id = $1 AND m.id = ANY($2)
"""
SAMPLED = 20_000
"""Of more customers than that, a preview asks so many, taken evenly."""
SHOWN = 10
SAMPLE = "c.id = ANY(ARRAY(SELECT id FROM customer WHERE brand_id = $1 ORDER BY hashtext(id::text) LIMIT {most}))"


def _view(row: Any) -> SegmentView:
    """Of the columns of COLUMNS, wherever they begin."""
    key, brand_id, name, note, kind, version, tree, *further = row
    return SegmentView(key, brand_id, name, note, SegmentKind(kind), version, codec.loads(tree), *further)


async def segment_list(actor: Actor, archived: bool = False) -> list[SegmentView]:
    """The brand's segments, the newest first."""
    allow(actor, "segmentList")
    return [_view(row) for row in await db.fetch(LIST, actor.brand_id, archived)]


async def segment(actor: Actor, key: UUID) -> SegmentView | None:
    """One of the brand's segments, archived or not."""
    allow(actor, "segment")
    row = await db.fetch_row(ONE, actor.brand_id, key)
    return _view(row) if row else None


async def count_segments(brand_id: UUID) -> int:
    sql = "SELECT count(*) FROM segment WHERE brand_id = $1 AND archived_at IS NULL"
    return int(await db.fetch_value(sql, brand_id))


async def names_of(brand_id: UUID, ids: Sequence[UUID]) -> list[str]:
    """What these of the brand's segments are called, those that there are."""
    sql = "SELECT name FROM segment WHERE brand_id = $1 AND id = ANY($2) ORDER BY id"
    return [row[0] for row in await db.fetch(sql, brand_id, ids)]


def chosen(actor: Actor, cell: RfmCell | None, segment_id: UUID | None) -> Among | None:
    """Of the customers in a list, those who are in this cell and this segment now; None: whoever they are.

    A partner's key learns of no segment.
    """
    among = in_cell(actor, cell) if cell else None
    if segment_id is None:
        return among
    inside = f"EXISTS (SELECT FROM segment_member m WHERE m.segment_id = {{0}} AND {HERS})"
    if actor.kind == "partner":
        return Among("false")
    if among is None:
        return Among(inside, (segment_id,))
    return Among(f"{inside} AND {among.sql.replace('{0}', '{1}')}", (segment_id, *among.args))


async def trees_of(actor: Actor, ids: Iterable[UUID]) -> list[tuple[Node, Catalogue]]:
    """What each of these segments asks, with what is needed to say it in words."""
    known = await catalogue(actor.brand_id)
    found = {row[0]: codec.loads(row[6]) for row in await db.fetch(LIST, actor.brand_id, True)}
    return [(read(found[key], known, stored=True), known) for key in ids]


async def preview(actor: Actor, said: object) -> Preview:
    """What a rule finds now, before anybody saves it. Raises Refusal INVALID, as `kit.rules.read` does."""
    allow(actor, "segmentPreview")
    known = await catalogue(actor.brand_id)
    tree = read(said, known)
    meant = await by_id(actor.brand_id, await trees(actor.brand_id, known))
    everybody = await db.fetch_value("SELECT count(*) FROM customer WHERE brand_id = $1", actor.brand_id)
    large = everybody > SAMPLED
    statement = Statement(known, actor.brand_id, clock.now())
    each = [statement.holds(expanded(one, meant)) for one in conditions(tree)]
    counts = "".join(f", count(*) FILTER (WHERE {holds})" for holds in each)
    holds = statement.finds(expanded(tree, meant))
    among = f"AND {SAMPLE.format(most=statement.arg(SAMPLED, 'int'))}" if large else ""
    sql = f"""SELECT c.store_id, count(*), count(*) FILTER (WHERE {holds}),
      (array_agg(c.id ORDER BY c.id DESC) FILTER (WHERE {holds}))[:{SHOWN}] {counts}
      {statement.people} {among} GROUP BY c.store_id"""
    rows = await db.fetch(sql, *statement.args)
    asked = sum(row[1] for row in rows)
    scale = everybody / asked if large and asked else 1
    found = {row[0]: round(row[2] * scale) for row in rows if row[2]}
    stores = {store.id: store for store in await identity.stores(actor.brand_id)}
    people = sorted((key for row in rows for key in row[3] or ()), reverse=True)[:SHOWN]
    return Preview(
        tree,
        known,
        round(sum(row[2] for row in rows) * scale),
        not large,
        [round(sum(row[4 + place] for row in rows) * scale) for place in range(len(each))],
        sorted(((stores[key], many) for key, many in found.items()), key=lambda pair: -pair[1]),
        people,
    )


async def why(actor: Actor, segment_id: UUID, customer_id: UUID) -> Why:
    """Whether somebody whom the caller may open fits a segment's rule, condition by condition, as of now.

    Conditions on fields that the caller does not see are left out, then and now. Raises Refusal NOT_FOUND.
    """
    allow(actor, "segmentWhy")
    view = await customers.customer(actor, customer_id)
    row = await db.fetch_row(ONE, actor.brand_id, segment_id)
    if view is None or row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "customerId" if view is None else "segmentId")
    known = await catalogue(actor.brand_id)
    meant = await by_id(actor.brand_id, await trees(actor.brand_id, known))
    found = _view(row)
    tree = read(found.tree, known, stored=True)
    whole, asked, statement = (
        expanded(tree, meant),
        list(conditions(tree)),
        Statement(known, view.brand_id, clock.now()),
    )
    holds = ", ".join([statement.finds(whole), *(statement.holds(expanded(one, meant)) for one in asked)])
    seen = statement.seen([one if expanded(one, meant) is one else None for one in asked])
    sql = f"""SELECT ARRAY[{holds}]::bool[], {seen}, {WILLING} {statement.people}
      AND c.id = {statement.arg(view.id, "uuid")}"""
    said = await db.fetch_row(sql, *statement.args)
    if said is None:
        raise Refusal(ErrorCode.NOT_FOUND, "customerId")
    profiling = any(known[one.fact].profiling for one in conditions(whole))
    hidden = await _hidden(actor, view.store.id)
    fits, *each = said[0]
    value, decides = deciding(tree, iter(each))
    decides = [one and value is fits for one in decides]  # who refuses to be grouped is out whatever they say
    answers = [Answer(*one) for one in zip(asked, each, codec.loads(said[1]), decides, strict=True)]
    answers = [one for one in answers if one.asked.fact not in hidden]
    times = await _times(segment_id, view.id, known, hidden)
    return Why(found, known, fits, answers, profiling and not said[2], *times)


async def _times(
    segment_id: UUID, customer_id: UUID, known: Catalogue, hidden: set[str]
) -> tuple[datetime | None, list[tuple[Node, Any]], list[PastTime]]:
    """Since when she is in it, what brought her in, and when she was in it earlier."""
    since, then, past = None, list[tuple[Node, Any]](), list[PastTime]()
    for row in await db.fetch(TIMES, segment_id, customer_id):
        entered, left = row[0], row[3]
        if left:
            past.append(PastTime(entered, left, _let_go(row, known, hidden)))
        else:
            since, then = entered, [pair for pair in _then(row, known) if not _speaks_of(pair[0], hidden)]
    return since, then, past[:PAST]


async def reasons_of(actor: Actor, ids: list[UUID]) -> list[Reasons]:
    """What brought somebody into a segment, by the ids of `Membership`; without what the caller does not see."""
    known, fields = await catalogue(actor.brand_id), (await customers.latest(actor.brand_id)).document.fields
    found: dict[UUID, Reasons] = {}
    for key, store_id, tree, seen in await db.fetch(REASONS, actor.brand_id, ids):
        hidden = _unseen(actor, fields, store_id)
        pairs = [pair for pair in _then((None, tree, seen), known) if not _speaks_of(pair[0], hidden)]
        found[key] = Reasons(known, pairs)
    return [found.get(key) or Reasons(known, []) for key in ids]


def _speaks_of(node: Node, keys: set[str]) -> bool:
    return any(one.fact in keys for one in conditions(node))


async def _hidden(actor: Actor, store_id: UUID) -> set[str]:
    return _unseen(actor, (await customers.latest(actor.brand_id)).document.fields, store_id)


def _unseen(actor: Actor, fields: Iterable[Field], store_id: UUID) -> set[str]:
    """Facts of fields that the caller does not see in this store."""
    roles = customers.roles_at(actor, store_id)
    return {key_of(field) for field in fields if not may_see(field, roles)}


def _then(row: Any, known: Catalogue) -> list[tuple[Node, Any]]:
    """What each condition of that version's rule saw."""
    tree = read(codec.loads(row[1]), known, stored=True) if row[1] else Every(())
    return reasons(tree, iter(codec.loads(row[2])["seen"]), lambda one: known[one.fact].each or one.fact == SEGMENTS)


def _let_go(row: Any, known: Catalogue, hidden: set[str]) -> list[tuple[Condition, Any]]:
    """What each condition saw when she left, without what sees nothing to name and what the caller does not see.

    Values are kept and no verdicts: which of them no longer held is not known any more.
    """
    tree = read(codec.loads(row[1]), known, stored=True) if row[1] else Every(())
    seen = zip(conditions(tree), codec.loads(row[2])["seen"], strict=False)  # of who is merged away nothing was seen
    shown = [pair for pair in seen if pair[0].fact not in hidden]
    return [(one, value) for one, value in shown if value is not None or not _names_nothing(one, known)]


def _names_nothing(asked: Condition, known: Catalogue) -> bool:
    return known[asked.fact].each or asked.fact in (SEGMENTS, TAGS)


async def standing_of(actor: Actor, ids: list[UUID]) -> list[Standing]:
    """Where each of these customers stands: her cell with its figures, the segments that she is in, the latest first,
    and her tags.

    What she bought anywhere counts, so that a partner's key that is limited to stores learns no cell, and none learns
    of segments and tags.
    """
    found = {row[0]: row for row in await db.fetch(STANDING, actor.brand_id, clock.now(), ids)}
    limited, partner = actor.stores is not None, actor.kind == "partner"
    return [
        Standing(
            None if (hidden := limited or row[1] is None) else RfmCell(row[1]),
            None if hidden or row[4] is None else Figures(*row[4:]),
            [] if partner else codec.load(row[2], list[Membership]),
            [] if partner else codec.load(row[3], list[HeldTag]),
        )
        if (row := found.get(key))
        else Standing(None, None, [], [])
        for key in ids
    ]


async def field_uses(actor: Actor, field: Field) -> list[FieldUse]:
    """This room's answer to where a field is used: segments whose rule asks for it, by name."""
    key, known = key_of(field), await catalogue(actor.brand_id)
    asking = {
        one.id for one in await trees(actor.brand_id, known) if any(asked.fact == key for asked in conditions(one.tree))
    }
    rows = await db.fetch("SELECT id, name FROM segment WHERE brand_id = $1 ORDER BY name", actor.brand_id)
    return [FieldUse(FieldPlace.SEGMENT, row[1]) for row in rows if row[0] in asking]
