"""What a lead says on a timeline: to the shop, to a partner, on her own copy."""

from dataclasses import replace

from shuke.api.customers.timeline import detail
from shuke.api.pagination import global_id
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import IdentityKind, TimelineKind
from shuke.domains.identity.types import Actor
from tests.api.test_customers_api import ask, send
from tests.api.test_visits_api import LEAD, LINES, codes
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.factories.profile import read_template, save_template
from tests.integration.test_leads import partner


async def test_what_a_lead_left_beside_her_number_is_told_in_the_shop_alone(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world, phone="13700002047")
    other = await make_customer(world, name="何佳")
    await service.add_identity(guide, other, IdentityKind.EMAIL, "he@example.com")
    said = {"storeCode": "S1", "source": "抖音", "phone": "13700002047", "wechat": "Lin_0099"}
    assert codes(await send(partner(world, 0), LEAD, None, **said, email="he@example.com")) == []
    lines = {"id": global_id("Customer", key), "kinds": ["INQUIRY"]}

    async def told(actor: Actor, locale: str = "zh-CN") -> str:
        page = await ask(actor, LINES, locale, **lines)
        return str(page["timeline"]["edges"][0]["node"]["detail"])

    of_another = "还留了邮箱 h••@example.com，是另一位客户的，看看是不是同一个人"
    assert await told(guide) == f"抖音 · 还留了微信 li••99，问过她再加 · {of_another}"
    assert "also left WeChat li••99: ask her before you add it" in await told(guide, "en")
    assert await told(replace(partner(world), scopes=frozenset({"read"}))) == "抖音"
    template = await read_template(world.staff["hq"])
    next(one for one in template["fields"] if one["key"] == "wechat").update(sees=["HQ"], edits=["HQ"])
    assert (await save_template(world.staff["hq"], template))["userErrors"] == []
    assert await told(guide) == f"抖音 · {of_another}"  # what head office keeps to itself
    (entry,) = await queries.timeline(guide, key, 1, kinds=[TimelineKind.INQUIRY])
    copied = detail(entry, "zh-CN", notes=True)  # her copy says of nobody that he is a customer
    assert copied == "抖音 · 还留了微信 li••99、邮箱 h••@example.com，问过她再加"
