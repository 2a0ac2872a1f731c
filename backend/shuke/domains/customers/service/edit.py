"""Editing a customer: a patch with the version it was based on, merged field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries, rules
from shuke.domains.customers.rules import PHONE
from shuke.domains.customers.rules import profile as profile_rules
from shuke.domains.customers.service import archive, checks, counter, holders, profile
from shuke.domains.customers.service.completeness import refresh_completeness
from shuke.domains.customers.service.referrals import check_referrer
from shuke.domains.customers.service.search import refresh_search
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import append_timeline
from shuke.domains.customers.types import Conflict, CustomerSource, CustomerView, Gender, IdentityKind, TimelineKind
from shuke.domains.customers.types.profile import Form, Subject
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Reach
from shuke.kit import clock, codec, db, events, phones, zones
from shuke.kit.errors import ErrorCode, Refusal

LOAD = f"""
SELECT c.field_versions, c.version, c.name, c.alias, c.gender, c.birthday, c.level, c.source, c.note, c.guide_id,
  c.referrer_id, {queries.OWN_PHONE}, c.custom_values
FROM customer c WHERE c.brand_id = $1 AND c.id = $2
"""
KEEP_VALUES = "UPDATE customer SET custom_values = (custom_values || $2) - $3::text[] WHERE id = $1"
COLUMNS = (*rules.PROFILE, "guide_id", "referrer_id")


@dataclass(slots=True)
class _Loaded:
    """The customer as she stands, locked until the transaction's end."""

    view: CustomerView
    versions: dict[str, int]
    version: int
    values: dict[str, Any]
    """COLUMNS, `phone` (E.164) and `values.<key>` -> value"""
    form: Form


async def update_customer(
    actor: Actor, customer_id: UUID, base_version: int, patch: Mapping[str, Any], template_version: int | None = None
) -> UUID:
    """Changes the fields in `patch`: name, alias, gender, birthday, level, source, note, phone (as typed), guide_id,
    referrer_id, and `values`: field key -> what was typed, by the template of `template_version` (None: the newest).

    None empties a field. What somebody else changed since `base_version` is kept unless the patch wants it otherwise:
    then nothing is saved and Refusal CONFLICT carries list[Conflict]. Raises Refusal NOT_FOUND, FORBIDDEN, INVALID,
    REQUIRED, TOO_MANY, TAKEN and TAKEN_ELSEWHERE (the phone; the subject is the MaskedCustomer who has it), ERASED.
    """
    reach = allow(actor, "updateCustomer")
    wanted = _checked(actor, patch)
    async with db.tx():
        form = await queries.form(actor.brand_id, template_version)
        loaded = await _load(actor, reach, customer_id, form)
        wanted |= await _custom(actor, wanted, loaded)
        if not 1 <= base_version <= loaded.version:
            raise Refusal(ErrorCode.INVALID, "baseVersion", "base_version")
        await _check_guide(actor, reach, wanted, loaded)
        versions = await _versions(actor.brand_id, loaded, customer_id, base_version)
        merged = rules.merge(loaded.values, versions, base_version, wanted)
        if merged.clashes:
            conflicts = [await _conflict(actor, name, wanted[name], loaded) for name in merged.clashes]
            raise Refusal(ErrorCode.CONFLICT, conflicts[0].field, subject=conflicts)
        if merged.changes:
            if referrer_id := merged.changes.get("referrer_id"):
                merged.changes["referrer_id"] = await check_referrer(actor, loaded.view.id, referrer_id)
            await _save(actor, loaded, merged.changes, patch)
    return customer_id


def _checked(actor: Actor, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The patch as columns hold it: enums by value, the phone in E.164."""
    wanted = dict(patch)
    for name in ("name", "alias", "level", "note"):
        if name in wanted:
            wanted[name] = checks.text(name, wanted[name])
    if "gender" in wanted:
        wanted["gender"] = (wanted["gender"] or Gender.UNKNOWN).value
    if "source" in wanted:
        wanted["source"] = (wanted["source"] or CustomerSource.OTHER).value
    if "phone" in wanted:
        wanted["phone"] = counter.e164(typed) if (typed := rules.clean(wanted["phone"])) else None
    if "birthday" in wanted:
        wanted["birthday"] = counter.birthday(actor, wanted["birthday"])
    return wanted


async def _custom(actor: Actor, wanted: dict[str, Any], loaded: _Loaded) -> dict[str, Any]:
    """The values in the patch, taken out of it, as `values.<key>`. Raises Refusal for what does not fit its field."""
    typed = wanted.pop("values", None) or {}
    profile_rules.check_built_in(loaded.form, wanted, zones.local_date(clock.now(), actor.timezone))
    # a number that was not hers may go, whatever the form asks of who enters her
    emptied = {name: None for name, value in wanted.items() if value in (None, "unknown") and name != "phone"}
    roles = queries.roles_at(actor, loaded.view.store.id) or ()
    profile_rules.check_hands(loaded.form.now, rules.schema_names(wanted), roles)
    profile_rules.demand(loaded.form, Subject.CUSTOMER, emptied, roles, only=emptied)
    before = {key: loaded.values.get(f"values.{key}") for key in typed}
    found = await profile.filled_in(actor, loaded.form, typed, before, loaded.view.store.id)
    loaded.values |= {f"values.{key}": value for key, value in before.items()}
    return {f"values.{key}": value for key, value in found.items()}


async def _load(actor: Actor, reach: Reach, customer_id: UUID, form: Form) -> _Loaded:
    """Locks her first, so that what is checked and merged is what stands when it is saved."""
    view = await checks.reachable(actor, reach, customer_id, lock="FOR NO KEY UPDATE")
    row = await db.fetch_row(LOAD, actor.brand_id, view.id)
    assert row
    versions, version, *values, custom = row
    said = dict(zip((*COLUMNS, "phone"), values, strict=True))
    said |= {f"values.{key}": value for key, value in codec.loads(custom).items()}
    return _Loaded(view, codec.loads(versions), version, said, form)


async def _versions(brand_id: UUID, loaded: _Loaded, customer_id: UUID, base_version: int) -> dict[str, int]:
    """The versions that the edit's base is held against. Who edits by the id, and on a base, of somebody who has been
    merged since saw that archive: a field is as old as it was there, unless it says something else now.
    """
    if customer_id == loaded.view.id:
        return loaded.versions
    row = await db.fetch_row(LOAD, brand_id, customer_id)
    assert row
    versions, version, *values, custom = row
    if base_version > version:  # the merged archive's own
        return loaded.versions
    old = dict(zip((*COLUMNS, "phone"), values, strict=True))
    old |= {f"values.{key}": value for key, value in codec.loads(custom).items()}
    names = {*old, *loaded.values}
    changed = {name: version + 1 for name in names if old.get(name) != loaded.values.get(name)}
    return codec.loads(versions) | changed


async def _check_guide(actor: Actor, reach: Reach, wanted: Mapping[str, Any], loaded: _Loaded) -> None:
    """Raises Refusal INVALID for a new owner who does not work in the customer's store, FORBIDDEN where another store,
    which she is only shared with, wishes for one.
    """
    guide_id = wanted.get("guide_id", loaded.values["guide_id"])
    if guide_id == loaded.values["guide_id"]:
        return
    if not reach.covers(loaded.view.store.id, loaded.values["guide_id"]):
        raise Refusal(ErrorCode.FORBIDDEN, "guideId")
    if guide_id is None:
        return
    if guide_id not in {staff.id for staff in await identity.staff_of_store(actor.brand_id, loaded.view.store.id)}:
        raise Refusal(ErrorCode.INVALID, "guideId", "guide_not_here")


async def _save(actor: Actor, loaded: _Loaded, changes: dict[str, Any], patch: Mapping[str, Any]) -> None:
    view, version, now = loaded.view, loaded.version + 1, clock.now()
    if "phone" in changes:
        await _change_phone(actor, loaded, changes["phone"], patch["phone"])
    mended = await put(actor.brand_id, view.id, version, loaded.versions, changes)
    data = {"fields": rules.schema_names(changes)}
    await append_timeline(actor.brand_id, view.id, TimelineKind.PROFILE, now, actor.id, data)
    told = data | ({"mended": mended} if mended else {})
    await events.record(actor.brand_id, "customer.updated", actor.ref, ("customer", view.id), told)


async def put(
    brand_id: UUID, customer_id: UUID, version: int, versions: Mapping[str, int], changes: Mapping[str, Any]
) -> list[str]:
    """Writes COLUMNS and `values.<key>` of a customer who is locked, as this version of hers; measures her anew. Codes
    of the problems that are gone now.
    """
    columns = {name: value for name, value in changes.items() if name in COLUMNS}
    settings = "".join(f", {name} = ${place}" for place, name in enumerate(columns, 5))
    await db.execute(
        f"UPDATE customer SET version = $2, field_versions = $3, updated_at = $4{settings} WHERE id = $1",
        *(customer_id, version, codec.dumps({**versions, **dict.fromkeys(changes, version)}), clock.now()),
        *columns.values(),
    )
    custom = {name.removeprefix("values."): value for name, value in changes.items() if name.startswith("values.")}
    if custom:
        gone = [key for key, value in custom.items() if value is None]
        await db.execute(KEEP_VALUES, customer_id, codec.dumps(custom), gone)
    await refresh_search([customer_id])
    return await refresh_completeness(brand_id, [customer_id])


async def _change_phone(actor: Actor, loaded: _Loaded, number: str | None, typed: str | None) -> None:
    """The new number takes the shown one's place; emptied, she is known by no number any more."""
    brand_id, customer_id = actor.brand_id, loaded.view.id
    if number is None:
        await _inherit(brand_id, await archive.detach(brand_id, customer_id, PHONE))
        return
    await holders.may_try_numbers(actor)
    if await suppressed(actor.brand_id, [(PHONE, number)]):
        raise Refusal(ErrorCode.ERASED, "phone", "erased_before")
    identity = (customer_id, PHONE, number, rules.clean(typed) or number)
    for _ in range(holders.TURNS):
        if await archive.attach(brand_id, [identity], clock.now()):
            break
        await holders.refuse_taken(actor, IdentityKind.PHONE, number, customer_id)
        if await archive.choose(brand_id, customer_id, PHONE, number, clock.now()):
            break  # an older number of hers; else who had it gave it up this moment
    else:  # it goes from hand to hand; the old one stays
        raise Refusal(ErrorCode.TAKEN, "phone")
    if loaded.values["phone"]:
        await _inherit(brand_id, await archive.detach(brand_id, customer_id, PHONE, loaded.values["phone"]))


async def _inherit(brand_id: UUID, heirs: list[UUID]) -> None:
    """Who used a number with her has it now."""
    await refresh_search(heirs)
    await refresh_completeness(brand_id, heirs)


async def _conflict(actor: Actor, name: str, yours: Any, loaded: _Loaded) -> Conflict:
    theirs = loaded.values[name]
    if name == "referrer_id":
        people = [await queries.customer(actor, key) if key else None for key in (yours, theirs)]
        mine, hers_now = (person.alias or person.name if person else None for person in people)
        return Conflict("referrerId", mine, hers_now)
    if name == "guide_id":
        staff = await identity.staff_of_store(actor.brand_id, loaded.view.store.id)
        names = {person.id: person.name for person in staff}
        hers = loaded.view.guide.name if loaded.view.guide else None
        return Conflict("guideId", names.get(yours), hers)
    if name.startswith("values."):
        return profile.conflict(actor, loaded.form, name, yours, theirs)
    return Conflict(name, _shown(name, yours), _shown(name, theirs))


def _shown(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if name == "phone":
        return phones.masked(value)
    kind = {"gender": Gender, "source": CustomerSource}.get(name)
    return kind(value).name if kind else str(value)
