"""Customers who have the same name."""

from collections.abc import Sequence
from uuid import UUID

from shuke.kit import db

MOST = 50
"""Of one name; who has a name that more people have is found by nothing but her number."""
SAME_NAME = f"""
SELECT w.name, c.id, c.birthday, ARRAY(
  SELECT i.value FROM customer_identity i WHERE i.customer_id = c.id AND i.kind = 'phone')
FROM unnest($2::text[]) AS w(name) CROSS JOIN LATERAL (
  SELECT id, birthday FROM customer
  WHERE brand_id = $1 AND lower(replace(normalize(name, NFKC), ' ', '')) = w.name AND merged_into_id IS NULL
  LIMIT {MOST}) c
"""


async def same_name(brand_id: UUID, names: Sequence[str]) -> list[tuple[str, UUID, str | None, list[str]]]:
    """(name, id, birthday in its canonical text, phones in E.164) of everybody who has one of these names, which are in
    lower case, narrow letters and without blanks (index `customer_named`).
    """
    return [tuple(row) for row in await db.fetch(SAME_NAME, brand_id, names)]
