"""The queue of possible duplicates, and two archives side by side."""

from typing import Annotated

import strawberry

from shuke.api.context import Info
from shuke.api.merging.types import DuplicatePairConnection, MergePreview, Queue
from shuke.api.pagination import After, First, decode_score, encode_cursor, make_page, optional_id, page_size, parse_id
from shuke.domains.records import service
from shuke.domains.records.queries import pairs
from shuke.kit.errors import ErrorCode, Refusal


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
        return Queue(page.edges, page.page_info, store)  # type: ignore[return-value]

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
