"""Leads of last night that nobody has answered yet, in the pool of every shop but the demo guide's: hers is told of
elsewhere.
"""

from random import Random
from uuid import UUID

from shuke.app.demo.calendar import Calendar, sorted_id
from shuke.app.demo.people import SEED, SHOPS
from shuke.app.demo.visits import QUESTIONS, SOURCES
from shuke.domains.customers import service as customers
from shuke.domains.customers.types.visits import Lead
from shuke.kit import clock, db, events

AT_NIGHT = 21 * 60 + 30, 23 * 60 + 30
"""When people ask once the child is in bed; they are to be answered by ten in the morning."""
A_SHOP = 2
# of each shop's pool, who have no card yet
WITHOUT_CARD = """
SELECT s.id, c.value FROM store s CROSS JOIN LATERAL (
  SELECT i.value FROM customer c JOIN customer_identity i ON i.customer_id = c.id AND i.kind = 'phone'
  WHERE c.store_id = s.id AND c.guide_id IS NULL
    AND NOT EXISTS (SELECT FROM task t WHERE t.customer_id = c.id AND t.state = 'open')
  ORDER BY i.value LIMIT $3) c
WHERE s.brand_id = $1 AND s.code <> $2 ORDER BY s.code, c.value
"""


async def ask_overnight(brand_id: UUID, calendar: Calendar) -> None:
    """They ask; whoever delivers the events makes their cards."""
    for store_id, phone in await db.fetch(WITHOUT_CARD, brand_id, SHOPS[0].code, A_SHOP):
        rng = Random(f"{SEED}/lead {phone}")
        at = calendar.moment(1, rng.randint(*AT_NIGHT))
        message, source = rng.choice(QUESTIONS), rng.choice(SOURCES)
        lead = Lead(sorted_id(rng, at), store_id, (("phone", phone, phone),), source, at, message=message)
        with clock.pretended(at):
            await customers.receive_lead(brand_id, events.SYSTEM, lead)
