"""Use cases of head office and the counter: a new version of the profile template, and values typed into it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shuke.domains.customers.queries import profile as queries
from shuke.domains.customers.queries.view import customers_by_id
from shuke.domains.customers.rules import profile as rules
from shuke.domains.customers.rules import template, wording
from shuke.domains.customers.service.completeness import ensure_template
from shuke.domains.customers.types import Conflict
from shuke.domains.customers.types.profile import Field, FieldKind, Form, Group, Subject
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import clock, codec, db, events, zones
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id

SAVE = """
INSERT INTO profile_template (id, brand_id, version, document, staff_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
"""
OVERTAKEN = "UPDATE profile_template SET swept_at = $2 WHERE brand_id = $1 AND swept_at IS NULL"


async def save_template(
    actor: Actor, base_version: int, groups: Sequence[Group], fields: Sequence[Field], full_from: int | None = None
) -> int:
    """Makes the template what head office wants it to be: the new version's number, or the old one's when nothing is
    different. Raises Refusal FORBIDDEN, CONFLICT (it is not the base's any more), INVALID, REQUIRED, NOT_FOUND.
    """
    allow(actor, "saveProfileTemplate")
    async with db.tx():
        await db.lock("profile template", actor.brand_id)
        await ensure_template(actor.brand_id)
        current, now = await queries.latest(actor.brand_id), clock.now()
        if base_version != current.version:
            raise Refusal(ErrorCode.CONFLICT, "baseVersion", "profile_changed")
        document = template.revise(current.document, groups, fields, now, full_from)
        if document == current.document:
            return current.version
        version, key = current.version + 1, new_id()
        await db.execute(OVERTAKEN, actor.brand_id, now)
        await db.execute(SAVE, key, actor.brand_id, version, codec.dumps(document), actor.id, now)
        data = {"version": version}
        await events.record(actor.brand_id, "profile.saved", actor.ref, ("profile_template", key), data)
        return version


async def filled_in(
    actor: Actor,
    form: Form,
    said: Mapping[str, Sequence[str]],
    before: Mapping[str, Any],
    store_id: UUID,
    subject: Subject = Subject.CUSTOMER,
) -> dict[str, Any]:
    """Field key -> value (None: emptied) of what this caller typed about somebody of this store; `before`: what stands
    there. Raises Refusal INVALID, REQUIRED, FORBIDDEN, NOT_FOUND.
    """
    today = zones.local_date(clock.now(), actor.timezone)
    roles = queries.roles_at(actor, store_id) or ()
    found = rules.fill_in(form, subject, said, before, roles, today, actor.currency)
    for key, value in found.items():
        field = form.now.field(key)
        if field and value is not None and value != before.get(key):
            await _check_reference(actor, field, value)
    return found


def conflict(actor: Actor, form: Form, name: str, yours: Any, theirs: Any) -> Conflict:
    """A clash of `values.<key>`, both values in the caller's words."""
    field = form.now.field(name.removeprefix("values."))
    shown = [
        wording.words(field, value, actor.locale.value, actor.currency, {}) if field and value is not None else None
        for value in (yours, theirs)
    ]
    return Conflict(name, *shown)


async def _check_reference(actor: Actor, field: Field, value: Any) -> None:
    """Raises Refusal NOT_FOUND for a person or a place that is not there, or not within the caller's reach."""
    there: object
    if field.kind is FieldKind.STAFF:
        there = await identity.staff(actor.brand_id, UUID(value), None)
    elif field.kind is FieldKind.STORE:
        there = next(iter(await identity.stores(actor.brand_id, (UUID(value),))), None)
    elif field.kind is FieldKind.CUSTOMER:
        there = (await customers_by_id(actor, [UUID(value)]))[0]
    else:
        return
    if there is None:
        raise Refusal(ErrorCode.NOT_FOUND, f"values.{field.key}", "value_gone", label=field.label)
