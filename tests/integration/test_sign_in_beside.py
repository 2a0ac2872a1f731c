"""Somebody signs in by a password that is replaced in the same moment: no session of the old one is left."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from shuke.domains.identity import service
from shuke.domains.records.service import people
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import PASSWORD, World, make_world
from tests.factories.meeting import meet

NEW = "another long password"


async def ended_by(world: World, how: str) -> Coroutine[Any, Any, object]:
    """What ends all that hangs on the guide's password, but one device where she goes on."""
    guide, manager = world.staff["guide"], world.staff["manager"]
    assert guide.id
    if how == "change":
        here = await service.open_session(new_id(), guide.id, world.brand_id, "phone")
        return service.change_password(replace(guide, session_id=here.session_id), new_id(), PASSWORD, NEW, "10.0.0.2")
    if how == "reset":
        operation = new_id()
        await service.renew_invitation(manager, operation, guide.id)
        token = (await service.invitation_link(operation)).partition("#")[2]
        return service.accept_invitation(new_id(), token, NEW, "phone")
    return people.end(world.staff["hq"], guide.id, None)


@pytest.mark.parametrize("how", ["change", "reset", "leaving"])
@pytest.mark.parametrize("sign_in_first", [False, True])
async def test_the_old_password_opens_nothing_that_outlives_it(database: str, how: str, sign_in_first: bool) -> None:
    world = await make_world()
    end, guide = await ended_by(world, how), world.staff["guide"]
    enter = service.sign_in(new_id(), world.phones["guide"], PASSWORD, "thief", "10.0.0.1")
    calls: list[Coroutine[Any, Any, object]] = [enter, end] if sign_in_first else [end, enter]
    answers = await meet(database, *calls)
    codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert codes == ([] if sign_in_first else [ErrorCode.SIGN_IN_FAILED])
    assert not any(isinstance(answer, BaseException) and not isinstance(answer, Refusal) for answer in answers)
    live = await db.fetch("SELECT device FROM session WHERE staff_id = $1 AND revoked_at IS NULL", guide.id)
    assert [row[0] for row in live] == ([] if how == "leaving" else ["phone"])
