"""Reads: imports and exports in the background, and what imports need of the rooms below."""

from shuke.domains.records.queries.audit import audit_events
from shuke.domains.records.queries.exports import export, export_columns, exports, offered
from shuke.domains.records.queries.held import confirm_with, erasure_preview
from shuke.domains.records.queries.imports import (
    every_row,
    failed_rows,
    guides_by_phone,
    import_fields,
    import_job,
    import_jobs,
    job_rows,
    people_by_name,
    rejected_rows,
    stayed,
    stayed_of,
    upload,
)
from shuke.domains.records.queries.uses import field_uses

__all__ = [
    "audit_events",
    "confirm_with",
    "erasure_preview",
    "every_row",
    "export",
    "export_columns",
    "exports",
    "failed_rows",
    "field_uses",
    "guides_by_phone",
    "import_fields",
    "import_job",
    "import_jobs",
    "job_rows",
    "offered",
    "people_by_name",
    "rejected_rows",
    "stayed",
    "stayed_of",
    "upload",
]
