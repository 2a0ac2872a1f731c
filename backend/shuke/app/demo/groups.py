"""The segments that the demo chain works with, each with the customers who fit it."""

from typing import Any

from shuke.domains.identity.types import Actor
from shuke.domains.segments import service
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit.ids import new_id

CHUNK = 5000
GROUPS: tuple[tuple[str, str, Any], ...] = (
    (
        "快生和刚生的妈妈",
        "预产期近的提前问候，满月前多关心",
        {
            "any": [
                {"fact": "children.due", "op": "ahead", "value": 60},
                {"fact": "children.age", "op": "le", "value": 1},
            ]
        },
    ),
    ("宝宝快添辅食", "聊聊米粉和辅食工具", {"all": [{"fact": "children.age", "op": "between", "value": [5, 6]}]}),
    ("7 天内过生日", "生日当天送祝福", {"all": [{"fact": "customer.birthday", "op": "ahead", "value": 7}]}),
    (
        "老客沉睡 90 天",
        "打个电话问问近况，不提促销",
        {
            "all": [
                {"fact": "orders.last", "op": "ago", "value": 90},
                {"fact": "orders.count", "op": "ge", "value": 2},
                {"not": {"fact": "customer.refusals", "op": "any", "value": ["marketing/any", "marketing/phone"]}},
            ]
        },
    ),
    (
        "花得多、最近没人联系",
        "店长亲自跟",
        {
            "all": [
                {
                    "any": [
                        {"fact": "rfm.cell", "op": "in", "value": ["HHH", "LHH"]},
                        {"fact": "orders.sum", "op": "ge", "value": 300_000, "where": {"days": 365}},
                    ]
                },
                {"fact": "contact.count", "op": "le", "value": 0, "where": {"days": 30}},
            ]
        },
    ),
)
"""Name, what it is for, rule; the last one stands first in the list."""


async def gather(office: Actor) -> None:
    """What head office put together in its second week; everybody is looked at. Joins the caller's transaction."""
    for name, note, tree in GROUPS:
        await service.save_segment(office, NewSegment(new_id(), name, tree, note))
    while await service.sweep_fills(CHUNK):
        pass
