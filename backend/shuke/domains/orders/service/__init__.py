"""Use cases: orders come in, from a till or a file, and keep their customers' statistics in the same transaction."""

from shuke.domains.orders.service.aftermath import follow_sales, set_off
from shuke.domains.orders.service.anonymous import hold_orders, make_anonymous
from shuke.domains.orders.service.ingest import house_of, ingest_orders
from shuke.domains.orders.service.products import save_products
from shuke.domains.orders.service.stats import rebuild_stats
from shuke.domains.orders.service.store import rehearse, store_documents

__all__ = [
    "follow_sales",
    "hold_orders",
    "house_of",
    "ingest_orders",
    "make_anonymous",
    "rebuild_stats",
    "rehearse",
    "save_products",
    "set_off",
    "store_documents",
]
