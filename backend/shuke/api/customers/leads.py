"""Leads: inquiries that a partner's program hands in."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.domains.customers import service
from shuke.domains.customers.types.visits import LeadSaid


@strawberry.input(description="An inquiry from outside; a phone, a WeChat id or an e-mail is needed.")
class CreateLeadInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again is taken once.")
    store_code: str = strawberry.field(description="Code of the store that is to answer; one that the key is for.")
    source: str = strawberry.field(description="Where it came from, up to 60 characters: an advertisement, a form.")
    external_id: str | None = strawberry.field(
        default=None, description="Its id there, up to 120 characters; with the same source again it is the same lead."
    )
    phone: str | None = strawberry.field(default=None, description="As typed; +86 is assumed.")
    wechat: str | None = strawberry.field(default=None, description="WeChat id.")
    email: str | None = strawberry.field(default=None, description="E-mail address.")
    name: str | None = strawberry.field(default=None, description="Up to 120 characters.")
    message: str | None = strawberry.field(default=None, description="What she asked, up to 2,000 characters.")


@strawberry.type(description="Whether the lead is in. Nothing tells whether she was on file.")
class CreateLeadPayload:
    lead_id: strawberry.ID | None = strawberry.field(default=None, description="Of the lead, for questions about it.")
    repeated: bool = strawberry.field(default=False, description="It was in already, by its source and external id.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


def _said(input: CreateLeadInput) -> LeadSaid:
    names = ("source", "store_code", "phone", "wechat", "email", "name", "message", "external_id")
    said: dict[str, Any] = {name: getattr(input, name) for name in names}
    return LeadSaid(**said)


@strawberry.type
class LeadMutation:
    @strawberry.mutation(
        description="Takes an inquiry: it lands on the timeline of whoever has that contact, else she is entered into "
        "the store's pool; her card asks for a call within the hour. A partner's key needs the scope LEADS."
    )
    async def create_lead(self, info: Info, input: CreateLeadInput) -> CreateLeadPayload:
        done, errors = await write(
            info, input, service.Received, lambda actor: service.create_lead(actor, _said(input))
        )
        if done is None:
            return CreateLeadPayload(user_errors=errors)
        return CreateLeadPayload(lead_id=strawberry.ID(str(done.id)), repeated=done.repeated)
