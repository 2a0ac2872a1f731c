"""Files to import, and the command that imports them as a process of its own."""

import asyncio
import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from shuke.kit import db
from tests.memory import peak
from tests.servers import embedded_for_tests

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
EXTRACT = ROOT / "tests" / "data" / "online_retail_extract.csv"
RETAILER = EXAMPLES / "online-retail.toml"


def write_csv(path: Path, header: str, rows: Iterable[Sequence[str]]) -> Path:
    """A CSV file; `header`: the headings, separated by spaces."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])
    return path


def read_report(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def command(url: str, *arguments: object) -> tuple[list[str], dict[str, str]]:
    """`shuke import ARGUMENTS…` on this database, and its environment."""
    environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    return [sys.executable, "-m", "shuke.app.cli", "import", *map(str, arguments)], environment


def shuke_import(url: str, *arguments: object) -> dict[str, int]:
    """The counts that the command prints with --json."""
    line, environment = command(url, *arguments, "--json")
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    counts.pop("batch", None)
    return counts


# A process begins with its starter's size on its account, so a small one must do the starting.
def measured_import(url: str, *arguments: object) -> tuple[dict[str, int], float]:
    """The counts, and the most memory that its processes held together, in MB."""
    line, environment = command(url, *arguments, "--json")
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True) as process:
        megabytes = peak(process)
        assert process.stdout and process.returncode == 0
        return json.loads(process.stdout.read()), megabytes


async def killed_import(url: str, *arguments: object, after: int = 0) -> int:
    """Kills the command as soon as more than `after` orders are stored; their number. The test is connected."""
    line, environment = command(url, *arguments)
    with subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            async with asyncio.timeout(120):
                while (await db.fetch_value('SELECT count(*) FROM "order"')) <= after:
                    assert process.poll() is None
                    await asyncio.sleep(0.01)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL
    return int(await db.fetch_value('SELECT count(*) FROM "order"'))


def refused_import(url: str, *arguments: object) -> str:
    """The one sentence with which the command refuses."""
    line, environment = command(url, *arguments)
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and not done.stdout, (done.stdout, done.stderr)
    assert done.stderr.startswith("shuke: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("shuke: ").strip()
