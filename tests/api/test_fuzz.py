"""Whatever variables the schema lets through: an answer in words, never a surprise of ours."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLNonNull, get_named_type
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from shuke.api.pagination import global_id
from shuke.domains.notifications import service as notifications
from shuke.domains.notifications.types import InboxKind, Letter
from shuke.kit import clock
from shuke.kit.ids import new_id
from tests.api.odd import OPERATIONS, PLACE, document, leaves, odd, put
from tests.api.operations_cases import CASES, Target
from tests.api.real import browser_of, partner, serving
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.tasks import make_card

TRIES_A_PLACE = 8
MOST_TRIES = {"signIn": 12, "changePassword": 12}  # each is a slow hash, or some
ORDER = {
    "source": "till", "storeCode": "S1", "businessDate": "2026-11-01", "receiptNo": "1", "memberNo": "M1",
    "placedAt": "2026-11-01T10:00:00+08:00", "lines": [{"quantity": "1", "totalMinor": "100"}],
}  # fmt: skip


def variables_of(name: str, target: Target) -> dict[str, Any]:
    """What would be right."""
    if name == "ingestOrders":
        return {"input": {"operationId": str(uuid4()), "orders": [ORDER]}}
    if name == "markInboxRead":
        return {"input": {"operationId": str(uuid4()), "ids": []}}
    pages = {arg: 5 for arg in OPERATIONS[name].fields[name].args if arg == "first"}
    return pages | CASES[name].variables(target)


def changes(name: str, ids: list[str], uuids: list[UUID]) -> list[list[tuple[PLACE, Any]]]:
    """Lists of places and odd values to put there, one or two at a time; the same on every run."""
    places = [leaf for arg, it in OPERATIONS[name].fields[name].args.items() for leaf in leaves(it.type, (arg,))]
    places = [leaf for leaf in places if leaf[0][-1] != "operationId"] or places
    if not places:
        return [[]]
    found: list[list[tuple[PLACE, Any]]] = []

    def change(leaf: tuple[PLACE, Any]) -> st.SearchStrategy[tuple[PLACE, Any]]:
        place, kind = leaf
        value = odd(get_named_type(kind), ids, uuids)
        if not isinstance(kind, GraphQLNonNull) and place[-1] != 0:
            value = value | st.none()
        return st.tuples(st.just(place), value)

    tries = MOST_TRIES.get(name, TRIES_A_PLACE * len(places))

    @seed(20261122)
    @settings(
        max_examples=tries,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(places).flatmap(change), min_size=1, max_size=2))
    def collect(drawn: list[tuple[PLACE, Any]]) -> None:
        found.append(drawn)

    collect()
    return found


async def things(world: World) -> tuple[Target, list[str], list[UUID]]:
    """What the calls aim at, and ids that exist: the guide's own and another brand's."""
    other = await make_world("别家")
    mine, theirs = await make_customer(world, note="爱喝温水"), await make_customer(other)
    cards = await make_card(world, mine), await make_card(other, theirs)
    staff = [member.id for house in (world, other) for member in house.staff.values() if member.id]
    letters = [Letter(new_id(), person, InboxKind.TASKS_DUE, {"count": 1, "taskIds": []}, "/") for person in staff[:3]]
    await notifications.post(world.brand_id, letters)
    ids = [global_id("Customer", key) for key in (mine, theirs)] + [global_id("Task", key) for key in cards]
    ids += [global_id("Store", key) for key in (*world.stores, other.stores[0])]
    ids += [global_id("Staff", key) for key in staff] + [global_id("InboxMessage", one.id) for one in letters]
    guide = world.staff["guide"].id
    assert guide
    target = Target(mine, cards[0], new_id(), world.stores[0], guide)
    return target, [str(key) for key in ids], [mine, theirs, *cards, *staff[:2]]


async def test_no_variables_bring_a_surprise(database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    broken: list[str] = []
    world = await make_world()
    target, ids, uuids = await things(world)
    async with serving() as app:
        for name in OPERATIONS:
            callers = [await browser_of(app, world.staff[who]) for who in ("guide", "admin")]
            callers += [await partner(app, world, "read", "ingest")]
            text = document(name)
            for turn, drawn in enumerate(changes(name, ids, uuids)):
                variables = variables_of(name, target)
                for place, value in drawn:
                    variables = put(variables, place, value)
                caller = callers[2 if turn % 8 == 0 else turn % 2]
                with clock.pretended(clock.now() + timedelta(hours=turn)):  # throttles forget
                    answer = await caller.send(text, variables)
                if answer.status_code != 200 or '"INTERNAL"' in answer.text:
                    broken.append(f"{name} {str(drawn)[:300]} -> {answer.status_code} {answer.text[:300]}")
    assert not broken, "\n".join([*broken[:40], *(record.getMessage()[-900:] for record in caplog.records[:20])])
