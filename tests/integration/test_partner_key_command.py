"""`shuke partner-key`: made, listed, rotated and revoked from a terminal."""

import os
import subprocess
import sys

import pytest

from shuke.domains.identity import queries, service
from shuke.domains.identity.types import KeyWish, PartnerScope
from shuke.kit import db
from tests.factories import make_world, system
from tests.servers import embedded_for_tests


def shuke(url: str, *arguments: str) -> tuple[int, str, str]:
    servers = {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    line = [sys.executable, "-m", "shuke.app.cli", "partner-key", *arguments]
    done = subprocess.run(line, env=os.environ | servers, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


async def test_create_prints_a_bearer_key_alone_that_reaches_what_was_said(database: str) -> None:
    world = await make_world()
    status, said, _ = shuke(database, "create", "till", "--scope", "read")
    caller = await service.by_key(said.strip())
    assert status == 0 and said.count("\n") == 1 and caller and caller.actor.stores is None
    wish = ("--scope", "ingest", "--store", "S1", "--store", "S3", "--expires", "30", "--per-minute", "60")
    _, said, _ = shuke(database, "create", "shop", *wish)
    caller = await service.by_key(said.strip())
    assert caller and caller.actor.stores == (world.stores[0], world.stores[2])
    assert (caller.allowance.limit, caller.allowance.remaining) == (60, 59)
    _, said, _ = shuke(database, "list")
    assert "shop  ingest  stores S1, S3  60/min  used 2" in said and "till  read  all stores  600/min" in said


async def test_a_name_that_exists_is_told_beside_the_key(database: str) -> None:
    await make_world()
    assert shuke(database, "create", "till", "--scope", "read")[2] == ""
    status, said, complaint = shuke(database, "create", "till", "--scope", "read")
    assert status == 0 and await service.by_key(said.strip()) and said.count("\n") == 1
    assert complaint.startswith("There is another key called till") and complaint.count("\n") == 1


async def test_rotate_and_revoke_know_a_key_by_name_or_id(database: str) -> None:
    await make_world()
    _, old, _ = shuke(database, "create", "till", "--scope", "read")
    _, new, _ = shuke(database, "rotate", "till", "--overlap", "1")
    assert await service.by_key(old.strip()) and await service.by_key(new.strip())
    key_id = await db.fetch_value("SELECT id FROM partner_key")
    assert shuke(database, "revoke", str(key_id))[:2] == (0, "till works no more.\n")
    assert await service.by_key(old.strip()) is None and await service.by_key(new.strip()) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "x", "--scope", "all"), "'all' is not one of"),
        (("create", "x", "--scope", "read", "--store", "S9"), "no store with the code S9; there are: "),
        (("create", " ", "--scope", "read"), "1 to 120 characters"),
        (("rotate", "nobody"), "There is no key nobody; there are: twin, twin."),
        (("revoke", "twin"), "2 keys are called twin"),
        (("rotate", "twin", "--overlap", "721"), "0<=x<=720"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(database: str, arguments: tuple[str, ...], words: str) -> None:
    world = await make_world()
    for _ in range(2):
        await service.create_partner_key(await system(world), KeyWish("twin", frozenset({PartnerScope.READ})))
    status, said, complaint = shuke(database, *arguments)
    assert (status != 0, said) == (True, "") and words in complaint and "Traceback" not in complaint, complaint
    assert len(await queries.partner_keys(world.brand_id)) == 2
