"""Entering and editing customers, noting, revealing a number."""

from collections.abc import Awaitable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from shuke.api.context import Info
from shuke.api.customers.newcomers import NewChildInput, newborn
from shuke.api.customers.timeline import TimelineEntry
from shuke.api.customers.types import Customer, MaskedCustomer
from shuke.api.errors import UserError, write
from shuke.api.pagination import optional_id, parse_id
from shuke.api.profile.values import FieldValueInput, contents
from shuke.domains.customers import queries, service, types
from shuke.domains.customers.types import (
    Claim,
    ContactRole,
    CustomerSource,
    Gender,
    IfTaken,
    NewCustomer,
    RevealReason,
)
from shuke.domains.identity.types import Actor
from shuke.domains.tasks import service as tasks

EDITABLE = ("name", "alias", "gender", "birthday", "level", "source", "note", "phone")


@strawberry.input(description="A new customer; whoever enters her as a guide looks after her.")
class CreateCustomerInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again enters nobody twice.")
    id: UUID = strawberry.field(description="Her id, made by the caller (UUIDv7, so that lists keep their order).")
    phone: str = strawberry.field(description="As typed; +86 is assumed.")
    name: str | None = strawberry.field(default=None, description="Full name, up to 120 characters.")
    alias: str | None = strawberry.field(default=None, description="What the shop calls her, up to 120 characters.")
    gender: Gender | None = strawberry.field(default=Gender.UNKNOWN, description="As far as the shop knows.")
    birthday: date | None = strawberry.field(default=None, description="Her own; not after today.")
    birth_date: str | None = strawberry.field(
        default=None,
        description="Her own as people write it: 农历四月十五, 3月8日, or as `Customer.birthDate` gives it; goes "
        "before `birthday`.",
    )
    source: CustomerSource | None = strawberry.field(
        default=CustomerSource.WALK_IN, description="How she came to the shop."
    )
    note: str | None = strawberry.field(default=None, description="Up to 2,000 characters.")
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="Home store; left out: the caller's first store."
    )
    values: list[FieldValueInput] | None = strawberry.field(
        default=None, description="What was typed into fields of head office's own; required ones are then asked for."
    )
    template_version: int | None = strawberry.field(
        default=None,
        description="Version of the profile template that was typed into: what is required, or archived, since holds "
        "nothing up. Left out: the newest.",
    )
    file_anew: bool | None = strawberry.field(
        default=False,
        description="After ERASED: she wants to be on file again, with nothing of before and nothing allowed.",
    )
    if_taken: IfTaken | None = strawberry.field(
        default=IfTaken.REFUSE,
        description="When somebody whom the caller may open has the phone already. With SAME she is `customer`.",
    )
    role: ContactRole | None = strawberry.field(
        default=ContactRole.OTHER, description="With FAMILY: what the new one is in it."
    )
    role_label: str | None = strawberry.field(
        default=None, description="With FAMILY: the same in own words, up to 40 characters."
    )
    referrer_id: strawberry.ID | None = strawberry.field(default=None, description="The customer who brought her.")
    visit_id: strawberry.ID | None = strawberry.field(
        default=None, description="The visit that she is entered after; it is then hers. One that is gone is let be."
    )
    filed_at: datetime | None = strawberry.field(
        default=None, description="With `visitId`: when she was entered, where the phone was offline then."
    )
    children: list[NewChildInput] | None = strawberry.field(
        default=None,
        description="Hers, entered with her or, where one of them cannot be, not at all; in errors `field` is "
        "`children.`, its place from 0, and what is wrong with it.",
    )


@strawberry.type(description="The new customer, or who has the phone already.")
class CreateCustomerPayload:
    customer: Customer | None = strawberry.field(default=None, description="As she is now.")
    existing: MaskedCustomer | None = strawberry.field(
        default=None, description="With TAKEN and TAKEN_ELSEWHERE on `phone`: whose it is."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A patch: what is left out stays as it is, null empties.")
class UpdateCustomerInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The customer.")
    base_version: int = strawberry.field(description="The `version` that the caller had before her.")
    name: str | None = strawberry.field(default=UNSET, description="Full name, up to 120 characters.")
    alias: str | None = strawberry.field(default=UNSET, description="What the shop calls her, up to 120 characters.")
    gender: Gender | None = strawberry.field(default=UNSET, description="Null: UNKNOWN.")
    birthday: date | None = strawberry.field(default=UNSET, description="Her own; not after today.")
    birth_date: str | None = strawberry.field(
        default=UNSET,
        description="Her own as people write it: 农历四月十五, 3月8日, or as `Customer.birthDate` gives it; goes "
        "before `birthday`, and clashes and empties as that.",
    )
    level: str | None = strawberry.field(default=UNSET, description="Member level, up to 60 characters.")
    source: CustomerSource | None = strawberry.field(default=UNSET, description="Null: OTHER.")
    note: str | None = strawberry.field(default=UNSET, description="Up to 2,000 characters.")
    phone: str | None = strawberry.field(default=UNSET, description="As typed; takes the place of the one shown.")
    guide_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who looks after her: somebody of her store; null: the store's pool."
    )
    values: list[FieldValueInput] | None = strawberry.field(
        default=UNSET,
        description="A patch of her values: fields that are left out stay. In conflicts and errors `field` is "
        "`values.` and the key.",
    )
    template_version: int | None = strawberry.field(
        default=None, description="Version of the profile template that was typed into. Left out: the newest."
    )
    referrer_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The customer who brought her, within the caller's reach; null: nobody."
    )


@strawberry.type(description="A field that somebody else changed since the base version.")
class FieldConflict:
    field: str = strawberry.field(description="The input field.")
    yours: str | None = strawberry.field(description="What the edit wanted: enums and guides by name, a phone masked.")
    theirs: str | None = strawberry.field(description="What stands there now.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Conflict)


@strawberry.type(description="The edited customer, or the fields that clash: then nothing was saved.")
class UpdateCustomerPayload:
    customer: Customer | None = strawberry.field(default=None, description="As she is now.")
    conflicts: list[FieldConflict] = strawberry.field(
        default_factory=list, description="With CONFLICT: every field that clashes."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Asks for a customer's number; that is put down in her timeline.")
class RevealPhoneInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again is put down once.")
    id: strawberry.ID = strawberry.field(description="The customer.")
    reason: RevealReason | None = strawberry.field(
        default=None, description="What for; left out: to call for a card, as older apps do."
    )
    note: str | None = strawberry.field(default=None, description="Up to 200 characters; needed with OTHER.")


@strawberry.type(description="A number to call.")
class RevealPhonePayload:
    phone: str | None = strawberry.field(default=None, description="E.164, for tel:; null: none is on file.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A note for a customer's timeline.")
class AddNoteInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    id: UUID = strawberry.field(description="The entry's id, made by the caller.")
    text: str = strawberry.field(description="Up to 2,000 characters.")


@strawberry.type(description="The note in the timeline.")
class AddNotePayload:
    entry: TimelineEntry | None = strawberry.field(default=None, description="The entry.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _shown(info: Info, customer_id: UUID | None) -> Any:
    return await info.context.load(queries.customers_by_id, customer_id) if customer_id else None


def _subject(errors: list[UserError], kind: type) -> Any:
    """What the refusal is about, where it is of this kind."""
    return next((error.subject for error in errors if isinstance(error.subject, kind)), None)


async def _new(actor: Actor, input: CreateCustomerInput) -> NewCustomer:
    return NewCustomer(
        input.id,
        input.phone,
        input.name,
        input.alias,
        input.gender or Gender.UNKNOWN,
        input.birth_date or input.birthday,
        input.source or CustomerSource.OTHER,
        input.note,
        optional_id(input.store_id, "Store", "storeId"),
        None if input.values is None else await contents(actor, input.values),
        input.template_version,
        bool(input.file_anew),
        Claim(input.if_taken or IfTaken.REFUSE, input.role or ContactRole.OTHER, input.role_label),
        optional_id(input.referrer_id, "Customer", "referrerId"),
        optional_id(input.visit_id, "Visit", "visitId"),
        input.filed_at,
        [await newborn(actor, input.id, child, input.template_version) for child in input.children or ()],
    )


def _reveal(actor: Actor, input: RevealPhoneInput) -> Awaitable[UUID | None]:
    customer_id = parse_id(input.id, "Customer")
    if input.reason is RevealReason.CARD:
        return tasks.reveal_for_card(actor, customer_id)
    return service.reveal_phone(actor, customer_id, input.reason, input.note)


async def _patch(actor: Actor, input: UpdateCustomerInput) -> dict[str, Any]:
    patch = {name: value for name in EDITABLE if (value := getattr(input, name)) is not UNSET}
    if input.birth_date is not UNSET:
        patch["birthday"] = input.birth_date
    if input.guide_id is not UNSET:
        patch["guide_id"] = parse_id(input.guide_id, "Staff", "guideId") if input.guide_id else None
    if input.values:
        patch["values"] = await contents(actor, input.values)
    if input.referrer_id is not UNSET:
        patch["referrer_id"] = optional_id(input.referrer_id, "Customer", "referrerId")
    return patch


@strawberry.type
class CustomerMutation:
    @strawberry.mutation(description="Enters a customer; a phone that is on file answers who has it, 30 times an hour.")
    async def create_customer(self, info: Info, input: CreateCustomerInput) -> CreateCustomerPayload:
        async def enter(actor: Actor) -> UUID:
            new = await _new(actor, input)
            known = new.claim.if_taken is IfTaken.SAME
            return await (service.join_known if known else service.create_customer)(actor, new)

        key, errors = await write(info, input, UUID, enter, service.telling_holders)
        existing = _subject(errors, types.MaskedCustomer)
        return CreateCustomerPayload(customer=await _shown(info, key), existing=existing, user_errors=errors)

    @strawberry.mutation(description="Edits a customer: different fields merge, the same field answers a conflict.")
    async def update_customer(self, info: Info, input: UpdateCustomerInput) -> UpdateCustomerPayload:
        async def edit(actor: Actor) -> UUID:
            key, patch = parse_id(input.id, "Customer"), await _patch(actor, input)
            return await service.update_customer(actor, key, input.base_version, patch, input.template_version)

        key, errors = await write(info, input, UUID, edit, service.telling_holders)
        conflicts = _subject(errors, list) or []
        if conflicts:  # she may be read, and whoever decides between the values builds on the version that stands now
            key = parse_id(input.id, "Customer")
        return UpdateCustomerPayload(customer=await _shown(info, key), conflicts=conflicts, user_errors=errors)

    @strawberry.mutation(
        description="Gives a customer's number and puts down who looked at it and what for; at most 30 an hour. "
        "FORBIDDEN for a call about something that she does not want to be called about."
    )
    async def reveal_phone(self, info: Info, input: RevealPhoneInput) -> RevealPhonePayload:
        kind: Any = UUID | None
        key, errors = await write(info, input, kind, lambda actor: _reveal(actor, input))
        # by its id rather than kept with the answer, which must hold nothing personal
        phone = await queries.plain_phone(info.context.require(), parse_id(input.id, "Customer"), key) if key else None
        return RevealPhonePayload(phone=phone, user_errors=errors)

    @strawberry.mutation(description="Adds a note to a customer's timeline.")
    async def add_note(self, info: Info, input: AddNoteInput) -> AddNotePayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.add_note(
                actor, parse_id(input.customer_id, "Customer", "customerId"), input.id, input.text
            ),
        )
        entry: Any = await queries.timeline_entry(info.context.require(), key) if key else None
        return AddNotePayload(entry=entry, user_errors=errors)
