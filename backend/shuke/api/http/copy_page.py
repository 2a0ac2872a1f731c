"""A customer's copy as a page that she can read: every part and column in words, times by her shop's clock."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shuke.api.customers import timeline
from shuke.domains.customers.rules.wording import amount, words
from shuke.domains.customers.types import TimelineEntry, TimelineKind
from shuke.domains.customers.types.profile import Field, FieldKind
from shuke.domains.records.types.privacy import Copy
from shuke.domains.tasks.rules import spoken
from shuke.domains.tasks.types import Reason
from shuke.kit import codec, i18n

STYLE = """
body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; color: #2b2723 }
h2 { margin: 2rem 0 .5rem } dl { display: grid; grid-template-columns: minmax(8rem, 30%) 1fr; gap: .1rem 1rem;
  padding: .7rem 0; margin: 0; border-top: 1px solid #ddd } dt { color: #6b645c }
dd { margin: 0; overflow-wrap: anywhere } img { max-width: 100% }
"""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
CODES: Mapping[tuple[str, str], str] = {
    ("customer", "gender"): "export_gender",
    ("children", "gender"): "export_gender",
    ("customer", "source"): "source",
    ("identities", "kind"): "told_identity",
    ("contacts", "role"): "told_role",
    ("visits", "kind"): "timeline",
    ("visits", "channel"): "channel",
    ("paper_cards", "state"): "told_paper",
    ("orders", "kind"): "told_order",
    ("orders", "status"): "told_order",
    ("segments", "cell"): "told_cell",
    ("cards", "state"): "told_card",
    ("cards", "outcome"): "timeline_contact",
    ("consents", "purpose"): "consent",
    ("consents", "channel"): "consent",
    ("consents", "state"): "consent",
}
"""Part and column that hold a short code -> what the key of its words begins with."""
UNTOLD = ("id", "media")
"""Columns that are for programs."""
OWN, LUNAR = "values.", "lunar:"


def page(copy: Copy) -> str:
    """All of it as one page that needs nothing else but its photos; no script, nothing from anywhere."""
    title = i18n.say(copy.locale, "copy_title")
    intro = i18n.say(copy.locale, "copy_intro", day=copy.at.astimezone(ZoneInfo(copy.zone)).date().isoformat())
    parts = "".join(_part(copy, name, rows) for name, rows in copy.parts.items())
    return (
        f'<!doctype html><html lang="{copy.locale}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>{parts}</html>"
    )


def _part(copy: Copy, name: str, rows: list[dict[str, Any]]) -> str:
    told = (_entry(copy, row) if name == "timeline" else _columns(copy, name, row) for row in rows)
    entries = "".join(
        f"<dl>{''.join(f'<dt>{escape(of)}</dt><dd>{said}</dd>' for of, said in row)}</dl>" for row in told
    )
    return f"<h2>{escape(i18n.say(copy.locale, f'held_{name}'))}</h2>{entries}"


def _columns(copy: Copy, part: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A row's columns: what each is called, and what it says as HTML; when it was put down comes last."""
    for column, value in sorted(row.items(), key=lambda one: one[0] == "created_at"):
        if column in UNTOLD:
            continue
        if column == "custom_values":
            yield from _own(copy, value)
        else:
            yield i18n.say(copy.locale, f"column_{column}"), _said(copy, part, column, value, row)


def _said(copy: Copy, part: str, column: str, value: Any, row: Mapping[str, Any]) -> str:
    """What stands in a column, as HTML."""
    if code := CODES.get((part, column)):
        return escape(_coded(copy.locale, code, value))
    if shaped := SHAPED.get(column):
        return _lines(shaped(copy, value))
    if column == "photo":
        return f'<img src="{escape(value)}" alt="">'
    if column.endswith("_minor"):
        return escape(amount(value, row.get("currency", copy.currency)))
    return escape(_plain(copy, value))


def _plain(copy: Copy, value: Any) -> str:
    if isinstance(value, bool):
        return i18n.say(copy.locale, "yes" if value else "no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(copy.zone)):%Y-%m-%d %H:%M}"
    return str(value)


def _coded(locale: str, prefix: str, value: str) -> str:
    return i18n.CATALOGUE[locale].get(f"{prefix}_{value}", value)


def _lines(lines: Iterator[str]) -> str:
    return "<br>".join(escape(line) for line in lines if line)


def _own(copy: Copy, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Head office's own fields, by their labels."""
    for key, value in values.items():
        field = copy.document.field(key)
        yield _label(copy, f"{OWN}{key}"), escape(_value(copy, field, value) if field else str(value))


def _value(copy: Copy, field: Field, value: Any) -> str:
    if field.kind is FieldKind.PHONE:  # her own copy is the one place where nothing is masked
        return str(value)
    if field.kind is FieldKind.CUSTOMER:
        return i18n.say(copy.locale, "copy_other")
    named = {key: (name,) for key, name in copy.names.items()}
    return words(field, value, copy.locale, copy.currency, named)


def _label(copy: Copy, name: str) -> str:
    """What a field is called: one of head office's own (`values.…`), or one of the program's."""
    if field := copy.document.field(name.removeprefix(OWN)):
        return i18n.pick(field.label, copy.locale)
    purpose = name.removeprefix("consent.")
    return i18n.CATALOGUE[copy.locale].get(f"consent_{purpose}") or purpose.removeprefix(OWN)


def _entry(copy: Copy, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """An entry of the timeline as the shop reads it, notes and all."""
    data = row.get("data", {})
    place = (
        TimelineKind(row["kind"]),
        datetime.fromisoformat(row["at"]),
        row.get("actor") or data.get("author"),
        data,
        copy.zone,
    )
    entry = TimelineEntry(UUID(row["id"]), UUID(row["id"]), *place)
    labels = {name: _label(copy, name) for name in data.get("fields", ()) if name.startswith(OWN)}
    told = {
        "column_at": _plain(copy, row["at"]),
        "copy_what": timeline.title(entry, copy.locale),
        "copy_more": timeline.detail(entry, copy.locale, notes=True, labels=labels),
        "column_actor": entry.actor,
    }
    yield from ((i18n.say(copy.locale, key), escape(said)) for key, said in told.items() if said)


def _reasons(copy: Copy, value: Any) -> Iterator[str]:
    """Why she was to be contacted, and with what words."""
    her = next(iter(copy.parts.get("customer", ())), {})
    reasons = [codec.load(codec.dumps(one), Reason) for one in value]
    for reason in spoken(reasons, copy.locale, copy.at.date(), her.get("name"), her.get("alias")):
        yield f"{reason.why} · {i18n.say(copy.locale, 'copy_say')}: {reason.say}" if reason.say else reason.why


def _evidence(copy: Copy, value: Any) -> Iterator[str]:
    yield _coded(copy.locale, "told_how", value.get("how", ""))
    yield value.get("note", "")


def _cell(copy: Copy, value: Any) -> Iterator[str]:
    bought = amount(value["netMinor"], copy.currency)
    yield i18n.say(copy.locale, "copy_cell", days=value["days"], orders=value["orders"], amount=bought)


def _answers(copy: Copy, value: Any) -> Iterator[str]:
    for name, answer in value.items():
        state = _coded(copy.locale, "told_answer", answer["state"])
        said, field = answer.get("value"), copy.document.field(name.removeprefix(OWN))
        shown = "" if said is None else f": {_value(copy, field, said) if field else said}"
        yield f"{_label(copy, name)}{shown} ({state})"


def _problems(copy: Copy, value: Any) -> Iterator[str]:
    for code in value:
        kind, _, key = code.partition(":")
        yield i18n.say(copy.locale, f"problem_{kind}", label=_label(copy, key))


def _birthday(copy: Copy, value: Any) -> Iterator[str]:
    plain = value.removeprefix(LUNAR).removeprefix("--")
    yield i18n.say(copy.locale, "copy_lunar", day=plain) if value.startswith(LUNAR) else plain


SHAPED: Mapping[str, Callable[[Copy, Any], Iterator[str]]] = {
    "birthday": _birthday,
    "reasons": _reasons,
    "evidence": _evidence,
    "reason": _cell,
    "said": _answers,
    "offers": lambda copy, value: (i18n.pick(offer["label"], copy.locale) for offer in value),
    "problems": _problems,
    "labels": lambda copy, value: (i18n.say(copy.locale, f"label_{label}") for label in value),
    **dict.fromkeys(
        ("order_30", "order_90", "new_90"),
        lambda copy, value: iter([i18n.say(copy.locale, "copy_percent", value=round(value * 100))]),
    ),
    "completeness": lambda copy, value: iter([i18n.say(copy.locale, "copy_percent", value=value)]),
    "referrer": lambda copy, value: iter([i18n.say(copy.locale, "copy_other")]),
}
"""Columns that hold more than a word -> their lines."""
