"""Reads: who is in which cell and segment, and why."""

from shuke.domains.segments.queries.catalogue import Plan, catalogue, plan, trees
from shuke.domains.segments.queries.cells import (
    Latest,
    board_cells,
    cells_of,
    in_cell,
    last_applied,
    latest_run,
    segments,
    standing_options,
)
from shuke.domains.segments.queries.figures import figures
from shuke.domains.segments.queries.rfm import cell_book, rfm_board, rfm_config
from shuke.domains.segments.queries.rules import (
    chosen,
    count_segments,
    field_uses,
    names_of,
    preview,
    reasons_of,
    segment,
    segment_list,
    standing_of,
    trees_of,
    why,
)

__all__ = [
    "Latest",
    "Plan",
    "board_cells",
    "catalogue",
    "cell_book",
    "cells_of",
    "chosen",
    "count_segments",
    "field_uses",
    "figures",
    "in_cell",
    "last_applied",
    "latest_run",
    "names_of",
    "plan",
    "preview",
    "reasons_of",
    "rfm_board",
    "rfm_config",
    "segment",
    "segment_list",
    "segments",
    "standing_of",
    "standing_options",
    "trees",
    "trees_of",
    "why",
]
