"""Rules as sentences that a shop would say, in both languages."""

from typing import Any

import pytest

from shuke.kit.rules import Fact, Kind, Option, read, sentence, told
from shuke.kit.rules.facts import Arg


def _fact(key: str, kind: Kind, zh: str, en: str, **more: Any) -> Fact:
    return Fact(key, kind, "true", {"zh-CN": zh, "en": en}, "card", frozenset(), **more)


STORES = (Option("a", {"zh-CN": "滨江店", "en": "Binjiang"}), Option("b", {"zh-CN": "文三路店", "en": "Wensan Rd"}))
CALLS = (Option("phone", {"zh-CN": "电话", "en": "calls"}), Option("sms", {"zh-CN": "短信", "en": "texts"}))
KNOWN = {
    fact.key: fact
    for fact in (
        _fact(
            "count",
            Kind.NUMBER,
            "购买次数",
            "purchases",
            args=(Arg("days", Kind.NUMBER), Arg("stores", Kind.SET, options=STORES)),
        ),
        _fact("sum", Kind.MONEY, "消费金额", "spending"),
        _fact("last", Kind.DATE, "上次购买", "last purchase"),
        _fact("age", Kind.AGE, "有孩子", "a child aged"),
        _fact("refused", Kind.SET, "不想要的联系", "contact she does not want", options=CALLS),
        _fact("store", Kind.CHOICE, "门店", "store", options=STORES),
    )
}
LATELY = {"days": 30, "stores": ["a", "b"]}


@pytest.mark.parametrize(
    ("tree", "zh", "en"),
    [
        (
            {"fact": "last", "op": "ago", "value": 90},
            "上次购买在 90 天前或更早",
            "Last purchase 90 days ago or earlier",
        ),
        ({"fact": "last", "op": "unknown"}, "上次购买：没有", "Last purchase: not on file"),
        ({"fact": "age", "op": "between", "value": [5, 6]}, "有孩子 5 到 6 个月", "A child aged 5 to 6 months"),
        ({"fact": "age", "op": "unknown"}, "没有出生的孩子", "Has no child that is born"),
        ({"fact": "sum", "op": "ge", "value": 300_000}, "消费金额至少 3,000 元", "Spending at least ¥3,000"),
        ({"fact": "sum", "op": "lt", "value": 1050}, "消费金额少于 10.50 元", "Spending under ¥10.50"),
        (
            {"fact": "count", "op": "ge", "value": 2, "where": LATELY},
            "最近 30 天在滨江店或文三路店的购买次数至少 2",
            "Purchases at Binjiang or Wensan Rd in the last 30 days at least 2",
        ),
        (
            {"fact": "refused", "op": "none", "value": ["phone", "sms"]},
            "不想要的联系里没有电话或短信",
            "Contact she does not want: none of calls or texts",
        ),
        (
            {"fact": "refused", "op": "all", "value": ["phone", "sms"]},
            "不想要的联系里有电话和短信",
            "Contact she does not want: calls and texts",
        ),
        (
            {"all": [{"not": {"fact": "store", "op": "in", "value": ["a"]}}, {"fact": "age", "op": "ge", "value": 6}]},
            "不是（门店是滨江店），并且有孩子满 6 个月",
            "Not (store is Binjiang), and a child aged 6 months or older",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(tree: Any, zh: str, en: str) -> None:
    node = read(tree, KNOWN)
    assert (sentence(node, KNOWN, "zh-CN", "CNY"), sentence(node, KNOWN, "en", "CNY")) == (zh, en)


def test_what_was_seen_is_named() -> None:
    asked: Any = read({"fact": "sum", "op": "ge", "value": 1}, KNOWN)
    assert told(asked, 365_740, KNOWN, "zh-CN", "CNY") == "消费金额：3,657.40 元"
    assert told(asked, 365_700, KNOWN, "en", "USD") == "Spending: USD 3,657"
    asked = read({"fact": "refused", "op": "none", "value": ["sms"]}, KNOWN)
    assert told(asked, ["phone", "sms"], KNOWN, "zh-CN", "CNY") == "不想要的联系：电话、短信"
    assert told(asked, [], KNOWN, "zh-CN", "CNY") == "不想要的联系：没有"
