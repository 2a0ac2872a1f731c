"""The program's own fields that head office keeps to some roles: not read, not changed, not taken out by the others."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.customers import service
from shuke.domains.customers.types import CustomerSource, Gender, IdentityKind
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale, Role
from shuke.domains.records.queries.exports import export_columns
from shuke.kit import db
from shuke.kit.errors import ErrorCode
from shuke.kit.ids import new_id
from tests.api.real import serving, signed_in
from tests.api.test_customers_api import send
from tests.api.test_imports_people import KIND, done
from tests.api.test_links import LINKS, SETTLE
from tests.api.test_profile_api import partner
from tests.factories import World, make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.links import make_link
from tests.factories.profile import ask, read_template, save_template

KEPT = ("gender", "birthday", "wechat", "level", "note", "source", "referrer")
"""All that can be kept to some roles."""
FACTS = "gender birthday birthDate nextBirthday level source note"
GET = f"""
query ($id: ID!) {{ customer(id: $id) {{ name alias phone {FACTS} identities {{ kind }}
  referrals {{ referrer {{ name }} count }} completeness {{ missing {{ key }} problems {{ field }} }}
  timeline(first: 20) {{ edges {{ node {{ title detail }} }} }} }} }}
"""
OUTSIDE = f"query ($id: ID!) {{ customer(id: $id) {{ {FACTS} }} }}"
LIST = f"{{ customers {{ edges {{ node {{ {FACTS} }} }} }} }}"
CREATE = """
mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id gender birthDate note source }
  userErrors { code field message } } }
"""
UPDATE = """
mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { version }
  conflicts { field theirs } userErrors { code field message } } }
"""
PREVIEW = "query ($a: ID!, $b: ID!) { mergePreview(winnerId: $a, loserId: $b) { fields { field } winner { note } } }"
SAID: dict[str, Any] = {
    "gender": Gender.FEMALE,
    "birthday": "1990-01-01",
    "note": "花生过敏",
    "source": CustomerSource.EVENT,
}
NOTHING = {
    "gender": "UNKNOWN",
    "birthday": None,
    "birthDate": None,
    "nextBirthday": None,
    "level": None,
    "source": "OTHER",
    "note": None,
}


async def keep(world: World, *keys: str, sees: list[str] | None = None, edits: list[str] | None = None) -> Any:
    """Head office keeps these fields to some roles; what it is told."""
    template = await read_template(world.staff["hq"])
    for field in template["fields"]:
        if field["key"] in keys:
            field |= {"sees": sees, "edits": edits}
    return (await save_template(world.staff["hq"], template))["userErrors"]


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def full(world: World, **said: Any) -> UUID:
    """A customer of whom all of it is known."""
    friend = await make_customer(world, name="何佳", alias=None)
    key = await make_customer(world, **SAID | {"referrer_id": friend} | said)
    await service.update_customer(world.staff["manager"], key, 1, {"level": "金卡"})
    await service.add_identity(world.staff["guide"], key, IdentityKind.WECHAT, f"wx_{key.hex[-8:]}")
    return key


async def test_who_may_not_see_a_built_in_field_is_not_told_of_it(world: World) -> None:
    key = await full(world)
    before = await ask(world.staff["guide"], GET, id=global_id("Customer", key))
    assert await keep(world, *KEPT, sees=["STORE_MANAGER", "HQ"]) == []
    for who, actor in world.staff.items():
        page = await ask(actor, GET, id=global_id("Customer", key))
        listed = (await ask(actor, LIST))["edges"]
        if who == "stranger":
            assert page is None and listed == []
        elif who in ("manager", "hq"):
            assert page == before and page["note"] == "花生过敏" and page["birthDate"] == "1990-01-01"
            assert page["referrals"]["referrer"] == {"name": "何佳"}
        else:
            assert (page["name"], page["alias"], bool(page["phone"])) == ("周雨桐", "小满妈妈", True)
            assert NOTHING.items() <= page.items(), who
            assert [one["node"] for one in listed] == [NOTHING, NOTHING]
            assert {one["kind"] for one in page["identities"]} == {"PHONE"}
            assert page["referrals"] == {"referrer": None, "count": 0}
            assert not {one["key"] for one in page["completeness"]["missing"]} & set(KEPT)
            assert page["completeness"]["problems"] == []  # 1 January is what tills write where nobody asked
            told = str(page["timeline"])
            assert not any(word in told for word in ("等级", "微信", "活动")), told
    assert before["completeness"]["problems"] == [{"field": "birthday"}]
    outside = await ask(partner(world.brand_id), OUTSIDE, id=global_id("Customer", key))
    assert outside == NOTHING
    assert await keep(world, *KEPT) == []
    again = await ask(partner(world.brand_id), OUTSIDE, id=global_id("Customer", key))
    assert again["gender"] == "FEMALE" and again["level"] == "金卡" and again["note"] is None  # as it was agreed


@pytest.mark.parametrize("limits", [{"sees": ["STORE_MANAGER", "HQ"]}, {"edits": ["STORE_MANAGER", "HQ"]}])
async def test_who_may_not_change_a_built_in_field_is_refused_it_by_name(world: World, limits: Any) -> None:
    key, friend = await full(world), await make_customer(world, name="乐乐妈妈")
    assert await keep(world, *KEPT, **limits) == []
    said = {"gender": "MALE", "birthDate": "1991-03-08", "level": "银卡", "note": "…", "source": "ONLINE"}
    said["referrerId"] = global_id("Customer", friend)
    names = {"birthDate": "birthday"}
    for who in ("guide", "manager", "hq"):
        for name, value in said.items():
            found = await ask(
                world.staff[who], GET.replace("name alias", "version name alias"), id=global_id("Customer", key)
            )
            given = {"operationId": str(uuid4()), "id": global_id("Customer", key), "baseVersion": found["version"]}
            errors = (await ask(world.staff[who], UPDATE, input=given | {name: value}))["userErrors"]
            told = [(error["code"], error["field"]) for error in errors]
            assert told == ([("FORBIDDEN", names.get(name, name))] if who == "guide" else []), (who, name)
    wechat = await refused(service.add_identity(world.staff["guide"], key, IdentityKind.WECHAT, "wx_other_one"))
    assert wechat.code is ErrorCode.FORBIDDEN
    hers = await db.fetch_value("SELECT id FROM customer_identity WHERE customer_id = $1 AND kind = 'wechat'", key)
    for act in (service.remove_identity, service.disown_identity):
        assert (await refused(act(world.staff["guide"], key, hers))).code is ErrorCode.FORBIDDEN
    await service.remove_identity(world.staff["manager"], key, hers)


async def test_a_new_customer_comes_in_without_what_her_guide_may_not_say(world: World) -> None:
    assert await keep(world, *KEPT, sees=["STORE_MANAGER"]) == []

    async def enter(who: str, **said: Any) -> Any:
        given = {"operationId": str(uuid4()), "id": str(new_id()), "phone": next_phone(), "name": "新客"} | said
        return await ask(world.staff[who], CREATE, input=given)

    plain = await enter("guide", gender="UNKNOWN", source="WALK_IN", note=None)  # as a form sends what nobody touched
    assert plain["userErrors"] == [] and plain["customer"]["source"] == "OTHER"
    friend = global_id("Customer", await make_customer(world))
    said = {"gender": "FEMALE", "birthDate": "1990-03-08", "note": "…", "source": "EVENT", "referrerId": friend}
    for name, value in said.items():
        (error,) = (await enter("guide", **{name: value}))["userErrors"]
        assert (error["code"], error["field"]) == ("FORBIDDEN", "birthday" if name == "birthDate" else name)
        assert error["message"].startswith("您的岗位不能改")
        assert (await enter("manager", **{name: value}))["userErrors"] == []


async def test_what_every_role_works_with_is_kept_from_nobody(world: World) -> None:
    fields = {field["key"]: field for field in (await read_template(world.staff["hq"]))["fields"]}
    for key in ("name", "alias", "phone", "store", "guide"):
        for limits in ({"sees": ["HQ"]}, {"edits": ["HQ"]}):
            (error,) = await keep(world, key, **limits)
            label = fields[key]["labels"]["zhCn"]
            assert error["code"] == "INVALID"
            assert error["message"] == (
                f"“{label}”人人都要用：找到她、称呼她、联系她、算业绩都靠它，不能只给一部分岗位看或改"
            )
    assert [error["field"][:7] for error in await keep(world, "rfm", sees=["HQ"])] == ["fields."]
    (edits,) = await keep(world, "note", sees=["HQ"], edits=["GUIDE"])
    assert edits["field"].endswith(".edits")
    shown = await ask(world.staff["guide"], "{ profileTemplate { fields { key builtIn limitable } } }")
    limitable = {one["key"] for one in shown["fields"] if one["builtIn"] and one["limitable"]}
    assert limitable == set(KEPT)


async def test_it_is_neither_taken_out_nor_brought_in_nor_picked(world: World) -> None:
    key, other = await full(world), await full(world, name="林晓")
    assert await keep(world, *KEPT, sees=["ADMIN"]) == []
    for who, there in (("manager", False), ("admin", True)):
        offered = {one for one, _, _ in await export_columns(world.staff[who], "zh-CN")}
        assert set(KEPT) & offered == ({"gender", "birthday", "level", "note", "source"} if there else set())
        ids = {"a": global_id("Customer", key), "b": global_id("Customer", other)}
        preview = await ask(world.staff[who], PREVIEW, **ids)
        fields = {one["field"] for one in preview["fields"]}
        assert {"name", "phone", "guideId"} <= fields
        assert bool({"gender", "birthday", "level", "note", "source"} & fields) is there
        assert preview["winner"]["note"] == ("花生过敏" if there else None)
    lines = "姓名,手机号,门店,备注,等级\n谷雨,13800138002,S1,怕辣,金卡".encode()
    async with serving() as app:
        for who, note in (("hq", None), ("admin", "怕辣")):
            browser = await signed_in(app, world, who)
            keys = {one["key"] for one in (await browser.ask("{ importFields { key } }"))["importFields"]}
            assert ("note" in keys) is (note is not None) and "phone" in keys
            job = await done(browser, lines)
            assert job["counts"]["rejected"] == 0  # type: ignore[index]
            assert await db.fetch_value("SELECT note FROM customer WHERE name = '谷雨'") == note
        hq = await signed_in(app, world, "hq")
        upload = (await hq.http.post("/imports", content=lines, headers=KIND)).json()["id"]
        chosen = {"uploadId": upload, "kind": "CUSTOMERS", "columns": [{"field": "note", "heading": "备注"}]}
        answer = await hq.do("startImport", "job { id }", **chosen)
        assert [error["code"] for error in answer["userErrors"]] == ["FORBIDDEN"]


async def test_roles_hold_in_their_own_store(world: World) -> None:
    """A manager of one store who is a guide in another sees there what guides see."""
    key = await full(world)
    assert await keep(world, "note", sees=["STORE_MANAGER"]) == []
    stranger = world.staff["stranger"].id
    sql = "INSERT INTO staff_role (id, brand_id, staff_id, role, store_id) VALUES ($1, $2, $3, $4, $5)"
    await db.execute(sql, new_id(), world.brand_id, stranger, Role.STORE_MANAGER.value, world.stores[1])
    await db.execute(sql, new_id(), world.brand_id, stranger, Role.GUIDE.value, world.stores[0])
    async with serving() as app:
        browser = await signed_in(app, world, "stranger")
        page = "query ($id: ID!) { customer(id: $id) { name note } }"
        found = (await browser.ask(page, id=global_id("Customer", key)))["customer"]
        assert found == {"name": "周雨桐", "note": None}


async def test_an_answer_of_hers_waits_for_somebody_who_may_decide(world: World) -> None:
    key = await make_customer(world, gender=Gender.FEMALE)
    link = await make_link(world, key)
    token = await service.link_token(link)
    texts = {"name": "周小桐", "gender": "male"}
    assert not (await service.fill_in(token, Filled(Locale.ZH_CN, texts), "10.0.0.7")).mistakes
    assert await keep(world, "gender", sees=["STORE_MANAGER"]) == []
    her, settle = global_id("Customer", key), global_id("CustomerLink", link)
    for who, text in (("guide", None), ("manager", "男")):
        (shown,) = await ask(world.staff[who], LINKS, id=her)
        waiting = {one["name"]: one["text"] for one in shown["answers"] if one["state"] == "WAITING"}
        assert waiting == {"name": "周小桐", "gender": text}
    (error,) = (await send(world.staff["guide"], SETTLE, id=settle, take=["gender"]))["userErrors"]
    assert (error["code"], error["field"]) == ("FORBIDDEN", "take")
    done = await send(world.staff["guide"], SETTLE, id=settle, take=["name"])
    assert {one["name"]: one["state"] for one in done["link"]["answers"]} == {"name": "TAKEN", "gender": "WAITING"}
    done = await send(world.staff["manager"], SETTLE, id=settle, take=["gender"])
    assert done["userErrors"] == []
    assert await db.fetch_value("SELECT gender FROM customer WHERE id = $1", key) == "male"
