"""The public page as HTML: plain forms, no script, nothing loaded from anywhere. What stands in a field is only ever
what was typed in the request that is being answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from shuke.api.http.links.style import STYLE
from shuke.domains.customers.types.consents import ConsentText
from shuke.domains.customers.types.links import Offer, OpenLink
from shuke.domains.customers.types.profile import Field, FieldKind
from shuke.kit import i18n

BASICS, MORE, CONSENTS = "basics", "more", "consents"
FIRST_YEAR = 1920
OTHER = {"zh-CN": "en", "en": "zh-CN"}
AUTOFILL = {"name": "name", "phone": "tel"}
LENGTHS = {"name": 120, "wechat": 20, "phone": 30}


@dataclass(slots=True, frozen=True)
class Form:
    """What one page is made of. `typed`: the request's own fields, on a page that has something to mend."""

    link: OpenLink
    locale: str
    fields: Sequence[Field]
    template_version: int
    texts: Sequence[ConsentText]
    offers: Sequence[Offer]
    step: str
    nonce: str
    this_year: int
    mistakes: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def say(self, key: str, **params: object) -> str:
        return escape(i18n.say(self.locale, key, **params))

    @property
    def own(self) -> list[Field]:
        return [one for one in self.fields if not one.built_in]

    @property
    def steps(self) -> list[str]:
        return [BASICS, MORE, CONSENTS] if self.own else [BASICS, CONSENTS]

    def first(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")


def whole(locale: str, title: str, body: str, switch: str = "") -> str:
    """A page around its body. `switch`: the address of the same page in the other language."""
    other = OTHER[locale]
    label = escape(i18n.say(locale, "page_other_language"))
    link = f'<a class="lang" hreflang="{other}" lang="{other}" href="{escape(switch)}">{label}</a>' if switch else ""
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="format-detection" content="telephone=no">'
        f'<link rel="icon" href="data:,"><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><main><header><span></span>{link}</header>{body}</main></body></html>"
    )


def refused(locale: str, sentence: str) -> str:
    """Where there is nothing to fill in: one sentence."""
    title = i18n.say(locale, "page_title")
    return whole(locale, title, f'<h1>{escape(title)}</h1><p class="note wrong" role="alert">{escape(sentence)}</p>')


def thanks(locale: str, link: OpenLink | None, offers: Sequence[Offer], again: str) -> str:
    """It has arrived; the same whatever was done with it."""
    body = f"<h1>{escape(i18n.say(locale, 'page_thanks'))}</h1>"
    body += f"<p>{escape(i18n.say(locale, 'page_thanks_why'))}</p>"
    if offers:
        body += f'<div class="note">{escape(i18n.say(locale, "page_offers"))}{_list(locale, offers)}</div>'
    if again:
        body += f'<p><a class="skip" href="{escape(again)}">{escape(i18n.say(locale, "page_again"))}</a></p>'
    return whole(locale, link.brand if link else i18n.say(locale, "page_title"), body)


def page(form: Form) -> str:
    """One step of the form."""
    place = form.steps.index(form.step) + 1
    head = f"<h1>{form.say('page_hello', brand=form.link.brand)}</h1>"
    where = form.say("page_step", step=place, steps=len(form.steps))
    head += f'<p class="soft">{escape(form.link.store.name)} · {where}</p>'
    if place == 1:
        head += f"<p>{form.say('page_intro')}</p>"
        if form.offers:
            head += f'<div class="note">{form.say("page_offers")}{_list(form.locale, form.offers)}</div>'
    if form.mistakes:
        head += f'<p class="note wrong" role="alert">{form.say("page_mend")}</p>'
    hidden = {"step": form.step, "lang": form.locale, "nonce": form.nonce, "template": str(form.template_version)}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    last = form.step == CONSENTS
    button = f"<button>{form.say('page_finish' if last else 'page_save')}</button>"
    skip = "" if last or form.link.general else _skip(form, place)
    switch = f"?lang={OTHER[form.locale]}&step={form.step}"
    inner = f"{inputs}{PARTS[form.step](form)}{button}"
    body = f'{head}<form method="post" accept-charset="utf-8" novalidate>{inner}</form>{skip}'
    return whole(form.locale, form.link.brand, body, switch)


def _skip(form: Form, place: int) -> str:
    href = f"?step={form.steps[place]}&lang={form.locale}"
    return f'<a class="skip" href="{escape(href)}">{form.say("page_skip")}</a>'


def _list(locale: str, offers: Sequence[Offer]) -> str:
    return "<ul>" + "".join(f"<li>{escape(i18n.pick(offer.label, locale))}</li>" for offer in offers) + "</ul>"


def _basics(form: Form) -> str:
    inputs = "".join(_built_in(form, one) for one in form.fields if one.built_in)
    return f"<h2>{form.say('page_basics')}</h2><div class='card'>{inputs}</div>"


def _built_in(form: Form, one: Field) -> str:
    label, typed = i18n.pick(one.label, form.locale), form.first(one.key)
    if one.key == "gender":
        options = [(option.key, i18n.pick(option.label, form.locale)) for option in one.options]
        return _set(form, one.key, label, _pills(one.key, "radio", options, [typed]))
    if one.key == "birthday":
        return _set(form, one.key, label, _birthday(form))
    kind = 'type="tel" inputmode="tel"' if one.key == "phone" else 'type="text"'
    auto = AUTOFILL.get(one.key, "off")
    more = f'{kind} autocomplete="{auto}" maxlength="{LENGTHS[one.key]}" value="{escape(typed)}"'
    return _single(form, one.key, label, f'<input id="{one.key}" name="{one.key}" {more}{_described(form, one.key)}>')


def _birthday(form: Form) -> str:
    years = range(form.this_year, FIRST_YEAR - 1, -1)
    calendar = [("solar", i18n.say(form.locale, "page_solar")), ("lunar", i18n.say(form.locale, "page_lunar"))]
    parts = [
        _numbers(form, "birthday.year", "page_birth_year", years),
        _numbers(form, "birthday.month", "page_birth_month", range(1, 13)),
        _numbers(form, "birthday.day", "page_birth_day", range(1, 32)),
        _select("birthday.calendar", calendar, form.first("birthday.calendar") or "solar", calendar[0][1]),
    ]
    return f'<div class="day">{"".join(parts)}</div>'


def _numbers(form: Form, name: str, key: str, numbers: range) -> str:
    label = i18n.say(form.locale, key)
    return _select(name, [("", label), *((str(n), str(n)) for n in numbers)], form.first(name), label)


def _select(name: str, options: Sequence[tuple[str, str]], chosen: str, label: str) -> str:
    inner = "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(words)}</option>'
        for key, words in options
    )
    return f'<select name="{escape(name)}" aria-label="{escape(label)}">{inner}</select>'


def _more(form: Form) -> str:
    return f"<h2>{form.say('page_more')}</h2><div class='card'>{''.join(_own(form, one) for one in form.own)}</div>"


def _own(form: Form, one: Field) -> str:
    name, label = f"v.{one.key}", i18n.pick(one.label, form.locale)
    typed, where = form.typed.get(name, ()), f"values.{one.key}"
    if one.kind in (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO):
        options = [
            (option.key, i18n.pick(option.label, form.locale)) for option in one.options if not option.archived_at
        ]
        if one.kind is FieldKind.YES_NO:
            options = [("true", i18n.say(form.locale, "yes")), ("false", i18n.say(form.locale, "no"))]
        kind = "checkbox" if one.kind is FieldKind.CHOICES else "radio"
        return _set(form, where, label, _pills(name, kind, options, typed))
    said, described = escape(form.first(name)), _described(form, where)
    if one.kind is FieldKind.TEXT:
        return _single(
            form,
            where,
            label,
            f'<input type="text" id="{where}" name="{name}" maxlength="2000" value="{said}"{described}>',
        )
    kinds = {FieldKind.DATE: 'type="date"', FieldKind.PHONE: 'type="tel"'}
    kind = kinds.get(one.kind, 'type="text" inputmode="decimal"')
    return _single(form, where, label, f'<input {kind} id="{where}" name="{name}" value="{said}"{described}>')


def _consents(form: Form) -> str:
    parts = []
    for text in form.texts:
        name = f"c.{text.purpose.value}"
        options = [("yes", i18n.say(form.locale, "page_yes")), ("no", i18n.say(form.locale, "page_no"))]
        words = i18n.pick(text.bodies, form.locale)
        hidden = f'<input type="hidden" name="t.{text.purpose.value}" value="{text.id}">'
        parts.append(_set(form, name, words, hidden + _pills(name, "radio", options, form.typed.get(name, ()))))
    why = form.say("page_consents_why")
    return f"<h2>{form.say('page_consents')}</h2><p class='why'>{why}</p><div class='card'>{''.join(parts)}</div>"


def _pills(name: str, kind: str, options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> str:
    inner = ""
    for key, words in options:
        control = (
            f'<input type="{kind}" name="{escape(name)}" value="{escape(key)}"{" checked" if key in chosen else ""}>'
        )
        inner += f"<label>{control}<span>{escape(words)}</span></label>"
    return f'<div class="pills">{inner}</div>'


def _described(form: Form, name: str) -> str:
    return f' aria-invalid="true" aria-describedby="{name}-bad"' if name in form.mistakes else ""


def _single(form: Form, name: str, label: str, control: str) -> str:
    return (
        f'<div class="field"><label class="label" for="{name}">{escape(label)}</label>{control}{_bad(form, name)}</div>'
    )


def _set(form: Form, name: str, label: str, controls: str) -> str:
    inner = f"<legend>{escape(label)}</legend>{controls}{_bad(form, name)}"
    return f'<fieldset class="field"{_described(form, name)}>{inner}</fieldset>'


def _bad(form: Form, name: str) -> str:
    words = form.mistakes.get(name)
    return f'<p class="bad" id="{name}-bad">{escape(words)}</p>' if words else ""


PARTS: Mapping[str, Any] = {BASICS: _basics, MORE: _more, CONSENTS: _consents}
"""Step -> its part of the form."""
