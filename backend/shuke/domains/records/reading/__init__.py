"""From files to what is stored of them. Touches no database: it runs in a process of its own."""

from shuke.domains.records.reading.customers import (
    CustomersRead,
    Laid,
    begin_customers,
    customer_chunks,
    read_people,
    shape,
)
from shuke.domains.records.reading.orders import (
    FIRST_ORDERS,
    ZONE,
    Chunk,
    Place,
    Receipt,
    begin_orders,
    checked,
    last_rows,
    order_chunks,
    read_mapping,
    receipts,
)
from shuke.domains.records.reading.progress import Looked

__all__ = [
    "FIRST_ORDERS",
    "ZONE",
    "Chunk",
    "CustomersRead",
    "Laid",
    "Looked",
    "Place",
    "Receipt",
    "begin_customers",
    "begin_orders",
    "checked",
    "customer_chunks",
    "last_rows",
    "order_chunks",
    "read_mapping",
    "read_people",
    "receipts",
    "shape",
]
