"""A customer's own copy of what is kept of her, forgetting her, and who did what in the house."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, node_id
from shuke.api.pagination import (
    After,
    First,
    PageInfo,
    decode_moment,
    encode_cursor,
    make_page,
    optional_id,
    page_size,
    parse_id,
)
from shuke.domains.customers import queries as customers
from shuke.domains.records import queries, service
from shuke.domains.records.types import privacy
from shuke.domains.records.types.privacy import AuditFilter, CopyTicket
from shuke.kit import i18n
from shuke.kit.words.audit import KINDS

if TYPE_CHECKING:
    from shuke.api.customers import Customer


@strawberry.type(description="So many things of one kind that are kept of a customer.")
class HeldPart:
    name: str = strawberry.field(description="What kind, as the copy's file names it.")
    count: int = strawberry.field(description="How many.")

    @strawberry.field(description="What kind, in the caller's language.")
    def label(self: Any, info: Info) -> str:
        return part_label(info.context.locale, self.name)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, privacy.Held)


@strawberry.type(description="What erasing a customer would do. It cannot be taken back.")
class ErasurePreview:
    confirm_with: str = strawberry.field(description="What is to be typed: her name, or what stands for it.")
    goes: list[HeldPart] = strawberry.field(description="What would be gone.")
    stays: list[HeldPart] = strawberry.field(description="What would stay without her, so that totals hold.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, privacy.ErasurePreview)


@strawberry.type(description="Something that was done in the house.")
class AuditEvent(Node):
    id: strawberry.ID = node_id("AuditEvent")
    at: datetime = strawberry.field(description="When.")
    kind: str = strawberry.field(description="What, as the program names it: customer.phone_revealed.")
    actor_kind: str = strawberry.field(description="staff, partner or system.")
    actor: str | None = strawberry.field(description="Name of the colleague or the partner's key; null: the program.")

    @strawberry.field(description="What, in the caller's language; its name where the program has no words for it.")
    def title(self: Any, info: Info) -> str:
        return kind_label(info.context.locale, self.kind)

    @strawberry.field(description="More about it, in the caller's language; null: nothing more. Nothing personal.")
    def detail(self: Any, info: Info) -> str | None:
        return detail(info.context.locale, self.data)

    @strawberry.field(description="Whom it was about; null: no customer, or one who is gone or out of reach.")
    async def customer(self: Any, info: Info) -> Annotated["Customer", strawberry.lazy("shuke.api.customers")] | None:
        if self.subject_type != "customer" or self.subject_id is None:
            return None
        return await info.context.load(customers.customers_by_id, self.subject_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, privacy.AuditEvent)


@strawberry.type(description="An event in its list.")
class AuditEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this event.")
    node: AuditEvent = strawberry.field(description="The event.")


@strawberry.type(description="A kind of event.")
class AuditKind:
    kind: str = strawberry.field(description="As the program names it; a value of the filter.")
    title: str = strawberry.field(description="In the caller's language.")


@strawberry.type(description="A page of what was done, the latest first.")
class AuditConnection:
    edges: list[AuditEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="Every kind of event that the program has words for, to choose from.")
    def kinds(self: Any, info: Info) -> list[AuditKind]:
        return [AuditKind(kind=kind, title=kind_label(info.context.locale, kind)) for kind in KINDS]


@strawberry.input(description="Which events; everything given must hold.")
class AuditFilterInput:
    kinds: list[str] | None = strawberry.field(default=None, description="Of these kinds; empty: of every kind.")
    staff_id: strawberry.ID | None = strawberry.field(default=None, description="Done by this colleague.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="About this customer.")
    since: date | None = strawberry.field(default=None, description="From this day, by the brand's clock.")
    until: date | None = strawberry.field(default=None, description="To this day, included.")
    program: bool | None = strawberry.field(default=False, description="With what the program did by itself.")


@strawberry.input(description="Whose copy.")
class CopyCustomerInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.type(description="Leave to fetch a customer's copy.")
class CopyCustomerPayload:
    path: str | None = strawberry.field(
        default=None, description="Where the copy is fetched, once, with the session of who asked; a zip file."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="Until when.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Whom to forget.")
class EraseCustomerInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The customer.")
    confirm: str = strawberry.field(description="What `erasurePreview.confirmWith` says, typed by the caller.")


@strawberry.type(description="Answer to eraseCustomer.")
class EraseCustomerPayload:
    erased: bool = strawberry.field(default=False, description="She is forgotten.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


def part_label(locale: str, name: str) -> str:
    key = f"held_{name}"
    return i18n.say(locale, key) if key in i18n.CATALOGUE[locale] else name


def kind_label(locale: str, kind: str) -> str:
    key = f"event_{kind}"
    return i18n.say(locale, key) if key in i18n.CATALOGUE[locale] else kind


def detail(locale: str, data: Any) -> str | None:
    """What of an event's data says something to a person: words of enums, names of fields."""
    said, words = [], i18n.CATALOGUE[locale]
    for prefix, name in (("reveal", "reason"), ("consent", "purpose"), ("consent", "channel"), ("consent", "state")):
        if f"{prefix}_{data.get(name)}" in words:
            said.append(words[f"{prefix}_{data[name]}"])
    fields = [words[f"field_{name}"] for name in data.get("fields") or () if f"field_{name}" in words]
    return " · ".join([*said, words["list_separator"].join(fields)] if fields else said) or None


def _filter(chosen: AuditFilterInput | None) -> AuditFilter:
    if chosen is None:
        return AuditFilter()
    return AuditFilter(
        tuple(chosen.kinds or ()),
        optional_id(chosen.staff_id, "Staff", "staffId"),
        optional_id(chosen.customer_id, "Customer", "customerId"),
        chosen.since,
        chosen.until,
        bool(chosen.program),
    )


@strawberry.type
class PrivacyQuery:
    @strawberry.field(description="What erasing a customer would do; for head office.")
    async def erasure_preview(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The customer.")]
    ) -> ErasurePreview:
        return await queries.erasure_preview(info.context.require(), parse_id(id, "Customer"))  # type: ignore[return-value]

    @strawberry.field(description="Who did what in the house, the latest first; for head office.")
    async def audit_events(
        self,
        info: Info,
        filter: Annotated[AuditFilterInput | None, strawberry.argument(description="Left out: all by people.")] = None,
        first: First = 30,
        after: After = None,
    ) -> AuditConnection:
        size, start = page_size(first), decode_moment(after)
        found = await queries.audit_events(info.context.require(), _filter(filter), size, start)
        return make_page(found, size, [encode_cursor(row.at.isoformat(), row.id) for row in found], after)  # type: ignore[return-value]


@strawberry.type
class PrivacyMutation:
    @strawberry.mutation(description="Makes a customer's own copy of all that is kept of her, to be fetched once.")
    async def copy_customer(self, info: Info, input: CopyCustomerInput) -> CopyCustomerPayload:
        ticket, errors = await write(
            info, input, CopyTicket, lambda actor: service.copy_customer(actor, parse_id(input.id, "Customer"))
        )
        if ticket is None:
            return CopyCustomerPayload(user_errors=errors)
        return CopyCustomerPayload(path=f"/exports/copies/{ticket.id}", expires_at=ticket.expires_at)

    @strawberry.mutation(
        description="Forgets a customer for ever: what is personal goes, her orders stay in the totals, nobody's, and "
        "no file or till brings her back."
    )
    async def erase_customer(self, info: Info, input: EraseCustomerInput) -> EraseCustomerPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.erase_customer(actor, parse_id(input.id, "Customer"), input.confirm),
        )
        return EraseCustomerPayload(erased=key is not None, user_errors=errors)
