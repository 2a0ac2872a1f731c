"""What the README tells the owner of a shop to type, line by line, until a guide has her day."""

import os
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from shuke.app.wiring import SWEEPS, WIRING
from shuke.domains.identity import service
from shuke.domains.identity.types import Actor
from shuke.domains.tasks import queries as tasks
from shuke.kit import clock, db
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories.files import ROOT
from tests.servers import embedded_for_tests

NOON = datetime(2025, 9, 1, 4, tzinfo=UTC)  # in Shanghai, some months after the examples' orders
ASKED = "好孕来母婴\n沈静\n13800138000\n"
PASSWORD = "a-long-password"


def own_shop(readme: str) -> list[list[str]]:
    """The arguments of the `shuke` commands between installing and starting."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    block = text.partition("make install\n")[2].partition("```")[0]
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    assert lines[-1] == [".venv/bin/shuke", "up"] and {line[0] for line in lines} == {".venv/bin/shuke"}
    return [line[1:] for line in lines[:-1]]


def shuke(url: str, folder: Path, *arguments: str) -> None:
    """Runs a command as a person at a terminal would, who answers what it asks."""
    environment = os.environ | {
        "SHUKE_DATA": str(folder),
        "SHUKE_DATABASE_URL": url,
        "SHUKE_REDIS_URL": embedded_for_tests().redis,
        "SHUKE_CLOCK": NOON.isoformat(),
        "SHUKE_INIT_PASSWORD": PASSWORD,
        "SHUKE_STAFF_PASSWORD": PASSWORD,
    }
    line = [sys.executable, "-m", "shuke.app.cli", *arguments]
    done = subprocess.run(
        line, cwd=ROOT, env=environment, input=ASKED, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, (arguments, done.stderr)


async def signed_in(phone: str) -> Actor:
    signed = await service.sign_in(new_id(), phone, PASSWORD, "test", "10.0.0.9")
    actor = await service.by_session(signed.token)
    assert actor is not None
    return actor


async def test_who_types_what_the_readme_says_gets_a_guide_with_her_day(database: str, tmp_path: Path) -> None:
    lines = own_shop("README.md")
    for line in lines:
        shuke(database, tmp_path, *line)
    with clock.pretended(max(NOON, await db.fetch_value("SELECT max(at) FROM event"))):
        await Dispatcher(WIRING).drain()
        for sweep in SWEEPS:
            while await sweep(500):
                pass
        guide = await signed_in(next(line[line.index("--phone") + 1] for line in lines if line[0] == "staff"))
        today = await tasks.today(guide, 50)
    assert len(today.open) == today.open_count > 20
    everybody = await db.fetch_value("SELECT count(*) FROM customer")
    assert guide.store_ids and everybody == 38
    hers = "SELECT count(*) FROM customer WHERE store_id = ANY($1)"
    assert await db.fetch_value(hers, list(guide.store_ids)) == everybody


def test_both_languages_say_the_same_commands() -> None:
    assert own_shop("README.zh-CN.md") == own_shop("README.md")
