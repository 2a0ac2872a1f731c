"""Reads: imports and exports in the background, and what imports need of the rooms below."""

from shuke.domains.records.queries.exports import export, exports
from shuke.domains.records.queries.imports import (
    every_row,
    guides_by_phone,
    import_job,
    import_jobs,
    rejected_rows,
    upload,
)

__all__ = [
    "every_row",
    "export",
    "exports",
    "guides_by_phone",
    "import_job",
    "import_jobs",
    "rejected_rows",
    "upload",
]
