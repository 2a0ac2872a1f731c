"""The profile template: what ships, what head office makes of it, who reads it, where a field is used."""

from typing import Any

import pytest

from shuke.domains.customers import service
from shuke.domains.customers.queries.profile import shipped
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import codec, db
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.profile import add_fields, ask, new_field, read_template, save_template

USAGE = "query ($key: String!) { fieldUsage(key: $key) { customers uses { place name } } }"


def partner(brand_id: Any) -> Actor:
    where = (brand_id, "till", Locale.EN, "Asia/Shanghai", "CNY")
    return Actor("partner", new_id(), *where, scopes=frozenset({"read"}))


async def test_every_brand_begins_with_the_four_groups_in_both_languages(database: str) -> None:
    world = await make_world()
    shown = "{ profileTemplate { version savedBy { name } groups { title } fields { label group computed mayEdit } } }"
    chinese, english = [await ask(world.staff["guide"], shown, locale) for locale in ("zh-CN", "en")]
    assert [group["title"] for group in chinese["groups"]] == ["身份", "交易", "互动与偏好", "来源与关系"]
    assert [group["title"] for group in english["groups"]][1] == "Purchases"
    assert (chinese["version"], chinese["savedBy"]) == (1, None)
    facts = [field for field in chinese["fields"] if field["group"] == "transactions"]
    assert facts and all(field["computed"] and not field["mayEdit"] for field in facts)
    await service.sweep_profiles(10)  # the worker puts it down, and nothing is different
    assert await ask(world.staff["guide"], shown) == chinese


async def test_head_office_adds_orders_groups_requires_and_archives(database: str) -> None:
    world = await make_world()
    template = await read_template(world.staff["hq"])
    template["groups"].append({"titles": {"zhCn": "门店自用", "en": "Our own"}})
    rivals = new_field(
        "竞品使用情况", "CHOICES", group="#4", options=[{"labels": {"zhCn": "甲"}}, {"labels": {"en": "B b"}}]
    )
    template["fields"].insert(0, new_field("居住社区", searchable=True, weight=4))
    template["fields"].append(rivals)
    next(field for field in template["fields"] if field.get("key") == "industry")["archived"] = True
    next(field for field in template["fields"] if field.get("key") == "household")["required"] = True
    saved = await save_template(world.staff["hq"], template)
    assert saved["userErrors"] == [] and saved["template"]["version"] == 2
    again = await read_template(world.staff["admin"])
    assert again["fields"][0]["key"] == "ju_zhu_she_qu"
    last = again["fields"][-1]
    assert (last["key"], last["group"]) == ("jing_pin_shi_yong_qing_kuang", "our_own")
    assert [option["key"] for option in last["options"]] == ["jia", "b_b"]
    by_key = {field["key"]: field for field in again["fields"]}
    assert by_key["industry"]["archived"] and by_key["household"]["required"]
    unchanged = await save_template(world.staff["hq"], again)
    assert unchanged["template"]["version"] == 2
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'profile.saved'") == 1


async def test_who_saves_over_a_newer_version_is_told_and_shown_it(database: str) -> None:
    world = await make_world()
    stale = await read_template(world.staff["hq"])
    await add_fields(world.staff["admin"], new_field("居住社区"))
    stale["fields"][0]["labels"]["zhCn"] = "全名"
    told = await save_template(world.staff["hq"], stale)
    assert [(error["code"], error["field"]) for error in told["userErrors"]] == [("CONFLICT", "baseVersion")]
    assert told["template"]["version"] == 2


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (lambda t: t["fields"].pop(6), "INVALID", "fields"),
        (lambda t: t["fields"][0].update(kind="NUMBER"), "INVALID", "fields.0.kind"),
        (lambda t: t["fields"][1].update(archived=True), "INVALID", "fields.1.archived"),
        (lambda t: t["fields"][0].update(required=False), "INVALID", "fields.0.required"),
        (lambda t: t["fields"][0].update(sees=["HQ"]), "INVALID", "fields.0"),
        (lambda t: t["fields"][0].update(labels={"zhCn": "  "}), "REQUIRED", "fields.0.label"),
        (lambda t: t["fields"][0].update(group="nowhere"), "NOT_FOUND", "fields.0.group"),
        (lambda t: t["fields"][0].update(weight=101), "INVALID", "fields.0.weight"),
        (lambda t: t["groups"].pop(0), "NOT_FOUND", "fields.0.group"),
        (lambda t: t["fields"].append(t["fields"][0]), "INVALID", "fields"),
        (lambda t: t["fields"].append(new_field("新", key="Bad Key")), "INVALID", "fields.N.key"),
        (lambda t: t["fields"].append(new_field("新", "CHOICE")), "INVALID", "fields.N.options"),
        (
            lambda t: t["fields"].append(new_field("新", options=[{"labels": {"en": "x"}}])),
            "INVALID",
            "fields.N.options",
        ),
        (lambda t: t["fields"].append(new_field("新", "DATE", searchable=True)), "INVALID", "fields.N.searchable"),
        (
            lambda t: t["fields"].append(new_field("新", sees=["HQ"], edits=["GUIDE"])),
            "INVALID",
            "fields.N.edits",
        ),
        (
            lambda t: t["fields"].append(new_field("新", rules=[{"code": "PATTERN", "value": "(a+)+$"}])),
            "INVALID",
            "fields.N.rules.0",
        ),
        (
            lambda t: t["fields"].append(
                new_field("新", "NUMBER", rules=[{"code": "MIN", "value": "5"}, {"code": "MAX", "value": "4"}])
            ),
            "INVALID",
            "fields.N.rules.1",
        ),
    ],
)
async def test_what_a_template_cannot_be_is_refused_with_its_place(
    database: str, change: Any, code: str, place: str
) -> None:
    world = await make_world()
    template = await read_template(world.staff["hq"])
    change(template)
    (error,) = (await save_template(world.staff["hq"], template))["userErrors"]
    assert (error["code"], error["field"]) == (code, place.replace("N", str(len(shipped().fields))))


async def test_a_partners_key_reads_public_fields_and_guides_read_all_but_change_nothing(database: str) -> None:
    world = await make_world()
    await add_fields(
        world.staff["hq"], new_field("停车", "YES_NO", sensitivity="PUBLIC"), new_field("病史", sensitivity="SENSITIVE")
    )
    shown = await ask(partner(world.brand_id), "{ profileTemplate { fields { key } groups { key } } }")
    assert [field["key"] for field in shown["fields"]] == ["store", "ting_che"]
    assert [group["key"] for group in shown["groups"]] == ["identity", "relations"]
    template = await read_template(world.staff["guide"])
    assert "bing_shi" in [field["key"] for field in template["fields"]]
    for who in ("guide", "manager", "regional"):
        told = await save_template(world.staff[who], template)
        assert [error["code"] for error in told["userErrors"]] == ["FORBIDDEN"] and told["template"] is None


async def test_head_office_sees_where_a_field_is_used_before_it_archives_it(database: str) -> None:
    world = await make_world()
    (key,) = await add_fields(world.staff["hq"], new_field("居住社区", searchable=True, weight=2))
    usage = await ask(world.staff["hq"], USAGE, key=key)
    assert usage == {
        "customers": 0,
        "uses": [{"place": place, "name": None} for place in ("CUSTOMER_FORM", "COMPLETENESS", "SEARCH")],
    }
    await db.execute(
        "INSERT INTO import_mapping (id, brand_id, staff_id, fingerprint, columns) VALUES ($1, $2, $3, 'x', $4)",
        *(new_id(), world.brand_id, world.staff["hq"].id, codec.dumps({f"custom:{key}": "小区", "name": "姓名"})),
    )
    usage = await ask(world.staff["hq"], USAGE, key=key)
    assert usage["uses"][-1] == {"place": "IMPORT_MAPPING", "name": "小区"}
