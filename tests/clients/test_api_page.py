"""docs/api.md is true: its blocks run as they stand there, with real clients, and its tables say what the code does."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from requirements import prepare
from shuke.api.http import protocol
from shuke.api.http.limits import Limits
from shuke.api.pagination import MAX_PAGE
from shuke.domains.orders.service.ingest import MAX_BATCH
from shuke.kit import db
from tests.api.test_graphql_http_server import answers
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.programs import Program, data_folder, eventually, free_port
from tests.servers import embedded_for_tests

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def npm_packages() -> Path:
    """The locked clients, installed where they are not."""
    prepare.npm_modules(HERE)
    return HERE / "node_modules"


def node() -> str:
    """A Node that runs TypeScript: the machine's if it is new enough, else the locked one."""
    place = prepare.node()
    return str(place / "node") if place else "node"


def run(command: list[str], **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Partner:
    """A partner's programmer: a shell with the page's variables set."""

    def __init__(self, url: str, folder: Path, servers: dict[str, str]) -> None:
        self.env = os.environ | servers | {"SHUKE_DATA": str(folder), "SHUKE_URL": url, "SHUKE_KEY": ""}

    def sh(self, text: str) -> str:
        shell = text.replace(".venv/bin/shuke", f"{sys.executable} -m shuke.app.cli")
        return run(["bash", "-euc", shell], cwd=ROOT, env=self.env)

    def python(self, text: str) -> str:
        return run([sys.executable, "-c", text], env=self.env)

    def typescript(self, text: str, folder: Path) -> str:
        (folder / "node_modules").symlink_to(npm_packages())
        (folder / "example.mts").write_text(text, encoding="utf-8")
        command = [node(), "--experimental-strip-types", "--disable-warning=ExperimentalWarning", "example.mts"]
        return run(command, cwd=folder, env=self.env)


async def furnish(url: str) -> None:
    """More customers than one page holds."""
    await db.connect(url)
    world = await make_world()
    for _ in range(103):
        await make_customer(world)
    await db.disconnect()


@pytest.fixture
def partner(database_url: str) -> Iterator[Partner]:
    """The whole API as `shuke serve` serves it, and a key made as the page says."""
    made = asyncio.new_event_loop()
    try:
        made.run_until_complete(furnish(database_url))
    finally:
        made.close()
    with data_folder() as data:
        port = free_port()
        servers = {"SHUKE_DATABASE_URL": database_url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
        program = Program(data, "serve", env={"SHUKE_PORT": str(port), **servers})
        eventually(lambda: answers(port), 30, program.said)
        partner = Partner(f"http://127.0.0.1:{port}/graphql", data, servers)
        (key,) = partner.sh(blocks("sh")[0]).split()
        partner.env["SHUKE_KEY"] = key
        yield partner
        assert program.stop() in (0, -signal.SIGTERM) and "Traceback" not in program.said()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here, so nobody looked at its examples")
def test_the_blocks_for_curl_do_what_they_say(partner: Partner) -> None:
    _, _, first, ingest = blocks("sh")
    stores = json.loads(partner.sh(first))["data"]["stores"]
    assert [store["code"] for store in stores] == ["S1"]
    verdicts = [json.loads(partner.sh(ingest))["data"]["ingestOrders"] for _ in range(2)]
    assert verdicts[0] == verdicts[1] and verdicts[0]["results"][0]["verdict"] == "CREATED"


def test_every_other_block_of_the_page_does_what_it_says(partner: Partner, tmp_path: Path) -> None:
    create, manage, first, ingest = blocks("sh")
    assert "partner-key create" in create and all(text.startswith("curl ") for text in (first, ingest))
    pages, repeats = blocks("python")
    typed_pages, typed_sale = blocks("ts")
    assert partner.python(repeats).splitlines() == ["CREATED REJECTED"] * 2 + ["UNCHANGED REJECTED"] * 2
    assert len(set(partner.python(pages).splitlines())) >= 103
    for name in ("sale", "pages"):
        (tmp_path / name).mkdir()
    sale = json.loads(partner.typescript(typed_sale, tmp_path / "sale"))["ingestOrders"]
    assert sale["results"][0]["verdict"] == "CREATED" and sale["userErrors"] == []
    assert "1002 9900" in partner.typescript(typed_pages, tmp_path / "pages").splitlines()
    managed = partner.sh(manage).splitlines()
    assert managed[0].startswith("shuke_") and managed[0] not in managed[1]
    assert (
        "stores S1" in managed[1] and "previous bearer key until" in managed[1] and managed[2] == "till works no more."
    )


def test_relays_compiler_accepts_the_schema(tmp_path: Path) -> None:
    shutil.copytree(HERE / "relay", tmp_path / "src")
    shutil.copy(ROOT / "schema.graphql", tmp_path)
    (tmp_path / "made").mkdir()
    config = {"src": "src", "schema": "schema.graphql", "language": "typescript", "artifactDirectory": "made"}
    (tmp_path / "relay.config.json").write_text(json.dumps(config))
    compiler = str(npm_packages() / "relay-compiler" / "cli.js")
    run([node(), compiler, "--noWatchman", "relay.config.json"], cwd=tmp_path)
    assert len(list((tmp_path / "made").glob("*.graphql.ts"))) == 6


def test_the_page_names_every_limit_as_it_is() -> None:
    limits = Limits()
    numbers = {
        "BODY_TOO_LARGE": limits.body_bytes,
        "TOO_MANY_VALUES": limits.values,
        "VARIABLES_TOO_DEEP": limits.nesting,
        "DOCUMENT_TOO_LONG": limits.characters,
        "TOO_MANY_TOKENS": limits.tokens,
        "TOO_DEEP": limits.depth,
        "TOO_MANY_ALIASES": limits.aliases,
        "TOO_MANY_FIELDS": limits.fields,
        "TOO_COSTLY": limits.cost,
        "PAGE_SIZE": MAX_PAGE,
        "INVALID": MAX_BATCH,
        "RATE_LIMITED": 600,
    }
    rows = [line for line in PAGE.partition("## Limits")[2].splitlines() if line.startswith("| ")]
    for code, number in numbers.items():
        assert any(f"`{code}`" in row and f"| {number:,}" in row for row in rows), code


def test_the_page_names_every_code_that_the_api_answers_with() -> None:
    sources = [ROOT / "backend/shuke/api" / name for name in ("context.py", "http")]
    files = [path for source in sources for path in (source.rglob("*.py") if source.is_dir() else [source])]
    said = set(protocol._CODES.values()) - {"TOO_LARGE", "TOO_MANY"}
    for path in files:
        said |= set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+|INTERNAL|UNSUPPORTED|UNAVAILABLE)"', path.read_text()))
    assert said and [code for code in sorted(said) if f"`{code}`" not in PAGE] == ["TOO_LARGE", "TOO_MANY"]
