"""Use cases about children: entering, editing, the birth of one that was expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries, rules
from shuke.domains.customers.rules import dependants as ages
from shuke.domains.customers.rules.profile import demand
from shuke.domains.customers.service import checks, profile
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import Conflict, CustomerView, Gender, TimelineKind
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.customers.types.profile import Form, Subject
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events, zones
from shuke.kit.errors import ErrorCode, Refusal

MOST_CHILDREN = 20

ADD = """
INSERT INTO dependant (id, brand_id, customer_id, name, gender, born_on, due_on, since, custom_values)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING
"""
COUNT = "SELECT count(*) FROM dependant WHERE customer_id = $1 AND removed_at IS NULL"
LOAD = """
SELECT customer_id, name, gender, born_on, due_on, version, field_versions, stopped_at, since, removed_at,
  custom_values
FROM dependant WHERE brand_id = $1 AND id = $2 FOR NO KEY UPDATE
"""
SAVE = """
UPDATE dependant SET version = $2, field_versions = $3, updated_at = $4, since = $5, name = $6, gender = $7,
  born_on = $8, due_on = $9, custom_values = (custom_values || $10) - $11::text[] WHERE id = $1
"""


@dataclass(slots=True)
class Loaded:
    """A child as it stands, locked until the transaction's end, and its mother."""

    id: UUID
    mother: CustomerView
    row: Mapping[str, Any]


async def add_dependant(actor: Actor, new: NewDependant) -> UUID:
    """Enters a child, with the day of its birth or the day it is due.

    Raises Refusal NOT_FOUND, FORBIDDEN, REQUIRED, INVALID (dates, a name too long, too many children, a value that does
    not fit its field) and TAKEN (the id).
    """
    reach = allow(actor, "addDependant")
    async with db.tx():
        mother = await checks.reachable(actor, reach, new.customer_id, "customerId")
        await _enter(actor, mother, new)
        await tell(actor, "added", new.id, mother)
    return new.id


async def enter_with_her(actor: Actor, customer_id: UUID, children: Sequence[NewDependant]) -> None:
    """Enters the children of a customer who is being entered herself; her timeline says that once, of her. Joins the
    caller's transaction.

    Raises Refusal as `add_dependant`; its field is `children.<place>.` and the child's, or `children` for too many.
    """
    mother = await checks.reachable(actor, allow(actor, "addDependant"), customer_id)
    for place, child in enumerate(children):
        try:
            await _enter(actor, mother, child, "")
        except Refusal as refusal:
            refusal.field = f"children.{place}.{refusal.field}" if refusal.field else "children"
            raise
        await announce(actor, "added", child.id, mother)


async def _enter(actor: Actor, mother: CustomerView, new: NewDependant, of: str = "customerId") -> None:
    """`of`: the field that names the mother."""
    name = _name(new.name)
    check_dates(mother, new.born_on, new.due_on)
    await db.lock("children", mother.id)
    if await db.fetch_value(COUNT, mother.id) >= MOST_CHILDREN:
        raise Refusal(ErrorCode.INVALID, of, "children_many", most=MOST_CHILDREN)
    custom = await _values_of_new(actor, mother, new)
    row = (new.id, actor.brand_id, mother.id, name, new.gender, new.born_on, new.due_on, clock.now())
    if not await db.execute(ADD, *row, codec.dumps(custom)):
        raise Refusal(ErrorCode.TAKEN, "id", "id_taken")


async def _values_of_new(actor: Actor, mother: CustomerView, new: NewDependant) -> dict[str, Any]:
    form = await queries.form(actor.brand_id, new.template_version)
    said = await profile.filled_in(actor, form, new.values or {}, {}, mother.store.id, Subject.DEPENDANT)
    if form.known or new.values is not None:
        demand(form, Subject.DEPENDANT, said, queries.roles_at(actor, mother.store.id) or ())
    return {key: value for key, value in said.items() if value is not None}


async def update_dependant(
    actor: Actor, key: UUID, base_version: int, patch: Mapping[str, Any], template_version: int | None = None
) -> UUID:
    """Changes what `patch` names: name, gender, born_on, due_on, and `values`: field key -> what was typed, by the
    template of `template_version` (None: the newest). The two days are one: giving one empties the other.

    What somebody else changed since `base_version` is kept unless the patch wants it otherwise: then nothing is saved
    and Refusal CONFLICT carries list[Conflict]. Raises Refusal NOT_FOUND, FORBIDDEN and INVALID, too.
    """
    async with db.tx():
        child = await load(actor, "updateDependant", key)
        row = child.row
        if not 1 <= base_version <= row["version"]:
            raise Refusal(ErrorCode.INVALID, "baseVersion", "base_version")
        current = {"name": row["name"], "gender": row["gender"], "date": (row["born_on"], row["due_on"])}
        form = await queries.form(actor.brand_id, template_version)
        custom, store = codec.loads(row["custom_values"]), child.mother.store.id
        typed = patch.get("values") or {}
        said = await profile.filled_in(actor, form, typed, custom, store, Subject.DEPENDANT)
        current |= {f"values.{name}": custom.get(name) for name in said}
        wanted = _wanted(patch, current["date"]) | {f"values.{name}": value for name, value in said.items()}
        merged = rules.merge(current, codec.loads(row["field_versions"]), base_version, wanted)
        if merged.clashes:
            conflicts = [_conflict(actor, form, name, wanted[name], current[name]) for name in merged.clashes]
            raise Refusal(ErrorCode.CONFLICT, conflicts[0].field, subject=conflicts)
        if "date" in merged.changes:
            check_dates(child.mother, *merged.changes["date"])
        if merged.changes:
            await _save(child, current | merged.changes, merged.changes)
            await tell(actor, "updated", key, child.mother)
    return key


async def confirm_birth(actor: Actor, key: UUID, born_on: date | None) -> UUID:
    """The child that was due is born: on this day, or (None) today by the store's clock. Again, it changes nothing.

    Raises Refusal NOT_FOUND, FORBIDDEN and INVALID (a day to come; another day of birth is on file).
    """
    async with db.tx():
        child = await load(actor, "confirmBirth", key)
        day = born_on or zones.local_date(clock.now(), child.mother.store.timezone)
        if child.row["born_on"] is not None:
            if born_on in (None, child.row["born_on"]):
                return key
            raise Refusal(ErrorCode.INVALID, "bornOn", "born_already", day=child.row["born_on"].isoformat())
        check_dates(child.mother, day, None)
        current = {"name": child.row["name"], "gender": child.row["gender"], "date": (day, None)}
        await _save(child, current, ["date"])
        await tell(actor, "born", key, child.mother)
    return key


async def load(actor: Actor, operation: str, key: UUID, removed: bool = False) -> Loaded:
    """Locks the child first, so that what is checked is what stands. Raises Refusal NOT_FOUND and FORBIDDEN."""
    reach = allow(actor, operation)
    row = await db.fetch_row(LOAD, actor.brand_id, key)
    if row is None or (row["removed_at"] is not None and not removed):
        raise Refusal(ErrorCode.NOT_FOUND, "id")
    mother = await checks.reachable(actor, reach, row["customer_id"], "id", "FOR NO KEY UPDATE")  # see `tell`
    return Loaded(key, mother, dict(row))


async def tell(actor: Actor, what: str, key: UUID, mother: CustomerView) -> None:
    """Notes what happened to a child: on its mother's timeline, among her card's problems, and as news."""
    now, data = clock.now(), {"fields": ["dependants"]}
    await append_timeline(actor.brand_id, mother.id, TimelineKind.PROFILE, now, actor.id, data)
    if what != "added":  # whoever is entered is due on a day to come
        await refresh_completeness(actor.brand_id, [mother.id])
    await announce(actor, what, key, mother)


async def announce(actor: Actor, what: str, key: UUID, mother: CustomerView) -> None:
    data = {"customer": mother.id}
    await events.record(actor.brand_id, f"dependant.{what}", actor.ref, ("dependant", key), data)


def check_dates(mother: CustomerView, born_on: date | None, due_on: date | None) -> None:
    """Raises Refusal INVALID: a birth lies in the past, a due date ahead, by the clock of the family's store."""
    wrong = ages.wrong_dates(born_on, due_on, zones.local_date(clock.now(), mother.store.timezone))
    if wrong:
        raise Refusal(ErrorCode.INVALID, *wrong)


def _name(said: str | None) -> str | None:
    words = checks.text("name", said)
    return " ".join(words.split()) if words else None


def _wanted(patch: Mapping[str, Any], date_now: Any) -> dict[str, Any]:
    """The patch as `current` has it; the two days as one."""
    wanted: dict[str, Any] = {}
    if "name" in patch:
        wanted["name"] = _name(patch["name"])
    if "gender" in patch:
        wanted["gender"] = patch["gender"] or Gender.UNKNOWN.value
    born_on, due_on = patch.get("born_on"), patch.get("due_on")
    if born_on and due_on:
        raise Refusal(ErrorCode.INVALID, "dueOn", "one_date")
    if born_on or due_on:
        wanted["date"] = (born_on, due_on)
    elif "born_on" in patch or "due_on" in patch:
        emptied = (None if "born_on" in patch else date_now[0], None if "due_on" in patch else date_now[1])
        wanted["date"] = emptied
    return wanted


async def _save(child: Loaded, values: Mapping[str, Any], changed: Any) -> None:
    row, now = child.row, clock.now()
    version = row["version"] + 1
    versions = codec.loads(row["field_versions"]) | dict.fromkeys(changed, version)
    since = now if "date" in changed else row["since"]
    own = (values["name"], values["gender"], *values["date"])
    custom = {name.removeprefix("values."): values[name] for name in changed if name.startswith("values.")}
    gone = [name for name, value in custom.items() if value is None]
    await db.execute(SAVE, child.id, version, codec.dumps(versions), now, since, *own, codec.dumps(custom), gone)


def _conflict(actor: Actor, form: Form, name: str, yours: Any, theirs: Any) -> Conflict:
    if name.startswith("values."):
        return profile.conflict(actor, form, name, yours, theirs)
    if name == "date":
        field = "bornOn" if yours[0] else "dueOn"
        return Conflict(field, _day(yours), _day(theirs))
    shown = [value.upper() if name == "gender" else value for value in (yours, theirs)]
    return Conflict(name, *shown)


def _day(days: tuple[date | None, date | None]) -> str | None:
    day = days[0] or days[1]
    return day.isoformat() if day else None
