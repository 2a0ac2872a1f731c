"""What an export is told, and what it tells."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from msgspec import Struct


class ExportKind(Enum):
    """What is taken out."""

    CUSTOMERS = "customers"


class ExportFormat(Enum):
    """What kind of file it becomes."""

    XLSX = "xlsx"
    CSV = "csv"


class ExportState(Enum):
    """How far an export in the background has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ExportWish(Struct, frozen=True):
    """What somebody asks for: the filters of the list that she looked at, the columns, and why."""

    kind: ExportKind
    format: ExportFormat
    reason: str
    fields: list[str] = []
    """keys of the columns in order; none: all that she may have"""
    search: str | None = None
    store_id: UUID | None = None
    region_id: UUID | None = None
    mine: bool = False
    cell: str | None = None
    segment_id: UUID | None = None


@dataclass(slots=True)
class ExportJob:
    """An export in the background."""

    id: UUID
    wish: ExportWish
    state: ExportState
    staff_id: UUID
    staff_name: str
    created_at: datetime
    ended_at: datetime | None
    rows: int
    """rows written so far"""
    rows_total: int | None
    file_id: UUID | None
    file_name: str | None
    file_bytes: int | None
    expires_at: datetime | None
    """until when the file can be fetched"""
    problem: tuple[str, dict[str, Any]] | None
    """why it failed: a key of `kit.words` with what fills it"""
