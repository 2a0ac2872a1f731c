"""Use cases: files that come in, from a shell or in the background, and files that go out."""

from shuke.domains.records.service.batch_undoing import undo_batch
from shuke.domains.records.service.copies import copy_customer, copy_ticket, fetch_copy, purge_copies
from shuke.domains.records.service.customers import import_customers
from shuke.domains.records.service.duplicates import look_for_duplicates, sweep_duplicates, watch_brand
from shuke.domains.records.service.erasure import erase_customer
from shuke.domains.records.service.exports import (
    fetch_export,
    run_export,
    start_export,
    sweep_exports,
    tidy_exports,
)
from shuke.domains.records.service.jobs import cancel_import, purge_imports, start_import, sweep_imports
from shuke.domains.records.service.merging import merge_customers, merge_preview
from shuke.domains.records.service.orders import import_orders
from shuke.domains.records.service.pairs import dismiss_duplicate, reopen_duplicate, settle_pairs
from shuke.domains.records.service.report import report_stayed
from shuke.domains.records.service.running import run_import
from shuke.domains.records.service.undoing import undo_import, undoable_until
from shuke.domains.records.service.unmerging import forget_snapshots, undo_merge
from shuke.domains.records.service.uploads import MOST_BYTES, purge_uploads, receive_upload

__all__ = [
    "MOST_BYTES",
    "cancel_import",
    "copy_customer",
    "copy_ticket",
    "dismiss_duplicate",
    "erase_customer",
    "fetch_copy",
    "fetch_export",
    "forget_snapshots",
    "import_customers",
    "import_orders",
    "look_for_duplicates",
    "merge_customers",
    "merge_preview",
    "purge_copies",
    "purge_imports",
    "purge_uploads",
    "receive_upload",
    "reopen_duplicate",
    "report_stayed",
    "run_export",
    "run_import",
    "settle_pairs",
    "start_export",
    "start_import",
    "sweep_duplicates",
    "sweep_exports",
    "sweep_imports",
    "tidy_exports",
    "undo_batch",
    "undo_import",
    "undo_merge",
    "undoable_until",
    "watch_brand",
]
