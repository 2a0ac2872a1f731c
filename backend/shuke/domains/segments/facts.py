"""What rules may ask of this room: the RFM cell, other segments, and tags."""

from collections.abc import Iterator, Mapping, Sequence

from shuke.domains.segments.types import RfmCell
from shuke.domains.segments.types.rfm import CellWords
from shuke.domains.segments.types.rules import SEGMENTS
from shuke.domains.segments.types.tags import TAGS, TAGS_SET_ON, TagKind, TagView
from shuke.kit.rules import Arg, Fact, Kind, Option, Source

GROUP = "segments"
CELL = "(SELECT m.cell FROM segment_membership m WHERE m.customer_id = c.id AND m.left_at IS NULL)"
# a rule stands in its own place before this is asked, so that only snapshots are looked up
TAKEN = """ARRAY(SELECT m.segment_id::text FROM segment_member m JOIN segment g ON g.id = m.segment_id
  WHERE m.left_at IS NULL AND g.kind = 'snapshot'
    AND (m.customer_id = c.id OR m.customer_id IN (SELECT o.id FROM customer o WHERE o.merged_into_id = c.id)))"""
RECUT = frozenset(("segments.refreshed",))
TAGGED = frozenset(
    (
        *("customers.tagged", "tagging.undone", "tags.predicted", "tag.merged", "customer.merged"),
        *("customer.unmerged", "customers.imported", "import.undone", "consent.recorded"),
        *("tag.archived", "tag.restored"),
    )
)
# an archived tag is nobody's; a prediction counts until the end of the day on which it expires, and never of who does
# not want to be grouped
LAST_DAY = "(x.expires_at AT TIME ZONE z.timezone)::date"
HERS = f"""FROM customer_tag x JOIN tag g ON g.id = x.tag_id AND g.archived_at IS NULL
  WHERE x.customer_id = c.id AND x.removed_at IS NULL
  AND (x.expires_at IS NULL OR {LAST_DAY} >= t.today) AND (x.set_how <> 'model' OR NOT c.refusals ? 'profiling/any')"""
GIVEN = Source("given", HERS)
# by the day alone, so that what stands now and what stood yesterday flip at the same moment
GONE = f"(SELECT min({LAST_DAY}) + 1 {HERS})"


def facts(segments: Sequence[Option], cells: Mapping[RfmCell, CellWords], tags: Sequence[TagView]) -> Iterator[Fact]:
    """Everything that may be asked of a brand's segments and tags; `cells`: what it calls them.

    A rule that asks for a dynamic tag has its segment's rule in that place, so that here only set ones are looked up.
    """
    options = tuple(Option(cell.value, words.name) for cell, words in cells.items())
    label = {"zh-CN": "RFM 分层", "en": "RFM cell"}
    yield Fact("rfm.cell", Kind.CHOICE, CELL, label, GROUP, RECUT, options=options, profiling=True)
    label = {"zh-CN": "所在分群", "en": "segments she is in"}
    # whether she is in any at all would ask for the asking rule itself
    yield Fact(SEGMENTS, Kind.SET, TAKEN, label, GROUP, frozenset(), options=tuple(segments), presence=False)
    every = tuple(_option(one) for one in tags)
    given = tuple(_option(one) for one in tags if one.kind is not TagKind.DYNAMIC)
    label = {"zh-CN": "标签", "en": "tags"}
    sql, none = "array_agg(x.tag_id::text ORDER BY x.tag_id)", "ARRAY[]::text[]"
    yield Fact(TAGS, Kind.SET, sql, label, GROUP, TAGGED, GIVEN, options=every, flip=GONE, empty=none)
    label = {"zh-CN": "打标签的日子", "en": "day of tagging"}
    day = "max((x.set_at AT TIME ZONE z.timezone)::date)"
    which = Arg("tags", Kind.SET, "x.tag_id::text = ANY({})", given)
    yield Fact(TAGS_SET_ON, Kind.DATE, day, label, GROUP, TAGGED, GIVEN, args=(which,), flip=GONE)


def _option(tag: TagView) -> Option:
    return Option(str(tag.id), {"zh-CN": tag.name, "en": tag.name}, tag.archived_at is not None)
