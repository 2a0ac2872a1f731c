"""A customer as GraphQL shows her, and the pages she stands in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import shuke.api.customers.choices
import shuke.api.segments  # noqa: F401 (gives the enum RfmCell its place in the schema before a field here uses it)
from shuke.api.context import Info
from shuke.api.customers.dependants import Dependant, family_graduated
from shuke.api.customers.identities import CustomerIdentity, CustomerShare, ReachedThrough
from shuke.api.customers.predictions import CustomerPrediction
from shuke.api.customers.referrals import Referrals, told
from shuke.api.customers.timeline import TimelineConnection
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import (
    After,
    First,
    Page,
    PageInfo,
    decode_moment,
    encode_cursor,
    global_id,
    make_page,
    page_size,
)
from shuke.api.profile.seen import seen, sees
from shuke.api.profile.values import Completeness, FieldValue, completeness_of, values_of
from shuke.api.segments import said
from shuke.domains.customers import queries, types
from shuke.domains.customers.rules.consents import decisive
from shuke.domains.customers.types import CustomerSource, CustomerView, Filters, Gender, TimelineKind
from shuke.domains.customers.types.consents import ConsentChannel
from shuke.domains.customers.types.referrals import Referrals as Graph
from shuke.domains.orders import queries as orders
from shuke.domains.predictions import queries as predictions
from shuke.domains.records.queries import merging
from shuke.domains.segments import queries as segments
from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rules import Membership, SegmentKind
from shuke.domains.segments.types.tags import HeldTag, TagColour, TagKind, TagSetBy
from shuke.domains.tasks import queries as tasks
from shuke.kit import birthdays, i18n, zones

if TYPE_CHECKING:
    from shuke.api.customers.consents import Consent
    from shuke.api.merging.types import Merge
    from shuke.api.orders import OrderConnection, PurchaseStats
    from shuke.api.tasks import Task

strawberry.enum(CustomerSource, description="How the customer came to the shop.")
strawberry.enum(SegmentKind, description="Whether a segment follows its rule.")
strawberry.enum(
    TagKind,
    description="STATIC: set by hand or by a file; DYNAMIC: the members of a segment that follows "
    "its rule; PREDICTIVE: set by a model, until a day.",
)
strawberry.enum(TagColour, description="A colour that is readable in both themes, by its name.")
strawberry.enum(TagSetBy, description="RULE: it is dynamic, and she is in its segment.")


@strawberry.type(description="A segment that a customer is in.")
class CustomerSegment:
    name: str = strawberry.field(description="What head office calls it.")
    kind: SegmentKind = strawberry.field(description="Whether it follows its rule.")
    since: datetime = strawberry.field(description="When she came in.")

    @strawberry.field(
        description="What brought her in, as it was then, in the caller's language: purchases in the last 30 days: 2. "
        "Without what the caller does not see."
    )
    async def reasons(self: Any, info: Info) -> list[str]:
        found = await info.context.load(segments.reasons_of, self.id)
        return said.told(info, found.known, found.seen)

    @strawberry.field(description="The segment's id, for `segmentWhy`.")
    def segment_id(self: Any) -> strawberry.ID:
        return global_id("Segment", self.segment_id)

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Membership)


@strawberry.type(description="A tag that a customer has.")
class CustomerTag:
    name: str = strawberry.field(description="What head office calls it.")
    colour: TagColour = strawberry.field(description="Its colour.")
    kind: TagKind = strawberry.field(description="How it is set.")
    group: str = strawberry.field(description="The name of its group.")
    set_by: TagSetBy = strawberry.field(description="Who set it, or what.")
    since: datetime = strawberry.field(description="Since when she has it.")
    staff: str | None = strawberry.field(description="The name of the colleague who set it; null: nobody did by hand.")
    score: float | None = strawberry.field(description="Of a prediction, 0 to 1: how sure the model is.")
    model_version: str | None = strawberry.field(description="Of a prediction: the model that said so.")
    expires_at: datetime | None = strawberry.field(
        description="Of a prediction: it counts until the end of that day in her store."
    )

    @strawberry.field(description="Of a prediction: why, the strongest reason first, at most three sentences.")
    def reasons(self: Any, info: Info) -> list[str]:
        return [i18n.pick(one, info.context.locale) for one in self.reasons or ()]

    @strawberry.field(description="The tag's id.")
    def tag_id(self: Any) -> strawberry.ID:
        return global_id("Tag", self.tag_id)

    @strawberry.field(description="Of a dynamic one: the segment's id, for `segmentWhy`.")
    def segment_id(self: Any) -> strawberry.ID | None:
        return global_id("Segment", self.segment_id) if self.segment_id else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, HeldTag)


@strawberry.type(description="A person who buys, or may buy, in the brand's shops.")
class Customer(Node):
    id: strawberry.ID = node_id("Customer")
    name: str | None = strawberry.field(description="Full name; null: known by her number only.")
    alias: str | None = strawberry.field(description="What the shop calls her: 小满妈妈.")

    @strawberry.field(description="As far as the shop knows; UNKNOWN where head office keeps it to other roles.")
    async def gender(self: Any, info: Info) -> Gender:
        return await seen(info, self, "gender", Gender.UNKNOWN)

    @strawberry.field(
        description="Her own, where it is kept by the sun with its year; else see `birthDate`. Null, as this and the "
        "next, where head office keeps it to other roles."
    )
    async def birthday(self: Any, info: Info) -> date | None:
        return await seen(info, self, "birthday")

    @strawberry.field(
        description="Her own birthday, whichever way it is kept: 1990-03-08, --03-08 (the year is not known), "
        "lunar:1990-04-15, lunar:2023-leap-02-15 (a leap month), lunar:--04-15."
    )
    async def birth_date(self: Any, info: Info) -> str | None:
        view: CustomerView = self
        return view.birth_date if await sees(info, view, "birthday") else None

    @strawberry.field(
        description="Member level in the brand's words: 金卡; null, too, where head office keeps it to other roles."
    )
    async def level(self: Any, info: Info) -> str | None:
        return await seen(info, self, "level")

    @strawberry.field(description="How she came to the shop; OTHER where head office keeps it to other roles.")
    async def source(self: Any, info: Info) -> CustomerSource:
        return await seen(info, self, "source", CustomerSource.OTHER)

    phone: str | None = strawberry.field(
        description="Masked: 138 •••• 2047; `revealPhone` gives the number. Of none of her own, the one that she uses "
        "with somebody: see `reachedThrough`."
    )
    member_no: str | None = strawberry.field(description="Her member number, as the till knows it.")
    store: Store = strawberry.field(description="Her home store.")
    guide: Staff | None = strawberry.field(description="Who looks after her; null: the store's pool.")
    version: int = strawberry.field(description="Grows with every edit; the `baseVersion` of the next one.")
    created_at: datetime = strawberry.field(description="When she was entered.")

    @strawberry.field(
        description="What whoever meets her should know; null: nothing, or head office keeps it to other roles, or a "
        "partner's key asks, which reads no notes."
    )
    async def note(self: Any, info: Info) -> str | None:
        return await seen(info, self, "note") if info.context.require().reads_notes else None

    @strawberry.field(
        description="Her next birthday, today's if it is today by her store's clock. 29 February is kept on the 28th "
        "in common years; a lunar leap month, in years without it, in the ordinary month of its number; the 30th of a "
        "lunar month of 29 days on its 29th. Null: her birthday is not known to the caller."
    )
    async def next_birthday(self: Any, info: Info) -> date | None:
        view: CustomerView = self
        if not view.birth_date or not await sees(info, view, "birthday"):
            return None
        return birthdays.parse(view.birth_date).next(zones.local_date(info.context.now, view.store.timezone))

    @strawberry.field(description="Her children, the eldest first; none for a partner's key.")
    async def dependants(self: Any, info: Info) -> list[Dependant]:
        return await _children(self, info)  # type: ignore[return-value]

    @strawberry.field(description="She has children here, and the youngest has graduated; false for a partner's key.")
    async def graduated(self: Any, info: Info) -> bool:
        return await family_graduated(await _children(self, info), info)

    @strawberry.field(
        description="Her RFM cell; null: never bought, not computed yet, or a partner's key limited to stores asks."
    )
    async def cell(self: Any, info: Info) -> RfmCell | None:
        known = info.context.primed.get(segments.cells_of.__name__, {})
        return known[self.id] if self.id in known else (await info.context.load(segments.standing_of, self.id)).cell

    @strawberry.field(
        description="Why that cell, in the caller's language, by her figures as of now: 86 天没来 · 4 次 · 共 ¥3,657. "
        "Net of refunds unless head office counts otherwise. Null where `cell` is, or until the figures are computed."
    )
    async def cell_reason(self: Any, info: Info) -> str | None:
        figures = (await info.context.load(segments.standing_of, self.id)).figures
        return said.cell_reason(info, figures) if figures else None

    @strawberry.field(
        description="The segments that she is in, the latest first; none for a partner's key. `segmentWhy` says why."
    )
    async def segments(self: Any, info: Info) -> list[CustomerSegment]:
        return (await info.context.load(segments.standing_of, self.id)).segments

    @strawberry.field(
        description="Her tags, in head office's order: what people, files and models set and what is not expired, and "
        "the dynamic ones of the segments that she is in; none for a partner's key."
    )
    async def tags(self: Any, info: Info) -> list[CustomerTag]:
        return (await info.context.load(segments.standing_of, self.id)).tags

    @strawberry.field(
        description="What is thought of her; null: nothing, since she never bought or refused to be profiled, there is "
        "too little history, or a partner's key asks."
    )
    def prediction(self: Any, info: Info) -> CustomerPrediction | None:
        return info.context.load(predictions.chances_of, self.id)

    @strawberry.field(
        description="What she has bought, net of refunds; for a partner's key limited to stores: what she bought there."
    )
    def stats(self: Any, info: Info) -> Annotated["PurchaseStats", strawberry.lazy("shuke.api.orders")]:
        return info.context.load(orders.stats_of, self.id)

    @strawberry.field(
        description="Her values in fields of head office's own, in the order of the form: of fields that are asked and "
        "that the caller may see; for a partner's key, of public ones alone."
    )
    async def values(self: Any, info: Info) -> list[FieldValue]:
        return await values_of(info, self)

    @strawberry.field(description="How much of her card is filled in; null for a partner's key.")
    async def completeness(self: Any, info: Info) -> Completeness | None:
        return await completeness_of(info, self)

    @strawberry.field(
        description="What holds of all that she said, by purpose and channel. A no to ANY channel stands over an "
        "earlier yes to one; of what is missing nothing was said."
    )
    async def consents(
        self: Any, info: Info
    ) -> list[Annotated["Consent", strawberry.lazy("shuke.api.customers.consents")]]:
        card = await info.context.load(queries.cards_of, self.id)
        return decisive(card.consents)  # type: ignore[return-value]

    @strawberry.field(description="By which ways she wants no marketing; no call is to be offered where PHONE is in.")
    async def closed_channels(self: Any, info: Info) -> list[ConsentChannel]:
        refusals = (await info.context.load(queries.cards_of, self.id)).refusals
        return [way for way in ConsentChannel if f"marketing/{way.value}" in refusals]

    @strawberry.field(description="The open card about her; null: there is none.")
    def task(self: Any, info: Info) -> Annotated["Task", strawberry.lazy("shuke.api.tasks")] | None:
        return info.context.load(tasks.open_tasks_of, self.id)

    @strawberry.field(
        description="Other archives that became hers in the last 30 days, the latest first, for `undoMerge`; none for "
        "who may not undo."
    )
    def merges(self: Any, info: Info) -> list[Annotated["Merge", strawberry.lazy("shuke.api.merging.types")]]:
        return info.context.load(merging.merges_of, self.id)

    @strawberry.field(description="Her orders and refunds, the latest first.")
    async def orders(
        self: Any, info: Info, first: First = 20, after: After = None
    ) -> Annotated["OrderConnection", strawberry.lazy("shuke.api.orders")]:
        size, start = page_size(first), decode_moment(after)
        found = await orders.orders_of(info.context.require(), self.id, size, start)
        page: Any = make_page(found, size, [encode_cursor(row.placed_at.isoformat(), row.id) for row in found], after)
        return page

    @strawberry.field(
        description="What touched her, the latest first; without other stores' orders and refunds for a partner's key "
        "limited to stores."
    )
    async def timeline(
        self: Any,
        info: Info,
        first: First = 20,
        after: After = None,
        kinds: Annotated[
            list[TimelineKind] | None, strawberry.argument(description="Only entries of these kinds; null: of all.")
        ] = None,
    ) -> TimelineConnection:
        size = page_size(first)
        found = await queries.timeline(info.context.require(), self.id, size, decode_moment(after), kinds)
        return make_page(found, size, [encode_cursor(row.at.isoformat(), row.id) for row in found], after)  # type: ignore[return-value]

    @strawberry.field(
        description="All that she is known by, by kind, of her phones the one that is shown first; nothing for a "
        "partner's key."
    )
    async def identities(self: Any, info: Info) -> list[CustomerIdentity]:
        if not info.context.require().reads_notes:
            return []
        found: Any = (await info.context.load(queries.cards_of, self.id)).identities
        return await _known(info, self, found)

    @strawberry.field(description="Numbers of others that she uses too; nothing for a partner's key.")
    async def reached_through(self: Any, info: Info) -> list[ReachedThrough]:
        if not info.context.require().reads_notes:
            return []
        found: Any = (await info.context.load(queries.cards_of, self.id)).through
        return await _known(info, self, found)

    @strawberry.field(
        description="The stores beside her home store that may open her; nothing for a partner's key. For a store that "
        "she is shared with she counts as one of its pool."
    )
    async def shares(self: Any, info: Info) -> list[CustomerShare]:
        if not info.context.require().reads_notes:
            return []
        found: Any = (await info.context.load(queries.cards_of, self.id)).shares
        return found

    @strawberry.field(
        description="Who brought her and whom she brought, two levels down; nobody where head office keeps that to "
        "other roles."
    )
    async def referrals(self: Any, info: Info) -> Referrals:
        seen = await sees(info, self, "referrer")
        return told(info, (await info.context.load(queries.cards_of, self.id)).referrals if seen else Graph())

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, CustomerView)


async def _known(info: Info, view: CustomerView, numbers: Any) -> list[Any]:
    """Of what she is known by, all that the caller may know."""
    wechat = await sees(info, view, "wechat")
    return [one for one in numbers if wechat or one.kind is not types.IdentityKind.WECHAT]


async def _children(view: CustomerView, info: Info) -> tuple[types.Dependant, ...]:
    """Her children as far as the caller may see them."""
    if not queries.sees_children(info.context.require()):
        return ()
    card: types.Card = await info.context.load(queries.cards_of, view.id)
    return card.dependants


@strawberry.type(description="Who has a phone already, as far as the caller may know.")
class MaskedCustomer:
    name: str = strawberry.field(description="Her name; masked (周••) where the caller may not open her.")
    phone: str = strawberry.field(description="Masked.")
    store: Store = strawberry.field(description="Her home store.")

    @strawberry.field(description='base64 of "Customer:uuid"; null where the caller may not open her.')
    def id(self: Any) -> strawberry.ID | None:
        return global_id("Customer", self.id) if self.id else None

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.MaskedCustomer)


@strawberry.type(description="A customer in a list.")
class CustomerEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this customer.")
    node: Customer = strawberry.field(description="The customer.")


@dataclass(slots=True)
class FilteredPage(Page[CustomerView]):
    """A page that remembers what it was filtered by, for its total."""

    filters: Filters


@strawberry.type(description="A page of customers, the newest first.")
class CustomerConnection:
    edges: list[CustomerEdge] = strawberry.field(description="The customers of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="All that the filters leave, on every page; counted only where it is asked for.")
    async def total_count(self: Any, info: Info) -> int:
        return await queries.total(info.context.require(), self.filters)
