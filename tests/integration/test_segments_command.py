"""`shuke segments refresh`: what it prints and refuses."""

import json

from shuke.kit import clock, zones
from tests.factories import make_world
from tests.factories.segments import add_customers, buy, refresh_command


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
