"""Use cases: a file of customers, a file of orders."""

from shuke.domains.records.service.customers import import_customers
from shuke.domains.records.service.orders import import_orders

__all__ = ["import_customers", "import_orders"]
