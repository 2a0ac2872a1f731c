"""Who may give which role, and who has power over whom."""

from typing import Any

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity import service as identity
from shuke.domains.identity.types import Role
from shuke.kit import db
from tests.api.real import serving, signed_in
from tests.api.test_people import accept, codes, invite, member, store
from tests.factories import make_staff, make_world
from tests.factories.customers import next_phone


@pytest.mark.parametrize(
    ("who", "role", "place", "code"),
    [
        ("manager", "STORE_MANAGER", {"storeId": 0}, None),
        ("manager", "GUIDE", {"storeId": 1}, "FORBIDDEN"),
        ("manager", "REGIONAL_MANAGER", {"regionId": 0}, "FORBIDDEN"),
        ("manager", "ADMIN", {}, "FORBIDDEN"),
        ("regional", "REGIONAL_MANAGER", {"regionId": 0}, None),
        ("regional", "STORE_MANAGER", {"storeId": 1}, None),
        ("regional", "STORE_MANAGER", {"storeId": 2}, "FORBIDDEN"),
        ("regional", "REGIONAL_MANAGER", {"regionId": 1}, "FORBIDDEN"),
        ("hq", "HQ", {}, None),
        ("hq", "ADMIN", {}, "FORBIDDEN"),
        ("admin", "ADMIN", {}, None),
        ("admin", "GUIDE", {}, "INVALID"),
        ("admin", "ADMIN", {"storeId": 0}, "INVALID"),
        ("admin", "REGIONAL_MANAGER", {"storeId": 0}, "INVALID"),
        ("guide", "GUIDE", {"storeId": 0}, "FORBIDDEN"),
    ],
)
async def test_nobody_gives_what_stands_above_her(
    database: str, who: str, role: str, place: dict[str, int], code: str | None
) -> None:
    world = await make_world()
    where: dict[str, str | None] = {"storeId": None, "regionId": None}
    where |= {"storeId": store(world, place["storeId"])} if "storeId" in place else {}
    where |= {"regionId": global_id("Region", world.regions[place["regionId"]])} if "regionId" in place else {}
    async with serving() as app:
        browser = await signed_in(app, world, who)
        assert codes(await invite(browser, world, role=role, **where)) == ([code] if code else [])


async def test_who_stands_higher_or_elsewhere_is_out_of_a_managers_hands(database: str) -> None:
    """Neither a new password, nor roles, nor an end, nor a signed-out device."""
    world = await make_world()
    both, _ = await make_staff(world.brand_id, "both", Role.GUIDE, world.stores[0])
    assert both.id
    await identity.add_role(world.brand_id, both.id, Role.HQ)
    world.staff["both"] = both
    calls: list[tuple[str, dict[str, Any]]] = [
        ("renewInvitation", {}),
        ("updateStaff", {"phone": "13700000001"}),
        ("setStaffRoles", {"roles": [{"role": "GUIDE", "storeId": store(world)}]}),
        ("endStaff", {}),
        ("revokeStaffSessions", {}),
    ]
    async with serving() as app:
        manager = await signed_in(app, world, "manager")
        for who in ("both", "hq", "admin", "regional", "stranger"):
            for field, said in calls:
                found = codes(await manager.do(field, staffId=member(world, who), **said))
                assert found in (["FORBIDDEN"], ["NOT_FOUND"]), (who, field, found)
        for field, said in calls[:4]:
            assert codes(await manager.do(field, staffId=member(world, "manager"), **said)) == ["INVALID"]
    assert await db.fetch_value("SELECT count(*) FROM invitation") == 0
    assert await db.fetch_value("SELECT count(*) FROM staff WHERE left_at IS NOT NULL") == 0


PEERS = {
    "second manager": (Role.STORE_MANAGER, 0, None),
    "second regional": (Role.REGIONAL_MANAGER, None, 0),
    "second hq": (Role.HQ, None, None),
    "second admin": (Role.ADMIN, None, None),
}


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("manager", "guide", True),
        ("manager", "second manager", False),
        ("regional", "manager", True),
        ("regional", "second regional", False),
        ("hq", "regional", True),
        ("hq", "second hq", False),
        ("hq", "admin", False),
        ("admin", "hq", True),
        ("admin", "second admin", True),
    ],
)
async def test_only_who_stands_above_her_resets_signs_out_takes_from_or_ends_a_colleague(
    database: str, who: str, whom: str, may: bool
) -> None:
    """Taking a role away or ending her is as good as a reset: a link to a new beginning is the next step."""
    world = await make_world()
    if whom in PEERS:
        role, shop, region = PEERS[whom]
        place = None if shop is None else world.stores[shop]
        world.staff[whom], world.phones[whom] = await make_staff(
            world.brand_id, whom, role, place, None if region is None else world.regions[region]
        )
    less = {"roles": [{"role": "ADVISOR", "storeId": store(world)}]}
    async with serving() as app:
        caller, hers = await signed_in(app, world, who), await signed_in(app, world, whom)
        for field in ("renewInvitation", "revokeStaffSessions", "updateStaff", "setStaffRoles", "endStaff"):
            said: dict[str, Any] = less if field == "setStaffRoles" else {}
            said |= {"phone": next_phone()} if field == "updateStaff" else {}
            found = codes(await caller.do(field, staffId=member(world, whom), **said))
            assert found == ([] if may else ["FORBIDDEN"]), (field, found)
        assert ((await hers.ask("{ me { staff { name } } }"))["me"] is None) is may
    assert bool(await db.fetch_value("SELECT count(*) FROM invitation")) is may


async def test_who_has_not_joined_yet_is_an_invitation_that_those_may_renew_or_take_back_who_could_give_it(
    database: str,
) -> None:
    world = await make_world()
    async with serving() as app:
        manager, admin = await signed_in(app, world, "manager"), await signed_in(app, world, "admin")
        invited = (await invite(manager, world, role="STORE_MANAGER"))["staff"]["id"]
        link = (await manager.do("renewInvitation", "link", staffId=invited))["link"]
        above = {"name": "高岗", "phone": next_phone(), "role": "HQ", "storeId": None}
        higher = (await admin.do("inviteStaff", "staff { id }", **above))["staff"]["id"]
        hq = await signed_in(app, world, "hq")
        assert codes(await hq.do("renewInvitation", staffId=higher)) == []
        _, answer = await accept(app, link)
        assert answer["me"]
        for field in ("renewInvitation", "revokeStaffSessions", "endStaff"):
            assert codes(await manager.do(field, staffId=invited)) == ["FORBIDDEN"]  # she is her equal from now on
        assert codes(await hq.do("endStaff", staffId=higher)) == []
