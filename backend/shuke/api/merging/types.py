"""Two archives of one person: the queue, the comparison, what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.identity import Node, node_id
from shuke.api.pagination import Page, PageInfo
from shuke.domains.customers.rules import wording
from shuke.domains.records.queries import pairs
from shuke.domains.records.types import merging as types
from shuke.domains.records.types.merging import Origin, PairState, Rule, Side
from shuke.kit import i18n

strawberry.enum(Side, name="MergeSide", description="Whose value of a field is kept.")
strawberry.enum(Origin, name="ValueOrigin", description="Who said a value last, the most to be trusted first.")
strawberry.enum(Rule, name="DuplicateRule", description="Why two customers may be one person.")
strawberry.enum(PairState, name="DuplicateState", description="What was decided about two customers.")


@strawberry.type(description="Two customers who may be one person.")
class DuplicatePair(Node):
    id: strawberry.ID = node_id("DuplicatePair")
    a: Customer = strawberry.field(description="One of them.")
    b: Customer = strawberry.field(description="The other.")
    rules: list[Rule] = strawberry.field(description="Why, the strongest first.")
    score: int = strawberry.field(description="How likely it is, 0 to 100.")
    state: PairState = strawberry.field(description="What was decided.")
    found_at: datetime = strawberry.field(description="When they were found.")

    @strawberry.field(description="Why, the strongest first, in the caller's language.")
    def reasons(self: Any, info: Info) -> list[str]:
        return [i18n.say(info.context.locale, f"pair_{rule.value}") for rule in self.rules]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Pair)


@strawberry.type(description="A pair in the queue.")
class DuplicatePairEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this pair.")
    node: DuplicatePair = strawberry.field(description="The pair.")


@dataclass(slots=True)
class Queue(Page[types.Pair]):
    store_id: UUID | None


@strawberry.type(description="A page of the queue, the likeliest first.")
class DuplicatePairConnection:
    edges: list[DuplicatePairEdge] = strawberry.field(description="The pairs of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="All that wait, on every page; counted only where it is asked for.")
    async def total_count(self: Any, info: Info) -> int:
        return await pairs.duplicate_count(info.context.require(), self.store_id)


@strawberry.type(description="Rows of one kind.")
class MergeTally:
    count: int = strawberry.field(description="How many.")

    @strawberry.field(description="What they are: moving_order, moving_note …; new kinds may come.")
    def kind(self: Any) -> str:
        return str(self.kind)

    @strawberry.field(description="Both in the caller's language: 2 张小票.")
    def label(self: Any, info: Info) -> str:
        return i18n.say(info.context.locale, self.kind, count=self.count)


@strawberry.type(description="A field of two archives side by side.")
class MergeField:
    field: str = strawberry.field(description="As `updateCustomer` spells it; what `picks` names.")
    winner_origin: Origin = strawberry.field(description="Who said the winner's value.")
    loser_origin: Origin = strawberry.field(description="Who said the loser's value.")
    default: Side = strawberry.field(description="Whose value holds unless it is picked otherwise.")
    conflict: bool = strawberry.field(description="Both say something, and not the same: worth a look.")

    @strawberry.field(
        description="The winner's value: enums and guides by name, phones masked, head office's fields in words; "
        "null: none."
    )
    def winner(self: Any, info: Info) -> str | None:
        return _words(self, self.winner, info)

    @strawberry.field(description="The loser's value, likewise.")
    def loser(self: Any, info: Info) -> str | None:
        return _words(self, self.loser, info)

    @strawberry.field(description="What the field is called, in the caller's language.")
    def label(self: Any, info: Info) -> str:
        locale = info.context.locale
        return i18n.pick(self.own.label, locale) if self.own else i18n.say(locale, f"field_{self.field}")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.FieldChoice)


@strawberry.type(description="What a merge would do.")
class MergePreview:
    winner: Customer = strawberry.field(description="Whose archive stays.")
    loser: Customer = strawberry.field(description="Whose archive goes into it; her id leads to the winner.")
    fields: list[MergeField] = strawberry.field(description="Every field that can be picked.")
    moves: list[MergeTally] = strawberry.field(description="What becomes the winner's.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.MergePreview)


@strawberry.type(description="Another archive that became this one.")
class Merge(Node):
    id: strawberry.ID = node_id("Merge")
    loser_name: str | None = strawberry.field(description="The other archive's name or alias; null: it had none.")
    by: str | None = strawberry.field(description="Who merged them.")
    at: datetime = strawberry.field(description="When.")
    until: datetime = strawberry.field(description="Until when `undoMerge` takes it back.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Merge)


def _words(choice: types.FieldChoice, value: Any, info: Info) -> str | None:
    if value is None or choice.own is None:
        return value
    return wording.words(choice.own, value, info.context.locale, info.context.require().currency, {})
