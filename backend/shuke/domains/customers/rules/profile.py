"""Pure: who sees and fills in which field, and how values fit the template that they were typed into."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

from shuke.domains.customers.rules import values
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Form, Sensitivity, Subject
from shuke.domains.identity.types import Role
from shuke.kit.errors import ErrorCode, Refusal

CALLED = {"guide_id": "guide", "guideId": "guide", "referrer_id": "referrer", "referrerId": "referrer"}
"""Columns, and names in the schema, whose field the template calls otherwise."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def may_see(field: Field, roles: Iterable[Role] | None) -> bool:
    """Does somebody of these roles see the field's values? None: a partner's key, which sees public ones alone."""
    if roles is None:
        return field.sensitivity is Sensitivity.PUBLIC
    return field.sees is None or not set(field.sees).isdisjoint(roles)


def may_edit(field: Field, roles: Iterable[Role] | None) -> bool:
    if roles is None or field.computed:
        return False
    chosen = set(roles)
    return may_see(field, chosen) and (field.edits is None or not chosen.isdisjoint(field.edits))


def shows(document: Document, name: str, roles: Iterable[Role] | None) -> bool:
    """Does somebody of these roles see this column of the program's own? A partner's key sees what everybody sees."""
    field = document.field(CALLED.get(name, name))
    if field is None or field.sees is None:
        return True
    return roles is not None and may_see(field, roles)


def takes(document: Document, name: str, roles: Iterable[Role]) -> bool:
    """Does she change this column of the program's own?"""
    field = document.field(CALLED.get(name, name))
    return field is None or may_edit(field, roles)


def check_hands(document: Document, names: Iterable[str], roles: Iterable[Role]) -> None:
    """Raises Refusal FORBIDDEN for a column of the program's own that head office keeps to other roles."""
    chosen = set(roles)
    for name in names:
        if not takes(document, name, chosen):
            field = document.field(CALLED.get(name, name))
            raise Refusal(ErrorCode.FORBIDDEN, name, "field_not_yours", label=field.label if field else {})


def fill_in(
    form: Form,
    subject: Subject,
    said: Mapping[str, Sequence[str]],
    before: Mapping[str, Any],
    roles: Iterable[Role],
    today: date,
    currency: str,
) -> dict[str, Any]:
    """Field key -> value (None: emptied) of what somebody typed, by the template that she had before her.

    `before`: what stands there. What was archived since is taken all the same. Raises
    Refusal INVALID, REQUIRED, FORBIDDEN or NOT_FOUND.
    """
    chosen, found = set(roles), {}
    for key, content in said.items():
        now = form.now.field(key)
        field = form.then.field(key) or now
        if now is None or field is None or field.built_in or field.subject is not subject:
            raise Refusal(ErrorCode.NOT_FOUND, f"values.{key}", "field_unknown")
        if field.archived_at and now.archived_at:
            raise Refusal(ErrorCode.INVALID, f"values.{key}", "field_archived", label=field.label)
        if not may_edit(now, chosen):
            raise Refusal(ErrorCode.FORBIDDEN, f"values.{key}", "field_not_yours", label=field.label)
        found[key] = values.read(field, content, today, before.get(key), currency)
        if found[key] is None and must(form, field):
            _required(field)
    return found


def must(form: Form, field: Field) -> bool:
    """Is the field required of who had the older template before her? What is required since does not hold her up."""
    then, now = form.then.field(field.key), form.now.field(field.key)
    return all(one and one.required and not one.archived_at for one in (then, now))


def demand(
    form: Form,
    subject: Subject,
    have: Mapping[str, Any],
    roles: Iterable[Role],
    only: Container[str] | None = None,
) -> None:
    """Raises Refusal REQUIRED for a field that must be filled in, can be by this person, and is empty in `have`; of
    built-in ones only those that stand there. `only`: of these fields alone.
    """
    chosen = set(roles)
    for field in form.then.fields:
        left_out = only is not None and field.key not in only
        if field.subject is not subject or left_out or (field.built_in and field.key not in have):
            continue
        if must(form, field) and may_edit(field, chosen) and have.get(field.key) in (None, "", []):
            _required(field)


def check_built_in(form: Form, said: Mapping[str, Any], today: date) -> None:
    """Head office's rules for the program's own fields: texts, and days by the sun with their year. Raises Refusal
    INVALID.
    """
    check_ruled(ruled(form.then), said, today)


def ruled(document: Document) -> dict[str, Field]:
    """Key -> field, of the program's own of which head office asks something."""
    return {field.key: field for field in document.fields if field.built_in and field.rules}


def check_ruled(fields: Mapping[str, Field], said: Mapping[str, Any], today: date) -> None:
    """The same for who has them at hand. What says nothing breaks no rule."""
    for key, field in fields.items():
        value = said.get(key)
        if isinstance(value, str) and (field.kind is not FieldKind.DATE or DAY.fullmatch(value)):
            values.check(field, value, today)


def _required(field: Field) -> NoReturn:
    name = field.key if field.built_in else f"values.{field.key}"
    raise Refusal(ErrorCode.REQUIRED, name, "value_required", label=field.label)
