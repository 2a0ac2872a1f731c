"""Segments by rules over the API: made, previewed, explained, listed, and by whom."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id, parse_id
from shuke.domains.customers import service as customers
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.identity.types import Actor, Locale
from shuke.domains.segments import service
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.orders import ingest, sale
from tests.factories.profile import add_fields, ask, new_field
from tests.factories.segments import buy
from tests.integration.test_segments_live import settle, tell

LOYAL = {"fact": "orders.count", "op": "ge", "value": 2, "where": {"days": 30}}
GOLD = {"fact": "customer.level", "op": "eq", "value": "金卡"}
SAVE = """
mutation ($input: SaveSegmentInput!) { saveSegment(input: $input) {
  segment { id version sentence filling members tree savedBy }
  userErrors { code field message } } }
"""
PREVIEW = """
query ($tree: RuleTree!) { segmentPreview(tree: $tree) { sentence customers exact each
  stores { store { name } customers } sample { name } userErrors { code field message } } }
"""
WHY = """
query ($id: ID!, $her: ID!) { segmentWhy(segmentId: $id, customerId: $her) {
  fits since then before { entered left reasons } answers { sentence holds decides seen } } }
"""
HERS = "query ($id: ID!) { customer(id: $id) { segments { segmentId name kind since reasons } } }"
LISTED = "query ($id: ID!) { customers(segmentId: $id) { edges { node { name } } totalCount } }"


async def save(actor: Actor | None, locale: str = "zh-CN", **said: Any) -> Any:
    said = {"operationId": str(uuid4()), "name": "熟客", "tree": LOYAL} | said
    return await ask(actor, SAVE, locale, input=said)


async def bought_twice(world: World) -> UUID:
    her = await make_customer(world, name="周雨桐")
    for days in (3, 5):
        await buy(world, her, days, 5000, clock.now())
    await tell(world, her)
    return her


async def test_a_rule_is_made_fills_and_lists_its_members(database: str) -> None:
    world = await make_world()
    her, other = await bought_twice(world), await make_customer(world, name="韩冰")
    hq = world.staff["hq"]
    made = (await save(hq))["segment"]
    assert made["sentence"] == "最近 30 天购买次数至少 2" and made["filling"] and made["tree"] == LOYAL
    assert made["savedBy"] == "hq"
    await settle()
    listed = await ask(hq, LISTED, id=made["id"])
    assert [edge["node"]["name"] for edge in listed["edges"]] == ["周雨桐"] and listed["totalCount"] == 1
    (hers,) = (await ask(world.staff["guide"], HERS, id=global_id("Customer", her)))["segments"]
    assert (hers["segmentId"], hers["name"], hers["kind"]) == (made["id"], "熟客", "RULE")
    assert hers["reasons"] == ["最近 30 天购买次数：2"]
    why = await ask(world.staff["guide"], WHY, "en", id=made["id"], her=global_id("Customer", her))
    assert why["fits"] and why["since"] and why["then"] == ["Purchases in the last 30 days: 2"]
    why = await ask(world.staff["guide"], WHY, "en", id=made["id"], her=global_id("Customer", other))
    assert not why["fits"] and why["since"] is None and why["then"] == []
    (answer,) = why["answers"]
    assert answer == {
        "sentence": "Purchases in the last 30 days at least 2",
        "holds": False,
        "decides": True,
        "seen": "Purchases in the last 30 days: 0",
    }


async def test_a_preview_counts_every_condition_and_says_what_to_mend(database: str) -> None:
    world = await make_world()
    await bought_twice(world)
    await db.execute("UPDATE customer SET level = '金卡'")
    await make_customer(world, name="韩冰")
    hq = world.staff["hq"]
    found = await ask(hq, PREVIEW, tree={"any": [LOYAL, {"not": GOLD}]})
    assert (found["customers"], found["each"], found["exact"]) == (2, [1, 1], True)
    assert found["sentence"] == "最近 30 天购买次数至少 2，或者不是（等级正好是 金卡）"
    assert found["stores"] == [{"store": {"name": "文三路店"}, "customers": 2}]
    assert [one["name"] for one in found["sample"]] == ["韩冰", "周雨桐"]
    for tree, field, words in (
        ({"all": [GOLD, LOYAL | {"value": None}]}, "tree.all.1", "这一条还没填完"),
        ({"not": {"fact": "nothing", "op": "eq", "value": 1}}, "tree.not", "没有这个条件可选，换一个"),
        ([], "tree", "这一条的写法不认识：用 all、any、not 或一个条件"),
        (LOYAL | {"where": {"days": -1}}, "tree", "填 0 到 36500 的整数"),
        (GOLD | {"value": "x" * 101}, "tree", "填 1 到 100 个字"),
    ):
        (problem,) = (await ask(hq, PREVIEW, tree=tree))["userErrors"]
        assert (problem["code"], problem["field"], problem["message"]) == ("INVALID", field, words)


async def test_renaming_and_archiving_a_field_breaks_no_segment(database: str) -> None:
    from tests.factories.profile import read_template, save_template

    world = await make_world()
    hq = world.staff["hq"]
    (key,) = await add_fields(hq, new_field("居住社区"))
    her = await make_customer(world, name="周雨桐")
    await db.execute("UPDATE customer SET custom_values = jsonb_build_object($1::text, '滨江花园')", key)
    made = (await save(hq, tree={"fact": f"custom.{key}", "op": "begins", "value": "滨江"}))["segment"]
    await settle()
    template = await read_template(hq)
    (field,) = [one for one in template["fields"] if one["key"] == key]
    field["labels"], field["archived"] = {"zhCn": "小区"}, True
    assert (await save_template(hq, template))["userErrors"] == []
    renamed = await ask(hq, "query ($id: ID!) { segment(id: $id) { sentence } }", id=made["id"])
    assert renamed["sentence"] == "小区以“滨江”开头"
    other = await make_customer(world, name="韩冰")
    await db.execute("UPDATE customer SET custom_values = '{}' WHERE id = $1", her)
    await db.execute(
        "UPDATE customer SET custom_values = jsonb_build_object($2::text, '滨江府') WHERE id = $1", other, key
    )
    await tell(world, her, other)
    async with db.tx():
        await service.touch(world.brand_id, [her, other])
    await settle()
    listed = await ask(hq, LISTED, id=made["id"])
    assert [edge["node"]["name"] for edge in listed["edges"]] == ["韩冰"]


async def test_who_refused_profiling_is_found_by_nothing_that_asks_what_she_buys(database: str) -> None:
    world = await make_world()
    her, hq = await bought_twice(world), world.staff["hq"]
    loyal = (await save(hq))["segment"]["id"]
    never = (await save(hq, name="没买过", tree={"not": LOYAL}))["segment"]["id"]
    card = (await save(hq, name="有名字", tree={"fact": "customer.name", "op": "known"}))["segment"]["id"]
    await settle()
    said = ConsentSaid(ConsentPurpose.PROFILING, ConsentChannel.ANY, ConsentState.REFUSED, ConsentHow.CALL)
    await customers.record_consent(world.staff["guide"], her, said)
    await settle()
    mine = (await ask(world.staff["guide"], HERS, id=global_id("Customer", her)))["segments"]
    assert [one["segmentId"] for one in mine] == [card]
    why = await ask(world.staff["guide"], WHY, id=loyal, her=global_id("Customer", her))
    assert not why["fits"] and why["answers"][0]["holds"]
    unwilling = "她不愿意按购买分群"
    assert why["answers"][-1] == {"sentence": unwilling, "holds": False, "decides": True, "seen": unwilling}
    assert not why["answers"][0]["decides"]
    assert (await ask(hq, LISTED, id=never))["totalCount"] == 0


async def test_a_category_that_an_article_is_put_into_counts_what_was_bought_before(database: str) -> None:
    world = await make_world()
    hq, her = world.staff["hq"], await make_customer(world)
    phone = await db.fetch_value("SELECT value FROM customer_identity WHERE customer_id = $1", her)
    await ingest(world, sale("1", phone=phone))
    (sku,) = {row[0] for row in await db.fetch("SELECT sku FROM order_line")}
    put = "mutation ($input: SaveProductsInput!) { saveProducts(input: $input) { saved userErrors { field message } } }"

    async def belongs(*told: dict[str, Any]) -> Any:
        return await ask(hq, put, input={"operationId": str(uuid4()), "products": list(told)})

    assert (await belongs({"sku": sku, "name": "幼儿奶粉"}, {"sku": "x", "category": "奶粉"}))["saved"] == 2
    rule = {"fact": "products.count", "op": "ge", "value": 1, "where": {"categories": ["奶粉"]}}
    made = (await save(hq, tree=rule))["segment"]
    assert made["sentence"] == "奶粉的商品购买次数至少 1"
    await settle()
    assert (await ask(hq, LISTED, id=made["id"]))["totalCount"] == 0
    assert (await belongs({"sku": sku, "category": "奶粉"}, {"sku": "x", "category": "奶粉"}))["saved"] == 1
    await settle()
    assert (await ask(hq, LISTED, id=made["id"]))["totalCount"] == 1
    assert await ask(hq, "{ productCategories { name products } }") == [{"name": "奶粉", "products": 2}]
    (problem,) = (await belongs({"sku": " "}))["userErrors"]
    assert problem["field"] == "products.0.sku"


async def test_why_tells_a_guide_nothing_of_fields_that_she_does_not_see(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    (key,) = await add_fields(hq, new_field("收入", sees=["STORE_MANAGER", "HQ"]))
    her = await make_customer(world)
    await db.execute("UPDATE customer SET custom_values = jsonb_build_object($1::text, '高')", key)
    rule = {"all": [{"fact": f"custom.{key}", "op": "eq", "value": "高"}, {"fact": "customer.name", "op": "known"}]}
    made = (await save(hq, tree=rule))["segment"]["id"]
    await settle()
    for who, conditions in (("manager", 2), ("guide", 1)):
        why = await ask(world.staff[who], WHY, id=made, her=global_id("Customer", her))
        assert why["fits"] and len(why["answers"]) == len(why["then"]) == conditions
        (hers,) = (await ask(world.staff[who], HERS, id=global_id("Customer", her)))["segments"]
        assert hers["reasons"] == why["then"]


async def test_why_tells_when_she_was_in_it_earlier_and_what_stood_on_file_when_she_left(database: str) -> None:
    world = await make_world()
    hq, her = world.staff["hq"], await make_customer(world)
    (key,) = await add_fields(hq, new_field("收入", sees=["STORE_MANAGER", "HQ"]))
    await db.execute("UPDATE customer SET custom_values = jsonb_build_object($1::text, '高')", key)
    boys = {"fact": "children.gender", "op": "in", "value": ["male"]}  # of several rows nothing is kept
    rule = {"all": [{"fact": f"custom.{key}", "op": "eq", "value": "高"}, GOLD, {"not": boys}]}
    made = (await save(hq, tree=rule))["segment"]["id"]

    async def becomes(level: str | None) -> None:
        await db.execute("UPDATE customer SET level = $1", level)
        async with db.tx():
            await service.touch(world.brand_id, [her])
        await settle()

    async def told(who: str, locale: str = "zh-CN") -> Any:
        return await ask(world.staff[who], WHY, locale, id=made, her=global_id("Customer", her))

    assert (await told("guide"))["before"] == []
    for level in ("银卡", "铜卡", None, "白卡"):
        await becomes("金卡")
        await becomes(level)
    why = await told("guide")
    assert why["since"] is None and why["then"] == []
    assert [one["reasons"] for one in why["before"]] == [["等级：白卡"], ["等级：没有"], ["等级：铜卡"]]
    days = [day for one in why["before"] for day in (one["left"], one["entered"])]
    assert days == sorted(days, reverse=True) and len(set(days)) == 6
    assert (await told("manager", "en"))["before"][0]["reasons"] == ["收入: 高", "Level: 白卡"]
    await becomes("金卡")
    assert (await told("guide"))["since"] and len((await told("guide"))["before"]) == 3
    await service.archive_segment(hq, parse_id(made, "Segment"))
    assert [one["reasons"] for one in (await told("guide"))["before"]] == [[], ["等级：白卡"], ["等级：没有"]]


@pytest.mark.parametrize("who", ["guide", "colleague", "stranger", "manager"])
async def test_the_shops_open_why_only_of_whom_they_may_open(database: str, who: str) -> None:
    world = await make_world()
    her = await bought_twice(world)
    made = (await save(world.staff["hq"]))["segment"]["id"]
    await settle()
    why = await ask(world.staff[who], WHY, id=made, her=global_id("Customer", her))
    assert (why is None) is (who == "stranger")
    refused = await save(world.staff[who])
    assert refused["segment"] is None and refused["userErrors"][0]["code"] == "FORBIDDEN"


async def test_the_reasons_of_a_page_of_members_are_read_at_once(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    for n in range(12):
        await make_customer(world, phone=f"1380000{n:04}", name=f"客户{n}")
    made = (await save(hq, tree={"fact": "customer.name", "op": "known"}))["segment"]["id"]
    await settle()
    page = """query ($id: ID!, $first: Int!) { customers(segmentId: $id, first: $first) {
      edges { node { segments { reasons } } } } }"""
    asked = []
    for first in (2, 12):
        async with db.counting() as statements:
            found = await ask(hq, page, id=made, first=first)
        asked.append(len(statements))
        told = [one["node"]["segments"][0]["reasons"] for one in found["edges"]]
        assert told == [[f"姓名：客户{11 - n}"] for n in range(first)]
    assert asked[0] == asked[1]


async def test_a_partners_key_learns_of_no_segment(database: str) -> None:
    world = await make_world()
    her = await bought_twice(world)
    made = (await save(world.staff["hq"]))["segment"]["id"]
    await settle()
    where = (world.brand_id, "partner", Locale.EN, "Asia/Shanghai", "CNY")
    partner = Actor("partner", new_id(), *where, scopes=frozenset({"read"}))
    assert (await ask(partner, HERS, id=global_id("Customer", her)))["segments"] == []
    assert (await ask(partner, LISTED, id=made))["totalCount"] == 0


async def test_two_names_alike_and_an_older_version_are_refused_in_words(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    made = (await save(hq))["segment"]
    (problem,) = (await save(hq))["userErrors"]
    assert (problem["code"], problem["message"]) == ("TAKEN", "已经有叫这个名字的分群，换一个名字")
    changed = await save(hq, id=made["id"], baseVersion=1, tree=GOLD)
    assert changed["segment"]["version"] == 2
    (problem,) = (await save(hq, id=made["id"], baseVersion=1))["userErrors"]
    assert (problem["code"], problem["field"]) == ("CONFLICT", "baseVersion")
