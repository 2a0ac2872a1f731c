"""Building blocks for the rooms above: many customers at once, set-based, with a verdict for each row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries, rules
from shuke.domains.customers.rules import MEMBER_NO, PHONE, PROFILE, Draft, Known, Plan, drafts
from shuke.domains.customers.rules.drafts import CUSTOM as CUSTOM
from shuke.domains.customers.service import archive
from shuke.domains.customers.service.completeness import asked, refresh_completeness
from shuke.domains.customers.service.search import enter_search, refresh_search
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import append_new_timeline
from shuke.domains.customers.types import (
    Batch,
    CustomerRow,
    CustomerSource,
    Gender,
    IdentityKind,
    RowChange,
    RowOutcome,
    RowVerdict,
)
from shuke.kit import clock, codec, db, events
from shuke.kit.ids import new_id, new_ids

BARE = dict.fromkeys(PROFILE, None) | {"gender": Gender.UNKNOWN.value}

KNOWN = f"""
SELECT c.id, c.store_id, c.guide_id, ARRAY(
  SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'member_no'), c.version,
  c.custom_values, {", ".join(PROFILE)}
FROM customer c WHERE c.brand_id = $1 AND c.id = ANY($2) ORDER BY c.id FOR NO KEY UPDATE OF c
"""
TAKEN = "SELECT id FROM customer WHERE id = ANY($2) AND brand_id <> $1"
UPDATE = """
UPDATE customer c SET name = w.name, alias = w.alias, gender = w.gender, birthday = w.birthday, level = w.level,
  source = w.source, note = w.note, guide_id = w.guide_id, custom_values = w.custom, updated_at = $12,
  version = c.version + 1,
  field_versions = c.field_versions || (SELECT coalesce(jsonb_object_agg(f, c.version + 1), '{}')
    FROM jsonb_array_elements_text(w.changed) AS f)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
  $10::jsonb[], $11::jsonb[]) AS w(id, name, alias, gender, birthday, level, source, note, guide_id, changed, custom)
WHERE c.id = w.id
"""


async def hold_bulk(brand_id: UUID) -> None:
    """Until the transaction's end nobody else brings in customers in bulk; two files never wait in a circle."""
    await db.lock("customers in bulk", brand_id)


async def ensure_members(
    brand_id: UUID,
    store_id: UUID,
    identities: Iterable[tuple[IdentityKind, str, str]],
    source: CustomerSource = CustomerSource.IMPORT,
) -> dict[str, UUID]:
    """(kind, normalised value, as it was typed) -> {value: customer}; whoever is unknown becomes a customer of this
    store, in its pool, with nothing but her number. Whoever was erased stays unknown. Joins the caller's transaction;
    two callers at once make one.
    """
    now, values = clock.now(), BARE | {"source": source.value}
    said = {(kind.value, value): raw for kind, value, raw in identities}
    erased = await suppressed(brand_id, said)
    wanted = {
        (kind, value): archive.Record(new_id(), (kind, value, raw), store_id, None, values, now)
        for (kind, value), raw in said.items()
        if (kind, value) not in erased
    }
    async with db.tx():
        made = await archive.create(brand_id, list(wanted.values()), now, await asked(brand_id))
        await enter_search(list(made))
        found = {key: record.id for key, record in wanted.items() if record.id in made}
        if known := [key for key in wanted if key not in found]:
            found |= await queries.owners(brand_id, known)
    return {value: customer_id for (_, value), customer_id in found.items()}


@dataclass(slots=True)
class Taken:
    """What a bulk of rows came to."""

    verdicts: list[RowVerdict]
    changes: list[RowChange] = field(default_factory=list)
    """customer by customer; one who lost a race for a number and was found the next round stands here once more"""


async def upsert_many(brand_id: UUID, rows: Sequence[CustomerRow]) -> list[RowVerdict]:
    """As `take_rows`, where whatever a row says holds."""
    return (await take_rows(brand_id, rows)).verdicts


async def take_rows(brand_id: UUID, rows: Sequence[CustomerRow], batch: Batch | None = None) -> Taken:
    """Creates or completes a customer for each row, in order; best in chunks of about 1,000. One event for all.

    A row's customer is known by its member number, phone or id; what the row leaves out stays as it is. A known
    customer keeps her store, and her guide if she has one. A further phone becomes one more number of hers; one that is
    somebody else's stays that one's, and the verdict says so (number_of_another). Rejected: identity_missing, id_taken,
    two_archives (the numbers belong to two customers), phone_of_another (a phone whose owner has another member
    number), erased (who had this number wanted to be forgotten). Joins the caller's transaction.
    """
    verdicts: dict[int, RowVerdict] = {}
    done = Taken([])
    async with db.tx():
        await hold_bulk(brand_id)
        waiting = list(range(len(rows)))
        while waiting:
            plan = await _plan(brand_id, [rows[index] for index in waiting], batch)
            lost = await _save(brand_id, plan, batch)
            again = {place for draft in lost for place in draft.rows}
            done.changes += [
                drafts.change(draft) for draft in plan.drafts.values() if draft.changed and draft not in lost
            ]
            verdicts |= {waiting[n]: verdict for n, verdict in enumerate(plan.verdicts) if n not in again}
            # a number that somebody took in between: now she is on file, and the next round finds her
            waiting = [waiting[place] for place in sorted(again)]
        done.verdicts = [verdicts[index] for index in range(len(rows))]
        created = [verdict.customer_id for verdict in done.verdicts if verdict.outcome is RowOutcome.CREATED]
        updated = {verdict.customer_id for verdict in done.verdicts if verdict.outcome is RowOutcome.UPDATED}
        if created or updated:
            people = sorted({*created, *updated} - {None}, key=str)
            data = {"created": len(created), "updated": len(updated), "customers": people}
            data |= {"import": batch.id} if batch else {}
            await events.record(brand_id, "customers.imported", events.SYSTEM, ("brand", brand_id), data)
    return done


async def _plan(brand_id: UUID, rows: Sequence[CustomerRow], batch: Batch | None) -> Plan:
    numbers = [(MEMBER_NO, row.member_no) for row in rows if row.member_no]
    numbers += [(PHONE, row.phone) for row in rows if row.phone]
    numbers += [(kind, value) for row in rows for kind, value, _ in row.further]
    owners = await queries.owners(brand_id, list(dict.fromkeys(numbers)))
    given = [row.id for row in rows if row.id]
    taken = await db.fetch(TAKEN, brand_id, given) if given else []
    known = await _known(brand_id, {*owners.values(), *given})
    erased = await suppressed(brand_id, (number for number in numbers if number not in owners))
    spare, others = new_ids(len(rows)), frozenset(row[0] for row in taken)
    return rules.plan(rows, spare, owners, known, others, erased, batch)


async def _known(brand_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Known]:
    rows = await db.fetch(KNOWN, brand_id, list(ids))
    return {row[0]: Known(row[1], row[2], _values(row), set(row[3]), row[4]) for row in rows}


def _values(row: Any) -> dict[str, Any]:
    """A known customer's columns, and `values.<key>` of head office's own fields."""
    custom = codec.loads(row[5])
    return dict(zip(PROFILE, row[6:], strict=True)) | {f"{CUSTOM}{key}": value for key, value in custom.items()}


async def _save(brand_id: UUID, plan: Plan, batch: Batch | None) -> list[Draft]:
    """Writes what the plan says; gives back the new customers whose number somebody else took in between."""
    now = clock.now()
    new = [draft for draft in plan.drafts.values() if draft.is_new]
    records = [drafts.record(draft, now) for draft in new]
    made = await archive.create(brand_id, records, now, await asked(brand_id)) if new else set()
    old = [draft for draft in plan.drafts.values() if not draft.is_new and draft.changed]
    await _update(old, now)
    kept = [draft for draft in new if draft.customer_id in made] + old
    further = [
        (draft.customer_id, *number) for draft in kept for number in draft.identities[1 if draft.is_new else 0 :]
    ]
    # who was made is measured by now, unless a number that counted went to somebody else
    lost = further and await archive.attach(brand_id, further, now) < len(further)
    await enter_search(list(made))
    await refresh_search([draft.customer_id for draft in old])
    await refresh_completeness(brand_id, [draft.customer_id for draft in (kept if lost else old)])
    batch_id = batch.id if batch else None
    await append_new_timeline(brand_id, [drafts.entry(draft, now, batch_id, new_id()) for draft in kept])
    return [draft for draft in new if draft.customer_id not in made]


async def _update(old: Sequence[Draft], now: datetime) -> None:
    if not old:
        return
    columns = [[draft.values[name] for draft in old] for name in PROFILE]
    changed = [codec.dumps(sorted(draft.changed)) for draft in old]
    guides, custom = [draft.guide_id for draft in old], [codec.dumps(drafts.custom(draft)) for draft in old]
    await db.execute(UPDATE, [draft.customer_id for draft in old], *columns, guides, changed, custom, now)
