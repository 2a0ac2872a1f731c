"""Somebody filled in what differs from her card: whoever looks after her is told, and nothing of her or of it."""

from uuid import UUID

from shuke.domains.identity import queries as identity
from shuke.domains.notifications import service as post_office
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit import db
from shuke.kit.ids import effect_id

# whose she is now, and whether it still waits: a colleague may have decided, an archive may have become another's
WHOSE = """
SELECT c.id, c.store_id, g.id FROM customer_link l JOIN customer c ON c.id = l.customer_id
LEFT JOIN staff g ON g.id = c.guide_id AND g.left_at IS NULL
WHERE l.brand_id = $1 AND l.id = $2 AND c.erased_at IS NULL
  AND EXISTS (SELECT FROM jsonb_each(l.said) said WHERE said.value ->> 'state' = 'waiting')
"""


async def tell_of_answers(brand_id: UUID, event_id: UUID, link_id: UUID) -> None:
    """What came in by this link waits: a message to her guide, or to all of her store where she has none. Whoever has
    not read the last one about her gets no other; the same event again posts nothing.
    """
    row = await db.fetch_row(WHOSE, brand_id, link_id)
    if row is None:
        return
    customer_id, store_id, guide_id = row
    crew = [guide_id] if guide_id else [person.id for person in await identity.staff_of_store(brand_id, store_id)]
    url = f"/customers/{customer_id}?sheet=answers"
    letters = [Letter(effect_id("inbox", event_id, one), one, InboxKind.ANSWERS_WAITING, {}, url) for one in crew]
    if letters:
        await post_office.post_unless_unread(brand_id, letters)
