"""RFM over the API: configured, guarded, tried, named, and by whom."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries, service
from shuke.domains.segments.types import Options
from shuke.kit import clock, db
from tests.factories import World, make_world, system
from tests.factories.cells import held, settle
from tests.factories.profile import ask
from tests.factories.segments import add_customers, add_orders, buy, order_row

CONFIG = "version r f m windowDays categories visitMinutes band refunds savedBy savedAt cutOffs { days visits minor }"
ASK = f"{{ rfmConfig {{ {CONFIG} }} }}"
SAVE = f"""
mutation ($input: SaveRfmConfigInput!) {{ saveRfmConfig(input: $input) {{ config {{ {CONFIG} }}
  userErrors {{ code field message }} }} }}
"""
TRY = """
query ($config: RfmConfigInput!) { rfmPreview(config: $config) { customers cells { cell customers }
  cutOffs { days visits minor } problems { dimension message proposal } userErrors { code field message } } }
"""
CELLS = """
{ rfmCells { version asOf since notes cells { cell name playbook nameEn customers value { minor } came left }
  movements { before now customers } } }
"""
NAME = """
mutation ($input: SaveRfmCellsInput!) { saveRfmCells(input: $input) {
  cells { version cells { cell name nameEn playbook } } userErrors { code field message } } }
"""
HERS = "query ($id: ID!) {{ customer(id: $id) {{ {} }} }}"


async def save(actor: Actor | None, base: int, locale: str = "zh-CN", **config: Any) -> Any:
    said = {"operationId": str(uuid4()), "baseVersion": base, "config": config}
    return await ask(actor, SAVE, locale, input=said)


async def tried(actor: Actor | None, locale: str = "zh-CN", **config: Any) -> Any:
    return await ask(actor, TRY, locale, config=config)


async def a_shop(world: World, people: int = 60, once: int = 40) -> list[UUID]:
    """Customers who bought on other days each, for other sums; so many of them a single time."""
    now, customers = clock.now(), await add_customers(world, people)
    rows = [order_row(world, her, now - timedelta(days=n * 3), 1000 + 100 * n) for n, her in enumerate(customers)]
    rows += [
        order_row(world, her, now - timedelta(days=n * 3 + 30), 500) for n, her in enumerate(customers[: people - once])
    ]
    await add_orders(rows)
    return customers


async def test_head_office_says_how_cells_are_computed_and_everybody_follows_within_seconds(database: str) -> None:
    world = await make_world()
    hq, people = world.staff["hq"], await a_shop(world)
    before = await ask(hq, ASK)
    assert (before["version"], before["r"], before["f"], before["m"], before["savedBy"]) == (
        0,
        "90",
        "2",
        "median",
        None,
    )
    await service.refresh(await system(world))
    assert (await held(world))[people[20]] == "HLL"
    seen = await tried(hq, r="30", windowDays=150)
    saved = (await save(hq, 0, r="30", windowDays=150, m="q0.4", visitMinutes=30))["config"]
    assert (saved["version"], saved["r"], saved["m"], saved["windowDays"]) == (1, "30", "q0.4", 150)
    assert saved["savedBy"] == hq.name
    assert (await held(world))[people[20]] == "HLL"  # not yet
    await settle()
    assert (await held(world))[people[20]][0] == "L"
    assert len(await held(world)) == seen["customers"] == 50
    stale = await save(hq, 0, r="40")
    assert stale["userErrors"][0]["code"] == "CONFLICT"
    assert await db.fetch_value("SELECT count(*) FROM rfm_config") == 1


async def test_a_preview_counts_what_saving_it_does(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    await a_shop(world)
    await service.refresh(await system(world))
    for config in (
        {"r": "60", "f": "2"},
        {"r": "60", "windowDays": 170, "f": "2", "zero": True},
        {"m": "s4", "r": "s3"},
    ):
        seen = await tried(hq, **config)
        assert seen["problems"] == [] and len([one for one in seen["cells"] if one["customers"]]) > 2
        version = (await ask(hq, ASK))["version"]
        assert not (await save(hq, version, **config))["userErrors"]
        await settle()
        cells = (await ask(hq, CELLS))["cells"]
        assert {one["cell"]: one["customers"] for one in cells} == {
            one["cell"]: one["customers"] for one in seen["cells"]
        }


async def test_a_cut_that_makes_everybody_high_is_refused_with_what_to_take_instead(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    await a_shop(world, once=40)
    (problem,) = (await tried(hq, f="median"))["problems"]
    assert problem["dimension"] == "f" and problem["proposal"] == "2" and "100%" in problem["message"]
    refused = (await save(hq, 0, "en", f="median"))["userErrors"]
    assert [(one["code"], one["field"]) for one in refused] == [("INVALID", "f")] and "use 2" in refused[0]["message"]
    nobody = (await tried(hq, "en", m="999999"))["problems"]
    assert [one["dimension"] for one in nobody] == ["m"] and "only 0 %" in nobody[0]["message"]
    proposal = nobody[0]["proposal"]
    assert not (await tried(hq, m=proposal))["problems"]
    assert not (await save(hq, 0, m=proposal))["userErrors"]


@pytest.mark.parametrize(("people", "word"), [(10, "10 位客人"), (60, "30 天")])
async def test_with_few_customers_or_a_short_history_numbers_are_proposed(
    database: str, people: int, word: str
) -> None:
    world, now = await make_world(), clock.now()
    customers = await add_customers(world, people)
    await add_orders([order_row(world, her, now - timedelta(days=n % 31), 3300) for n, her in enumerate(customers)])
    hq = world.staff["hq"]
    (problem,) = (await tried(hq))["problems"]
    assert problem["dimension"] == "m" and problem["proposal"] == "33" and word in problem["message"]
    assert not (await save(hq, 0, m=problem["proposal"]))["userErrors"]
    assert not (await tried(hq, m="5000"))["problems"]  # numbers are taken as they are


@pytest.mark.parametrize("config", [{"r": "soon"}, {"windowDays": 0}, {"band": 0.9}, {"visitMinutes": -1}, {"m": "q2"}])
async def test_what_cannot_be_is_refused(database: str, config: dict[str, Any]) -> None:
    world = await make_world()
    (told,) = (await save(world.staff["hq"], 0, **config))["userErrors"]
    assert told["code"] == "INVALID" and told["field"] in (*config, "cuts")
    assert (await tried(world.staff["hq"], **config))["userErrors"][0]["code"] == "INVALID"


async def test_her_page_says_why_she_is_in_her_cell_and_asks_no_further_statement(database: str) -> None:
    world = await make_world()
    (often, once, never), now = await add_customers(world, 3), clock.now()
    for days, minor in ((200, 100_000), (120, 165_700), (100, 50_000)):
        await buy(world, often, days, minor, now)
    last = await buy(world, often, 86, 80_000, now)
    await buy(world, often, 85, -30_000, now, kind="refund", of=last)
    await buy(world, once, 1, 1250, now)
    await service.refresh(await system(world))

    async def told(her: UUID, locale: str = "zh-CN", asked: str = "cell cellReason") -> Any:
        return await ask(world.staff["guide"], HERS.format(asked), locale, id=global_id("Customer", her))

    assert (await told(often))["cellReason"] == "86 天没来 · 4 次 · 共 ¥3,657"
    assert (await told(often, "en"))["cellReason"] == "Last visit 86 days ago · 4 visits · ¥3,657"
    assert (await told(once))["cellReason"] == "昨天来过 · 1 次 · 共 ¥12.50"
    assert (await told(once, "en"))["cellReason"] == "Last visit yesterday · 1 visit · ¥12.50"
    assert await told(never) == {"cell": None, "cellReason": None}
    costs = []
    for asked in ("cell", "cell cellReason"):
        async with db.counting() as statements:
            await told(often, asked=asked)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    await buy(world, often, 0, 10_000, now)  # as of now, whenever she came into it
    await settle()
    assert (await told(often))["cellReason"] == "今天来过 · 5 次 · 共 ¥3,757"
    await service.refresh(await system(world), options=Options(window_days=90))
    assert (await told(often))["cellReason"] == "今天来过 · 90 天内 2 次 · 共 ¥600"
    assert (await told(often, "en"))["cellReason"] == "Last visit today · 2 visits in 90 days · ¥600"


async def test_cells_have_names_and_a_line_of_what_to_do_in_both_languages(database: str) -> None:
    world = await make_world()
    hq = world.staff["hq"]
    cells = {one["cell"]: one for one in (await ask(hq, CELLS))["cells"]}
    assert [cells[key]["name"] for key in ("HHH", "HLH", "LHH", "LLL")] == ["高价值", "潜力", "待唤醒", "一般挽留"]
    assert all(one["playbook"] and one["nameEn"] for one in cells.values()) and len(cells) == 8
    one = {"cell": "HHH", "names": {"zhCn": "金主"}, "playbooks": {"zhCn": "店长亲自接待", "en": "See her in person"}}
    named = await ask(hq, NAME, input={"operationId": str(uuid4()), "baseVersion": 0, "cells": [one]})
    got = {cell["cell"]: cell for cell in named["cells"]["cells"]}
    assert named["cells"]["version"] == 1
    assert (got["HHH"]["name"], got["HHH"]["nameEn"], got["HHH"]["playbook"]) == ("金主", None, "店长亲自接待")
    assert got["HLH"]["name"] == "潜力"
    known = await queries.catalogue(world.brand_id)
    assert [option.label.get("zh-CN") for option in known["rfm.cell"].options][:3] == ["金主", "常来", "潜力"]
    for wrong, code in (({"zhCn": "潜力"}, "INVALID"), ({"zhCn": "长" * 21}, "INVALID")):
        said = {"operationId": str(uuid4()), "baseVersion": 1, "cells": [one | {"names": wrong}]}
        assert (await ask(hq, NAME, input=said))["userErrors"][0]["code"] == code
    stale = {"operationId": str(uuid4()), "baseVersion": 0, "cells": [one]}
    assert (await ask(hq, NAME, input=stale))["userErrors"][0]["code"] == "CONFLICT"


async def test_who_came_and_left_since_the_previous_run_within_the_callers_stores(database: str) -> None:
    world, now = await make_world(), clock.now()
    mine, other = (await add_customers(world, 1))[0], (await add_customers(world, 1, store=2))[0]
    for her in (mine, other):
        await buy(world, her, 5, 20000, now)
    await service.refresh(await system(world))
    assert (await ask(world.staff["manager"], CELLS))["movements"] == []
    await service.refresh(await system(world))
    for her in (mine, other):
        await buy(world, her, 0, 5000, now)
    await settle()
    for who, many in (("manager", 1), ("hq", 2)):
        board = await ask(world.staff[who], CELLS)
        cells = {one["cell"]: one for one in board["cells"]}
        assert board["movements"] == [{"before": "HLH", "now": "HHH", "customers": many}]
        assert sum(one["customers"] for one in cells.values()) == many
        assert sum(int(one["value"]["minor"]) for one in cells.values()) == 25000 * many
        assert sum(one["came"] for one in cells.values()) == sum(one["left"] for one in cells.values()) == many


@pytest.mark.parametrize("who", ["guide", "manager", "regional", None])
async def test_only_head_office_configures_and_only_leaders_see_the_cells(database: str, who: str | None) -> None:
    world = await make_world()
    actor = world.staff[who] if who else None
    assert (await save(actor, 0))["userErrors"]
    said = {"operationId": str(uuid4()), "baseVersion": 0, "cells": []}
    assert (await ask(actor, NAME, input=said))["userErrors"]
    assert await db.fetch_value("SELECT count(*) FROM rfm_config") == 0
