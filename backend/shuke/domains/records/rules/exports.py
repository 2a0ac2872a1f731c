"""What the columns of an export hold. An import knows their headings, so that what was taken out comes in again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shuke.domains.customers.rules.profile import may_see
from shuke.domains.customers.rules.wording import words
from shuke.domains.customers.types import CustomerView
from shuke.domains.customers.types.profile import Document, Field, Sensitivity
from shuke.domains.identity.types import Role
from shuke.domains.records.rules.custom import fields
from shuke.kit import i18n

Told = Callable[[CustomerView, str], str | None]
"""A customer and a language -> what the cell says."""


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _name(view: CustomerView, locale: str) -> str | None:
    return view.name


FIELDS: Mapping[str, Told] = {
    "name": _name,
    "alias": lambda view, locale: view.alias,
    "phone": lambda view, locale: view.phone,
    "member_no": lambda view, locale: view.member_no,
    "store": lambda view, locale: view.store.code,
    "store_name": lambda view, locale: view.store.name,
    "guide": lambda view, locale: view.guide.name if view.guide else None,
    "gender": lambda view, locale: i18n.say(locale, f"export_gender_{view.gender.value}"),
    "birthday": lambda view, locale: view.birthday.isoformat() if view.birthday else None,
    "level": lambda view, locale: view.level,
    "source": lambda view, locale: i18n.say(locale, f"export_source_{view.source.value}"),
    "note": lambda view, locale: view.note,
    "created_at": lambda view, locale: _moment(view.created_at, view.store.timezone),
    "tags": lambda view, locale: None,  # `line` is handed them
}
"""Key of a column -> what it holds. A phone is masked wherever it comes from; no role takes plain ones out."""


OWN = "values."
"""What the key of a column of head office's own field begins with."""


def columns(document: Document, roles: Collection[Role]) -> dict[str, Field | None]:
    """Keys of the columns that somebody of these roles may take out, in order, with the field of head office's own.

    What the template hides from her is not among them, and nothing sensitive ever is.
    """
    hidden = {one.key for one in document.fields if not _may_leave(one, roles)}
    found: dict[str, Field | None] = {key: None for key in FIELDS if key.removesuffix("_name") not in hidden}
    return found | {f"{OWN}{one.key}": one for one in fields(document) if one.key not in hidden}


def _may_leave(field: Field, roles: Collection[Role]) -> bool:
    return may_see(field, roles) and field.sensitivity is not Sensitivity.SENSITIVE


def heading(key: str, field: Field | None, locale: str) -> str:
    return i18n.pick(field.label, locale) if field else i18n.say(locale, f"export_{key}")


def line(
    view: CustomerView,
    values: Mapping[str, Any],
    chosen: Mapping[str, Field | None],
    locale: str,
    currency: str,
    named: Mapping[str, Sequence[Any]],
    tags: Sequence[str] = (),
) -> list[str | None]:
    """A customer's row; `values`: of head office's own fields, by their keys; `named`: as `wording.words` takes it;
    `tags`: their names.
    """
    told: list[str | None] = []
    for key, field in chosen.items():
        if key == "tags":
            told.append("、".join(tags) or None)
        elif field is None:
            told.append(FIELDS[key](view, locale))
        else:
            value = values.get(field.key)
            told.append(None if value is None else words(field, value, locale, currency, named))
    return told
