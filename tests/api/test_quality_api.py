"""Completeness and the queue of problems as the API shows them: to owner, colleague, stranger, managers, partner and
nobody, in both languages, in a fixed number of statements.
"""

from datetime import date
from typing import Any
from uuid import UUID

from shuke.api.pagination import global_id
from shuke.domains.customers import service
from shuke.domains.identity.types import Actor
from shuke.kit import db
from tests.api.test_customers_api import ask, send
from tests.api.test_visits_api import attempt
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.profile import add_fields, read_template, save_template
from tests.integration.test_leads import partner

FIGURES = """
query ($by: BoardGrouping!, $store: ID, $staff: ID, $pool: Boolean! = false) {
  quality(by: $by, storeId: $store, staffId: $staff, pool: $pool) {
  fullFrom counts { customers average full fullShare flawed }
  rows { key store { name } staff { name } counts { customers flawed } } days { date counts { customers } } } }
"""
QUEUE = """
query ($code: String, $store: ID, $mine: Boolean!, $after: String) {
  problemCards(code: $code, storeId: $store, mine: $mine, first: 2, after: $after) {
    edges { node { customer { id phone } problems { code message advice field } } } pageInfo { endCursor hasNextPage }
    kinds { code message count } mended { staff { name } count } } }
"""
DISMISS = """
mutation ($input: DismissProblemInput!) { dismissProblem(input: $input) {
  customer { completeness { problems { code } } } userErrors { code field message } } }
"""
RESTORE = """
mutation ($input: RestoreProblemInput!) { restoreProblem(input: $input) {
  customer { completeness { problems { code } } } userErrors { code field message } } }
"""
JANUARY = date(1990, 1, 1)


async def queue(actor: Actor, **said: Any) -> Any:
    return await ask(actor, QUEUE, **({"mine": False} | said))


async def seen(actor: Actor, **said: Any) -> set[str]:
    """The customers of the whole queue, page by page."""
    found: list[str] = []
    after = None
    while True:
        page = await queue(actor, after=after, **said)
        found += [edge["node"]["customer"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(set(found)) == len(found)
            return set(found)


async def shop() -> tuple[World, dict[str, UUID]]:
    """Somebody with a problem of each guide and of the pool, and one without."""
    world = await make_world()
    keys = {who: await make_customer(world, who, birthday=JANUARY) for who in ("guide", "colleague", "stranger")}
    keys["pool"] = await make_customer(world, None, name="测试")
    await make_customer(world, "guide", name="林珊")
    return world, keys


async def test_everybody_sees_what_she_may_mend_and_her_own_figures(database: str) -> None:
    world, keys = await shop()
    reach = {
        "guide": {"guide", "pool"},
        "colleague": {"colleague", "pool"},
        "stranger": {"stranger"},
        "manager": {"guide", "colleague", "pool"},
        "regional": set(keys),
        "hq": set(keys),
    }
    counted = {"guide": (2, 1), "colleague": (1, 1), "stranger": (1, 1), "manager": (4, 3), "regional": (5, 4)}
    for who, wanted in reach.items():
        actor = world.staff[who]
        assert await seen(actor) == {global_id("Customer", keys[one]) for one in wanted}, who
        figures = await ask(actor, FIGURES, by="GUIDE")
        counts = figures["counts"]
        assert (counts["customers"], counts["flawed"]) == counted.get(who, (5, 4)), who
        assert sum(row["counts"]["customers"] for row in figures["rows"]) == counts["customers"]
    hq, second = world.staff["hq"], global_id("Store", world.stores[1])
    assert await seen(hq, store=second) == {global_id("Customer", keys["stranger"])}
    assert await seen(world.staff["manager"], store=second) == set()
    assert (await ask(world.staff["manager"], FIGURES, by="STORE", store=second))["counts"]["customers"] == 0
    hers = global_id("Staff", world.staff["colleague"].id or keys["pool"])
    assert (await ask(world.staff["manager"], FIGURES, by="STORE", staff=hers))["counts"]["customers"] == 1
    assert (await ask(world.staff["guide"], FIGURES, by="STORE", staff=hers))["counts"]["customers"] == 0
    for who, counts in {"guide": (1, 1), "manager": (1, 1), "stranger": (0, 0), "hq": (1, 1)}.items():
        pool = (await ask(world.staff[who], FIGURES, by="GUIDE", pool=True))["counts"]
        assert (pool["customers"], pool["flawed"]) == counts, who
    assert await seen(world.staff["guide"], mine=True) == {global_id("Customer", keys["guide"])}


async def test_owner_colleague_stranger_partner_and_nobody_may_what_the_matrix_says(database: str) -> None:
    expected: dict[str, set[str]] = {
        "guide": set(),
        "manager": set(),
        "hq": set(),
        "colleague": {"FORBIDDEN"},
        "stranger": {"NOT_FOUND"},
        "partner": {"FORBIDDEN"},
        "nobody": {"SIGN_IN_NEEDED"},
    }
    world, keys = await shop()
    other = await make_world("别家")
    actors: dict[str, Actor | None] = {**world.staff, "partner": partner(world), "nobody": None}
    said = {"customerId": global_id("Customer", keys["guide"]), "code": "default_birthday"}
    for who, wanted in expected.items():
        for document in (DISMISS, RESTORE):
            assert await attempt(actors[who], document, **said) == wanted, who
    assert await attempt(other.staff["hq"], DISMISS, **said) == {"NOT_FOUND"}
    for actor, wanted in ((partner(world), {"FORBIDDEN"}), (None, {"SIGN_IN_NEEDED"})):
        assert await attempt(actor, "{ quality { counts { customers } } }") == wanted
        assert await attempt(actor, "{ problemCards { edges { cursor } } }") == wanted
    assert await attempt(world.staff["guide"], DISMISS, **(said | {"code": "nothing"})) == {"INVALID"}


async def test_it_is_said_in_words_masked_and_in_a_fixed_number_of_statements(database: str) -> None:
    world, _ = await shop()
    guide, manager = world.staff["guide"], world.staff["manager"]
    page = await queue(guide, code="junk_name")
    (edge,) = page["edges"]
    assert edge["node"]["customer"]["phone"].count("•") == 4
    (problem,) = edge["node"]["problems"]
    assert problem["field"] == "name" and "名字" in problem["advice"]
    assert {kind["code"]: kind["count"] for kind in page["kinds"]} == {"default_birthday": 1, "junk_name": 1}
    english = await ask(guide, QUEUE, "en", mine=False)
    assert {kind["message"] for kind in english["kinds"]} == {"The birthday looks made up", "The name is nobody's"}
    numbers = []
    for who in ("guide", "manager", "hq"):
        async with db.counting() as statements:
            await queue(world.staff[who])
        numbers.append(len(statements))
    assert set(numbers) == {4}
    async with db.counting() as statements:
        await ask(manager, FIGURES, by="GUIDE")
    assert len(statements) == 2


async def test_a_dismissal_is_taken_back_and_a_repeat_answers_the_same(database: str) -> None:
    world, keys = await shop()
    guide = world.staff["guide"]
    said: Any = {"customerId": global_id("Customer", keys["guide"]), "code": "default_birthday"}
    for _ in range(2):
        done = await send(guide, DISMISS, **said)
        assert done == {"customer": {"completeness": {"problems": []}}, "userErrors": []}
    assert global_id("Customer", keys["guide"]) not in await seen(guide)
    back = await send(guide, RESTORE, **said)
    assert back["customer"]["completeness"]["problems"] == [{"code": "default_birthday"}]


async def test_head_office_says_from_when_on_a_card_is_complete_and_what_is_required_is_asked_for(
    database: str,
) -> None:
    world, _ = await shop()
    hq = world.staff["hq"]
    assert (await ask(hq, FIGURES, by="STORE"))["fullFrom"] == 80
    await save_template(hq, await read_template(hq) | {"fullFrom": 30})
    figures = await ask(hq, FIGURES, by="STORE")
    assert (figures["fullFrom"], figures["counts"]["fullShare"]) == (30, 1.0)
    area = {"labels": {"zhCn": "居住社区"}, "kind": "TEXT", "group": "identity", "required": True, "weight": 10}
    await add_fields(hq, area)
    assert (await ask(hq, FIGURES, by="STORE"))["fullFrom"] == 30
    while await service.sweep_profiles(100):
        pass
    page = await queue(hq)
    assert page["kinds"][0]["message"] == "缺居住社区" and page["kinds"][0]["count"] == 5
    refused = await attempt(
        hq,
        "mutation ($input: SaveProfileTemplateInput!) { saveProfileTemplate(input: $input) { userErrors { code } } }",
        **(await read_template(hq) | {"fullFrom": 101}),
    )
    assert refused == {"INVALID"}
