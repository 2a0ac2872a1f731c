"""Children through the API: what is shown of them, to whom, and every operation by everybody."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.customers import queries
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.test_customers_api import ask, send
from tests.api.test_permissions import call
from tests.api.test_permissions import target_of as target
from tests.factories import World, make_world
from tests.factories.children import make_child
from tests.factories.customers import make_customer

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CHILD = "id name gender bornOn dueOn overdue graduated version stage { key label } nextMilestone { day stage { key } }"
PAGE = f"query ($id: ID!) {{ customer(id: $id) {{ graduated dependants {{ {CHILD} stopReason }} }} }}"
ADD = f"""mutation ($input: AddDependantInput!) {{ addDependant(input: $input) {{ dependant {{ {CHILD} }}
  userErrors {{ code field message }} }} }}"""
UPDATE = f"""mutation ($input: UpdateDependantInput!) {{ updateDependant(input: $input) {{ dependant {{ {CHILD} }}
  conflicts {{ field yours theirs }} userErrors {{ code field }} }} }}"""
SAVE = """mutation ($input: SaveLifeStagesInput!) { saveLifeStages(input: $input) {
  lifeStages { version stages { key label active begins { value unit } texts { language label why say } } }
  userErrors { code field message } } }"""


def payload(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"""mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ dependant {{ {CHILD} stoppedAt }}
      userErrors {{ code field message }} }} }}"""


async def test_a_childs_life_through_the_api(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    mother = global_id("Customer", await make_customer(world))
    child = str(new_id())
    with clock.pretended(NOON):
        future = await send(guide, ADD, id=child, customerId=mother, bornOn="2026-12-24")
        assert future["userErrors"] == [
            {"code": "INVALID", "field": "bornOn", "message": "还没到这天呢，是预产期吧？改填预产期再存"}
        ]
        done = await send(guide, ADD, id=child, customerId=mother, name="小满", gender="FEMALE", dueOn="2026-12-24")
        assert done["dependant"] == {
            "id": global_id("Dependant", UUID(child)),
            "name": "小满",
            "gender": "FEMALE",
            "bornOn": None,
            "dueOn": "2026-12-24",
            "overdue": False,
            "graduated": False,
            "version": 1,
            "stage": {"key": "pregnancy", "label": "孕期"},
            "nextMilestone": {"day": "2026-11-24", "stage": {"key": "due_soon"}},
        }
        key = done["dependant"]["id"]
        born = await send(guide, payload("confirmBirth"), id=key)
        assert (born["dependant"]["bornOn"], born["dependant"]["stage"]["label"]) == ("2026-11-22", "新生儿期")
        stopped = await send(guide, payload("stopMilestones"), id=key, reason="先不打扰")
        assert stopped["dependant"]["stoppedAt"] and stopped["dependant"]["nextMilestone"] is None
        again = await send(guide, payload("resumeMilestones"), id=key)
        assert again["dependant"]["nextMilestone"] == {"day": "2027-01-03", "stage": {"key": "day_42"}}
        clash = await send(guide, UPDATE, id=key, baseVersion=1, bornOn="2026-11-20")
        assert clash["conflicts"] == [{"field": "bornOn", "yours": "2026-11-20", "theirs": "2026-11-22"}]
        assert clash["dependant"]["version"] == 4
        gone = await send(
            guide, "mutation ($input: RemoveDependantInput!) { removeDependant(input: $input) { removed } }", id=key
        )
        assert gone == {"removed": True} and (await ask(guide, PAGE, id=mother))["dependants"] == []
        back = await send(guide, payload("restoreDependant"), id=key)
        assert back["dependant"]["name"] == "小满"
        node = await ask(guide, "query ($id: ID!) { node(id: $id) { ... on Dependant { name } } }", id=key)
        assert node == {"name": "小满"}


async def test_the_family_graduates_with_the_youngest_by_its_stores_clock(database: str) -> None:
    world = await make_world()
    guide, customer = world.staff["guide"], await make_customer(world)
    mother = global_id("Customer", customer)
    assert (await ask(guide, PAGE, id=mother))["graduated"] is False
    await make_child(world, customer, born_on=date(2020, 1, 1))
    await make_child(world, customer, born_on=date(2023, 11, 22))
    with clock.pretended(NOON):  # three today
        page = await ask(guide, PAGE, "en", id=mother)
        assert (page["graduated"], [child["graduated"] for child in page["dependants"]]) == (False, [True, False])
        assert [child["stage"]["label"] for child in page["dependants"]] == ["Graduated", "Preschool"]
    with clock.pretended(datetime(2026, 11, 22, 17, tzinfo=UTC)):  # the 23rd in Shanghai
        assert (await ask(guide, PAGE, id=mother))["graduated"] is True


async def test_partners_see_no_children(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    child = await make_child(world, customer, born_on=date(2020, 1, 1))
    where = (world.brand_id, "till", Locale.EN, "Asia/Shanghai", "CNY")
    till = Actor("partner", new_id(), *where, scopes=frozenset({"read"}))
    page = await ask(till, PAGE, id=global_id("Customer", customer))
    assert page == {"graduated": False, "dependants": []}
    assert await ask(till, "query ($id: ID!) { node(id: $id) { id } }", id=global_id("Dependant", child)) is None


OPERATIONS = (
    *("addDependant", "updateDependant", "confirmBirth", "stopMilestones", "resumeMilestones", "removeDependant"),
    "restoreDependant",
)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_owner_colleague_stranger_partner_and_nobody(database: str, operation: str) -> None:
    world = await make_world()
    aim = await target(world)
    where = (world.brand_id, "till", Locale.EN, "Asia/Shanghai", "CNY")
    till = Actor("partner", new_id(), *where, scopes=frozenset({"read", "ingest"}))
    refused = {
        "colleague": {"FORBIDDEN"},
        "stranger": {"NOT_FOUND"},
        "till": {"FORBIDDEN"},
        "nobody": {"SIGN_IN_NEEDED"},
        "guide": set(),
        "manager": set(),
    }
    for who, codes in refused.items():
        actor = None if who == "nobody" else till if who == "till" else world.staff[who]
        assert (await call(actor, operation, aim))[0] == codes, who


async def test_head_office_words_the_stages(database: str) -> None:
    world = await make_world()
    stages = [stage_input(stage) for stage in queries.SHIPPED]
    stages[0]["texts"] = [{"language": "ZH_CN", "label": "怀孕"}]
    done = await send(world.staff["hq"], SAVE, baseVersion=0, stages=stages)
    assert done["userErrors"] == [] and done["lifeStages"]["version"] == 1
    first, second = done["lifeStages"]["stages"][:2]
    assert (first["key"], first["label"]) == ("pregnancy", "怀孕")
    assert first["texts"][1] == {"language": "EN", "label": None, "why": None, "say": None}
    assert (second["active"], second["begins"]) == (True, {"value": -30, "unit": "DAYS"})
    twice = await send(world.staff["hq"], SAVE, baseVersion=0, stages=stages)
    assert [error["code"] for error in twice["userErrors"]] == ["CONFLICT"]
    stages[1]["texts"][0]["why"] = "{children.x}"
    wrong = await send(world.staff["hq"], SAVE, baseVersion=1, stages=stages)
    assert wrong["userErrors"] == [
        {
            "code": "INVALID",
            "field": "stages",
            "message": "「待产」的话里，花括号只能包住 {called}、{children} 这样的名字",
        }
    ]
    for who in ("guide", "manager", "regional"):
        refusal = await send(world.staff[who], SAVE, uuid4(), baseVersion=1, stages=stages)
        assert [error["code"] for error in refusal["userErrors"]] == ["FORBIDDEN"]
    seen = await ask(world.staff["guide"], "{ lifeStages { version stages { label } } }")
    assert (seen["version"], seen["stages"][0]["label"]) == (1, "怀孕")


def stage_input(stage: Any) -> dict[str, Any]:
    def age(said: Any) -> dict[str, Any] | None:
        return {"value": said.value, "unit": said.unit.name} if said else None

    texts = [
        {"language": name, "label": stage.labels.get(tag), "why": stage.why.get(tag), "say": stage.say.get(tag)}
        for name, tag in (("ZH_CN", "zh-CN"), ("EN", "en"))
    ]
    said = {"key": stage.key, "kind": stage.kind.name, "begins": age(stage.begins), "ends": age(stage.ends)}
    return said | {"active": stage.active, "texts": texts}


async def test_a_page_of_many_children_costs_as_much_as_of_none(database: str) -> None:
    world: World = await make_world()
    guide, bare, full = world.staff["guide"], await make_customer(world), await make_customer(world)
    for year in range(2016, 2026):
        await make_child(world, full, born_on=date(year, 1, 31))
    counts = []
    for customer in (bare, full):
        async with db.counting() as statements:
            await ask(guide, PAGE, id=global_id("Customer", customer))
        counts.append(len(statements))
    assert counts[0] <= counts[1] <= 3
