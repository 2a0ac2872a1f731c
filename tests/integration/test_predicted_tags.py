"""What predictions call customers becomes their tags: once, whatever repeats or is killed, of whoever is willing."""

import asyncio
import csv
import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shuke.app.commands.predict import _export
from shuke.domains.predictions.types import Label
from shuke.domains.records import service as records
from shuke.domains.segments import queries, service
from shuke.domains.segments.service import foretold
from shuke.domains.segments.types.tags import HeldTag, TagColour, TagKind, TagSetBy
from shuke.kit import clock, db, events
from tests.factories import World, make_world
from tests.factories.merging import merge
from tests.factories.predictions import foretell, habits, scored
from tests.factories.segments import add_customers
from tests.factories.tags import held, names, settle
from tests.integration.test_predictions import refuse
from tests.integration.test_segments_live import members, segment

CHURN, NEW = "高流失风险", "新品潜在买家"
ROWS = "SELECT id, set_at, removed_at, score, reasons, model_version, expires_at FROM customer_tag ORDER BY id"
TOLD = "SELECT count(*) FROM event WHERE kind = 'tags.predicted'"
LABELLED = "SELECT customer_id, unnest(labels) FROM customer_prediction"
TAGGED = """
SELECT x.customer_id, t.model FROM customer_tag x JOIN tag t ON t.id = x.tag_id WHERE x.removed_at IS NULL
"""
SHOWN = TAGGED.replace("t.model", "t.name")
WORKER = """
import asyncio, sys
from shuke.domains.segments import service
from shuke.domains.segments.service import foretold
from shuke.kit import db

foretold.CHUNK = 20

async def main():
    await db.connect(sys.argv[1])
    while await service.sweep_foretold(1):
        print("chunk", flush=True)
        await asyncio.sleep(0.05)
    await db.disconnect()

asyncio.run(main())
"""


async def run_ended(world: World) -> None:
    """As at the end of a night's run: everybody's tags follow."""
    async with db.tx():
        await events.record(world.brand_id, "predictions.scored", events.SYSTEM, ("prediction_model", None))
    await settle()
    while await service.sweep_foretold(1):
        pass
    await settle()


async def foretell_all(world: World, people: list[UUID]) -> None:
    """As one chunk of a run does."""
    for her in people:
        await foretell(world, her)
    await db.execute("UPDATE customer_prediction SET expires_at = (SELECT max(expires_at) FROM customer_prediction)")


async def call(her: UUID, *labels: Label, order: float = 0.2) -> None:
    sql = "UPDATE customer_prediction SET labels = $2, order_90 = $3, new_90 = 0.75 WHERE customer_id = $1"
    await db.execute(sql, her, [label.value for label in labels], order)


async def one(world: World, her: UUID) -> HeldTag:
    (found,) = await held(world, her)
    return found


async def rows() -> list[Any]:
    return [tuple(row) for row in await db.fetch(ROWS)]


async def test_a_label_is_a_tag_with_score_reasons_model_and_a_last_day_and_goes_with_it(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    await foretell(world, her)
    await run_ended(world)
    tag = await one(world, her)
    assert (tag.name, tag.group, tag.kind, tag.set_by) == (CHURN, "预测", TagKind.PREDICTIVE, TagSetBy.MODEL)
    assert (tag.colour, tag.model_version) == (TagColour.ROSE, "order_90/1")
    assert abs((tag.score or 0) - 0.8) < 1e-6
    assert tag.reasons and len(tag.reasons) == 3 and tag.reasons[0]["zh-CN"] == "已经 80 天没来了"
    assert all(reason["en"] and reason["zh-CN"] for reason in tag.reasons)
    assert tag.expires_at == await db.fetch_value("SELECT expires_at FROM customer_prediction")
    assert await names(world, other) == []
    key = await segment(world, "leaving", {"fact": "tags", "op": "any", "value": [str(tag.tag_id)]})
    await settle()
    assert await members(key) == {her}
    await call(her)
    await run_ended(world)
    assert await names(world, her) == [] and await members(key) == set()
    row = await db.fetch_row("SELECT removed_how, removed_at FROM customer_tag")
    assert row and row[0] == "model" and row[1]


async def test_two_labels_are_two_tags_each_with_its_own_chance_and_reasons(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    await foretell(world, her)
    await call(her, Label.CHURN_RISK, Label.NEW_ITEM_BUYER)
    await run_ended(world)
    found = {tag.name: tag for tag in await held(world, her)}
    assert set(found) == {CHURN, NEW}
    assert (found[NEW].score, found[NEW].model_version) == (0.75, "new_90/1")
    assert len(found[NEW].reasons or ()) == 2 and found[NEW].reasons != found[CHURN].reasons


async def test_the_same_run_told_twice_changes_nothing_and_is_no_news(database: str) -> None:
    world = await make_world()
    await foretell_all(world, await add_customers(world, 3))
    await run_ended(world)
    before, told = await rows(), await db.fetch_value(TOLD)
    assert (len(before), told) == (3, 1)
    await run_ended(world)
    assert (await rows(), await db.fetch_value(TOLD)) == (before, told)


async def test_the_next_nights_run_keeps_the_day_since_when(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    await foretell(world, her)
    await run_ended(world)
    first = await one(world, her)
    with clock.pretended(clock.now() + timedelta(days=1)):
        await db.execute(
            "UPDATE customer_prediction SET order_90 = 0.1, numbers = '{2,2,2}', expires_at = $1",
            clock.now() + timedelta(days=3),
        )
        await run_ended(world)
        then = await one(world, her)
    assert then.since == first.since and then.expires_at and first.expires_at and then.expires_at > first.expires_at
    assert then.model_version == "order_90/2" and then.score and then.score > 0.85
    assert await db.fetch_value(TOLD) == 1


async def test_everybody_of_a_brand_has_her_labels_as_tags_chunk_by_chunk(
    database: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(foretold, "CHUNK", 70)
    world = await make_world()
    await habits(world, 700)
    await scored(world)
    await run_ended(world)
    labelled = {tuple(row) for row in await db.fetch(LABELLED)}
    assert len({row[1] for row in labelled}) > 1 and len(labelled) > 70
    assert {tuple(row) for row in await db.fetch(TAGGED)} == labelled
    assert await db.fetch_value("SELECT count(*) FROM prediction_walk") == 0
    await db.execute("UPDATE tag SET name = '快走了' WHERE model = 'churn_risk'")
    await _export(tmp_path / "out.csv", None, 90, None)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as source:
        taken = {(UUID(row["customer"]), name) for row in csv.DictReader(source) for name in row["tags"].split("、")}
    shown = {(row[0], row[1]) for row in await db.fetch(SHOWN)}
    assert any(name == "快走了" for _, name in shown)
    assert {one for one in taken if one[1]} == shown


async def test_a_worker_that_is_killed_goes_on_where_it_was(database: str) -> None:
    world = await make_world()
    people = await add_customers(world, 120)
    await foretell_all(world, people)
    await service.walk_predictions(world.brand_id)
    for chunks, least in ((2, 40), (2, 60), (None, 120)):
        await worker(database, chunks)
        many, twice = await counted()
        assert least <= many and many == twice
    assert await counted() == (120, 120)
    assert await db.fetch_value(TOLD) == 6 and await db.fetch_value("SELECT count(*) FROM prediction_walk") == 0


async def counted() -> tuple[int, int]:
    """Rows, customers."""
    row = await db.fetch_row("SELECT count(*), count(DISTINCT customer_id) FROM customer_tag")
    assert row
    return row[0], row[1]


async def worker(url: str, chunks: int | None) -> None:
    """A process that is killed after so many chunks; None: left to finish."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, url, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout
    if chunks is None:
        await process.communicate()
        assert process.returncode == 0
        return
    for _ in range(chunks):
        assert await process.stdout.readline() == b"chunk\n"
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def test_who_refuses_to_be_profiled_loses_the_tag_and_is_given_none(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    for each in (her, other):
        await foretell(world, each)
    await run_ended(world)
    await refuse(world, her)
    assert await names(world, her) == []  # at once, to whoever looks
    await settle()
    assert (
        await db.fetch_value("SELECT count(*) FROM customer_tag WHERE removed_at IS NULL AND customer_id = $1", her)
        == 0
    )
    await foretell(world, her)  # a run that read her just before
    await run_ended(world)
    assert (await names(world, her), await names(world, other)) == ([], [CHURN])
    assert (
        await db.fetch_value("SELECT count(*) FROM customer_tag WHERE removed_at IS NULL AND customer_id = $1", her)
        == 0
    )


async def test_when_two_become_one_or_two_again_neither_has_what_was_said_of_somebody_else(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    for each in (her, other):
        await foretell(world, each)
    await call(other, Label.NEW_ITEM_BUYER)
    await run_ended(world)
    merged = await merge(world, her, other)
    await settle()
    assert await names(world, her) == []
    await foretell(world, her)  # the next night's
    await run_ended(world)
    assert await names(world, her) == [CHURN]
    await records.undo_merge(world.staff["hq"], merged)
    await settle()
    assert (await names(world, her), await names(world, other)) == ([], [])


async def test_with_too_little_history_nobody_has_a_tag_nor_is_there_one(database: str) -> None:
    world = await make_world()
    await habits(world, 40, days=60)
    await scored(world)
    await run_ended(world)
    assert await db.fetch_value("SELECT count(*) FROM tag") == 0
    (her,) = await add_customers(world, 1)
    await foretell(world, her)
    await run_ended(world)
    assert await names(world, her) == [CHURN]
    await scored(world)  # there is still too little
    await run_ended(world)
    assert await names(world, her) == []


async def test_when_the_model_stops_nobody_keeps_a_tag_beyond_its_last_day(database: str) -> None:
    world = await make_world()
    (her,) = await add_customers(world, 1)
    await foretell(world, her)
    await run_ended(world)
    key = (await one(world, her)).tag_id
    with clock.pretended(clock.now() + timedelta(days=5)):
        assert await names(world, her) == [] and await queries.tag_counts(world.staff["hq"], [key]) == [0]


async def test_a_tag_that_head_office_renames_or_puts_away_stays_so(database: str) -> None:
    world = await make_world()
    her, other = await add_customers(world, 2)
    await foretell(world, her)
    await run_ended(world)
    key = (await one(world, her)).tag_id
    await db.execute("UPDATE tag SET name = '快走了' WHERE id = $1", key)
    await run_ended(world)
    assert await names(world, her) == ["快走了"]
    await service.archive_tag(world.staff["hq"], key)
    await foretell(world, other)
    await run_ended(world)
    assert await names(world, her) == await names(world, other) == []
    assert await db.fetch_value("SELECT count(*) FROM tag") == 1
