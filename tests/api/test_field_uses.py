"""Where a field is used, before it is archived: every room that uses fields is asked, and answers for its own."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import shuke.domains
from shuke.api.profile.reads import USES, Asker
from shuke.domains.customers.queries import latest
from shuke.domains.customers.types.profile import FieldPlace
from shuke.domains.journeys import service as journeys
from shuke.domains.journeys.rules import fields_of
from shuke.domains.journeys.types import Definition, Step, Trigger, Wait
from shuke.domains.records import service
from shuke.domains.records.types import ExportFormat, ExportKind, ExportWish
from shuke.domains.segments import service as segments
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, codec, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.profile import add_fields, ask, new_field

ROOMS = sorted(path.parent.name for path in Path(shuke.domains.__path__[0]).glob("*/__init__.py"))
USAGE = "query ($key: String!) { fieldUsage(key: $key) { uses { place name } } }"
HEADINGS = "INSERT INTO import_mapping (id, brand_id, staff_id, fingerprint, columns) VALUES ($1, $2, $3, 'x', $4)"
NEW_JOURNEY = "INSERT INTO journey (id, brand_id, key, version) VALUES ($1, $2, 'visits', 1)"
NEW_VERSION = """
INSERT INTO journey_version (id, brand_id, journey_id, number, definition) VALUES ($1, $2, $3, $4, $5)
"""


@pytest.fixture
async def world(database: str) -> World:
    world = await make_world()
    await journeys.ensure_default_journeys(world.brand_id)
    return world


@pytest.fixture
async def key(world: World) -> str:
    """Of a field of head office's own that everything there is uses."""
    hq = world.staff["hq"]
    (key,) = await add_fields(hq, new_field("居住社区", searchable=True, weight=2))
    columns = codec.dumps({f"custom:{key}": "小区", "name": "姓名"})
    await db.execute(HEADINGS, new_id(), hq.brand_id, hq.id, columns)
    wish = ExportWish(ExportKind.CUSTOMERS, ExportFormat.CSV, "三月门店盘点", ["name", f"values.{key}"])
    await service.start_export(hq, wish)
    await journey(hq.brand_id, f"住在{{{key}}}的客人")
    rule = {"fact": f"custom.{key}", "op": "contains", "value": "滨江"}
    await segments.save_segment(hq, NewSegment(new_id(), "滨江的客人", rule))
    asked = codec.dumps([key])
    sql = "INSERT INTO link_offers (id, brand_id, version, offers, asked) VALUES ($1, $2, 1, '[]', $3)"
    await db.execute(sql, new_id(), hq.brand_id, asked)
    return key


def saying(words: str) -> Definition:
    said = {"zh-CN": words, "en": words}
    return Definition(Trigger("first_order"), (Step("hello", Wait(), Wait(hours=1), 3, said, said),))


async def journey(brand_id: Any, words: str) -> Any:
    journey_id = new_id()
    await db.execute(NEW_JOURNEY, journey_id, brand_id)
    await db.execute(NEW_VERSION, new_id(), brand_id, journey_id, 1, codec.dumps(saying(words)))
    return journey_id


async def places(world: World, key: str) -> list[tuple[str, str | None]]:
    found = (await ask(world.staff["hq"], USAGE, key=key))["uses"]
    return [(use["place"], use["name"]) for use in found]


def test_every_room_that_answers_is_asked() -> None:
    found: set[Asker] = set()
    for room in ROOMS:
        module = import_module(f"shuke.domains.{room}.queries")
        if hasattr(module, "field_uses"):
            found.add(module.field_uses)
    assert found == set(USES) and len(USES) == len(found)


async def test_each_room_finds_its_uses_and_no_place_is_left(world: World, key: str) -> None:
    hq = world.staff["hq"]
    field = (await latest(hq.brand_id)).document.field(key)
    assert field is not None
    found = [await room(hq, field) for room in USES]
    assert all(found)
    told = {use.place for uses in found for use in uses}
    assert set(FieldPlace) == told


async def test_head_office_reads_each_use_by_its_name(world: World, key: str) -> None:
    assert await places(world, key) == [
        *((place, None) for place in ("CUSTOMER_FORM", "SELF_COMPLETION", "COMPLETENESS", "SEARCH")),
        ("SEGMENT", "滨江的客人"),
        ("JOURNEY", "visits"),
        ("IMPORT_MAPPING", "小区"),
        ("EXPORT", "三月门店盘点"),
    ]
    assert ("JOURNEY", "首次消费道谢") in await places(world, "alias")
    assert ("EXPORT", "三月门店盘点") in await places(world, "name")
    assert ("JOURNEY", "沉睡唤醒") in await places(world, "last_order")
    assert all(place not in ("JOURNEY", "EXPORT", "IMPORT_MAPPING") for place, _ in await places(world, "industry"))


async def test_an_export_uses_a_field_no_longer_than_its_file_is_kept(world: World, key: str) -> None:
    await service.run_export(await db.fetch_value("SELECT id FROM export_job"))
    assert ("EXPORT", "三月门店盘点") in await places(world, key)
    with clock.pretended(clock.now() + timedelta(days=8)):
        assert ("EXPORT", "三月门店盘点") not in await places(world, key)


async def test_a_version_that_somebody_is_still_on_its_way_by_uses_the_field(world: World, key: str) -> None:
    hq = world.staff["hq"]
    journey_id = await db.fetch_value("SELECT id FROM journey WHERE key = 'visits'")
    await db.execute(NEW_VERSION, new_id(), hq.brand_id, journey_id, 2, codec.dumps(saying("好")))
    await db.execute("UPDATE journey SET version = 2 WHERE id = $1", journey_id)
    assert ("JOURNEY", "visits") not in await places(world, key)
    her = await make_customer(world)
    await db.execute(
        """INSERT INTO enrolment (id, brand_id, journey_id, version_id, customer_id, occurrence, started_at)
        SELECT $1, brand_id, journey_id, id, $2, 'x', now() FROM journey_version
        WHERE journey_id = $3 AND number = 1""",
        *(new_id(), her, journey_id),
    )
    assert ("JOURNEY", "visits") in await places(world, key)


def test_names_in_words_and_what_starts_a_journey_are_fields() -> None:
    assert fields_of(saying("{called}，{ju_zhu}")) == {
        "order_count": "hello",
        "alias": "hello",
        "name": "hello",
        "ju_zhu": "hello",
    }
