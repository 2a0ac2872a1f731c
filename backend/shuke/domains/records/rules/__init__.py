"""How cells become orders and customers. Pure: rows of text in, values or reasons out."""

from shuke.domains.records.rules.cells import Cells, day
from shuke.domains.records.rules.customers import CustomerReader
from shuke.domains.records.rules.headings import (
    ORDERS,
    Headings,
    headings,
    place_orders,
    where,
)
from shuke.domains.records.rules.orders import OrderReader, ReceiptKey

__all__ = [
    "ORDERS",
    "Cells",
    "CustomerReader",
    "Headings",
    "OrderReader",
    "ReceiptKey",
    "day",
    "headings",
    "place_orders",
    "where",
]
