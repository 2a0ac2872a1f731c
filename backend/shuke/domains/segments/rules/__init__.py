"""Pure decisions: how cuts are written, which divide nobody, and what a rule means that asks for other segments."""

from shuke.domains.segments.rules.cuts import cut_text, in_minor_units, parse_cuts, read_cut
from shuke.domains.segments.rules.guard import THIN, TRY, divides, highs, judge, note_text, rounded
from shuke.domains.segments.rules.trees import archived_names, expanded, goes_round, mentioned, reasons, renamed

__all__ = [
    "THIN",
    "TRY",
    "archived_names",
    "cut_text",
    "divides",
    "expanded",
    "goes_round",
    "highs",
    "in_minor_units",
    "judge",
    "mentioned",
    "note_text",
    "parse_cuts",
    "read_cut",
    "reasons",
    "renamed",
    "rounded",
]
