"""Wrong tries are bounded, and a stranger's never keep a colleague out of a device that she signed in from before."""

from typing import Any

import pytest

from shuke.api.context import DEVICE_COOKIE
from shuke.domains.identity.service import sessions
from shuke.kit import clock, db
from tests.api.real import Browser, everything_kept, serving
from tests.factories import make_world

WRONG = "wrong password"


def codes(payload: Any) -> list[str]:
    return [problem["code"] for problem in payload["userErrors"]]


@pytest.fixture(autouse=True)
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try is a slow hash: fewer of them show the same."""
    for name, most in (("TRIES_FROM_ONE_PLACE", 3), ("TRIES_FROM_ADDRESS", 5), ("TRIES_FOR_NUMBER", 6)):
        monkeypatch.setattr(sessions, name, most)
    monkeypatch.setattr(sessions, "TRIES_FROM_DEVICE", 3)


async def test_strangers_tries_never_keep_her_out_of_her_own_device(database: str) -> None:
    world = await make_world()
    phone = world.phones["guide"]
    async with serving() as app:
        hers = Browser(app, "10.9.9.9")
        assert codes(await hers.sign_in(phone)) == []
        await hers.do("signOut")
        assert hers.http.cookies.get(DEVICE_COOKIE)
        # one behind her own shop's address, and many from everywhere
        stranger = Browser(app, "10.9.9.9")
        for who in ("guide", "guide", "guide", "guide", "colleague", "manager", "hq"):
            await stranger.sign_in(world.phones[who], WRONG)
        for number in range(7):
            await Browser(app, f"10.1.1.{number}").sign_in(phone, WRONG)
        assert codes(await Browser(app, "10.2.2.2").sign_in(phone)) == ["TOO_MANY"]  # a device nobody knows
        assert codes(await hers.sign_in(phone)) == []


async def test_tries_from_a_known_device_are_bounded_and_hinder_nobody_else(database: str) -> None:
    world = await make_world()
    phone = world.phones["guide"]
    async with serving() as app:
        stolen, other = Browser(app, "10.9.9.9"), Browser(app, "10.8.8.8")
        for device in (stolen, other):
            assert codes(await device.sign_in(phone)) == []
        seen = [codes(await stolen.sign_in(phone, WRONG)) for _ in range(5)]
        assert seen == [["SIGN_IN_FAILED"]] * 3 + [["TOO_MANY"]] * 2
        assert codes(await stolen.sign_in(phone)) == ["TOO_MANY"]
        assert codes(await other.sign_in(phone)) == []
        assert codes(await Browser(app, "10.7.7.7").sign_in(phone)) == []


async def test_a_device_is_known_for_those_who_signed_in_from_it_only(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        tablet = Browser(app, "10.9.9.9")
        assert codes(await tablet.sign_in(world.phones["guide"])) == []
        token = tablet.http.cookies.get(DEVICE_COOKIE)
        assert codes(await tablet.sign_in(world.phones["colleague"])) == []
        assert tablet.http.cookies.get(DEVICE_COOKIE) == token  # the shop's tablet is theirs both
        seen = [codes(await tablet.sign_in(world.phones["manager"], WRONG)) for _ in range(4)]
        assert seen == [["SIGN_IN_FAILED"]] * 3 + [["TOO_MANY"]]
        for who in ("guide", "colleague"):
            assert codes(await tablet.sign_in(world.phones[who])) == []
        assert token and token not in await everything_kept()


async def test_a_made_up_old_or_foreign_device_is_none(database: str) -> None:
    world, other = await make_world(), await make_world("别家")
    async with serving() as app:
        foreign = Browser(app, "10.5.5.5")
        assert codes(await foreign.sign_in(other.phones["guide"])) == []
        theirs = foreign.http.cookies.get(DEVICE_COOKIE)
        for token in ("made up", theirs):
            browser = Browser(app, "10.6.6.6")
            browser.http.cookies.set(DEVICE_COOKIE, token or "", domain="shop.example")
            assert codes(await browser.sign_in(world.phones["guide"])) == []
            kept = browser.http.cookies.jar
            assert token not in [cookie.value for cookie in kept if cookie.domain != "shop.example"] or token == theirs
        await db.execute("UPDATE known_device SET expires_at = $1", clock.now())
        for number in range(7):
            await Browser(app, f"10.1.1.{number}").sign_in(other.phones["guide"], WRONG)
        assert codes(await foreign.sign_in(other.phones["guide"])) == ["TOO_MANY"]


async def test_the_device_cookie_is_out_of_reach_of_scripts_and_other_sites(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        browser = Browser(app)
        answer = await browser.send(
            "mutation ($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }",
            {
                "i": {
                    "operationId": "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d",
                    "phone": world.phones["guide"],
                    "password": WRONG,
                }
            },
        )
        assert DEVICE_COOKIE not in answer.headers.get("set-cookie", "")
        await browser.sign_in(world.phones["guide"])
        (cookie,) = [cookie for cookie in browser.http.cookies.jar if cookie.name == DEVICE_COOKIE]
        assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Strict"
        assert len(cookie.value or "") >= 43
