"""Two archives of one person as GraphQL shows them: the queue, the comparison, the merge, its undo."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, node_id
from shuke.api.pagination import (
    After,
    First,
    Page,
    PageInfo,
    decode_score,
    encode_cursor,
    make_page,
    optional_id,
    page_size,
    parse_id,
)
from shuke.domains.customers import queries as customers
from shuke.domains.customers.rules import wording
from shuke.domains.records import service
from shuke.domains.records.queries import merging as merges
from shuke.domains.records.queries import pairs
from shuke.domains.records.types import merging as types
from shuke.domains.records.types.merging import Origin, PairState, Rule, Side
from shuke.kit import i18n
from shuke.kit.errors import ErrorCode, Refusal

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
class _Queue(Page[types.Pair]):
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


@strawberry.input(description="Whose value of a field is kept.")
class MergePickInput:
    field: str = strawberry.field(description="The field, as `MergeField` names it.")
    side: Side = strawberry.field(description="Whose value.")


@strawberry.input(description="Two archives to become one.")
class MergeCustomersInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    winner_id: strawberry.ID = strawberry.field(description="The customer whose archive stays.")
    loser_id: strawberry.ID = strawberry.field(description="The customer whose archive goes into it.")
    winner_version: int = strawberry.field(description="The winner's `version` that the caller had before her.")
    loser_version: int = strawberry.field(description="The loser's.")
    picks: list[MergePickInput] = strawberry.field(
        default_factory=list, description="What is left out holds as `mergePreview` proposes."
    )


@strawberry.type(description="The archive that both are now.")
class MergeCustomersPayload:
    customer: Customer | None = strawberry.field(default=None, description="The winner as she is now.")
    merge: Merge | None = strawberry.field(default=None, description="For its undo.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A merge to take back.")
class UndoMergeInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    merge_id: strawberry.ID = strawberry.field(description="The merge.")


@strawberry.type(description="Two archives again, and what stayed with the winner.")
class UndoMergePayload:
    winner: Customer | None = strawberry.field(default=None, description="The winner as she is now.")
    loser: Customer | None = strawberry.field(default=None, description="The other, an archive of her own again.")
    stayed: list[MergeTally] = strawberry.field(
        default_factory=list, description="What came after the merge; it stays with the winner."
    )
    kept: list[str] = strawberry.field(
        default_factory=list, description="Fields of the winner that were edited since and stay so."
    )
    report: str | None = strawberry.field(default=None, description="Both in one sentence, in the caller's language.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A pair to decide about.")
class DismissDuplicateInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The pair.")


@strawberry.input(description="A pair whose dismissal is taken back.")
class ReopenDuplicateInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    id: strawberry.ID = strawberry.field(description="The pair.")


@strawberry.type(description="The pair, not the same person.")
class DismissDuplicatePayload:
    pair: DuplicatePair | None = strawberry.field(default=None, description="As it stands now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type(description="The pair, in the queue again.")
class ReopenDuplicatePayload:
    pair: DuplicatePair | None = strawberry.field(default=None, description="As it stands now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class MergingQuery:
    @strawberry.field(description="Customers who may be one person, both within the caller's reach, likeliest first.")
    async def duplicate_pairs(
        self,
        info: Info,
        store_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="One of the two has her home store here.")
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> DuplicatePairConnection:
        size, store = page_size(first), optional_id(store_id, "Store", "storeId")
        found = await pairs.duplicate_pairs(info.context.require(), store, size, decode_score(after))
        page = make_page(found, size, [encode_cursor(pair.score, pair.id) for pair in found], after)
        return _Queue(page.edges, page.page_info, store)  # type: ignore[return-value]

    @strawberry.field(
        description="Two archives side by side, before they are merged; null: one of them is no archive of its own "
        "within the caller's reach."
    )
    async def merge_preview(
        self,
        info: Info,
        winner_id: Annotated[strawberry.ID, strawberry.argument(description="Whose archive would stay.")],
        loser_id: Annotated[strawberry.ID, strawberry.argument(description="Whose would go into it.")],
    ) -> MergePreview | None:
        keys = parse_id(winner_id, "Customer", "winnerId"), parse_id(loser_id, "Customer", "loserId")
        try:
            return await service.merge_preview(info.context.require(), *keys)  # type: ignore[return-value]
        except Refusal as refusal:
            if refusal.code not in (ErrorCode.NOT_FOUND, ErrorCode.INVALID):
                raise
            return None


@strawberry.type
class MergingMutation:
    @strawberry.mutation(
        description="Makes two archives one: orders, cards, timeline and numbers become the winner's, and the loser's "
        "id leads to her. Never kept on a phone for later. `undoMerge` takes it back for 30 days."
    )
    async def merge_customers(self, info: Info, input: MergeCustomersInput) -> MergeCustomersPayload:
        async def act(actor: Any) -> UUID:
            picks = {pick.field: pick.side for pick in input.picks}
            keys = parse_id(input.winner_id, "Customer", "winnerId"), parse_id(input.loser_id, "Customer", "loserId")
            versions = input.winner_version, input.loser_version
            return await service.merge_customers(actor, *keys, picks, versions)

        key, errors = await write(info, input, UUID, act)
        merge: Any = await merges.merge(info.context.require(), key) if key else None
        customer: Any = await customers.customer(info.context.require(), merge.winner_id) if merge else None
        return MergeCustomersPayload(customer=customer, merge=merge, user_errors=errors)

    @strawberry.mutation(
        description="Takes a merge back within 30 days: what was before stands again; what came after stays with the "
        "winner and is told."
    )
    async def undo_merge(self, info: Info, input: UndoMergeInput) -> UndoMergePayload:
        done, errors = await write(
            info,
            input,
            types.Undone,
            lambda actor: service.undo_merge(actor, parse_id(input.merge_id, "Merge", "mergeId")),
        )
        if done is None:
            return UndoMergePayload(user_errors=errors)
        ids = [done.winner_id, done.loser_id]
        winner, loser = await customers.customers_by_id(info.context.require(), ids)
        told: Any = {"winner": winner, "loser": loser, "stayed": done.stayed, "kept": done.kept}
        return UndoMergePayload(**told, report=_report(done, winner, info.context.locale), user_errors=errors)

    @strawberry.mutation(description="Not the same person: the pair is never offered again.")
    async def dismiss_duplicate(self, info: Info, input: DismissDuplicateInput) -> DismissDuplicatePayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.dismiss_duplicate(actor, parse_id(input.id, "DuplicatePair"))
        )
        return DismissDuplicatePayload(pair=await _pair(info, key), user_errors=errors)

    @strawberry.mutation(description="Takes a dismissal back: the pair stands in the queue again.")
    async def reopen_duplicate(self, info: Info, input: ReopenDuplicateInput) -> ReopenDuplicatePayload:
        key, errors = await write(
            info, input, UUID, lambda actor: service.reopen_duplicate(actor, parse_id(input.id, "DuplicatePair"))
        )
        return ReopenDuplicatePayload(pair=await _pair(info, key), user_errors=errors)


def _words(choice: types.FieldChoice, value: Any, info: Info) -> str | None:
    if value is None or choice.own is None:
        return value
    return wording.words(choice.own, value, info.context.locale, info.context.require().currency, {})


async def _pair(info: Info, key: UUID | None) -> Any:
    return await pairs.pair(info.context.require(), key) if key else None


def _report(done: types.Undone, winner: Any, said: str) -> str:
    """What stayed, in one sentence of this language."""
    names = [i18n.say(said, tally.kind, count=tally.count) for tally in done.stayed]
    names += [i18n.say(said, "moving_field", name=i18n.say(said, f"field_{field}")) for field in done.kept]
    if not names:
        return i18n.say(said, "merge_parted")
    name = (winner.name or winner.alias) if winner else None
    between = i18n.say(said, "list_separator")
    return i18n.say(said, "merge_stayed", what=between.join(names), name=name or i18n.say(said, "merge_winner"))
