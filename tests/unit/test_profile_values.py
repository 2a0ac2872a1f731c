"""What is typed into a field: every kind and rule, at any length, in linear time, and never into a surprise."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.domains.customers.rules import template, values, wording
from shuke.domains.customers.types.profile import Field, FieldKind, Option, Rule, RuleCode
from shuke.kit import i18n
from shuke.kit.errors import Refusal

TODAY = date(2026, 11, 22)
OPTIONS = (Option("a", {"en": "A"}), Option("b", {"en": "B"}))


def field(kind: FieldKind = FieldKind.TEXT, *rules: Rule) -> Field:
    choosing = OPTIONS if kind in template.CHOOSING else ()
    return Field("area", {"zh-CN": "居住社区", "en": "Area"}, kind, "identity", options=choosing, rules=rules)


def reason(asked: Field, *said: str) -> str | None:
    """The key of the sentence that it is refused with; None: it is taken."""
    try:
        values.read(asked, said, TODAY)
    except Refusal as refusal:
        for locale in ("zh-CN", "en"):  # every sentence is there, whole
            assert "{" not in i18n.say(locale, refusal.reason, **refusal.params)
        return refusal.reason
    return None


@pytest.mark.parametrize(
    ("rule", "kind", "good", "bad"),
    [
        (Rule(RuleCode.MIN, "2.5"), FieldKind.NUMBER, "2.5", "2.4"),
        (Rule(RuleCode.MAX, "2"), FieldKind.NUMBER, "2.0", "2.0001"),
        (Rule(RuleCode.MIN, "100"), FieldKind.MONEY, "100", "99"),
        (Rule(RuleCode.MAX, "2026-11-22"), FieldKind.DATE, "2026-11-22", "2026-11-23"),
        (Rule(RuleCode.DECIMALS, "1"), FieldKind.NUMBER, "1.50", "1.55"),
        (Rule(RuleCode.MIN_LENGTH, "2"), FieldKind.TEXT, "甲乙", "甲"),
        (Rule(RuleCode.MAX_LENGTH, "2"), FieldKind.TEXT, "甲乙", "甲乙丙"),
        (Rule(RuleCode.PATTERN, "digits"), FieldKind.TEXT, "0571", "0571-1"),
        (Rule(RuleCode.PATTERN, "letters"), FieldKind.TEXT, "Ab", "A1"),
        (Rule(RuleCode.PATTERN, "letters_and_digits"), FieldKind.TEXT, "A1", "A 1"),
        (Rule(RuleCode.PATTERN, "chinese"), FieldKind.TEXT, "阿依古丽·买买提", "小A"),
        (Rule(RuleCode.PATTERN, "no_digits"), FieldKind.TEXT, "Anna", "Anna2"),
        (Rule(RuleCode.PATTERN, "postcode"), FieldKind.TEXT, "310012", "31001"),
        (Rule(RuleCode.PATTERN, "email"), FieldKind.TEXT, "a@b.cn", "a@b"),
        (Rule(RuleCode.PATTERN, "web_address"), FieldKind.TEXT, "https://a.cn/x", "a"),
        (Rule(RuleCode.MASK, "浙A-999*"), FieldKind.TEXT, "浙B-123学", "浙1-123学"),
        (Rule(RuleCode.NOT_FUTURE), FieldKind.DATE, "2026-11-22", "2026-11-23"),
        (Rule(RuleCode.NOT_PAST), FieldKind.DATE, "2026-11-22", "2026-11-21"),
        (Rule(RuleCode.ONE_OF, values=("甲", "乙")), FieldKind.TEXT, "甲", "丙"),
    ],
)
def test_a_rule_takes_what_keeps_it_and_says_what_to_do_of_what_does_not(
    rule: Rule, kind: FieldKind, good: str, bad: str
) -> None:
    assert reason(field(kind, rule), good) is None
    assert (reason(field(kind, rule), bad) or "").startswith(f"value_{rule.code.value}")


def test_choices_are_counted_and_an_option_that_went_may_stay_where_it_was_chosen() -> None:
    asked = field(FieldKind.CHOICES, Rule(RuleCode.MIN_COUNT, "2"), Rule(RuleCode.MAX_COUNT, "2"))
    assert reason(asked, "a") == "value_min_count" and reason(asked, "a", "b") is None
    assert values.read(field(FieldKind.CHOICE), ["old"], TODAY, "old") == "old"
    assert reason(field(FieldKind.CHOICE), "old") == "value_not_offered"


@given(kind=st.sampled_from(FieldKind), said=st.lists(st.text(max_size=40), max_size=3))
@settings(max_examples=400)
def test_whatever_is_typed_is_a_value_or_a_sentence(kind: FieldKind, said: list[str]) -> None:
    asked = field(kind)
    if reason(asked, *said) is None:
        value = values.read(asked, said, TODAY)
        if value is not None and kind is not FieldKind.PHONE:
            again = values.read(asked, wording.content(asked, value), TODAY)
            assert again == value  # what is shown to be taken back is taken back as the same
            assert wording.words(asked, value, "en", "CNY", {})


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "1e-400", "NaN", "Infinity", "1_0", "０", "1e5"])
def test_odd_numbers_are_bounded(number: str) -> None:
    if reason(field(FieldKind.NUMBER), number) is None:
        value: Any = values.read(field(FieldKind.NUMBER), [number], TODAY)
        assert abs(value) <= values.LARGEST


@pytest.mark.parametrize("name", sorted(values.PATTERNS))
def test_no_pattern_takes_longer_than_its_text_is_long(name: str) -> None:
    test = values.PATTERNS[name]
    for evil in ("a" * 100_000 + "!", "a@" * 50_000, "." * 100_000, "1" * 100_000):
        started = time.perf_counter()
        test(evil)
        assert time.perf_counter() - started < 0.5


def test_what_is_said_of_an_amount_is_in_main_units() -> None:
    budget = field(FieldKind.MONEY, Rule(RuleCode.MIN, "10000"), Rule(RuleCode.MAX, "5000000"))
    for said, sentence in (("9999", "居住社区不能小于 ¥100.00"), ("5000001", "居住社区不能大于 ¥50,000.00")):
        with pytest.raises(Refusal) as told:
            values.read(budget, [said], TODAY)
        assert i18n.say("zh-CN", told.value.reason, **told.value.params) == sentence
