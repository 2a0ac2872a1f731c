"""Files that are made here and fetched later: whole, by their own brand, until their day."""

from datetime import timedelta
from pathlib import Path

from shuke.api.http.doors import disposition
from shuke.kit import clock, db, files
from tests.factories import make_world


async def test_a_file_comes_back_whole_until_its_day_and_to_its_own_brand_only(database: str, tmp_path: Path) -> None:
    world, other = await make_world(), await make_world("别家")
    path = tmp_path / "x"
    path.write_bytes(bytes(range(256)) * 9000)  # two pieces and a part of a third
    until = clock.now() + timedelta(days=7)
    key = await files.keep(world.brand_id, path, "客户 2026.xlsx", "application/x", until)
    found = await files.find(world.brand_id, key)
    assert found and (found.name, found.size) == ("客户 2026.xlsx", 256 * 9000)
    assert b"".join([piece async for piece in files.pieces(found)]) == path.read_bytes()
    assert await files.find(other.brand_id, key) is None
    assert await files.purge() == 0
    with clock.pretended(until + timedelta(seconds=1)):
        assert await files.find(world.brand_id, key) is None
        assert await files.purge() == 1
    assert await db.fetch_value("SELECT count(*) FROM stored_piece") == 0


def test_a_files_name_may_be_written_in_any_script() -> None:
    assert disposition('客户"x.xlsx') == (
        "attachment; filename=\"___x.xlsx\"; filename*=UTF-8''%E5%AE%A2%E6%88%B7%22x.xlsx"
    )
