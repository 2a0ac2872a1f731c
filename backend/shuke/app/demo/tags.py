"""The tags of the demo chain: groups as a chain of mother-and-baby shops keeps them, set for some, one by a rule."""

from random import Random
from uuid import UUID

from shuke.app.demo.people import SEED
from shuke.domains.identity.types import Actor
from shuke.domains.segments import service
from shuke.domains.segments.types.rules import NewSegment
from shuke.domains.segments.types.tags import MOST_AT_ONCE, NewTag, NewTagGroup, TagColour, TagKind
from shuke.kit import db
from shuke.kit.ids import new_id

C = TagColour
GROUPS = (
    ("喂养方式", True, (("母乳", C.ROSE, 0.2), ("配方奶", C.SKY, 0.2), ("混合喂养", C.PLUM, 0.1))),
    ("孩子情况", False, (("双胞胎", C.AMBER, 0.03), ("早产", C.CLAY, 0.03), ("乳糖不耐", C.MOSS, 0.05))),
    ("服务", False, (("爱参加活动", C.PINE, 0.15), ("要发票", C.SLATE, 0.06), ("送货上门", C.SKY, 0.08))),
)
"""Name of a group, whether only one can be had, its tags: name, colour, the share of customers who have it."""
LOYAL = {
    "all": [{"fact": "orders.count", "op": "ge", "value": 8}, {"fact": "orders.last", "op": "within", "value": 90}]
}


async def add_tags(actor: Actor) -> None:
    """What head office set up, and what the counters have said of some since; the same in every demo."""
    people: list[UUID] = [row[0] for row in await db.fetch(PEOPLE, actor.brand_id)]
    for name, exclusive, tags in GROUPS:
        group = await service.save_tag_group(actor, NewTagGroup(new_id(), name, exclusive))
        for title, colour, share in tags:
            tag = await service.save_tag(actor, NewTag(new_id(), group, title, colour))
            chosen = Random(f"{SEED}/tags/{title}").sample(people, round(len(people) * share))[:MOST_AT_ONCE]
            if chosen:
                await service.tag_customers(actor, tag, chosen, adding=True)
    segment = await service.save_segment(actor, NewSegment(new_id(), "近三个月的熟客", LOYAL))
    group = await service.save_tag_group(actor, NewTagGroup(new_id(), "消费"))
    await service.save_tag(actor, NewTag(new_id(), group, "熟客", C.AMBER, TagKind.DYNAMIC, segment))


PEOPLE = """
SELECT id FROM customer WHERE brand_id = $1 AND merged_into_id IS NULL AND erased_at IS NULL ORDER BY created_at, id
"""
