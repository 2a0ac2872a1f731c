"""A merge, its undo, and what is decided about a pair."""

from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError, write
from shuke.api.merging.types import DuplicatePair, Merge, MergeTally
from shuke.api.pagination import parse_id
from shuke.domains.customers import queries as customers
from shuke.domains.records import service
from shuke.domains.records.queries import merging as merges
from shuke.domains.records.queries import pairs
from shuke.domains.records.types import merging as types
from shuke.domains.records.types.merging import Side
from shuke.kit import i18n


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
