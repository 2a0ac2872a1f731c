"""What the brand's articles are called, and what they belong to."""

from collections.abc import Sequence

from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.orders.types import Product
from shuke.kit import clock, db, events
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_ids
from shuke.kit.text import clean

MOST_PRODUCTS = 1000
LENGTHS = {"sku": 120, "name": 300, "category": 60}
SAVE = """
WITH told AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS w(id, sku, name, category)
), before AS (
  SELECT p.sku, p.category FROM product p JOIN told ON told.sku = p.sku WHERE p.brand_id = $1
), saved AS (
  INSERT INTO product AS p (id, brand_id, sku, name, category, created_at, updated_at)
  SELECT id, $1, sku, name, category, $6, $6 FROM told ORDER BY sku
  ON CONFLICT (brand_id, sku) DO UPDATE SET name = coalesce(excluded.name, p.name), category = excluded.category,
    updated_at = excluded.updated_at
  WHERE (p.name, p.category) IS DISTINCT FROM (coalesce(excluded.name, p.name), excluded.category)
  RETURNING sku, category
)
SELECT count(*)::int, count(*) FILTER (WHERE b.category IS DISTINCT FROM s.category)::int
FROM saved s LEFT JOIN before b USING (sku)
"""


async def save_products(actor: Actor, products: Sequence[Product]) -> int:
    """Puts articles down, or changes them: of one that comes twice, the last word holds; how many were changed.

    Rules that ask for categories look at everybody anew when one has changed. Raises Refusal INVALID: more than 1,000,
    a text too long; REQUIRED: no article number.
    """
    allow(actor, "saveProducts")
    if len(products) > MOST_PRODUCTS:
        raise Refusal(ErrorCode.INVALID, "products", "batch_size", most=MOST_PRODUCTS)
    told = {one.sku: one for one in (_checked(product, place) for place, product in enumerate(products))}
    async with db.tx():
        await db.lock("products", actor.brand_id)
        columns = zip(*((one.sku, one.name, one.category) for one in told.values()), strict=True)
        args = (new_ids(len(told)), *map(list, columns)) if told else ([], [], [], [])
        saved, moved = await db.fetch_row(SAVE, actor.brand_id, *args, clock.now()) or (0, 0)
        if saved:
            kind = "products.categorised" if moved else "products.saved"
            await events.record(actor.brand_id, kind, actor.ref, ("product", None), {"products": saved})
    return int(saved)


def _checked(product: Product, place: int) -> Product:
    texts = {name: clean(getattr(product, name) or "") for name in LENGTHS}
    for name, text in texts.items():
        if text and len(text) > LENGTHS[name]:
            raise Refusal(ErrorCode.INVALID, f"products.{place}.{name}", "too_long", most=LENGTHS[name])
    sku = texts["sku"]
    if not sku:
        raise Refusal(ErrorCode.REQUIRED, f"products.{place}.sku")
    return Product(sku, texts["name"], texts["category"])
