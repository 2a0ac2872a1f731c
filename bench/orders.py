"""Import of a real retailer's order lines, against reading the same file with csv and copying it into a bare table."""

import asyncio
import csv
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import asyncpg

from bench.table import Row
from shuke.kit import db
from tests.memory import peak
from tests.servers import embedded_for_tests, fresh_database

ROUNDS = 3
ROOT = Path(__file__).parent.parent
SHUKE = Path(sys.executable).parent / "shuke"


def source() -> Path:
    """The packed file, in the folder that SHUKE_TEST_DATA names."""
    return Path(os.environ.get("SHUKE_TEST_DATA", "")) / "online_retail_lines.csv.xz"


async def floor_once(path: Path, url: str) -> float:
    connection = await asyncpg.connect(db.plain_dsn(url))
    await connection.execute("DROP TABLE IF EXISTS bare")
    await connection.execute("CREATE TABLE bare (a text, b text, c text, d text, e text, f text, g text, h text)")
    begin = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        await connection.copy_records_to_table("bare", records=rows)
    spent = time.perf_counter() - begin
    await connection.close()
    return spent


def ours_once(path: Path, url: str) -> tuple[float, float]:
    """Seconds, and MB that its processes held together at most."""
    environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    mapping = ROOT / "examples" / "online-retail.toml"
    begin = time.perf_counter()
    command = [str(SHUKE), "import", "orders", str(path), "--mapping", str(mapping), "--json"]
    with subprocess.Popen(command, env=environment, text=True) as process:
        most = peak(process)
    spent = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit("the import failed")
    return spent, most


def run() -> list[Row]:
    packed = source()
    if not packed.is_file():
        print(f"import: skipped, no {packed.name} in SHUKE_TEST_DATA")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        with lzma.open(packed) as source_file, path.open("wb") as target:
            shutil.copyfileobj(source_file, target)
        return asyncio.run(_run(path))


async def _run(path: Path) -> list[Row]:
    ours, floors, memory = [], [], 0.0
    for _ in range(ROUNDS):
        async with fresh_database() as url:
            await db.migrate(url)
            floors.append(await floor_once(path, url))
            spent, peak = await asyncio.to_thread(ours_once, path, url)
            ours.append(spent)
            memory = max(memory, peak)
    lines = 541_909
    mine, floor = lines / median(ours), lines / median(floors)
    # pair by pair, since the machine's speed drifts
    ratio = median(bare / own for own, bare in zip(ours, floors, strict=True))
    return [
        Row(
            "import of 541,909 order lines",
            f"{mine:,.0f} rows/s",
            f"{floor:,.0f} rows/s",
            ratio,
            "≥ 1/6",
            ratio >= 1 / 6,
        ),
        Row("memory of that import", f"{memory:.0f} MB", "", None, "< 300 MB", memory < 300),
    ]
