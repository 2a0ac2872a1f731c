"""Use cases: recompute the cells, keep the segments' members, make and change segments."""

from shuke.domains.segments.service.cells import JOB, refresh, refresh_by_night, request_refresh, sweep_cells
from shuke.domains.segments.service.definitions import (
    archive_segment,
    freeze_segment,
    refill,
    restore_segment,
    save_segment,
)
from shuke.domains.segments.service.joining import absorb, cells_held, forget, hold_cells, shift_counts
from shuke.domains.segments.service.members import (
    members_held,
    shift_members,
    sweep_fills,
    sweep_members,
    touch,
)
from shuke.domains.segments.service.rfm import preview_config, recategorise, save_cells, save_config

__all__ = [
    "JOB",
    "absorb",
    "archive_segment",
    "cells_held",
    "forget",
    "freeze_segment",
    "hold_cells",
    "members_held",
    "preview_config",
    "recategorise",
    "refill",
    "refresh",
    "refresh_by_night",
    "request_refresh",
    "restore_segment",
    "save_cells",
    "save_config",
    "save_segment",
    "shift_counts",
    "shift_members",
    "sweep_cells",
    "sweep_fills",
    "sweep_members",
    "touch",
]
