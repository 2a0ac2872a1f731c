"""Use cases: recompute the cells, keep the segments' members, make and change segments and tags, set tags."""

from shuke.domains.segments.service.cells import JOB, refresh, refresh_by_night, request_refresh, sweep_cells
from shuke.domains.segments.service.definitions import (
    archive_segment,
    freeze_segment,
    refill,
    restore_segment,
    save_segment,
)
from shuke.domains.segments.service.foretold import sweep_foretold, unsay_predictions, walk_predictions
from shuke.domains.segments.service.joining import absorb, cells_held, forget, hold_cells, shift_counts
from shuke.domains.segments.service.members import (
    hold_watched,
    members_held,
    shift_members,
    sweep_fills,
    sweep_members,
    touch,
)
from shuke.domains.segments.service.predicted import place_predictive
from shuke.domains.segments.service.rfm import preview_config, recategorise, save_cells, save_config
from shuke.domains.segments.service.tag_merging import absorb_tags, forget_tags, merge_tags
from shuke.domains.segments.service.tagging import place_from_file, sweep_tagging, tag_customers, undo_tagging
from shuke.domains.segments.service.tags import (
    archive_tag,
    archive_tag_group,
    arrange_tags,
    hold_tags,
    predictive_tag,
    restore_tag,
    restore_tag_group,
    save_tag,
    save_tag_group,
)
from shuke.domains.segments.service.untagging import take_from_file

__all__ = [
    "JOB",
    "absorb",
    "absorb_tags",
    "archive_segment",
    "archive_tag",
    "archive_tag_group",
    "arrange_tags",
    "cells_held",
    "forget",
    "forget_tags",
    "freeze_segment",
    "hold_cells",
    "hold_tags",
    "hold_watched",
    "members_held",
    "merge_tags",
    "place_from_file",
    "place_predictive",
    "predictive_tag",
    "preview_config",
    "recategorise",
    "refill",
    "refresh",
    "refresh_by_night",
    "request_refresh",
    "restore_segment",
    "restore_tag",
    "restore_tag_group",
    "save_cells",
    "save_config",
    "save_segment",
    "save_tag",
    "save_tag_group",
    "shift_counts",
    "shift_members",
    "sweep_cells",
    "sweep_fills",
    "sweep_foretold",
    "sweep_members",
    "sweep_tagging",
    "tag_customers",
    "take_from_file",
    "touch",
    "undo_tagging",
    "unsay_predictions",
    "walk_predictions",
]
