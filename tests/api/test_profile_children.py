"""Fields of head office's own about children: asked, checked, kept with the child, and about nobody else."""

from typing import Any
from uuid import uuid4

from shuke.api.pagination import global_id
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.factories.profile import add_fields, ask, new_field, read_template, save_template

SHOWN = "dependant { id version values { key content text } } userErrors { code field message }"
ADD = f"mutation ($input: AddDependantInput!) {{ addDependant(input: $input) {{ {SHOWN} }} }}"
EDIT = f"""
mutation ($input: UpdateDependantInput!) {{ updateDependant(input: $input) {{
  conflicts {{ field yours theirs }} {SHOWN} }} }}
"""
FEEDING = new_field(
    "喂养方式",
    "CHOICE",
    subject="DEPENDANT",
    required=True,
    options=[{"labels": {"zhCn": "母乳"}}, {"labels": {"zhCn": "奶粉"}}],
)
ILLNESS = new_field("过敏", subject="DEPENDANT", sees=["STORE_MANAGER"], sensitivity="SENSITIVE")


async def test_a_child_has_values_of_its_own(database: str) -> None:
    world = await make_world()
    guide, manager = world.staff["guide"], world.staff["manager"]
    feeding, illness = await add_fields(world.staff["hq"], FEEDING, ILLNESS)
    mother = global_id("Customer", await make_customer(world))

    async def send(who: Any, document: str, **said: Any) -> Any:
        return await ask(who, document, input={"operationId": str(uuid4())} | said)

    child: dict[str, Any] = {"id": str(new_id()), "customerId": mother, "bornOn": "2026-01-05"}
    told = await send(guide, ADD, **child, values=[], templateVersion=2)
    assert told["userErrors"] == [{"code": "REQUIRED", "field": f"values.{feeding}", "message": "喂养方式要填上"}]
    done = await send(guide, ADD, **child, values=[{"key": feeding, "content": ["mu_ru"]}])
    assert done["userErrors"] == []
    assert done["dependant"]["values"] == [{"key": feeding, "content": ["mu_ru"], "text": "母乳"}]
    key = done["dependant"]["id"]
    refused = ((feeding, ["grass"], "INVALID"), (illness, ["x"], "FORBIDDEN"), ("note", ["x"], "NOT_FOUND"))
    for name, content, code in refused:
        told = await send(guide, EDIT, id=key, baseVersion=1, values=[{"key": name, "content": content}])
        assert [(error["code"], error["field"]) for error in told["userErrors"]] == [(code, f"values.{name}")]
    both = [{"key": illness, "content": ["鸡蛋"]}, {"key": feeding, "content": ["nai_fen"]}]
    edited = await send(manager, EDIT, id=key, baseVersion=1, values=both)
    assert [value["text"] for value in edited["dependant"]["values"]] == ["奶粉", "鸡蛋"]
    clash = await send(guide, EDIT, id=key, baseVersion=1, values=[{"key": feeding, "content": ["mu_ru"]}])
    assert clash["conflicts"] == [{"field": f"values.{feeding}", "yours": "母乳", "theirs": "奶粉"}]
    assert [value["key"] for value in clash["dependant"]["values"]] == [feeding]
    later = await send(guide, EDIT, id=key, baseVersion=2, name="小满")
    assert later["userErrors"] == [] and later["dependant"]["version"] == 3
    kept = await db.fetch_value("SELECT custom_values::text FROM dependant")
    assert '"nai_fen"' in kept and '"鸡蛋"' in kept


async def test_a_field_is_about_customers_or_children_and_a_childs_refers_to_nobody(database: str) -> None:
    world = await make_world()
    (feeding,) = await add_fields(world.staff["hq"], FEEDING)
    key = global_id("Customer", await make_customer(world))
    edit = "mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { code field } } }"
    said = {"operationId": str(uuid4()), "id": key, "baseVersion": 1}
    told = await ask(world.staff["guide"], edit, input=said | {"values": [{"key": feeding, "content": ["mu_ru"]}]})
    assert told["userErrors"] == [{"code": "NOT_FOUND", "field": f"values.{feeding}"}]
    template = await read_template(world.staff["hq"])
    template["fields"].append(new_field("医生", "STAFF", subject="DEPENDANT"))
    (error,) = (await save_template(world.staff["hq"], template))["userErrors"]
    assert error["code"] == "INVALID" and error["field"].endswith(".kind")
