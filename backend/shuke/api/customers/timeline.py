"""A customer's timeline as GraphQL shows it: what is kept as data becomes sentences in the caller's language here."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Node, node_id
from shuke.api.pagination import PageInfo
from shuke.domains.customers import queries, types
from shuke.domains.customers.rules import profile, schema_names
from shuke.domains.customers.types import TimelineKind
from shuke.kit import i18n
from shuke.kit.money import digits, to_main

strawberry.enum(TimelineKind, description="What touched the customer.")

VALUES, SOURCE = "values.", "source"
NOTHING: Collection[str] = ()
NO_LABELS: Mapping[str, str] = {}
WORDS = (
    TimelineKind.NOTE,
    TimelineKind.CALL,
    TimelineKind.MESSAGE,
    TimelineKind.PREFERENCE,
    TimelineKind.COMPLAINT,
)
"""Kinds whose entries hold what staff wrote."""
SIGNS = {"CNY": "¥", "JPY": "¥", "GBP": "£", "EUR": "€", "USD": "$"}


@strawberry.type(description="Something that touched the customer.")
class TimelineEntry(Node):
    id: strawberry.ID = node_id("TimelineEntry")
    kind: TimelineKind = strawberry.field(description="What it was.")
    at: datetime = strawberry.field(description="When it happened.")
    actor: str | None = strawberry.field(description="Name of the staff member; null: the till, a file or the program.")

    @strawberry.field(description="What it was, as a line in the caller's language.")
    def title(self: Any, info: Info) -> str:
        return title(self, info.context.locale)

    @strawberry.field(
        description="More about it, in the caller's language; null: nothing more. A booked visit's time is by the "
        "clock of her home store. What staff wrote in its own words (notes, calls, complaints …), and what she asked, "
        "is left out for a partner's key."
    )
    async def detail(self: Any, info: Info) -> str | None:
        context, actor = info.context, info.context.require()
        told = [
            *self.data.get("fields", [SOURCE] if SOURCE in self.data else []),
            *(kind for kind, _ in _beside(self.data)),
        ]
        if not told:
            return detail(self, context.locale, notes=actor.reads_notes)
        document = (await context.load(queries.templates_of, actor.brand_id)).document
        roles = queries.roles_at(actor)
        own = [field for field in document.fields if not field.built_in and profile.may_see(field, roles)]
        labels = {f"{VALUES}{field.key}": i18n.pick(field.label, context.locale) for field in own}
        hidden = {name for name in told if not name.startswith(VALUES) and not profile.shows(document, name, roles)}
        notes = actor.reads_notes
        return detail(self, context.locale, notes=notes, labels=labels, hidden=hidden, inside=notes)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.TimelineEntry)


@strawberry.type(description="An entry in its list.")
class TimelineEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this entry.")
    node: TimelineEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of a customer's timeline, the latest first.")
class TimelineConnection:
    edges: list[TimelineEdge] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def title(entry: types.TimelineEntry, locale: str) -> str:
    """消费 ¥632.00"""
    key = f"timeline_{entry.kind.value}"
    if entry.kind in (TimelineKind.ORDER, TimelineKind.REFUND):
        return i18n.say(locale, key, amount=_amount(entry.data))
    if entry.kind is TimelineKind.VISIT and "bought" in entry.data:
        key = f"{key}_bought" if entry.data["bought"] else f"{key}_left"
    if entry.kind is TimelineKind.CONTACT and entry.data.get("outcome"):
        key = f"{key}_{entry.data['outcome']}"
    if entry.kind in (TimelineKind.SHARED, TimelineKind.UNSHARED):
        return i18n.say(locale, key, store=entry.data["store"])
    return i18n.say(locale, key)


def detail(
    entry: types.TimelineEntry,
    locale: str,
    *,
    notes: bool,
    labels: Mapping[str, str] = NO_LABELS,
    hidden: Collection[str] = NOTHING,
    inside: bool = False,
) -> str | None:
    """3 件 · 文三路店. `notes`: with what staff wrote. `labels`: of head office's own fields that she may know of;
    `hidden`: the program's own that she may not. `inside`: for somebody in the shop, who may know that a contact is
    another customer's.
    """
    data, parts = entry.data, list[str]()
    if entry.kind is TimelineKind.CREATED:
        parts = [] if SOURCE in hidden else [i18n.say(locale, f"source_{data['source']}")]
    elif entry.kind in (TimelineKind.ORDER, TimelineKind.REFUND):
        parts = [i18n.say(locale, "timeline_items", items=data["items"]), data["store"]]
    elif entry.kind is TimelineKind.CONTACT:
        visit = data.get("followUpAt")
        parts = [_moment(datetime.fromisoformat(visit), locale, entry.timezone) if visit else ""]
        parts += [data.get("note") or ""] if notes else []
    elif entry.kind is TimelineKind.DISOWNED:
        parts = [i18n.say(locale, f"field_{schema_names([data['kind']])[0]}")]
    elif entry.kind in (TimelineKind.VISIT, TimelineKind.INQUIRY):
        parts = [_source(data, locale) or _channel(entry, locale), (data.get("note") or "") if notes else ""]
        parts += _contacts(data, locale, hidden, inside) if notes else []
    elif entry.kind in WORDS:
        parts = [data.get("text") or ""] if notes else []
    elif entry.kind in (TimelineKind.PROFILE, TimelineKind.SELF_FILLED):
        parts = [
            _fields([name for name in data["fields"] if name not in hidden], locale, labels),
            *_in_return(data, locale),
        ]
    elif entry.kind is TimelineKind.PHONE_REVEALED:
        parts = [i18n.say(locale, f"reveal_{data['reason']}") if data.get("reason") else ""]
        parts += [data.get("note") or ""] if notes else []
    elif entry.kind is TimelineKind.CONSENT:
        parts = [i18n.say(locale, f"consent_{data[name]}") for name in ("purpose", "channel", "state")]
    return " · ".join(part for part in parts if part) or None


def _fields(told: Sequence[str], locale: str, labels: Mapping[str, str]) -> str:
    own = [name for name in told if not name.startswith(VALUES)]
    names = [i18n.say(locale, f"field_{name}") for name in own]
    between = i18n.say(locale, "list_separator")
    return between.join(names + [labels[name] for name in told if name in labels])


def _in_return(data: Mapping[str, Any], locale: str) -> list[str]:
    """Of what she filled in herself: how much waits, and what she is given for it."""
    parts = [i18n.say(locale, "timeline_waiting", count=data["waiting"])] if data.get("waiting") else []
    if data.get("offers"):
        words = i18n.say(locale, "list_separator").join(i18n.pick(label, locale) for label in data["offers"])
        parts.append(i18n.say(locale, "timeline_given", offers=words))
    return parts


def _beside(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(kind, masked) of a lead's contacts that did not become hers."""
    return [(kind, shown) for name in ("left", "others") for kind, shown in data.get(name, [])]


def _contacts(data: Mapping[str, Any], locale: str, hidden: Collection[str], inside: bool) -> list[str]:
    """What a lead left beside what she is known by, for a colleague to ask her about."""
    others = data.get("others", []) if inside else []
    left = [one for one in _beside(data) if list(one) not in others]
    return [_named(key, found, locale, hidden) for key, found in (("left", left), ("others", others))]


def _named(key: str, contacts: Sequence[Sequence[str]], locale: str, hidden: Collection[str]) -> str:
    said = [f"{i18n.say(locale, f'field_{kind}')} {shown}" for kind, shown in contacts if kind not in hidden]
    return i18n.say(locale, f"timeline_{key}", contacts=i18n.say(locale, "list_separator").join(said)) if said else ""


def _source(data: Mapping[str, Any], locale: str) -> str | None:
    """Where a lead came from: the word for its code, or what its program calls it."""
    source: str | None = data.get("source")
    key = f"lead_from_{re.sub(r'[^a-z]', '', source.lower())}" if source and source.isascii() else ""
    return i18n.say(locale, key) if key in i18n.CATALOGUE[locale] else source


def _channel(entry: types.TimelineEntry, locale: str) -> str:
    """By which way she came or asked; that a visit was in the shop goes without saying."""
    channel = entry.data["channel"]
    return "" if entry.kind is TimelineKind.VISIT and channel == "store" else i18n.say(locale, f"channel_{channel}")


def _amount(data: Mapping[str, Any]) -> str:
    """Without its sign: a refund's line says which way the money went."""
    currency = data["currency"]
    main = to_main(abs(int(data["total"])), currency)
    return f"{SIGNS.get(currency, currency + ' ')}{main:,.{digits(currency)}f}"


def _moment(at: datetime, locale: str, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    return i18n.say(locale, "moment", year=local.year, month=local.month, day=local.day, clock=clock)
