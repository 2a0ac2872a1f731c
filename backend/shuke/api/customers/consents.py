"""What a customer allows, the words she said it to, and head office writing them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, node_id
from shuke.api.pagination import optional_id, parse_id
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import consents
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.kit import i18n


@strawberry.type(description="A text in one language.")
class ConsentBody:
    locale: str = strawberry.field(description="zh-CN or en.")
    text: str = strawberry.field(description="The words.")


@strawberry.type(description="The words that customers say yes or no to; a change is a further version.")
class ConsentText(Node):
    id: strawberry.ID = node_id("ConsentText")
    purpose: ConsentPurpose = strawberry.field(description="What it is about.")
    version: int = strawberry.field(description="1 came with the program.")
    saved_by: str | None = strawberry.field(description="The colleague's name; null: it came with the program.")
    saved_at: datetime | None = strawberry.field(description="When it was written; null: it came with the program.")

    @strawberry.field(description="The words in the caller's language; in another one where this was not written.")
    def text(self: Any, info: Info) -> str:
        bodies: dict[str, str] = self.bodies
        return bodies.get(info.context.locale) or bodies.get(i18n.DEFAULT) or next(iter(bodies.values()), "")

    @strawberry.field(description="The words in every language that they were written in.")
    def bodies(self: Any) -> list[ConsentBody]:
        return [ConsentBody(locale=locale, text=text) for locale, text in self.bodies.items()]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, consents.ConsentText)


@strawberry.type(description="What a customer said once. Of a purpose and channel that are missing nothing was said.")
class Consent:
    purpose: ConsentPurpose = strawberry.field(description="What her data is used for.")
    channel: ConsentChannel = strawberry.field(description="By which way; ANY: by all, or the purpose knows no ways.")
    state: ConsentState = strawberry.field(description="What she said.")
    at: datetime = strawberry.field(description="When she said it.")
    how: ConsentHow = strawberry.field(description="Where that is known from.")

    text_version: int | None = strawberry.field(
        description="Which version of the purpose's text she had before her; null: none."
    )

    @strawberry.field(description="Who put it down, by name; null: a file, or a partner's key asks.")
    def by(self: Any, info: Info) -> str | None:
        return self.by if info.context.require().reads_notes else None

    @strawberry.field(description="That text; null: none, or a partner's key asks.")
    async def text(self: Any, info: Info) -> ConsentText | None:
        if self.text_id is None or not info.context.require().reads_notes:
            return None
        return await info.context.load(queries.texts_by_id, self.text_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, consents.Consent)


@strawberry.input(description="What a customer says yes or no to.")
class RecordConsentInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    purpose: ConsentPurpose = strawberry.field(description="What her data is used for.")
    channel: ConsentChannel | None = strawberry.field(
        default=ConsentChannel.ANY, description="SERVICE and MARKETING know channels; the others are ANY."
    )
    state: ConsentState = strawberry.field(description="What she said.")
    how: ConsentHow | None = strawberry.field(
        default=ConsentHow.COUNTER, description="Where that is known from: COUNTER, CALL, WECHAT or FORM."
    )
    text_id: strawberry.ID | None = strawberry.field(
        default=None, description="The text that she had before her; needed with GRANTED."
    )
    note: str | None = strawberry.field(default=None, description="What she said in words, up to 200 characters.")
    at: datetime | None = strawberry.field(
        default=None,
        description="When she said it, with an offset; left out, or in the future: now. A yes that was said before a "
        "no that is on file by now changes nothing.",
    )


@strawberry.type(description="Answer to recordConsent.")
class RecordConsentPayload:
    customer: Customer | None = strawberry.field(default=None, description="As she is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A text in one language.")
class ConsentBodyInput:
    locale: str = strawberry.field(description="zh-CN or en.")
    text: str = strawberry.field(description="Up to 4,000 characters; empty: not written in this language.")


@strawberry.input(description="A further version of a purpose's text.")
class SaveConsentTextInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    purpose: ConsentPurpose = strawberry.field(description="What it is about.")
    base_version: int = strawberry.field(description="The version that it takes the place of.")
    bodies: list[ConsentBodyInput] = strawberry.field(description="The words, in at least one language.")


@strawberry.type(description="Answer to saveConsentText.")
class SaveConsentTextPayload:
    text: ConsentText | None = strawberry.field(default=None, description="As it is in force now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class ConsentQuery:
    @strawberry.field(description="The text in force for each purpose, for whoever asks a customer.")
    async def consent_texts(
        self,
        info: Info,
        versions: Annotated[
            bool | None, strawberry.argument(description="All that ever were in force, the latest of each first.")
        ] = False,
    ) -> list[ConsentText]:
        return await queries.consent_texts(info.context.require(), versions=bool(versions))  # type: ignore[return-value]


def _said(input: RecordConsentInput) -> ConsentSaid:
    return ConsentSaid(
        input.purpose,
        input.channel or ConsentChannel.ANY,
        input.state,
        input.how or ConsentHow.COUNTER,
        optional_id(input.text_id, "ConsentText", "textId"),
        input.note,
        input.at,
    )


@strawberry.type
class ConsentMutation:
    @strawberry.mutation(description="Puts down what a customer allows or does not; nothing of before is overwritten.")
    async def record_consent(self, info: Info, input: RecordConsentInput) -> RecordConsentPayload:
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.record_consent(
                actor, parse_id(input.customer_id, "Customer", "customerId"), _said(input)
            ),
        )
        shown: Any = await info.context.load(queries.customers_by_id, key) if key else None
        return RecordConsentPayload(customer=shown, user_errors=errors)

    @strawberry.mutation(description="Writes a further version of a text; what was said to an earlier one stays said.")
    async def save_consent_text(self, info: Info, input: SaveConsentTextInput) -> SaveConsentTextPayload:
        bodies = {body.locale: body.text for body in input.bodies}
        key, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.save_consent_text(actor, input.purpose, bodies, input.base_version),
        )
        shown: Any = await info.context.load(queries.texts_by_id, key) if key else None
        return SaveConsentTextPayload(text=shown, user_errors=errors)
