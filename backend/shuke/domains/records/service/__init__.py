"""Use cases: a file of customers, a file of orders, from a shell or in the background."""

from shuke.domains.records.service.customers import import_customers
from shuke.domains.records.service.jobs import cancel_import, purge_imports, start_import, sweep_imports
from shuke.domains.records.service.orders import import_orders
from shuke.domains.records.service.pairs import settle_pairs
from shuke.domains.records.service.running import run_import
from shuke.domains.records.service.uploads import MOST_BYTES, purge_uploads, receive_upload

__all__ = [
    "MOST_BYTES",
    "cancel_import",
    "import_customers",
    "import_orders",
    "purge_imports",
    "purge_uploads",
    "receive_upload",
    "run_import",
    "settle_pairs",
    "start_import",
    "sweep_imports",
]
