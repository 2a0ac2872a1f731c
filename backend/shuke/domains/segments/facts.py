"""What rules may ask of this room: the RFM cell, and other segments."""

from collections.abc import Iterator, Mapping, Sequence

from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rfm import CellWords
from shuke.domains.segments.types.rules import SEGMENTS
from shuke.kit.rules import Fact, Kind, Option

GROUP = "segments"
CELL = "(SELECT m.cell FROM segment_membership m WHERE m.customer_id = c.id AND m.left_at IS NULL)"
# a rule stands in its own place before this is asked, so that only snapshots are looked up
TAKEN = """ARRAY(SELECT m.segment_id::text FROM segment_member m JOIN segment g ON g.id = m.segment_id
  WHERE m.left_at IS NULL AND g.kind = 'snapshot'
    AND (m.customer_id = c.id OR m.customer_id IN (SELECT o.id FROM customer o WHERE o.merged_into_id = c.id)))"""
RECUT = frozenset(("segments.refreshed",))


def facts(segments: Sequence[Option], cells: Mapping[RfmCell, CellWords]) -> Iterator[Fact]:
    """Everything that may be asked of a brand's segments; `cells`: what it calls them."""
    options = tuple(Option(cell.value, words.name) for cell, words in cells.items())
    label = {"zh-CN": "RFM 分层", "en": "RFM cell"}
    yield Fact("rfm.cell", Kind.CHOICE, CELL, label, GROUP, RECUT, options=options, profiling=True)
    label = {"zh-CN": "所在分群", "en": "segments she is in"}
    yield Fact(SEGMENTS, Kind.SET, TAKEN, label, GROUP, frozenset(), options=tuple(segments))
