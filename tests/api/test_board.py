"""The board through GraphQL, as a manager's screen asks for it, and what she does about its numbers."""

from typing import Any

from shuke.api.pagination import global_id
from shuke.domains.segments import service as segments
from shuke.kit import clock, db
from tests.api.real import Browser, serving, signed_in
from tests.factories import World, make_world, system
from tests.factories.board import NOON, fill
from tests.factories.segments import add_customers, buy

COUNTS = "{ done due late onTime }"
BOARD = f"""query ($by: BoardGrouping = STORE, $store: ID, $region: ID, $none: Boolean! = false) {{
  board(by: $by, storeId: $store, regionId: $region, noRegion: $none) {{ period asOf counts {COUNTS} before {{ done }}
    rows {{ key region {{ id name }} store {{ id name }} staff {{ id name }} counts {COUNTS} lastSeenAt nudgedAt }}
    reasons {{ key title counts {COUNTS} }} }} }}"""
CARDS = """query ($state: BoardState!, $staff: ID, $pool: Boolean! = false, $reason: String, $after: String,
  $none: Boolean! = false) {
  boardCards(state: $state, staffId: $staff, pool: $pool, reason: $reason, noRegion: $none, first: 2, after: $after) {
    edges { cursor node { id state customer { alias cell } assignee { name } reasons { why } } }
    pageInfo { hasNextPage endCursor } } }"""
CELLS = """query ($store: ID, $region: ID, $none: Boolean! = false) {
  board(storeId: $store, regionId: $region, noRegion: $none) { cells { cell customers } } }"""


async def at_noon(browser: Browser, document: str, **variables: Any) -> Any:
    with clock.pretended(NOON):
        return next(iter((await browser.ask(document, **variables)).values()))


async def test_a_manager_reads_her_board_and_the_people_behind_it(database: str) -> None:
    world = await make_world()
    await fill(world)
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        shown = await at_noon(manager, BOARD)
        assert shown["period"] == "TODAY" and shown["before"] == {"done": 1}
        assert shown["counts"] == {"done": 2, "due": 1, "late": 2, "onTime": 0.5}
        assert [row["key"] for row in shown["rows"]] == [global_id("Store", world.stores[0])]
        titles = {reason["key"]: reason["title"] for reason in shown["reasons"]}
        assert titles == {"wake_up": "Long silent", "thanks": "Thanks for the first purchase"}
        rows = (await at_noon(manager, BOARD, by="GUIDE"))["rows"]
        keys = [row["key"] for row in rows]
        assert len(set(keys)) == 4 and f"pool:{global_id('Store', world.stores[0])}" in keys
        late = await at_noon(manager, CARDS, state="LATE")
        assert [edge["node"]["assignee"] for edge in late["edges"]] == [{"name": "guide"}, None]
        assert not late["pageInfo"]["hasNextPage"]
        done = await at_noon(manager, CARDS, state="DONE", staff=rows[0]["staff"]["id"])
        assert [edge["node"]["state"] for edge in done["edges"]] == ["DONE"]
        assert len((await at_noon(manager, CARDS, state="DUE", reason="thanks"))["edges"]) == 1


async def test_stores_without_a_region_are_a_row_that_leads_to_a_board_and_lists_of_their_own(database: str) -> None:
    world = await make_world()
    await fill(world)
    await buyers(world, 0, 3)
    await buyers(world, 3, 2)
    await segments.refresh(await system(world))
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        (row,) = [row for row in (await at_noon(hq, BOARD, by="REGION"))["rows"] if row["region"] is None]
        assert row["key"] == "none" and row["counts"] == {"done": 1, "due": 1, "late": 1, "onTime": 1}
        shown = await at_noon(hq, BOARD, none=True)
        assert shown["counts"] == row["counts"] and [row["store"]["name"] for row in shown["rows"]] == ["快闪店"]
        for state in ("DONE", "DUE", "LATE"):
            assert len((await at_noon(hq, CARDS, state=state, none=True))["edges"]) == 1
        cells = (await hq.ask(CELLS, none=True))["board"]["cells"]
        assert sum(cell["customers"] for cell in cells) == 2


async def test_a_board_asks_the_same_few_statements_of_one_store_and_of_all(database: str) -> None:
    world = await make_world()
    await fill(world)
    counts = set()
    async with serving() as app:
        for who in ("manager", "regional", "hq"):
            browser = await signed_in(app, world, who)
            async with db.counting() as statements:
                await at_noon(browser, BOARD, by="GUIDE")
            counts.add(len(statements))
            async with db.counting() as statements:
                await at_noon(browser, CARDS, state="LATE")
            assert len(statements) == 3  # who asks, the cards, their cells
    assert counts == {3}  # who asks, that she was seen just now, the board


async def test_cards_are_given_away_and_back_and_a_guide_is_nudged(database: str) -> None:
    world = await make_world()
    await fill(world)
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        late = [edge["node"]["id"] for edge in (await at_noon(manager, CARDS, state="LATE"))["edges"]]
        colleague = global_id("Staff", world.staff["colleague"].id)  # type: ignore[arg-type]
        with clock.pretended(NOON):
            shown = "reassignmentId tasks { id assignee { name } }"
            moved = await manager.do("reassignTasks", shown, taskIds=late, assigneeId=colleague)
            assert [task["assignee"] for task in moved["tasks"]] == [{"name": "colleague"}] * 2
            back = await manager.do(
                "undoReassign", "tasks { assignee { name } }", reassignmentId=moved["reassignmentId"]
            )
            assert [task["assignee"] for task in back["tasks"]] == [{"name": "guide"}, None]
            guide = global_id("Staff", world.staff["guide"].id)  # type: ignore[arg-type]
            said = {"staffId": guide, "storeId": global_id("Store", world.stores[0])}
            assert (await manager.do("nudgeStaff", **said))["userErrors"] == []
            (again,) = (await manager.do("nudgeStaff", **said))["userErrors"]
            assert again == {
                "code": "TOO_MANY",
                "field": None,
                "message": "She was nudged just now. Please come back in 30 min",
            }
        inbox = await (await signed_in(app, world, "guide")).ask("{ inbox { edges { node { kind title body url } } } }")
        assert [edge["node"] for edge in inbox["inbox"]["edges"]] == [
            {
                "kind": "NUDGE",
                "title": "1 late and waiting for you",
                "body": "Your manager asks you to have a look: the most urgent first",
                "url": "/",
            }
        ]
        rows = (await at_noon(manager, BOARD, by="GUIDE"))["rows"]
        nudged = {row["staff"]["name"] for row in rows if row["nudgedAt"] and row["staff"]}
        assert nudged <= {"guide"}


async def test_cells_and_their_customers_agree_for_a_store_a_region_and_all(database: str) -> None:
    world = await make_world()
    for number, count in ((0, 3), (1, 2), (2, 4)):
        await buyers(world, number, count)
    await segments.refresh(await system(world))
    total = "query ($cell: RfmCell, $store: ID, $region: ID) {"
    total += " customers(cell: $cell, storeId: $store, regionId: $region) { totalCount } }"
    async with serving() as app:
        hq, regional = await signed_in(app, world, "hq"), await signed_in(app, world, "regional")
        region, store = global_id("Region", world.regions[0]), global_id("Store", world.stores[2])
        for browser, where, expected in (
            (hq, {}, 9),
            (hq, {"region": region}, 5),
            (hq, {"store": store}, 4),
            (hq, {"store": store, "region": region}, 0),
            (regional, {}, 5),
            (regional, {"store": store}, 0),
            (regional, {"region": global_id("Region", world.regions[1])}, 0),
        ):
            cells = (await browser.ask(CELLS, **where))["board"]["cells"]
            assert len(cells) == 8 and sum(cell["customers"] for cell in cells) == expected
            for cell in cells:
                found = await browser.ask(total, cell=cell["cell"], **where)
                assert found["customers"]["totalCount"] == cell["customers"]


async def buyers(world: World, store: int, count: int) -> None:
    for number, person in enumerate(await add_customers(world, count, store)):
        await buy(world, person, number * 40, 1000 * (number + 1), clock.now())
