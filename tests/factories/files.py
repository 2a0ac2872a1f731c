"""Files to import, and the command that imports them as a process of its own."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

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
    return counts


def measured_import(url: str, *arguments: object) -> tuple[dict[str, int], float]:
    """The counts, and the most memory that the process held, in MB."""
    line, environment = command(url, *arguments, "--json")
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(line, env=environment, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        output.seek(0)
        counts: dict[str, int] = json.loads(output.read())
    return counts, used.ru_maxrss / 1024


def refused_import(url: str, *arguments: object) -> str:
    """The one sentence with which the command refuses."""
    line, environment = command(url, *arguments)
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and not done.stdout, (done.stdout, done.stderr)
    assert done.stderr.startswith("shuke: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("shuke: ").strip()
