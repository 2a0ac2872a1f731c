"""A real retailer's year: the counts that were published for it."""

import json
import os
import subprocess
import sys
from datetime import date

from shuke.domains.segments import service
from shuke.domains.segments.rules import parse_cuts
from shuke.domains.segments.types import Options, Refunds
from shuke.kit import clock, db, zones
from tests.factories import make_world, system
from tests.factories.segments import add_customers, buy, load_retailer
from tests.servers import embedded_for_tests

LAST_DAY = date(2011, 12, 9)


async def test_the_real_retailers_cells_come_out(database: str) -> None:
    world = await make_world()
    await db.execute("UPDATE brand SET timezone = 'Europe/London', currency = 'GBP' WHERE id = $1", world.brand_id)
    await load_retailer(world)
    actor = await system(world)
    expected = {
        "r=90,f=2,m=median": [1723, 520, 80, 566, 300, 302, 66, 781],
        "r=92.06,f=4.272,m=2054.27": [689, 358, 117, 1750, 27, 40, 38, 1319],
    }
    for cuts, counts in expected.items():
        run = await service.refresh(actor, LAST_DAY, Options(parse_cuts(cuts), Refunds.IGNORE))
        assert list(run.cells.values()) == counts and run.customers == 4338
    assert (await service.refresh(actor, LAST_DAY)).customers == 4338


async def test_the_command_prints_what_scripts_rely_on(database: str) -> None:

    world = await make_world()
    (customer,) = await add_customers(world, 1)
    await buy(world, customer, 3, 12345, clock.now())
    today = zones.local_date(clock.now(), "Asia/Shanghai")
    done = shuke(database, "--as-of", today.isoformat(), "--cuts", "r=90,f=2,m=123.45", "--json")
    assert done.returncode == 0, done.stderr
    cells = dict.fromkeys(("HHH", "HHL", "HLH", "HLL", "LHH", "LHL", "LLH", "LLL"), 0) | {"HLH": 1}
    assert json.loads(done.stdout) == {"asOf": today.isoformat(), "customers": 1, "cells": cells}
    assert "HLH" in shuke(database).stdout
    for wrong in (("--cuts", "q=1"), ("--as-of", "2999-01-01"), ("--brand", "谁家")):
        refused = shuke(database, *wrong)
        assert refused.returncode == 1 and refused.stderr.startswith("shuke: ") and refused.stderr.count("\n") == 1


def shuke(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SHUKE_DATABASE_URL": database, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    command = [sys.executable, "-m", "shuke.app.cli", "segments", "refresh", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
