"""A customer's values by the profile template: as shown, as typed, and how much of her card is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import global_id, parse_id
from shuke.domains.customers import queries
from shuke.domains.customers.rules import completeness, profile, wording
from shuke.domains.customers.types import Card, CustomerView
from shuke.domains.customers.types.profile import Field, FieldKind, Template, Values
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor, Role
from shuke.kit import i18n

NOBODY: Mapping[str, tuple[Any, ...]] = {}
TYPES = {FieldKind.STAFF: "Staff", FieldKind.STORE: "Store", FieldKind.CUSTOMER: "Customer"}


@strawberry.input(description="What is typed into a field of head office's own.")
class FieldValueInput:
    key: str = strawberry.field(description="The field's key.")
    content: list[str] | None = strawberry.field(
        default=None,
        description="One text, or for CHOICES any number: options' keys, `true` or `false`, numbers with a point, "
        "money in minor units, dates as 2026-11-22, a phone as typed, global ids. Null or empty: emptied.",
    )


@strawberry.type(description="A value in a field of head office's own.")
class FieldValue:
    key: str = strawberry.field(description="The field's key.")
    kind: FieldKind = strawberry.field(description="What the field holds.")
    label: str = strawberry.field(description="What the field is called, in the caller's language.")
    content: list[str] = strawberry.field(
        description="As `FieldValueInput.content` takes it back; empty for a phone, which is not for showing."
    )
    text: str = strawberry.field(description="The value in words, in the caller's language; a phone masked.")
    masked: bool = strawberry.field(description="True: `text` is not the whole of it.")


@strawberry.type(description="A field that is still empty, or holds what stands for nothing.")
class MissingField:
    key: str = strawberry.field(description="The field's key.")
    label: str = strawberry.field(description="What it is called, in the caller's language.")
    benefit: str | None = strawberry.field(description="What comes of filling it in; null: nothing is said.")
    required: bool = strawberry.field(description="A form without it is not taken.")


@strawberry.type(description="Something that is wrong with a customer's card.")
class CardProblem:
    code: str = strawberry.field(
        description="no_phone, junk_phone, default_birthday, junk_name, missing:<key>, and more to come."
    )
    message: str = strawberry.field(description="What is wrong, in the caller's language.")
    advice: str = strawberry.field(description="What to do about it, likewise.")
    field: str = strawberry.field(description="Key of the field that it is about.")


@strawberry.type(description="How much of a customer's card is filled in.")
class Completeness:
    score: int = strawberry.field(
        description="0 to 100: the weights of what is filled in, in hundredths of all weights. A birthday or a number "
        "that stands for nothing does not count."
    )
    missing: list[MissingField] = strawberry.field(
        description="What the caller may fill in still, in the order of the form."
    )
    problems: list[CardProblem] = strawberry.field(description="What is wrong with what the caller may see of it.")


async def contents(actor: Actor, said: Sequence[FieldValueInput]) -> dict[str, list[str]]:
    """Key -> what was typed, uuids in place of global ids. Raises Refusal NOT_FOUND for what is none."""
    document = (await queries.latest(actor.brand_id)).document
    found = {}
    for one in said:
        field, content = document.field(one.key), one.content or []
        name = TYPES.get(field.kind) if field else None
        if name:
            content = [str(parse_id(item, name, f"values.{one.key}")) for item in content if item]
        found[one.key] = content
    return found


async def values_of(info: Info, view: CustomerView) -> list[FieldValue]:
    """Her values in the order of the form, of fields that are asked and that the caller may see."""
    actor = info.context.require()
    card: Card = await info.context.load(queries.cards_of, view.id)
    named = {key: _named(actor, said) for key, said in card.named.items()}
    return await shown(info, card.facts.get("values", {}), queries.roles_at(actor, view.store.id), named)


async def shown(
    info: Info, custom: Values, roles: frozenset[Role] | None, named: Mapping[str, tuple[Any, ...]] = NOBODY
) -> list[FieldValue]:
    """Values in the order of the form, of fields that are asked and that somebody of these roles may see."""
    actor = info.context.require()
    template: Template = await info.context.load(queries.templates_of, actor.brand_id)
    return [
        _value(field, custom[field.key], info.context.locale, actor.currency, named)
        for field in template.document.fields
        if field.key in custom and not field.built_in and not field.archived_at and profile.may_see(field, roles)
    ]


def _value(field: Field, value: Any, locale: str, currency: str, named: Mapping[str, tuple[Any, ...]]) -> FieldValue:
    content, kind = wording.content(field, value), TYPES.get(field.kind)
    return FieldValue(
        key=field.key,
        kind=field.kind,
        label=i18n.pick(field.label, locale),
        content=[global_id(kind, UUID(item)) for item in content] if kind else content,
        text=wording.words(field, value, locale, currency, named),
        masked=field.kind is FieldKind.PHONE or (kind is not None and len(named.get(value, ())) > 1),
    )


def _named(actor: Actor, said: Sequence[Any]) -> tuple[Any, ...]:
    """(name,), or (masked name, True) of a customer whom the caller may not open."""
    if len(said) == 1:
        return (said[0],)
    name, store_id, guide_id = said
    if allow(actor, "customer").covers(UUID(store_id), UUID(guide_id) if guide_id else None):
        return (name,)
    return (f"{(name or '')[:1]}••", True)


async def completeness_of(info: Info, view: CustomerView) -> Completeness | None:
    """By the template and the card as they are now. None for a partner's key."""
    actor, locale = info.context.require(), info.context.locale
    roles = queries.roles_at(actor, view.store.id)
    if roles is None:
        return None
    template: Template = await info.context.load(queries.templates_of, view.brand_id)
    card: Card = await info.context.load(queries.cards_of, view.id)
    found = completeness.completeness(template.document, card.facts)
    fields = {field.key: field for field in template.document.fields}
    missing = [
        MissingField(
            key=key,
            label=i18n.pick(fields[key].label, locale),
            benefit=i18n.pick(fields[key].benefit, locale) or None,
            required=fields[key].required,
        )
        for key in found.missing
        if profile.may_edit(fields[key], roles)
    ]
    hidden = {field.key for field in template.document.fields if not profile.may_see(field, roles)}
    codes = [code for code in found.problems if completeness.field_of(code) not in hidden]
    problems = [problem_in_words(template, code, locale) for code in codes]
    return Completeness(score=found.score, missing=missing, problems=problems)


def problem_in_words(template: Template, code: str, locale: str) -> CardProblem:
    """A problem as the caller reads it."""
    kind, key = code.partition(":")[0], completeness.field_of(code) or ""
    field = template.document.field(key)
    label = field.label if field else key
    message, advice = (i18n.say(locale, f"{what}_{kind}", label=label) for what in ("problem", "advice"))
    return CardProblem(code=code, message=message, advice=advice, field=key)
