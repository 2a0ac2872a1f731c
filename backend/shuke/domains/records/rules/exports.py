"""What the columns of an export hold. An import knows their headings, so that what was taken out comes in again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shuke.domains.customers.types import CustomerView
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
}
"""Key of a column -> what it holds. A phone is masked wherever it comes from; no role takes plain ones out."""


def heading(field: str, locale: str) -> str:
    return i18n.say(locale, f"export_{field}")


def line(view: CustomerView, fields: list[str], locale: str) -> list[str | None]:
    """A customer's row."""
    return [FIELDS[field](view, locale) for field in fields]
