"""`shuke segments refresh`: what it prints, refuses, and leaves to the nightly run."""

import json
from dataclasses import replace
from datetime import timedelta

from shuke.domains.segments import queries, service
from shuke.domains.segments.rules import parse_cuts
from shuke.domains.segments.types import Options, Refunds
from shuke.kit import clock, db, zones
from tests.factories import make_world
from tests.factories.segments import add_customers, add_orders, buy, order_row, refresh_command


async def test_the_command_prints_what_scripts_rely_on(database: str) -> None:
    world = await make_world()
    (customer,) = await add_customers(world, 1)
    await buy(world, customer, 3, 12345, clock.now())
    today = zones.local_date(clock.now(), "Asia/Shanghai")
    done = refresh_command(database, "--as-of", today.isoformat(), "--cuts", "r=90,f=2,m=123.45", "--json")
    assert done.returncode == 0, done.stderr
    cells = dict.fromkeys(("HHH", "HHL", "HLH", "HLL", "LHH", "LHL", "LLH", "LLL"), 0) | {"HLH": 1}
    assert json.loads(done.stdout) == {"asOf": today.isoformat(), "customers": 1, "cells": cells}
    assert "HLH" in refresh_command(database).stdout
    for wrong in (("--cuts", "q=1"), ("--as-of", "2999-01-01"), ("--brand", "谁家")):
        refused = refresh_command(database, *wrong)
        assert refused.returncode == 1 and refused.stderr.startswith("shuke: ") and refused.stderr.count("\n") == 1


async def test_a_cut_that_divides_nobody_is_refused_with_what_to_take_instead_but_not_in_a_report(
    database: str,
) -> None:
    world, now = await make_world(), clock.now()
    people = await add_customers(world, 60)
    await add_orders([order_row(world, her, now - timedelta(days=2 * n), 1000 + n) for n, her in enumerate(people)])
    refused = refresh_command(database, "--cuts", "f=median")
    assert refused.returncode == 1 and "100" in refused.stderr and refused.stderr.count("\n") == 1
    assert await db.fetch_value("SELECT count(*) FROM rfm_config") == 0
    yesterday = (zones.local_date(now, "Asia/Shanghai") - timedelta(days=1)).isoformat()
    report = refresh_command(database, "--as-of", yesterday, "--cuts", "f=median", "--json")
    assert report.returncode == 0 and json.loads(report.stdout)["customers"] == 59
    done = refresh_command(database)
    assert done.returncode == 0 and "F cut at 2 makes only 0 % of the customers high" in done.stdout


async def test_what_is_not_said_stays_as_it_was(database: str) -> None:
    world = await make_world()
    chosen = parse_cuts("r=30,f=5,m=q0.8")
    expected = {
        (): Options(),
        ("--cuts", "r=30,f=5,m=q0.8"): Options(chosen),
        ("--refunds", "ignore"): Options(chosen, Refunds.IGNORE),
        ("--json",): Options(chosen, Refunds.IGNORE),
        ("--cuts", "f=3"): Options(parse_cuts("r=90,f=3,m=median"), Refunds.IGNORE),
        ("--refunds", "net"): Options(parse_cuts("f=3")),
    }
    for arguments, options in expected.items():
        done = refresh_command(database, *arguments)
        assert done.returncode == 0, done.stderr
        assert await queries.standing_options(world.brand_id, "Asia/Shanghai") == options, arguments


async def test_what_head_office_says_on_screen_stays_as_it_was(database: str) -> None:
    world = await make_world()
    said = Options(window_days=180, without_levels=("员工",), zero=True, visit_minutes=30, band=0.1)
    await service.save_config(world.staff["hq"], 0, said)
    expected = {
        ("--cuts", "f=3"): replace(said, cuts=parse_cuts("f=3")),
        ("--refunds", "ignore"): replace(said, cuts=parse_cuts("f=3"), refunds=Refunds.IGNORE),
        (): replace(said, cuts=parse_cuts("f=3"), refunds=Refunds.IGNORE),
    }
    for arguments, options in expected.items():
        done = refresh_command(database, *arguments)
        assert done.returncode == 0, done.stderr
        assert await queries.standing_options(world.brand_id, "Asia/Shanghai") == options, arguments
        latest = await queries.latest_run(world.brand_id)
        assert latest and latest.config.options == options, arguments
