"""What a person is known by: the form that is compared, and what a screen shows of it."""

import pytest

from shuke.kit import identities


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("phone", "＋86 138-0000 2047", "+8613800002047"),
        ("phone", "8613800002047", "+8613800002047"),
        ("phone", "0571-8765 4321", "+8657187654321"),
        ("phone", "00852 9123 4567", "+85291234567"),
        ("phone", "+853 6612 3456", "+85366123456"),
        ("phone", "9123 4567", None),  # Hong Kong, or a landline whose area was left out: nobody can tell
        ("wechat", " XiaoMan_Mama ", "xiaoman_mama"),
        ("wechat", "wxid_7f3k2j1h9d8s21", "wxid_7f3k2j1h9d8s21"),
        ("wechat", "13800002047", None),
        ("wechat", "short", None),
        ("email", " Anna.Lee@Example.COM", "anna.lee@example.com"),
        ("email", "anna@example", None),
        ("email", "anna example@example.com", None),
        ("card", "6214 8301-２２11 0a", "6214830122110A"),
        ("card", "卡12345", None),
        ("member_no", "ＶＩＰ-17448", "VIP-17448"),
        ("member_no", "x" * 121, None),
        ("member_no", "\x00", None),
    ],
)
def test_the_same_thing_has_one_form(kind: str, typed: str, stored: str | None) -> None:
    assert identities.normalise(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "+8613800002047", "138 •••• 2047"),
        ("wechat", "xiaoman_mama", "xi••ma"),
        ("email", "anna.lee@example.com", "a••@example.com"),
        ("card", "6214830122110A", "6214830122110A"),
        ("member_no", "VIP-17448", "VIP-17448"),
    ],
)
def test_what_reaches_her_is_masked(kind: str, value: str, shown: str) -> None:
    assert identities.masked(kind, value) == shown
