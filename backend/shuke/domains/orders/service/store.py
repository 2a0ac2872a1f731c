"""Storing a chunk of orders, whoever it comes from: one transaction, one event."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import IdentityKind
from shuke.domains.orders import queries, rules
from shuke.domains.orders.service.aftermath import News, settle
from shuke.domains.orders.types import Document, IngestVerdict, OrderKey, Stored
from shuke.kit import clock, db, pgcopy

COLUMNS = (
    "id", "brand_id", "source", "store_id", "terminal", "business_date", "receipt_no", "customer_id", "kind", "status",
    "refund_of_receipt_no", "refund_of_business_date", "refund_of_terminal", "follows_sale", "placed_at", "currency",
    "total_minor", "digest", "updated_at", "created_at",
)  # fmt: skip
LINE_COLUMNS = ("position", "sku", "name", "quantity", "unit_price", "total_minor", "order_id")
UPDATE = """
UPDATE "order" SET customer_id = $2, kind = $3, status = $4, refund_of_receipt_no = $5, refund_of_business_date = $6,
  refund_of_terminal = $7, follows_sale = $8, placed_at = $9, currency = $10, total_minor = $11, digest = $12,
  updated_at = $13
WHERE id = $1
"""


async def store_documents(
    brand_id: UUID, actor: tuple[str, UUID | None], documents: Sequence[Document], follow_ups: bool
) -> list[Stored]:
    """Stores a chunk in one transaction: orders, lines, links of refunds, statistics, timelines, one event.

    Chunks of one brand take turns, so statistics see every order and nobody waits in a circle.
    """
    if not documents:
        return []
    async with db.tx():
        await db.lock("orders", brand_id)
        known = await queries.known(brand_id, [document.key for document in documents])
        buyers = await _buyers(brand_id, documents)
        verdicts = _verdicts(documents, known, buyers)
        latest = {  # of a key that comes twice, the last word
            document.key: (document, buyer)
            for document, buyer, verdict in zip(documents, buyers, verdicts, strict=True)
            if verdict is not IngestVerdict.UNCHANGED
        }
        ids = {key: document.id for key, (document, _) in latest.items()}
        ids |= {key: row[0] for key, row in known.items()}
        owners = {key: row[2] for key, row in known.items()}
        news = [News(ids[key], *item, key not in known, owners.get(key)) for key, item in latest.items()]
        if news:
            await _write(brand_id, news)
            await settle(brand_id, actor, news, {one.former for one in news}, follow_ups)
        return [Stored(verdict, ids[doc.key]) for verdict, doc in zip(verdicts, documents, strict=True)]


async def rehearse(brand_id: UUID, documents: Sequence[Document]) -> list[Stored]:
    """The verdicts that `store_documents` would give; reads only."""
    known = await queries.known(brand_id, [document.key for document in documents]) if documents else {}
    found = await _found(brand_id, documents)
    verdicts = _verdicts(documents, known, [rules.customer_of(document, *found) for document in documents])
    ids = {key: row[0] for key, row in known.items()}
    return [Stored(verdict, ids.get(doc.key)) for verdict, doc in zip(verdicts, documents, strict=True)]


def _verdicts(
    documents: Sequence[Document],
    known: dict[OrderKey, tuple[UUID, bytes, UUID | None]],
    buyers: Sequence[UUID | None],
) -> list[IngestVerdict]:
    """By digest; an order that was nobody's is news again when its customer has become known."""
    verdicts = rules.verdicts(documents, {key: row[1] for key, row in known.items()})
    for place, (document, buyer) in enumerate(zip(documents, buyers, strict=True)):
        stored = known.get(document.key)
        if stored and buyer and stored[2] is None and verdicts[place] is IngestVerdict.UNCHANGED:
            verdicts[place] = IngestVerdict.UPDATED
    return verdicts


async def _found(brand_id: UUID, documents: Sequence[Document]) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Member number -> customer, phone -> customer, as far as they are on file."""
    members = {document.member_no for document in documents if document.member_no}
    numbers = {document.phone for document in documents if document.phone}
    by_member = await customer_queries.find_by_identity(brand_id, IdentityKind.MEMBER_NO, members) if members else {}
    by_phone = await customer_queries.find_by_identity(brand_id, IdentityKind.PHONE, numbers) if numbers else {}
    return by_member, by_phone


async def _buyers(brand_id: UUID, documents: Sequence[Document]) -> list[UUID | None]:
    """Whose each order is. An unknown member number makes a customer; an unknown phone does not, for a till's
    phone field is typed in a hurry and a wrong one would be somebody else's archive.
    """
    by_member, by_phone = await _found(brand_id, documents)
    wanted: dict[UUID, dict[str, None]] = {}
    for document in documents:
        if document.member_no and rules.customer_of(document, by_member, by_phone) is None:
            wanted.setdefault(document.key.store_id, {})[document.member_no] = None
    for store_id, numbers in wanted.items():
        missing = [(IdentityKind.MEMBER_NO, number, number) for number in sorted(numbers) if number not in by_member]
        by_member |= await customers.ensure_members(brand_id, store_id, missing)
    return [rules.customer_of(document, by_member, by_phone) for document in documents]


async def _write(brand_id: UUID, news: Sequence[News]) -> None:
    """The orders and their lines."""
    now = clock.now()
    fresh: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    lines = [pgcopy.BEGIN]
    for one in news:
        document, said = one.document, one.document.said
        refund = (said.refund_of_receipt_no, said.refund_of_business_date, said.refund_of_terminal, one.follows_sale)
        money = (said.placed_at, document.currency, document.total_minor)
        state = (one.buyer, said.kind.value, said.status.value, *refund, *money, document.digest, now)
        if one.is_new:
            fresh.append((one.order_id, brand_id, *document.key, *state, now))
        else:
            changed.append((one.order_id, *state))
        lines.append(rules.line_rows(document, one.order_id))
    async with db.raw() as connection:
        await connection.copy_records_to_table("order", records=fresh, columns=COLUMNS)
        if changed:
            await connection.executemany(UPDATE, changed)
            await connection.execute("DELETE FROM order_line WHERE order_id = ANY($1)", [row[0] for row in changed])
        rows = BytesIO(b"".join((*lines, pgcopy.END)))
        await connection.copy_to_table("order_line", source=rows, columns=LINE_COLUMNS, format="binary")
