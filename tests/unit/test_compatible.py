"""What a client of the released schema relies on stays, until it was deprecated there."""

import pytest

from shuke.app.compatible import breaking_changes

RELEASED = """
type Query { stores(first: Int, old: Int @deprecated(reason: "no more")): [Store!]! }
type Store { id: ID! name: String note: String @deprecated(reason: "Use name.") kind: Kind! }
enum Kind { SHOP STALL @deprecated(reason: "None is left.") }
input Make { name: String }
"""


def after(*changes: tuple[str, str]) -> list[str]:
    present = RELEASED
    for old, new in changes:
        assert old in present
        present = present.replace(old, new)
    return breaking_changes(RELEASED, present)


@pytest.mark.parametrize(
    "change",
    [
        ("name: String note", "note"),
        ("name: String note", "name: Int note"),
        ("id: ID!", "id: ID"),
        ("first: Int, ", ""),
        ("SHOP STALL", "STALL"),
        ("name: String }", "name: String! }"),
        ("name: String }", "name: String code: String! }"),
        ("first: Int,", "first: Int, code: String!,"),
    ],
)
def test_what_breaks_a_client_is_named(change: tuple[str, str]) -> None:
    assert len(after(change)) == 1


@pytest.mark.parametrize(
    "change",
    [
        ("name: String note", "name: String more: String note"),
        ("name: String note", "name: String! note"),
        (' note: String @deprecated(reason: "Use name.")', ""),
        (' STALL @deprecated(reason: "None is left.")', ""),
        (', old: Int @deprecated(reason: "no more")', ""),
        ("name: String }", "name: String code: String }"),
        ("SHOP", "SHOP KIOSK"),
    ],
)
def test_what_is_added_and_what_was_deprecated_breaks_nobody(change: tuple[str, str]) -> None:
    assert after(change) == []
