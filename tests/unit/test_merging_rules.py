"""Whose value holds in a merge, and what its undo makes of what came since."""

from datetime import UTC, datetime

from shuke.domains.records.rules.merging import conflict, default_side, diff, three_way
from shuke.domains.records.types.merging import Origin, Said, Side

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def test_the_more_trusted_holds_then_the_newer_and_in_doubt_the_winners() -> None:
    old, new = Said("甲", Origin.STAFF, MAY), Said("乙", Origin.STAFF, JUNE)
    assert (default_side("name", old, new), default_side("name", new, old)) == (Side.LOSER, Side.WINNER)
    assert default_side("name", old, Said("乙", Origin.IMPORT, JUNE)) is Side.WINNER
    assert default_side("name", old, Said("乙", Origin.VERIFIED, None)) is Side.LOSER
    assert default_side("name", old, Said("乙", Origin.STAFF, MAY)) is Side.WINNER


def test_what_nobody_said_is_neither_proposed_nor_a_conflict() -> None:
    said, blank = Said("female", Origin.IMPORT, None), Said("unknown", Origin.VERIFIED, JUNE)
    assert default_side("gender", blank, said) is Side.LOSER and not conflict("gender", blank, said)
    assert default_side("gender", said, blank) is Side.WINNER


def test_an_undo_takes_back_what_the_merge_did_and_leaves_what_came_since() -> None:
    assert three_way("甲", "乙", "乙") == "甲" and three_way("甲", "乙", "丙") == "丙"
    a, b, c = {"id": "a"}, {"id": "b"}, {"id": "c"}
    assert three_way([a], [a, b], [a, b, c]) == [a, c]
    assert three_way({"x": 1}, {"x": 1, "y": 2}, {"x": 1, "y": 2, "z": 3}) == {"x": 1, "z": 3}


def test_only_columns_that_differ_are_kept_and_versions_count_on() -> None:
    key = ("customer", '["1"]')
    found = list(
        diff({key: {"name": "甲", "note": "n", "version": 1}}, {key: {"name": "乙", "note": "n", "version": 2}})
    )
    assert found == [(key, {"name": "甲"}, {"name": "乙"})]
