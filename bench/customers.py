"""Import of a workbook of customers, against reading it with the same library and copying its rows to a bare table."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import asyncpg
import python_calamine
import xlsxwriter

from bench.table import Row
from shuke.kit import db
from tests.memory import peak
from tests.servers import embedded_for_tests, fresh_database

ROUNDS = 3
ROWS = 20_000
GOAL = 0.1
SHUKE = Path(sys.executable).parent / "shuke"
HEADER = ("姓名", "称呼", "手机号", "会员号", "门店", "性别", "生日", "等级", "来源", "备注", "建档日期", "跟进记录")
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "若溪雨桐佳怡敏静思远子涵梓萱欣妍一诺可馨诗琪"


def workbook(path: Path) -> Path:
    """20,000 customers of three stores, every fifth with something that was written down about her."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet = book.add_worksheet("客户")
        sheet.write_row(0, 0, HEADER)
        for n in range(1, ROWS + 1):
            name = FAMILY[n % 20] + GIVEN[n // 20 % 22] + GIVEN[n // 440 % 22]  # two or three of each
            sheet.write_row(n, 0, (name, f"{name[1:]}妈妈"))
            sheet.write_number(n, 2, 13_900_000_000 + n)
            sheet.write_row(n, 3, (f"V{n:06}", "1", "女" if n % 9 else "男"))
            sheet.write_datetime(n, 6, date(1985, 1, 1) + timedelta(days=n % 5000), day)
            sheet.write_row(n, 7, ("金卡", "到店", "爱喝温水"))
            sheet.write_datetime(n, 10, date(2020, 1, 1) + timedelta(days=n % 1500), day)
            if n % 5 == 0:
                sheet.write_string(n, 11, f"问了推车 {n}")
    return path


async def floor_once(path: Path, url: str) -> float:
    connection = await asyncpg.connect(db.plain_dsn(url))
    columns = ", ".join(f"c{n} text" for n in range(len(HEADER)))
    await connection.execute(f"DROP TABLE IF EXISTS bare; CREATE TABLE bare ({columns})")
    begin = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = iter(book.get_sheet_by_index(0).to_python())
    next(rows)
    await connection.copy_records_to_table("bare", records=[[str(cell) for cell in row] for row in rows])
    spent = time.perf_counter() - begin
    await connection.close()
    return spent


def ours_once(path: Path, url: str) -> tuple[float, float]:
    """Seconds, and MB that its processes held together at most."""
    environment = os.environ | {"SHUKE_DATABASE_URL": url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
    begin = time.perf_counter()
    command = [str(SHUKE), "import", "customers", str(path), "--json"]
    with subprocess.Popen(command, env=environment, text=True) as process:
        most = peak(process)
    spent = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit("the import failed")
    return spent, most


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(workbook(Path(folder) / "customers.xlsx")))


async def _run(path: Path) -> list[Row]:
    ours, floors, memory = [], [], 0.0
    for _ in range(ROUNDS):
        async with fresh_database() as url:
            await db.migrate(url)
            floors.append(await floor_once(path, url))
            spent, peak = await asyncio.to_thread(ours_once, path, url)
            ours.append(spent)
            memory = max(memory, peak)
    mine, floor = ROWS / median(ours), ROWS / median(floors)
    ratio = median(bare / own for own, bare in zip(ours, floors, strict=True))
    what = f"import of a workbook of {ROWS:,} customers"
    return [
        Row(what, f"{mine:,.0f} rows/s", f"{floor:,.0f} rows/s", ratio, f"≥ {GOAL}", ratio >= GOAL),
        Row("memory of that import, all its processes", f"{memory:.0f} MB", "", None, "", True),
    ]
