"""Tags that files bring and take along: told row by row, set as the file's own, and gone with its undo."""

from pathlib import Path

import pytest

from shuke.domains.segments import queries, service
from shuke.domains.segments.types.tags import TagColour, TagSetBy
from shuke.kit import db
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.tags import group, held, names, settle, static, tag
from tests.integration.test_import_people import fates, taken, undone

HEADER = "姓名,手机号,门店,客户标签"


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def people(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)), "utf-8")
    return path


async def customer_of(phone: str) -> object:
    return await db.fetch_value("SELECT customer_id FROM customer_identity WHERE value = $1", f"+86{phone}")


async def test_a_column_of_tags_is_read_however_they_are_parted_and_undone_with_the_file(
    world: World, tmp_path: Path
) -> None:
    taste = await group(world, "口味", exclusive=True)
    sweet, _ = await static(world, "甜", taste), await static(world, "咸", taste)
    for name in ("VIP", "双胞胎"):
        await static(world, name)
    known = await make_customer(world, phone="13800138001")
    await tag(world, sweet, known)
    path = await people(
        tmp_path / "tags.csv",
        '小满,13800138001,S1,"VIP、咸"',
        '谷雨,13800138002,S1,"vip；双胞胎"',
        '立夏,13800138003,S1,"VIP|没有这个"',
        '芒种,13800138004,S1,"甜,咸"',
        "小暑,13800138005,S1,",
    )
    job = await taken(world, path)
    told = list((await fates(job)).values())
    assert [one[0] for one in told] == ["updated", "created", "rejected", "rejected", "created"]
    assert [one[1] for one in told[2:4]] == ["tag_unknown", "tags_exclude"]
    assert await names(world, known) == ["咸", "VIP"]
    new = await customer_of("13800138002")
    assert await names(world, new) == ["VIP", "双胞胎"]  # type: ignore[arg-type]
    assert {one.set_by for one in await held(world, known)} == {TagSetBy.IMPORT}
    await settle()
    await undone(world, job)
    assert await names(world, known) == ["甜"]
    assert await customer_of("13800138002") is None
    assert await db.fetch_value("SELECT count(*) FROM customer_tag WHERE removed_at IS NULL") == 1


async def test_what_a_model_sets_is_left_and_the_others_are_taken(world: World, tmp_path: Path) -> None:
    await service.predictive_tag(world.staff["hq"], "churn", "快流失", TagColour.ROSE)
    await static(world, "VIP")
    path = await people(tmp_path / "tags.csv", '谷雨,13800138002,S1,"VIP、快流失"')
    job = await taken(world, path)
    assert list((await fates(job)).values()) == [("created", "tag_left")]
    new = await customer_of("13800138002")
    assert await names(world, new) == ["VIP"]  # type: ignore[arg-type]


async def test_an_export_holds_what_an_import_reads(world: World) -> None:
    her, other = await make_customer(world), await make_customer(world)
    for name in ("VIP", "双胞胎"):
        await tag(world, await static(world, name), her)
    assert await queries.tag_names_of([her, other]) == {her: ["VIP", "双胞胎"]}
