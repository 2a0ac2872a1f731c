"""The customers' room decides: cleaning, masking, search terms, merging edits, planning a bulk of rows."""

from uuid import UUID

import pytest

from shuke.domains.customers import rules
from shuke.domains.customers.rules import MEMBER_NO, PHONE, PROFILE, Known
from shuke.domains.customers.types import CustomerRow, Gender, RowOutcome

STORE, OTHER_STORE, GUIDE = UUID(int=1), UUID(int=2), UUID(int=3)
ANNA, BELLA, NEW = UUID(int=11), UUID(int=12), [UUID(int=n) for n in range(101, 120)]


def test_cleaning_takes_what_cannot_be_stored_or_seen_and_keeps_line_breaks() -> None:
    assert rules.clean(" a\x00\ud800\x1f\n b\t") == "a\n b"
    assert rules.clean(" \r\n ") is None and rules.clean(None) is None
    assert rules.clean("👩‍👧") == "👩‍👧"


@pytest.mark.parametrize(("name", "shown"), [("周雨桐", "周••"), (None, "••"), ("A", "A••")])
def test_a_masked_name_keeps_its_first_character_only(name: str | None, shown: str) -> None:
    assert rules.masked_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "text", "numbers", "ending"),
    [
        ("周 ", "周", [], None),
        ("A-01", "a-01", [], None),
        ("-", "-", [], None),
        ("2047", "2047", [], "2047"),
        ("２０ 47", "20 47", [], "2047"),
        ("204", "204", [], None),
        ("02047", "02047", [], None),
        ("1380000", "1380000", [], None),
        ("1380000204", "1380000204", [], None),
        ("+86 138", "+86 138", [], None),
        ("１３８ 0000-2047", "138 0000-2047", ["+8613800002047"], None),
        ("0086 138 0000 2047", "0086 138 0000 2047", ["+8613800002047"], None),
        ("0571 8888 8888", "0571 8888 8888", ["+8657188888888"], None),
        ("+852 9123 4567", "+852 9123 4567", ["+85291234567"], None),
        ("9123 4567", "9123 4567", ["+85291234567"], None),
        ("x" * 50, "x" * 40, [], None),
        ("1" * 50, "1" * 40, [], None),
    ],
)
def test_a_phone_is_looked_for_whole_or_by_its_last_four_digits(
    typed: str, text: str, numbers: list[str], ending: str | None
) -> None:
    assert rules.sought(typed) == rules.Sought([text], numbers, ending)


@pytest.mark.parametrize("typed", [None, "", "  ", "\x00"])
def test_nothing_typed_is_nothing_sought(typed: str | None) -> None:
    assert rules.sought(typed) is None


def test_a_merge_keeps_apart_what_changes_what_clashes_and_what_is_the_same() -> None:
    current = {"name": "a", "alias": "b", "note": "c"}
    patch = {"name": "A", "alias": "b", "note": "C"}
    merged = rules.merge(current, {"note": 3, "alias": 3}, 2, patch)
    assert (merged.changes, merged.clashes) == ({"name": "A"}, ["note"])
    assert rules.merge(current, {"note": 3}, 3, patch).clashes == []


def known(**values: str) -> Known:
    members = {values.pop("member_no")} if "member_no" in values else set()
    return Known(STORE, None, dict.fromkeys(PROFILE) | {"gender": "unknown", "source": "other"} | values, members)


def outcome(plan: rules.Plan) -> list[tuple[str, UUID | None, str | None]]:
    return [(verdict.outcome.name, verdict.customer_id, verdict.reason) for verdict in plan.verdicts]


def test_rows_create_update_or_leave_and_a_later_row_sees_the_earlier_ones() -> None:
    rows = [
        CustomerRow(STORE, name="Anna", member_no="M1"),
        CustomerRow(STORE, name="Cara", phone="+861", raw_phone="1", member_no="M3"),
        CustomerRow(STORE, phone="+861", gender=Gender.FEMALE),
        CustomerRow(STORE, member_no="M3", name="Cara"),
    ]
    plan = rules.plan(rows, NEW[:4], {(MEMBER_NO, "M1"): ANNA}, {ANNA: known(name="Anna", member_no="M1")}, frozenset())
    assert outcome(plan) == [
        ("UNCHANGED", ANNA, None),
        ("CREATED", NEW[1], None),
        ("UPDATED", NEW[1], None),
        ("UNCHANGED", NEW[1], None),
    ]
    cara = plan.drafts[NEW[1]]
    assert cara.identities == [(MEMBER_NO, "M3", "M3"), (PHONE, "+861", "1")] and cara.rows == [1, 2, 3]
    assert (cara.values["name"], cara.values["gender"], cara.values["source"]) == ("Cara", "female", "import")


def test_what_a_row_leaves_out_stays_and_so_do_store_and_guide() -> None:
    anna = known(name="Anna", note="old", member_no="M1")
    anna.guide_id = GUIDE
    rows = [CustomerRow(OTHER_STORE, guide_id=UUID(int=9), name="Anne", member_no="M1")]
    plan = rules.plan(rows, NEW[:1], {(MEMBER_NO, "M1"): ANNA}, {ANNA: anna}, frozenset())
    draft = plan.drafts[ANNA]
    assert (draft.values["name"], draft.values["note"], draft.store_id, draft.guide_id) == ("Anne", "old", STORE, GUIDE)
    assert draft.changed == {"name"}


def test_rows_whose_customer_cannot_be_told_are_rejected_with_the_reason() -> None:
    owners = {(MEMBER_NO, "M1"): ANNA, (PHONE, "+862"): BELLA}
    people = {ANNA: known(member_no="M1"), BELLA: known(member_no="M2")}
    rows = [
        CustomerRow(STORE, name="nobody"),
        CustomerRow(STORE, member_no="M1", phone="+862"),
        CustomerRow(STORE, member_no="M9", phone="+862"),
        CustomerRow(STORE, member_no="M9", id=GUIDE),
        CustomerRow(STORE, id=ANNA, name="by id"),
    ]
    plan = rules.plan(rows, NEW[:5], owners, people, frozenset({GUIDE}))
    assert [reason for *_, reason in outcome(plan)] == [
        "identity_missing",
        "two_archives",
        "phone_of_another",
        "id_taken",
        None,
    ]
    assert plan.verdicts[4].outcome is RowOutcome.UPDATED and list(plan.drafts) == [ANNA]


def test_a_number_that_is_anothers_is_told_with_whose_it_is() -> None:
    owners = {(PHONE, "+861"): ANNA, ("wechat", "bella_1"): BELLA}
    rows = [
        CustomerRow(STORE, phone="+861", further=(("wechat", "bella_1", "bella_1"),)),
        CustomerRow(STORE, phone="+861", further=(("wechat", "anna_01", "anna_01"),)),
    ]
    plan = rules.plan(rows, NEW[:2], owners, {ANNA: known(name="Anna"), BELLA: known()}, frozenset())
    assert outcome(plan) == [("UNCHANGED", ANNA, "number_of_another"), ("UPDATED", ANNA, None)]
    assert [verdict.other_id for verdict in plan.verdicts] == [BELLA, None]
    assert plan.drafts[ANNA].identities == [("wechat", "anna_01", "anna_01")]
