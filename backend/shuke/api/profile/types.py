"""The profile template: groups, fields, options, rules; where a field is used."""

from datetime import datetime
from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.identity import Staff
from shuke.domains.customers import queries
from shuke.domains.customers.rules import profile, template, wording
from shuke.domains.customers.types import profile as types
from shuke.domains.customers.types.profile import FieldKind, FieldPlace, RuleCode, Sensitivity, Subject
from shuke.domains.identity.types import Role
from shuke.kit import i18n

strawberry.enum(FieldKind, description="What a field holds.")
strawberry.enum(Sensitivity, description="PUBLIC: a partner's key reads it. PERSONAL and SENSITIVE stay in the house.")
strawberry.enum(Subject, name="FieldSubject", description="Whom a field is about.")
strawberry.enum(
    RuleCode,
    name="FieldRuleCode",
    description="What a rule asks. MIN and MAX: numbers, money in minor units, ISO dates. PATTERN: digits, letters, "
    "letters_and_digits, chinese, no_digits, postcode, email or web_address. MASK: 9 a digit, A a Latin letter, * any "
    "character, the rest as it is. ONE_OF: its `values`. All others: a whole number, or nothing.",
)
strawberry.enum(FieldPlace, description="Where a field is used.")


@strawberry.type(description="A shop's own words by language; at least one of them is there.")
class LocalWords:
    @strawberry.field(description="In Chinese; null: not given.")
    def zh_cn(self: Any) -> str | None:
        return self.words.get("zh-CN")

    @strawberry.field(description="In English; null: not given.")
    def en(self: Any) -> str | None:
        return self.words.get("en")

    words: strawberry.Private[types.Words]


@strawberry.type(description="A group of fields: a heading of the form.")
class ProfileGroup:
    key: str = strawberry.field(description="Never changes.")

    @strawberry.field(description="Its heading in the caller's language.")
    def title(self: Any, info: Info) -> str:
        return i18n.pick(self.label, info.context.locale)

    @strawberry.field(description="Its heading in each language, for the editor.")
    def titles(self: Any) -> LocalWords:
        return LocalWords(words=self.label)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Group)


@strawberry.type(description="Something to choose.")
class FieldOption:
    key: str = strawberry.field(description="Never changes; what a value holds.")

    @strawberry.field(description="In the caller's language.")
    def label(self: Any, info: Info) -> str:
        return i18n.pick(self.label, info.context.locale)

    @strawberry.field(description="In each language, for the editor.")
    def labels(self: Any) -> LocalWords:
        return LocalWords(words=self.label)

    @strawberry.field(description="True: no longer offered, kept where it was chosen.")
    def archived(self: Any) -> bool:
        return self.archived_at is not None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Option)


@strawberry.type(description="A rule that a value must keep; the form checks it while typing, the server on saving.")
class FieldRule:
    code: RuleCode = strawberry.field(description="What it asks.")
    value: str | None = strawberry.field(description="Its bound, pattern or mask; null: it needs none.")
    values: list[str] = strawberry.field(description="ONE_OF: the words that may be written; else empty.")
    rule: strawberry.Private[types.Rule]
    field: strawberry.Private[types.Field]

    @strawberry.field(description="What to do when it is broken, in the caller's language.")
    def message(self: Any, info: Info) -> str:
        locale, kind = info.context.locale, f"_{self.value}" if self.code is RuleCode.PATTERN else ""
        label = self.field.label
        if self.rule.message:
            return i18n.say(locale, "value_says", label=label, says=self.rule.message)
        words = i18n.say(locale, "list_separator").join(self.values)
        bound = wording.bound(self.rule, self.field.kind, info.context.require().currency)
        said = {"label": label, "least": bound, "most": bound, "mask": bound, "words": words}
        return i18n.say(locale, f"value_{self.code.value}{kind}", **said)

    @strawberry.field(description="Head office's own sentence in each language, for the editor; null: the usual one.")
    def messages(self: Any) -> LocalWords | None:
        return LocalWords(words=self.rule.message) if self.rule.message else None


@strawberry.type(description="A field of the profile template.")
class ProfileField:
    key: str = strawberry.field(description="Never changes.")
    kind: FieldKind = strawberry.field(description="What it holds; never changes.")
    group: str = strawberry.field(description="Key of its group.")
    options: list[FieldOption] = strawberry.field(description="CHOICE and CHOICES: what to choose from, archived too.")
    required: bool = strawberry.field(description="A form without it is not taken.")
    weight: int = strawberry.field(description="Its part in completeness, beside the other fields'; 0: none.")
    sensitivity: Sensitivity = strawberry.field(description="Who outside the house may read it.")
    subject: Subject = strawberry.field(description="Whom it is about; never changes.")
    sees: list[Role] | None = strawberry.field(description="Roles that see its values; null: all.")
    edits: list[Role] | None = strawberry.field(description="Of those, roles that change its values; null: all.")
    built_in: bool = strawberry.field(
        description="The program's own: `Customer` and the inputs have it by its own name, not among `values`."
    )
    computed: bool = strawberry.field(description="A fact to show; nobody fills it in.")
    searchable: bool = strawberry.field(description="Customers are found by it, as by their names.")
    archived_at: datetime | None = strawberry.field(description="Since when it is no longer asked; null: it is asked.")

    @strawberry.field(description="What it is called, in the caller's language.")
    def label(self: Any, info: Info) -> str:
        return i18n.pick(self.label, info.context.locale)

    @strawberry.field(description="What it is called in each language, for the editor.")
    def labels(self: Any) -> LocalWords:
        return LocalWords(words=self.label)

    @strawberry.field(description="A word of help in the caller's language; null: none.")
    def help(self: Any, info: Info) -> str | None:
        return i18n.pick(self.help, info.context.locale) or None

    @strawberry.field(description="The help in each language, for the editor; null: none.")
    def helps(self: Any) -> LocalWords | None:
        return LocalWords(words=self.help) if self.help else None

    @strawberry.field(description="What comes of filling it in, in the caller's language; null: nothing is said.")
    def benefit(self: Any, info: Info) -> str | None:
        return i18n.pick(self.benefit, info.context.locale) or None

    @strawberry.field(description="The benefit in each language, for the editor; null: none.")
    def benefits(self: Any) -> LocalWords | None:
        return LocalWords(words=self.benefit) if self.benefit else None

    @strawberry.field(description="What a value must keep, each with a sentence that says what to do.")
    def rules(self: Any) -> list[FieldRule]:
        return [
            FieldRule(code=rule.code, value=rule.value, values=list(rule.values), rule=rule, field=self)
            for rule in self.rules
        ]

    @strawberry.field(description="True: the program needs it, so that it is not archived.")
    def needed(self: Any) -> bool:
        return self.key in template.NEEDED and self.built_in

    @strawberry.field(
        description="May head office say who sees and changes it? Not of what every role works with: her name, what "
        "the shop calls her, her number, her store and who looks after her, nor of what is computed."
    )
    def limitable(self: Any) -> bool:
        return template.limitable(self)

    @strawberry.field(description="Does the caller see its values, in any of her stores?")
    def may_see(self: Any, info: Info) -> bool:
        return profile.may_see(self, queries.roles_at(info.context.require()))

    @strawberry.field(description="Does the caller change its values, in any of her stores?")
    def may_edit(self: Any, info: Info) -> bool:
        return profile.may_edit(self, queries.roles_at(info.context.require()))

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Field)


@strawberry.type(description="What a customer's card asks for, as head office wants it.")
class ProfileTemplate:
    version: int = strawberry.field(
        description="Grows with every change: the `baseVersion` of the next one, and the `templateVersion` of what is "
        "typed into a form of it."
    )
    saved_at: datetime | None = strawberry.field(description="When this version was saved; null: it is as it ships.")

    @strawberry.field(description="Who saved it; null: it is as it ships.")
    def saved_by(self: Any) -> Staff | None:
        return self.staff

    @strawberry.field(description="The completeness, 1 to 100, from which on a card counts as complete.")
    def full_from(self: Any) -> int:
        return int(self.document.full_from)

    @strawberry.field(description="Its groups, in the order of the form.")
    def groups(self: Any) -> list[ProfileGroup]:
        return list(self.document.groups)

    @strawberry.field(description="Its fields in the order of the form, archived ones too.")
    def fields(self: Any) -> list[ProfileField]:
        return list(self.document.fields)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Template)


@strawberry.type(description="One place where a field is used.")
class FieldUse:
    place: FieldPlace = strawberry.field(description="Where.")
    name: str | None = strawberry.field(description="What it is called there; null: there is one such place.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.FieldUse)


@strawberry.type(description="Where a field is used, to be looked at before it is archived.")
class FieldUsage:
    uses: list[FieldUse] = strawberry.field(description="Forms, completeness, search, journeys, mappings, exports.")
    customers: int = strawberry.field(
        description="Customers of the brand with a value in it, which they keep; 0 for a built-in field."
    )
