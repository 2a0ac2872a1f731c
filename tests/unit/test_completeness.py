"""Completeness: weights, what stands for nothing, and the codes of what is wrong."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.domains.customers.queries.profile import FACTS, shipped
from shuke.domains.customers.rules.completeness import (
    DUE,
    FIELDS,
    asked,
    completeness,
    field_of,
    junk_name,
    junk_phone,
    stamp,
)
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Subject
from shuke.kit import i18n
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
        ({"name": "测试"}, 70, ("name",), ("junk_name",)),
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


@pytest.mark.parametrize(
    ("name", "junk"),
    [
        *(("测试", True), ("微信用户", True), (" Test ", True), ("１２３", True), ("138 0013", True), ("。。", True)),
        *(("王女士", False), ("测试员小王", False), ("李", False), ("Xx Liu", False), ("", False)),
    ],
)
def test_names_that_name_nobody_are_known_by_their_look(name: str, junk: bool) -> None:
    assert junk_name(name) is junk


def test_what_was_dismissed_holds_for_its_value_and_fills_nothing_in() -> None:
    born = FULL | {"birthday": "1990-01-01"}
    let_be = {"dismissed": [stamp("default_birthday", born), stamp("missing:area", born)]}
    assert completeness(document(), born | let_be).score == 100
    other = completeness(document(), born | let_be | {"birthday": "1980-01-01"})
    assert (other.score, other.problems) == (80, ("default_birthday",))
    unsaid = completeness(document(), born | let_be | {"values": {}})
    assert (unsaid.score, unsaid.missing, unsaid.problems) == (90, ("area",), ())


def test_every_problem_leads_to_its_field_and_says_what_to_do() -> None:
    assert set(FIELDS.values()) <= {field.key for field in shipped().fields} | {DUE}  # which a child has
    for code in (*FIELDS, "missing"):
        for words in i18n.CATALOGUE.values():
            assert words[f"problem_{code}"] and words[f"advice_{code}"]
    assert (field_of("missing:area"), field_of("missing:"), field_of("other")) == ("area", None, None)


keys = ["name", "phone", "birthday"]


@given(st.lists(st.sampled_from(keys), unique=True), st.sampled_from(keys))
def test_filling_in_never_lowers_a_score(have: list[str], more: str) -> None:
    before = completeness(document(), {key: FULL[key] for key in have})
    after = completeness(document(), {key: FULL[key] for key in [*have, more]})
    assert after.score >= before.score and set(after.missing) <= set(before.missing)


def test_every_built_in_field_that_ships_with_a_weight_has_its_fact() -> None:
    assert {field.key for field in asked(shipped()) if field.built_in} <= set(FACTS)
    assert msgspec.convert(msgspec.to_builtins(shipped()), Document) == shipped()
