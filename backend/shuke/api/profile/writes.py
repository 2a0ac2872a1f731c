"""Changing the profile template: the whole of it at once, from the version that one had before one."""

from datetime import datetime
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.profile.types import ProfileTemplate
from shuke.domains.customers import queries, service
from shuke.domains.customers.types.profile import Field, FieldKind, Group, Option, Rule, RuleCode, Sensitivity, Subject
from shuke.domains.identity.types import Role
from shuke.kit.errors import ErrorCode


@strawberry.input(description="Words by language; one of them suffices where words are needed.")
class LocalWordsInput:
    zh_cn: str | None = strawberry.field(default=None, description="In Chinese.")
    en: str | None = strawberry.field(default=None, description="In English.")


@strawberry.input(description="A group, in its place.")
class ProfileGroupInput:
    titles: LocalWordsInput = strawberry.field(description="Its heading, up to 40 characters.")
    key: str | None = strawberry.field(
        default=None, description="Of a group that stands; left out: a new one, whose key is made of its heading."
    )


@strawberry.input(description="An option, in its place.")
class FieldOptionInput:
    labels: LocalWordsInput = strawberry.field(description="Up to 40 characters.")
    key: str | None = strawberry.field(
        default=None, description="Of an option that stands; left out: a new one, whose key is made of its label."
    )
    archived: bool = strawberry.field(default=False, description="No longer offered.")


@strawberry.input(description="A rule; each code once a field, where it fits the field's kind.")
class FieldRuleInput:
    code: RuleCode = strawberry.field(description="What it asks.")
    value: str | None = strawberry.field(default=None, description="Its bound, pattern or mask.")
    values: list[str] | None = strawberry.field(default=None, description="ONE_OF: the words, up to 100.")
    messages: LocalWordsInput | None = strawberry.field(
        default=None, description="Your own sentence for who breaks it, up to 100 characters; left out: the usual one."
    )


@strawberry.input(description="A field, in its place.")
class ProfileFieldInput:
    kind: FieldKind = strawberry.field(description="What it holds; never changes.")
    group: str = strawberry.field(
        description="Key of its group; of a new group, the one that you give it, or its place among `groups` as `#2`, "
        "counted from 0."
    )
    labels: LocalWordsInput = strawberry.field(description="What it is called, up to 40 characters.")
    key: str | None = strawberry.field(
        default=None,
        description="Of a field that stands, which never changes; a new one's may be given (small Latin letters, "
        "digits, _), or left out: then it is made of the label.",
    )
    helps: LocalWordsInput | None = strawberry.field(default=None, description="A word of help, up to 200 characters.")
    benefits: LocalWordsInput | None = strawberry.field(
        default=None, description="What comes of filling it in, up to 200 characters."
    )
    options: list[FieldOptionInput] | None = strawberry.field(
        default=None, description="CHOICE and CHOICES: all options, archived ones too."
    )
    required: bool = strawberry.field(default=False, description="A form without it is not taken.")
    weight: int = strawberry.field(default=0, description="Its part in completeness, 0 to 100.")
    sensitivity: Sensitivity = strawberry.field(
        default=Sensitivity.PERSONAL, description="Who outside the house may read it."
    )
    subject: Subject = strawberry.field(default=Subject.CUSTOMER, description="Whom it is about; never changes.")
    sees: list[Role] | None = strawberry.field(default=None, description="Roles that see its values; null: all.")
    edits: list[Role] | None = strawberry.field(
        default=None, description="Of those, roles that change them; null: all."
    )
    rules: list[FieldRuleInput] | None = strawberry.field(default=None, description="What a value must keep.")
    searchable: bool = strawberry.field(
        default=False, description="Found by it: a customer's text that all roles see and that is not SENSITIVE."
    )
    archived: bool = strawberry.field(default=False, description="No longer asked; its values stay.")


@strawberry.input(description="The template as it is to be: all groups and all fields, in order, archived ones too.")
class SaveProfileTemplateInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again saves once.")
    base_version: int = strawberry.field(description="The version that the caller had before her.")
    groups: list[ProfileGroupInput] = strawberry.field(description="Up to 20.")
    fields: list[ProfileFieldInput] = strawberry.field(description="Up to 200; none that stands may be left out.")
    full_from: int | None = strawberry.field(
        default=None, description="The completeness, 1 to 100, from which on a card is complete; null: as it was."
    )


@strawberry.type(description="The template as it is now.")
class SaveProfileTemplatePayload:
    template: ProfileTemplate | None = strawberry.field(
        default=None, description="The new version; with CONFLICT the one that somebody else has saved meanwhile."
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why not; `field` names the place: fields.3.label, counted from 0."
    )


def _words(said: LocalWordsInput | None) -> dict[str, str]:
    pairs = (("zh-CN", said.zh_cn), ("en", said.en)) if said else ()
    return {language: words for language, words in pairs if words}


def _field(said: ProfileFieldInput, now: datetime) -> Field:
    return Field(
        key=said.key or "",
        label=_words(said.labels),
        kind=said.kind,
        group=said.group,
        help=_words(said.helps),
        benefit=_words(said.benefits),
        options=tuple(
            Option(option.key or "", _words(option.labels), now if option.archived else None)
            for option in said.options or ()
        ),
        required=said.required,
        weight=said.weight,
        sensitivity=said.sensitivity,
        subject=said.subject,
        sees=None if said.sees is None else tuple(said.sees),
        edits=None if said.edits is None else tuple(said.edits),
        rules=tuple(
            Rule(rule.code, rule.value, tuple(rule.values or ()), _words(rule.messages)) for rule in said.rules or ()
        ),
        searchable=said.searchable,
        archived_at=now if said.archived else None,
    )


@strawberry.type
class ProfileMutation:
    @strawberry.mutation(
        description="Saves the profile template as a new version; who has a form of the old one open may still send "
        "it. Every customer's completeness is measured anew, in the background."
    )
    async def save_profile_template(self, info: Info, input: SaveProfileTemplateInput) -> SaveProfileTemplatePayload:
        groups = [Group(group.key or "", _words(group.titles)) for group in input.groups]
        fields = [_field(field, info.context.now) for field in input.fields]
        saved, errors = await write(
            info,
            input,
            int,
            lambda actor: service.save_template(actor, input.base_version, groups, fields, input.full_from),
        )
        stale = any(error.code is ErrorCode.CONFLICT for error in errors)
        shown = await queries.template(info.context.require()) if saved or stale else None
        return SaveProfileTemplatePayload(template=shown, user_errors=errors)  # type: ignore[arg-type]
