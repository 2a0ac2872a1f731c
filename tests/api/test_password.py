"""A person changes her own password: what ends with the old one, how often she may be wrong, what is written down."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from starlette.types import ASGIApp

from shuke.api.pagination import global_id
from shuke.domains.identity.service import sessions
from shuke.kit import codec, db
from tests.api.real import Browser, everything_kept, serving, signed_in
from tests.factories import PASSWORD, World, make_world

CHOSEN, WRONG = "my own long password", "not her password"
ME = "{ me { staff { name } } }"


def problems(payload: Any) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in payload["userErrors"]]


async def change(browser: Browser, current: str = PASSWORD, new: str = CHOSEN, **said: Any) -> list[Any]:
    return problems(await browser.do("changePassword", current=current, new=new, **said))


async def opens(app: ASGIApp, world: World, password: str) -> bool:
    return not problems(await Browser(app, "10.7.7.7").sign_in(world.phones["guide"], password))


async def test_the_new_one_opens_and_all_that_hung_on_the_old_one_ends_but_this_device(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        phone, tablet = await signed_in(app, world, "guide"), await signed_in(app, world, "guide")
        colleague, manager = await signed_in(app, world, "colleague"), await signed_in(app, world, "manager")
        said = {"staffId": global_id("Staff", world.staff["guide"].id or uuid4())}
        link = (await manager.do("renewInvitation", "link", **said))["link"]
        assert await change(phone) == []
        assert (await phone.ask(ME))["me"] and (await tablet.ask(ME))["me"] is None
        assert len((await phone.ask("{ sessions { id } }"))["sessions"]) == 1
        assert await opens(app, world, CHOSEN) and not await opens(app, world, PASSWORD)
        token = link.partition("#")[2]
        late = await Browser(app).do("acceptInvitation", token=token, password="a third password")
        assert problems(late) == [("NOT_FOUND", "token")]
        assert (await colleague.ask(ME))["me"]
    told = await db.fetch("SELECT actor_id, subject_id, data FROM event WHERE kind = 'staff.password_changed'")
    assert [tuple(row) for row in told] == [(world.staff["guide"].id, world.staff["guide"].id, '{"sessions": 1}')]


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        (WRONG, CHOSEN, ("INVALID", "current")),
        (CHOSEN, CHOSEN, ("INVALID", "current")),
        ("", CHOSEN, ("INVALID", "current")),
        (PASSWORD, "1234567", ("INVALID", "new")),
    ],
)
async def test_a_wrong_present_or_a_short_new_one_changes_nothing(
    database: str, current: str, new: str, refused: tuple[str, str]
) -> None:
    world = await make_world()
    async with serving() as app:
        phone, tablet = await signed_in(app, world, "guide"), await signed_in(app, world, "guide")
        assert await change(phone, current, new) == [refused]
        assert (await tablet.ask(ME))["me"] and await opens(app, world, PASSWORD)


async def test_wrong_tries_count_together_with_those_at_the_door(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "TRIES_FROM_ONE_PLACE", 3)
    monkeypatch.setattr(sessions, "TRIES_FROM_DEVICE", 2)
    world = await make_world()
    async with serving() as app:
        found, hers = await signed_in(app, world, "guide", "10.9.9.9"), Browser(app, "10.9.9.9")
        assert problems(await hers.sign_in(world.phones["guide"])) == []
        for _ in range(2):
            assert await change(found, WRONG) == [("INVALID", "current")]
        stranger = Browser(app, "10.9.9.9")
        assert problems(await stranger.sign_in(world.phones["guide"], WRONG)) == [("SIGN_IN_FAILED", None)]
        assert await change(found) == [("TOO_MANY", None)]
        # a device that she signed in from is counted apart, and a success forgets what it had counted
        assert await change(hers, WRONG) == [("INVALID", "current")]
        assert await change(hers) == []
        assert [await change(hers, WRONG) for _ in range(3)] == [[("INVALID", "current")]] * 2 + [[("TOO_MANY", None)]]


async def test_a_lost_answer_is_asked_again_and_other_passwords_are_another_operation(database: str) -> None:
    world, operation = await make_world(), str(uuid4())
    async with serving() as app:
        guide = await signed_in(app, world, "guide")
        for _ in range(2):
            assert await change(guide, operationId=operation) == []
        for passwords in ((PASSWORD, "a third password"), (CHOSEN, "a third password"), (WRONG, CHOSEN)):
            assert await change(guide, *passwords, operationId=operation) == [("OPERATION_REUSED", "operationId")]
        assert await change(guide, CHOSEN, "a third password") == []
        assert await change(guide, operationId=operation) == []  # its answer, and nothing done
        assert await opens(app, world, "a third password") and not await opens(app, world, CHOSEN)
        refused = str(uuid4())
        assert await change(guide, WRONG, CHOSEN, operationId=refused) == [("INVALID", "current")]
        assert await change(guide, "a third password", CHOSEN, operationId=refused) == []  # a refusal keeps nothing


async def test_nothing_that_is_kept_tells_a_password_or_lets_it_be_tried_quickly(database: str) -> None:
    world = await make_world()
    async with serving() as app:
        for who in ("guide", "colleague"):
            assert await change(await signed_in(app, world, who)) == []
    kept = await everything_kept()
    assert CHOSEN not in kept and PASSWORD not in kept
    hashes = [row[0] for row in await db.fetch("SELECT request_hash FROM operation WHERE name = 'changePassword'")]
    assert len(set(hashes)) == 2  # the same passwords, salted by the operation
    for said in ({"current": PASSWORD, "new": CHOSEN}, [PASSWORD, CHOSEN], CHOSEN):
        assert hashlib.sha256(f"changePassword\0{codec.dumps(said)}".encode()).digest() not in hashes
