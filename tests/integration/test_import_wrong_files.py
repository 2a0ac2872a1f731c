"""What is no file of orders is one clear sentence, and nothing is written."""

from pathlib import Path

import asyncpg
import pytest

from tests.factories.files import EXAMPLES, EXTRACT, RETAILER, refused_import

GOOD = b"receipt_no,placed_at,quantity,unit_price\n1,2026-03-02 10:00,1,1\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "lines.csv is empty"),
        (b"\xef\xbb\xbf\r\n", "lines.csv is empty"),
        (b"\x7fELF\x00\x00", "lines.csv is no text file"),
        (b"PK\x03\x04 a workbook", "lines.csv cannot be opened"),
        (b"\xd0\xcf\x11\xe0", "lines.csv asks for a password, or is no workbook"),
        (b"a,b\n1,2\n", "Missing columns: 单号"),
        (b"receipt_no,placed_at,quantity\n1,2026-03-02,1\n", "no column for a unit price or a total"),
        (GOOD * 3000 + "2,2026-03-02,退货,1\n".encode("gb18030"), "this is not utf-8"),
        (GOOD + b'2,"' + b"x" * 200_000, "the quotes do not match"),
    ],
)
async def test_a_wrong_file_is_one_sentence(database: str, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    assert sentence in refused_import(database, "orders", path)
    await nothing_is_written(database)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("source = ", "mapping.toml is not right"),
        ("sauce = 'x'", "unknown field `sauce`"),
        ("encoding = 'klingon'", "unknown encoding: klingon"),
        ("timezone = 'Mars/Base'", "Mars/Base"),
        ("[columns]\nreceipt = 'x'", "names the field receipt, which does not exist"),
        ("[columns]\nreceipt_no = 'InvoiceNo'", "Missing columns: placed_at"),
    ],
)
async def test_a_wrong_mapping_is_one_sentence(database: str, tmp_path: Path, mapping: str, sentence: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    assert sentence in refused_import(database, "orders", EXTRACT, "--mapping", path)
    await nothing_is_written(database)


async def test_a_report_that_cannot_be_written_is_told_before_anything_is_stored(database: str, tmp_path: Path) -> None:
    said = refused_import(database, "orders", EXTRACT, "--mapping", RETAILER, "--report", tmp_path / "no" / "r.csv")
    assert said.startswith("Cannot use ") and said.endswith("No such file or directory.")
    connection = await asyncpg.connect(database)
    assert await connection.fetchval('SELECT count(*) FROM "order"') == 0
    await connection.close()


async def test_a_report_over_the_file_itself_is_refused_and_the_file_is_whole(database: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(GOOD)
    assert "written over lines.csv" in refused_import(database, "orders", path, "--report", path)
    assert path.read_bytes() == GOOD


async def test_another_brand_or_currency_than_the_files_is_told(database: str) -> None:
    from tests.factories import make_world

    await make_world()
    assert "Another currency than the brand's, which is CNY" in refused_import(
        database, "orders", EXTRACT, "--mapping", RETAILER
    )
    assert "Say which brand with --brand; there are: 好孕来" in refused_import(
        database, "customers", EXAMPLES / "customers.csv", "--brand", "别家"
    )


async def nothing_is_written(url: str) -> None:
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT count(*) FROM brand") == 0
    await connection.close()
