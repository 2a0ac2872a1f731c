"""Pure decisions: how cuts are written, which divide nobody, and what a rule means that asks for other segments."""

from shuke.domains.segments.rules.cuts import cut_text, in_minor_units, parse_cuts, read_cut
from shuke.domains.segments.rules.guard import TRY, judge, rounded
from shuke.domains.segments.rules.trees import expanded, goes_round, mentioned, reasons, renamed

__all__ = [
    "TRY",
    "cut_text",
    "expanded",
    "goes_round",
    "in_minor_units",
    "judge",
    "mentioned",
    "parse_cuts",
    "read_cut",
    "reasons",
    "renamed",
    "rounded",
]
