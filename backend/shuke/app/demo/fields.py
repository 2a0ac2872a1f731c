"""The fields that the demo chain added to what ships, and what its customers said to them."""

from random import Random

from shuke.app.demo.people import SEED
from shuke.app.demo.shapes import Person
from shuke.domains.customers import queries, service
from shuke.domains.customers.rules.links import FRIENDLY
from shuke.domains.customers.types.profile import Field, FieldKind, Option, Values
from shuke.domains.identity.types import Actor

COMMUNITY, RIVALS = "community", "rivals"
COMMUNITIES = ("阳光花园", "翠苑三区", "文鼎苑", "湖滨雅居", "金色江南", "桂花城", "绿洲新城", "西溪里")
ELSEWHERE = (
    ("online", "线上平台", "Online shops"),
    ("supermarket", "大超市", "Supermarkets"),
    ("abroad", "海外代购", "From abroad"),
)
FIELDS = (
    Field(
        COMMUNITY,
        {"zh-CN": "居住社区", "en": "Community"},
        FieldKind.TEXT,
        "identity",
        benefit={"zh-CN": "能约同小区的妈妈一起来", "en": "Invite mothers of one community together"},
        weight=4,
        searchable=True,
    ),
    Field(
        RIVALS,
        {"zh-CN": "竞品使用情况", "en": "Buys elsewhere"},
        FieldKind.CHOICES,
        "interaction",
        benefit={"zh-CN": "知道拿什么打动她", "en": "Know what would win her"},
        options=tuple(Option(key, {"zh-CN": chinese, "en": english}) for key, chinese, english in ELSEWHERE),
        weight=2,
    ),
)


OFFERS = [
    ("nine", {"zh-CN": "会员 9 折", "en": "Members' 10 % off"}),
    ("birthday", {"zh-CN": "生日当月有礼", "en": "A gift in the month of your birthday"}),
]
"""What is given for filling in."""


async def add_fields(actor: Actor) -> None:
    """What head office did in its first week."""
    template = await queries.template(actor)
    document = template.document
    await service.save_template(actor, template.version, document.groups, [*document.fields, *FIELDS])
    await service.save_offers(actor, 0, OFFERS, (*FRIENDLY, COMMUNITY))


def values(person: Person) -> Values:
    """What is known of her, the same in every demo."""
    rng, said = Random(f"{SEED}/fields/{person.phone}"), Values()
    if rng.random() < 0.55:
        said[COMMUNITY] = rng.choice(COMMUNITIES)
    if rng.random() < 0.3:
        said[RIVALS] = sorted(rng.sample([key for key, _, _ in ELSEWHERE], rng.choice((1, 1, 2))))
    if rng.random() < 0.4:
        said["preferred_contact"] = rng.choice(("wechat", "wechat", "phone", "visit"))
    if rng.random() < 0.35:
        said["household"] = rng.choice(("children", "children", "generations"))
    return said
