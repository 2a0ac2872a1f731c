"""Completeness: weights, what stands for nothing, and the codes of what is wrong."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.domains.customers.queries.profile import FACTS, shipped
from shuke.domains.customers.rules.completeness import asked, completeness, junk_phone
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Subject
from shuke.kit.clock import now

FULL = {"name": "周雨桐", "phone": "+8613867524047", "birthday": "1990-03-08", "values": {"area": "阳光花园"}}


def document(*fields: Field) -> Document:
    own = (
        Field("name", {"en": "Name"}, FieldKind.TEXT, "g", weight=3, built_in=True),
        Field("phone", {"en": "Phone"}, FieldKind.PHONE, "g", weight=4, required=True, built_in=True),
        Field("birthday", {"en": "Birthday"}, FieldKind.DATE, "g", weight=2, built_in=True),
        Field("area", {"en": "Area"}, FieldKind.TEXT, "g", weight=1, required=True),
    )
    return Document((), (*own, *fields))


@pytest.mark.parametrize(
    ("without", "score", "missing", "problems"),
    [
        ({}, 100, (), ()),
        ({"name": None}, 70, ("name",), ()),
        ({"birthday": "1990-01-01"}, 80, ("birthday",), ("default_birthday",)),
        ({"birthday": "--01-01"}, 100, (), ()),
        ({"phone": None}, 60, ("phone",), ("no_phone",)),
        ({"phone": "+8613812345678"}, 60, ("phone",), ("junk_phone",)),
        ({"values": {}}, 90, ("area",), ("missing:area",)),
        ({"values": {"area": ""}, "name": ""}, 60, ("name", "area"), ("missing:area",)),
    ],
)
def test_a_card_is_as_full_as_its_weights_say(
    without: dict[str, Any], score: int, missing: tuple[str, ...], problems: tuple[str, ...]
) -> None:
    found = completeness(document(), FULL | without)
    assert (found.score, found.missing, found.problems) == (score, missing, problems)


def test_what_is_archived_computed_weightless_or_about_a_child_is_not_asked() -> None:
    others = [
        Field("a", {"en": "A"}, FieldKind.TEXT, "g", weight=9, archived_at=now()),
        Field("b", {"en": "B"}, FieldKind.MONEY, "g", weight=9, computed=True),
        Field("c", {"en": "C"}, FieldKind.TEXT, "g"),
        Field("d", {"en": "D"}, FieldKind.TEXT, "g", weight=9, subject=Subject.DEPENDANT),
    ]
    assert completeness(document(*others), FULL).score == 100
    no = Field("c", {"en": "C"}, FieldKind.YES_NO, "g", weight=10)
    assert completeness(document(no), FULL | {"values": {"area": "x", "c": False}}).score == 100  # a no is an answer


@pytest.mark.parametrize(
    ("number", "junk"),
    [
        ("+8613800000000", True),
        ("+8613911111111", True),
        ("+8613912345678", True),
        ("+8613887654321", True),
        ("+8613800138000", True),
        ("+8613867524047", False),
        ("+8657187654329", False),
        ("+85291234568", False),
        ("+8613812341234", False),
    ],
)
def test_numbers_that_were_made_up_are_known_by_their_look(number: str, junk: bool) -> None:
    assert junk_phone(number) is junk


keys = ["name", "phone", "birthday"]


@given(st.lists(st.sampled_from(keys), unique=True), st.sampled_from(keys))
def test_filling_in_never_lowers_a_score(have: list[str], more: str) -> None:
    before = completeness(document(), {key: FULL[key] for key in have})
    after = completeness(document(), {key: FULL[key] for key in [*have, more]})
    assert after.score >= before.score and set(after.missing) <= set(before.missing)


def test_every_built_in_field_that_ships_with_a_weight_has_its_fact() -> None:
    assert {field.key for field in asked(shipped()) if field.built_in} <= set(FACTS)
    assert msgspec.convert(msgspec.to_builtins(shipped()), Document) == shipped()
