"""People through the API: invited, given roles, reset, ended, found in a list."""

from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp

from shuke.api.context import COOKIE
from shuke.api.pagination import global_id
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Role
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.real import Browser, everything_kept, serving, signed_in
from tests.factories import PASSWORD, World, make_staff, make_world
from tests.factories.customers import make_customer, next_phone
from tests.factories.tasks import make_card

CHOSEN = "my own long password"
MEMBER = """staff { id name maskedPhone roles { role store { code } regionId } invitedAt leftAt sessions { id device }
  openCards }"""
JOIN = """mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  me { staff { name } roles { role } } userErrors { code message } } }"""


def codes(payload: Any) -> list[str]:
    return [problem["code"] for problem in payload["userErrors"]]


def store(world: World, number: int = 0) -> str:
    return global_id("Store", world.stores[number])


def member(world: World, who: str) -> str:
    key = world.staff[who].id
    assert key
    return global_id("StaffMember", key)


async def invite(browser: Browser, world: World, **said: Any) -> Any:
    wish = {"name": "林晓", "phone": next_phone(), "role": "GUIDE", "storeId": store(world), **said}
    return await browser.do("inviteStaff", f"{MEMBER} link", **wish)


async def accept(app: ASGIApp, link: str, password: str = CHOSEN, **said: Any) -> tuple[Browser, Any]:
    browser = Browser(app)
    said = {"operationId": str(uuid4()), "token": link.partition("#")[2], "password": password, **said}
    return browser, (await browser.ask(JOIN, input=said))["acceptInvitation"]


async def test_an_invited_colleague_chooses_her_password_and_works(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        manager, phone, operation = await signed_in(app, world, "manager"), next_phone(), str(uuid4())
        first = await invite(manager, world, phone=phone, operationId=operation)
        assert first["staff"]["invitedAt"] and first["link"].startswith("/join#") and codes(first) == []
        assert (await invite(manager, world, phone=phone, operationId=operation))["link"] == first["link"]
        assert first["link"].partition("#")[2] not in await everything_kept()
        assert codes(await Browser(app).sign_in(phone, CHOSEN)) == ["SIGN_IN_FAILED"]
        assert codes((await accept(app, first["link"], "short"))[1]) == ["INVALID"]
        her, answer = await accept(app, first["link"])
        assert answer["me"]["staff"]["name"] == "林晓" and answer["me"]["roles"] == [{"role": "GUIDE"}]
        assert await her.ask("{ today { openCount } }") == {"today": {"openCount": 0}}
        assert codes((await accept(app, first["link"]))[1]) == ["NOT_FOUND"]  # one use
        assert codes(await Browser(app).sign_in(phone, CHOSEN)) == []
        assert codes(await invite(manager, world, phone=phone)) == ["TAKEN"]


async def test_a_lost_answer_to_accepting_is_asked_again(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        link = (await invite(await signed_in(app, world, "manager"), world))["link"]
        operation = str(uuid4())
        first, _ = await accept(app, link, operationId=operation)
        again, answer = await accept(app, link, operationId=operation)
        assert codes(answer) == [] and again.token() == first.token()
        assert codes((await accept(app, link, "another password", operationId=operation))[1]) == ["NOT_FOUND"]


async def test_a_reset_ends_every_older_session_when_it_is_used_and_an_older_link_at_once(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        manager, guide = await signed_in(app, world, "manager"), await signed_in(app, world, "guide")
        older = await manager.do("renewInvitation", f"{MEMBER} link", staffId=member(world, "guide"))
        newer = await manager.do("renewInvitation", f"{MEMBER} link", staffId=member(world, "guide"))
        assert older["staff"]["invitedAt"] is None  # she works here already
        assert codes((await accept(app, older["link"]))[1]) == ["NOT_FOUND"]
        assert (await guide.ask("{ me { staff { name } } }"))["me"]
        await accept(app, newer["link"])
        assert (await guide.ask("{ me { staff { name } } }"))["me"] is None
        assert codes(await Browser(app).sign_in(world.phones["guide"], PASSWORD)) == ["SIGN_IN_FAILED"]
        assert codes(await Browser(app).sign_in(world.phones["guide"], CHOSEN)) == []


async def test_a_link_is_good_for_seven_days(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        link = (await invite(await signed_in(app, world, "manager"), world))["link"]
        await db.execute("UPDATE invitation SET expires_at = $1", clock.now())
        assert codes((await accept(app, link))[1]) == ["NOT_FOUND"]


async def test_roles_hold_from_the_next_request_and_take_cards_along(database: str) -> None:
    world = await make_world()
    customer = await make_customer(world)
    card = await make_card(world, customer)
    async with serving() as app:
        regional, guide = await signed_in(app, world, "regional"), await signed_in(app, world, "guide")
        assert (await guide.ask("{ today { openCount } }"))["today"]["openCount"] == 1
        roles = [{"role": "STORE_MANAGER", "storeId": store(world, 1)}]
        done = await regional.do("setStaffRoles", MEMBER, staffId=member(world, "guide"), roles=roles)
        assert done["staff"]["roles"] == [{"role": "STORE_MANAGER", "store": {"code": "S2"}, "regionId": None}]
        assert (await guide.ask("{ today { openCount } board { counts { late } } }"))["today"]["openCount"] == 0
        assert await db.fetch_value("SELECT assignee_id FROM task WHERE id = $1", card) is None
        assert await db.fetch_value("SELECT guide_id FROM customer WHERE id = $1", customer) is None


async def test_a_manager_changes_what_is_hers_and_leaves_the_rest(database: str) -> None:
    world = await make_world()
    two, _ = await make_staff(world.brand_id, "two", Role.GUIDE, world.stores[0])
    assert two.id
    await identity.add_role(world.brand_id, two.id, Role.GUIDE, store_id=world.stores[1])
    world.staff["two"] = two
    here = {"role": "ADVISOR", "storeId": store(world)}
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        kept = [here, {"role": "GUIDE", "storeId": store(world, 1)}]
        assert codes(await manager.do("setStaffRoles", staffId=member(world, "two"), roles=kept)) == []
        assert codes(await manager.do("setStaffRoles", staffId=member(world, "two"), roles=[here])) == ["FORBIDDEN"]
        assert codes(await manager.do("setStaffRoles", staffId=member(world, "two"), roles=[])) == ["INVALID"]


async def test_who_left_is_out_at_once_and_may_come_back(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        manager, guide = await signed_in(app, world, "manager"), await signed_in(app, world, "guide")
        link = (await manager.do("renewInvitation", "link", staffId=member(world, "guide")))["link"]
        done = await manager.do("endStaff", MEMBER, staffId=member(world, "guide"), cardsTo=member(world, "colleague"))
        assert done["staff"]["leftAt"] and done["staff"]["sessions"] == []
        assert (await guide.ask("{ me { staff { name } } }"))["me"] is None
        assert codes(await Browser(app).sign_in(world.phones["guide"])) == ["SIGN_IN_FAILED"]
        assert codes((await accept(app, link))[1]) == ["NOT_FOUND"]
        names = (
            "{ staffMembers { edges { node { name } } } left: staffMembers(left: true) { edges { node { name } } } }"
        )
        shown = await manager.ask(names)
        assert [edge["node"]["name"] for edge in shown["left"]["edges"]] == ["guide"]
        assert [edge["node"]["name"] for edge in shown["staffMembers"]["edges"]] == ["colleague", "manager"]
        back = await invite(manager, world, phone=world.phones["guide"], name="回来的人")
        assert back["staff"]["id"] == member(world, "guide") and back["staff"]["leftAt"] is None
        assert codes(await Browser(app).sign_in(world.phones["guide"])) == ["SIGN_IN_FAILED"]  # the old one is gone
        _, answer = await accept(app, back["link"])
        assert answer["me"]["staff"]["name"] == "回来的人"


async def test_a_typo_in_a_name_or_phone_is_mended_and_she_signs_in_by_the_new_one(database: str) -> None:
    world = await make_world()
    guide, number = member(world, "guide"), next_phone()
    async with serving() as app:
        manager, hers = await signed_in(app, world, "manager"), await signed_in(app, world, "guide")
        done = await manager.do("updateStaff", "staff { name maskedPhone }", staffId=guide, name=" 林盈 ", phone=number)
        assert done["staff"] == {"name": "林盈", "maskedPhone": f"{number[:3]} •••• {number[-4:]}"}
        assert (await hers.ask("{ me { staff { name } } }"))["me"]["staff"]["name"] == "林盈"
        assert codes(await Browser(app).sign_in(world.phones["guide"])) == ["SIGN_IN_FAILED"]
        assert codes(await Browser(app).sign_in(number)) == []
        for said, code in (
            ({"phone": world.phones["colleague"]}, "TAKEN"),
            ({"phone": "12"}, "INVALID"),
            ({"name": " "}, "INVALID"),
        ):
            assert codes(await manager.do("updateStaff", staffId=guide, **said)) == [code]
        assert codes(await manager.do("updateStaff", staffId=guide, name="林盈盈")) == []
    kept = "SELECT data->'fields' FROM event WHERE kind = 'staff.updated' ORDER BY id"
    assert [row[0] for row in await db.fetch(kept)] == ['["name", "phone"]', '["name"]']


async def test_two_who_end_each_other_at_once_leave_one(database: str) -> None:
    import asyncio

    world = await make_world()
    second, _ = await make_staff(world.brand_id, "second", Role.ADMIN)
    assert second.id
    world.staff["second"] = second
    async with serving() as app:
        one, two = await signed_in(app, world, "admin"), await signed_in(app, world, "second")
        calls = one.do("endStaff", staffId=member(world, "second")), two.do("endStaff", staffId=member(world, "admin"))
        answers = [codes(answer) for answer in await asyncio.gather(*calls)]
    assert sorted(answers) == [[], ["SIGN_IN_NEEDED"]]


async def test_a_lost_phone_is_signed_out_and_the_tablet_stays(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        phone, tablet = await signed_in(app, world, "guide"), await signed_in(app, world, "guide")
        lost = (await phone.ask("{ me { sessionId } }"))["me"]["sessionId"]
        said = {"staffId": member(world, "guide"), "sessionId": lost}
        done = await manager.do("revokeStaffSessions", MEMBER, **said)
        assert len(done["staff"]["sessions"]) == 1
        assert (await phone.ask("{ me { sessionId } }"))["me"] is None
        assert (await tablet.ask("{ me { sessionId } }"))["me"]
        assert codes(await manager.do("revokeStaffSessions", **said)) == []
        theirs = global_id("Session", new_id())
        assert codes(await manager.do("revokeStaffSessions", **{**said, "sessionId": theirs})) == ["NOT_FOUND"]
        assert codes(await manager.do("revokeStaffSessions", staffId=member(world, "guide"))) == []
        assert (await tablet.ask("{ me { sessionId } }"))["me"] is None
        assert tablet.http.cookies.get(COOKIE)


async def test_lists_of_people_are_by_name_in_pages_and_ask_three_statements(database: str) -> None:
    world, query = await make_world(), "query ($after: String) { staffMembers(first: 2, after: $after) { edges { node {"
    query += " name sessions { id } openCards } } pageInfo { hasNextPage endCursor } } }"
    async with serving() as app:
        hq, names, after = await signed_in(app, world, "hq"), [], None
        while True:
            async with db.counting() as statements:
                page = (await hq.ask(query, after=after))["staffMembers"]
            assert len(statements) == 4  # who asks, the page, sessions, cards
            names += [edge["node"]["name"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert names == sorted(world.staff) and len(names) == 7
        found = await hq.ask('{ staffMembers(search: "GUID") { edges { node { name maskedPhone } } } }')
        ((edge),) = found["staffMembers"]["edges"]
        assert edge["node"] == {"name": "guide", "maskedPhone": masked(world.phones["guide"])}
        regional = await (await signed_in(app, world, "regional")).ask("{ staffMembers { edges { node { name } } } }")
        seen = [edge["node"]["name"] for edge in regional["staffMembers"]["edges"]]
        assert seen == ["colleague", "guide", "manager", "regional", "stranger"]


def masked(phone: str) -> str:
    return f"{phone[3:6]} •••• {phone[-4:]}"


async def test_stores_are_opened_and_changed_by_head_office(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        hq, shown = await signed_in(app, world, "hq"), "store { id code name region timezone }"
        opened = await hq.do("openStore", shown, code="S9", name="新天地店", regionName="三区", timezone="Asia/Tokyo")
        assert opened["store"] | {"id": ""} == {
            "id": "", "code": "S9", "name": "新天地店", "region": "三区", "timezone": "Asia/Tokyo",
        }  # fmt: skip
        assert codes(await hq.do("openStore", code="S9", name="又一家")) == ["TAKEN"]
        assert codes(await hq.do("openStore", code="S8", name="又一家", timezone="Mars/Base")) == ["INVALID"]
        key = opened["store"]["id"]
        changed = await hq.do("updateStore", shown, storeId=key, name="新天地二店", regionName="")
        assert (changed["store"]["name"], changed["store"]["region"], changed["store"]["timezone"]) == (
            *("新天地二店", None, "Asia/Tokyo"),
        )
        assert codes(await hq.do("updateStore", storeId=global_id("Store", new_id()), name="没有")) == ["NOT_FOUND"]
        names = [region["name"] for region in (await hq.ask("{ regions { name } }"))["regions"]]
        assert sorted(names) == sorted(["好孕来一区", "好孕来二区", "三区"])
        guide = await signed_in(app, world, "guide")
        assert [region["name"] for region in (await guide.ask("{ regions { name } }"))["regions"]] == ["好孕来一区"]
