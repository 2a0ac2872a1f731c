"""`shuke demo` on a real database: what stands afterwards, for whom work is due, and that it happens once."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest

from shuke.app.demo import seed as demo
from shuke.app.demo.people import BRAND, PASSWORD, STAFF
from shuke.app.trouble import CannotRun
from shuke.domains.customers import queries as customers
from shuke.domains.customers.types.quality import QualityScope
from shuke.domains.customers.types.visits import FilingScope
from shuke.domains.identity import queries as identity
from shuke.domains.identity import service
from shuke.domains.identity.types import Actor, Locale, Role
from shuke.domains.tasks import queries as tasks
from shuke.kit import clock, db, zones
from shuke.kit.ids import new_id
from tests.servers import embedded_for_tests

SMALL = 150
TABLES = ("customer", "customer_identity", '"order"', "order_line", "timeline_entry", "task", "staff", "event")


async def counts() -> dict[str, int]:
    return {table: await db.fetch_value(f"SELECT count(*) FROM {table}") for table in TABLES}


async def signed_in(phone: str, password: str = PASSWORD) -> Actor:
    signed = await service.sign_in(new_id(), phone, password, "test", "10.0.0.9")
    actor = await service.by_session(signed.token)
    assert actor is not None
    return actor


async def test_five_thousand_customers_stand_with_all_that_belongs_to_them(database: str) -> None:
    assert await demo.seed()
    found = await counts()
    assert (found["customer"], found['"order"'], found["staff"]) == (5000, 40_000, 60)
    assert await db.fetch_value("SELECT count(*) FROM store") == 17
    assert await db.fetch_value("SELECT count(*) FROM region") == 4
    unlinked = "SELECT count(*) FILTER (WHERE refund_of_id IS NULL), count(*) FROM \"order\" WHERE kind = 'refund'"
    row = await db.fetch_row(unlinked)
    assert row is not None and row[0] == 0 and row[1] > 600
    assert await db.fetch_value("SELECT count(*) FROM segment_membership WHERE left_at IS NULL") > 4000
    groups = await db.fetch("SELECT members FROM segment WHERE filled_at IS NOT NULL")
    assert len(groups) == 6 and all(0 < row[0] < 2500 for row in groups), groups
    assert await db.fetch_value("SELECT count(*) FROM event_delivery WHERE done_at IS NULL") == 0
    newest = (
        "SELECT bool_and(ok) FROM (SELECT created_at >= lead(created_at) OVER (ORDER BY id DESC) AS ok FROM customer) x"
    )
    assert await db.fetch_value(newest)
    await each_of_the_counter_has_a_handful_of_cards()
    await newcomers_were_filed_and_leads_came_in()


async def newcomers_were_filed_and_leads_came_in() -> None:
    office = await signed_in(next(one["phone"] for one in demo.sign_ins() if one["role"] == "hq"))
    sql = """SELECT count(*) FILTER (WHERE v.staff_id IS NULL), count(*), max(v.at), bool_and(t.id = v.id) FROM visit v
      LEFT JOIN timeline_entry t ON t.id = v.id WHERE v.is_new AND v.customer_id IS NOT NULL"""
    today = zones.at_local(zones.local_date(clock.now(), office.timezone), 0, office.timezone)
    ((leads, named, last, told),) = await db.fetch(sql)
    assert 20 < leads < named / 3 and last < today and told
    with clock.pretended(today - timedelta(minutes=1)):  # as it stood last night
        for unit in ("week", "month"):
            found = (await customers.filing(office, FilingScope(unit), "guide")).counts
            assert found.on_time and found.missing and 0.5 < (found.rate or 0) < 0.95, (unit, found)
    asked = "SELECT count(*), count(*) FILTER (WHERE assignee_id IS NULL) FROM task WHERE state = 'open'"
    asked += """ AND reasons @> '[{"key": "lead"}]'"""
    ((cards, of_pools),) = await db.fetch(asked)
    assert 16 < cards == of_pools


async def each_of_the_counter_has_a_handful_of_cards() -> None:
    for employee in STAFF:
        if employee.serves:
            today = await tasks.today(await signed_in(employee.phone), 50)
            assert 3 <= today.open_count <= 12, (employee, today.open_count)
            assert len({card.customer.id for card in today.open}) == today.open_count


# the seven days around the first of January, each at another time of the shops' day
MOMENTS = [
    zones.at_local(date(2026, 12, 29) + timedelta(days=day), hour, "Asia/Shanghai", 30)
    for day, hour in enumerate((23, 6, 8, 0, 12, 18, 9))
]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.pretended(moment):
        yield


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.strftime("%a-%d-%H%M"))
async def test_the_demo_guide_has_five_cards_due_today_one_of_them_late_by_a_day(
    database: str, moment: datetime
) -> None:
    with at(moment):
        await demo.seed(60)
        guide = await signed_in(demo.sign_ins()[0]["phone"])
        today = await tasks.today(guide, 20)
        zone = guide.timezone
        assert today.date == zones.local_date(moment, zone)
        reasons = sorted(reason.key for card in today.open for reason in card.reasons)
        assert reasons == ["how_is_it", "thanks", "thanks", "wake_up", "wake_up"]
        days = [zones.local_date(card.due_at, zone) for card in today.open]
        assert days == [today.date - timedelta(days=1)] + [today.date] * 4
        assert sum(card.assignee is None for card in today.open) == 1


async def test_one_of_each_role_can_sign_in(database: str) -> None:
    await demo.seed(SMALL)
    people = demo.sign_ins()
    assert [person["role"] for person in people] == [
        "guide", "advisor", "store_manager", "regional_manager", "hq", "admin",
    ]  # fmt: skip
    assert all(set(person) == {"role", "name", "phone", "password", "store"} for person in people)
    for person in people:
        actor = await signed_in(person["phone"], person["password"])
        assert actor.name == person["name"] and [grant.role for grant in actor.grants] == [Role(person["role"])]


async def test_the_same_day_gives_the_same_customers_with_the_same_ids(database: str) -> None:
    await demo.seed(SMALL)
    first = await db.fetch_row("SELECT id, name, created_at FROM customer ORDER BY id DESC LIMIT 1")
    again = {person.id: person.name for batch in _chain() for person in batch.people}
    assert first is not None and again[first[0]] == first[1]


def _chain() -> list:  # type: ignore[type-arg]
    from shuke.app.demo.chain import batches

    return list(batches(zones.local_date(clock.now(), "Asia/Shanghai"), SMALL))


async def test_cards_have_become_more_complete_for_some_weeks(database: str) -> None:
    await demo.seed(SMALL)
    (person,) = (one for one in demo.sign_ins() if one["role"] == "hq")
    found = await customers.quality(await signed_in(person["phone"]), QualityScope(), "store", 30)
    averages = [day.counts.average or 0 for day in found.days]
    assert len(averages) == 29 and averages == pytest.approx(sorted(averages), abs=1)  # today is kept in its own night
    assert averages[0] < averages[-1] - 2 and abs(averages[-1] - (found.counts.average or 0)) < 2


async def test_a_second_run_changes_nothing(database: str) -> None:
    assert await demo.seed(SMALL)
    before = await counts()
    assert not await demo.seed(SMALL)
    assert not await demo.seed(5000, "Another name")
    assert await counts() == before


async def test_it_never_goes_beside_a_real_brand(database: str) -> None:
    await service.create_brand("Real shop", "CNY", "Asia/Shanghai", Locale.ZH_CN)
    with pytest.raises(CannotRun, match="Real shop"):
        await demo.seed(SMALL)
    assert [brand.name for brand in await identity.brands()] == ["Real shop"]


async def test_a_seeding_that_is_broken_off_leaves_nothing(database: str) -> None:
    def stop(done: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await demo.seed(SMALL, tell=stop)
    assert await identity.brands() == []
    assert await demo.seed(SMALL)
    assert [brand.name for brand in await identity.brands()] == [BRAND]


async def test_the_command_prints_the_sign_ins_as_json_each_time_and_says_when_they_stood_already(
    database_url: str,
) -> None:
    environment = os.environ | {"SHUKE_DATABASE_URL": database_url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    command = [sys.executable, "-m", "shuke.app.cli", "demo", "--json", "--customers"]
    for wishes in (["40", "--brand", "小树"], ["100000", "--brand", "大树"]):
        done = await asyncio.create_subprocess_exec(*command, *wishes, env=environment, stdout=PIPE, stderr=PIPE)
        printed, said = await done.communicate()
        assert done.returncode == 0 and json.loads(printed) == demo.sign_ins("小树")
        assert ("小树 stands in this data folder already: nothing was added." in said.decode()) is ("大树" in wishes)
