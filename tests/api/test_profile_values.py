"""Values in fields of head office's own: typed, checked, merged, shown to whom they are for, and found by."""

from typing import Any
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from shuke.domains.customers import queries
from shuke.domains.customers.types import Filters
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.api.test_profile_api import partner
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.profile import add_fields, ask, new_field, read_template, save_template

SHOWN = "version values { key kind label content text masked }"
GET = f"query ($id: ID!) {{ customer(id: $id) {{ {SHOWN} completeness {{ score missing {{ key }} }} }} }}"
UPDATE = f"""
mutation ($input: UpdateCustomerInput!) {{ updateCustomer(input: $input) {{ customer {{ {SHOWN} }}
  conflicts {{ field yours theirs }} userErrors {{ code field message }} }} }}
"""
CREATE = f"""
mutation ($input: CreateCustomerInput!) {{ createCustomer(input: $input) {{ customer {{ {SHOWN} }}
  userErrors {{ code field message }} }} }}
"""
ALL = [
    new_field("居住社区", searchable=True),
    new_field("宠物数", "NUMBER", rules=[{"code": "MAX", "value": "9"}, {"code": "DECIMALS", "value": "0"}]),
    new_field("月预算", "MONEY"),
    new_field("搬家日", "DATE", rules=[{"code": "NOT_PAST"}]),
    new_field("会员卡色", "CHOICE", options=[{"labels": {"zhCn": "金", "en": "Gold"}}, {"labels": {"zhCn": "银"}}]),
    new_field("竞品", "CHOICES", options=[{"labels": {"zhCn": "甲"}}, {"labels": {"zhCn": "乙"}}]),
    new_field("停车", "YES_NO"),
    new_field("家里电话", "PHONE"),
    new_field("顾问", "STAFF"),
    new_field("常去", "STORE"),
    new_field("邻居", "CUSTOMER"),
]


async def edit(world: World, who: str, key: UUID, base: int, said: dict[str, Any], **more: Any) -> Any:
    values = [{"key": name, "content": content} for name, content in said.items()]
    given = {"operationId": str(uuid4()), "id": global_id("Customer", key), "baseVersion": base, "values": values}
    return await ask(world.staff[who], UPDATE, input=given | more)


async def test_all_eleven_kinds_are_kept_and_shown_in_words(database: str) -> None:
    world = await make_world()
    text, number, money, date, choice, choices, yes_no, phone, staff, store, friend = await add_fields(
        world.staff["hq"], *ALL
    )
    key, neighbour = await make_customer(world), await make_customer(world, name="何佳")
    guide = world.staff["guide"].id
    assert guide
    said = {
        text: [" 阳光花园 "],
        number: ["２"],
        money: ["150000"],
        date: ["2199-01-02"],
        choice: ["gold"],
        choices: ["jia", "yi", "jia"],
        yes_no: ["true"],
        phone: ["138 0000 2047"],
        staff: [global_id("Staff", guide)],
        store: [global_id("Store", world.stores[1])],
        friend: [global_id("Customer", neighbour)],
    }
    done = await edit(world, "guide", key, 1, said)
    assert done["userErrors"] == []
    shown = {value["key"]: (value["content"], value["text"], value["masked"]) for value in done["customer"]["values"]}
    assert shown == {
        text: (["阳光花园"], "阳光花园", False),
        number: (["2"], "2", False),
        money: (["150000"], "¥1,500.00", False),
        date: (["2199-01-02"], "2199-01-02", False),
        choice: (["gold"], "金", False),
        choices: (["jia", "yi"], "甲、乙", False),
        yes_no: (["true"], "是", False),
        phone: ([], "138 •••• 2047", True),
        staff: (said[staff], "guide", False),
        store: (said[store], "滨江店", False),
        friend: (said[friend], "何佳", False),
    }
    kept = await db.fetch_value("SELECT custom_values::text FROM customer WHERE id = $1", key)
    assert '"+8613800002047"' in kept and f'"{neighbour}"' in kept
    again = await edit(world, "guide", key, 2, said)
    assert again["customer"]["version"] == 2  # nothing is different
    emptied = await edit(world, "guide", key, 2, {text: None, friend: []})
    assert {value["key"] for value in emptied["customer"]["values"]} == set(said) - {text, friend}


async def test_what_does_not_fit_is_refused_with_what_to_do(database: str) -> None:
    world = await make_world()
    text, number, money, date, choice, choices, yes_no, phone, staff, _, friend = await add_fields(
        world.staff["hq"], *ALL
    )
    key, away = await make_customer(world), await make_customer(world, "stranger")
    for name, content, code, words in (
        (text, ["字" * 2001], "INVALID", "居住社区最多写 2000 个字"),
        (text, ["甲", "乙"], "INVALID", "居住社区只能填一个"),
        (number, ["10"], "INVALID", "宠物数不能大于 9"),
        (number, ["1.5"], "INVALID", "宠物数最多 0 位小数"),
        (number, ["NaN"], "INVALID", "宠物数要填数字，例如 12 或 3.5"),
        (money, ["15.5"], "INVALID", "月预算要填金额"),
        (date, ["2020-01-01"], "INVALID", "搬家日不能早于今天，检查一下年份"),
        (date, ["2026-02-30"], "INVALID", "搬家日要填 1900 年以后的日期，例如 2026-11-22"),
        (choice, ["copper"], "INVALID", "会员卡色：这一项已经不能选了，换一项"),
        (choices, ["jia", "bing"], "INVALID", "竞品：这一项已经不能选了，换一项"),
        (yes_no, ["maybe"], "INVALID", "停车要选“是”或“否”"),
        (phone, ["123"], "INVALID", "家里电话不像电话号码，检查一下位数"),
        (staff, [global_id("Staff", new_id())], "NOT_FOUND", "顾问：没找到您选的，重新选一个"),
        (friend, [global_id("Customer", away)], "NOT_FOUND", "邻居：没找到您选的，重新选一个"),
        ("name", ["x"], "NOT_FOUND", "没有这个字段，刷新页面再填"),
    ):
        (error,) = (await edit(world, "guide", key, 1, {name: content}))["userErrors"]
        assert error == {"code": code, "field": f"values.{name}", "message": words}


async def test_values_merge_field_by_field_and_the_same_field_clashes_in_words(database: str) -> None:
    world = await make_world()
    area, colour = await add_fields(world.staff["hq"], ALL[0], ALL[4])
    key = await make_customer(world)
    await edit(world, "manager", key, 1, {colour: ["gold"]})
    merged = await edit(world, "guide", key, 1, {area: ["阳光花园"]})
    assert merged["userErrors"] == [] and merged["customer"]["version"] == 3
    clash = await edit(world, "guide", key, 1, {colour: ["yin"], area: ["阳光花园"]})
    assert clash["conflicts"] == [{"field": f"values.{colour}", "yours": "银", "theirs": "金"}]
    lines = "query ($id: ID!) { customer(id: $id) { timeline(first: 1) { edges { node { title detail } } } } }"
    page = await ask(world.staff["guide"], lines, id=global_id("Customer", key))
    assert page["timeline"]["edges"][0]["node"] == {"title": "改了资料", "detail": "居住社区"}
    data = await db.fetch("SELECT data::text FROM event WHERE kind = 'customer.updated' ORDER BY at")
    assert [row[0] for row in data] == [f'{{"fields": ["values.{name}"]}}' for name in (colour, area)]


async def test_who_may_not_see_a_value_is_not_told_of_it(database: str) -> None:
    world = await make_world()
    fields = [
        new_field("病史", sensitivity="SENSITIVE", sees=["STORE_MANAGER", "HQ"], edits=["STORE_MANAGER"]),
        new_field("停车", "YES_NO", sensitivity="PUBLIC"),
        new_field("居住社区"),
    ]
    illness, parking, area = await add_fields(world.staff["hq"], *fields)
    key = await make_customer(world)
    done = await edit(world, "manager", key, 1, {illness: ["花生过敏"], parking: ["false"], area: ["阳光花园"]})
    assert done["userErrors"] == []
    keys = {}
    for who, actor in {**world.staff, "partner": partner(world.brand_id)}.items():
        found = await ask(actor, GET, id=global_id("Customer", key))
        keys[who] = found and {value["key"] for value in found["values"]}
        if who == "partner":
            assert found["completeness"] is None
    assert keys == {
        "guide": {parking, area},
        "colleague": {parking, area},
        "stranger": None,
        "manager": {illness, parking, area},
        "regional": {parking, area},
        "hq": {illness, parking, area},
        "admin": {parking, area},
        "partner": {parking},
    }
    told = await edit(world, "guide", key, 2, {illness: ["没有"]})
    assert [(error["code"], error["field"]) for error in told["userErrors"]] == [("FORBIDDEN", f"values.{illness}")]


async def test_a_form_of_an_older_template_is_still_taken(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    (area,) = await add_fields(hq, new_field("居住社区"))  # version 2: what the phone has
    template = await read_template(hq)
    next(field for field in template["fields"] if field["key"] == area)["archived"] = True
    template["fields"].append(new_field("停车", "YES_NO", required=True))
    assert (await save_template(hq, template))["template"]["version"] == 3

    async def enter(**more: Any) -> Any:
        given = {"operationId": str(uuid4()), "id": str(new_id()), "phone": next_phone()} | more
        return await ask(world.staff["guide"], CREATE, input=given)

    old = [{"key": area, "content": ["阳光花园"]}]
    taken = await enter(values=old, templateVersion=2)
    assert taken["userErrors"] == [] and taken["customer"]["values"] == []  # kept, and no longer shown
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE custom_values <> '{}'") == 1
    told = await enter(values=[], templateVersion=3)
    assert told["userErrors"] == [{"code": "REQUIRED", "field": "values.ting_che", "message": "停车要填上"}]
    told = await enter(values=old, templateVersion=3)
    assert [(e["code"], e["field"]) for e in told["userErrors"]] == [("INVALID", f"values.{area}")]
    told = await enter(templateVersion=4)
    assert [(e["code"], e["field"]) for e in told["userErrors"]] == [("INVALID", "templateVersion")]
    assert (await enter())["userErrors"] == []  # a caller that knows of no fields


async def test_head_offices_rules_hold_for_built_in_fields_too(database: str) -> None:
    world = await make_world()
    template = await read_template(world.staff["hq"])
    own = {"zhCn": "写全名，至少两个字", "en": "Please write the full name"}
    template["fields"][1]["rules"] = [{"code": "MIN_LENGTH", "value": "2", "messages": own}]
    assert (await save_template(world.staff["hq"], template))["userErrors"] == []
    key = await make_customer(world)
    given = {"operationId": str(uuid4()), "id": global_id("Customer", key), "baseVersion": 1, "name": "周"}
    told = await ask(world.staff["guide"], UPDATE, "en", input=given)
    assert told["userErrors"] == [
        {"code": "INVALID", "field": "name", "message": "姓名: Please write the full name"}
    ] or (told["userErrors"][0]["message"] == "Name: Please write the full name")


async def test_she_is_found_by_a_searchable_field_and_partners_do_not_find_her_by_it(database: str) -> None:
    world = await make_world()
    (area,) = await add_fields(world.staff["hq"], ALL[0])
    key = await make_customer(world)
    await edit(world, "guide", key, 1, {area: ["阳光花园三期"]})
    found = await queries.customers(world.staff["guide"], Filters(search="花园"), 5)
    assert [view.id for view in found] == [key]
    assert await queries.customers(partner(world.brand_id), Filters(search="花园"), 5) == []
    assert len(await queries.customers(partner(world.brand_id), Filters(search="雨桐"), 5)) == 1
    await edit(world, "guide", key, 2, {area: None})
    assert await queries.customers(world.staff["guide"], Filters(search="花园"), 5) == []


async def test_owner_colleague_stranger_partner_and_nobody_edit_values_as_they_edit_her(database: str) -> None:
    world = await make_world()
    (area,) = await add_fields(world.staff["hq"], ALL[0])
    key = await make_customer(world)
    base, wanted = 1, {"guide": None, "manager": None, "colleague": "FORBIDDEN", "stranger": "NOT_FOUND"}
    for who, code in wanted.items():
        told = await edit(world, who, key, base, {area: [who]})
        assert [error["code"] for error in told["userErrors"]] == ([code] if code else []), who
        base += code is None
    values = [{"key": area, "content": ["x"]}]
    given = {"operationId": str(uuid4()), "id": global_id("Customer", key), "baseVersion": base, "values": values}
    for actor, code in ((partner(world.brand_id), "FORBIDDEN"), (None, "SIGN_IN_NEEDED")):
        told = await ask(actor, UPDATE, input=given)
        assert [error["code"] for error in told["userErrors"]] == [code]
