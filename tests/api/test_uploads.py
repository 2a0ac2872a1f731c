"""POST /imports takes files from our own pages and from nobody else; the report gives a line for every row."""

import csv
import io
from collections.abc import AsyncIterator

import pytest

from shuke.api.pagination import global_id
from shuke.domains.records import service
from shuke.domains.records.service import uploads
from shuke.kit import db
from tests.api.real import Browser, partner, serving, signed_in
from tests.factories import World, make_world
from tests.factories.imports import FILE

KIND = {"content-type": "application/octet-stream", "x-file-name": "..%2F%E5%AE%A2%E4%BA%BA%0A.csv"}
JOB = """query ($id: ID!) { importJob(id: $id) { state fileName uploadId problem counts { read created rejected }
  startedBy { name } rejectedRows(first: 5) { edges { node { sheet row verdict reason message } } } } }"""


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def test_from_a_file_to_its_report_as_head_office_does_it(world: World) -> None:
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        sent = await hq.http.post("/imports", content=FILE, headers=KIND)
        assert (sent.status_code, sent.json()["bytes"]) == (201, len(FILE))
        chosen = {"uploadId": sent.json()["id"], "kind": "CUSTOMERS", "dryRun": False}
        job_id = (await hq.do("startImport", "job { id state }", **chosen))["job"]["id"]
        waiting = await db.fetch_value("SELECT id FROM import_job WHERE state = 'waiting'")
        assert job_id == global_id("ImportJob", waiting)
        await service.run_import(waiting)
        job = (await hq.ask(JOB, id=job_id))["importJob"]
        assert (job["state"], job["fileName"], job["uploadId"]) == ("DONE", "客人.csv", sent.json()["id"])
        assert job["counts"] == {"read": 2, "created": 1, "rejected": 1} and job["startedBy"] == {"name": "hq"}
        (edge,) = job["rejectedRows"]["edges"]
        assert (edge["node"]["row"], edge["node"]["reason"]) == (3, "phone_invalid") and edge["node"]["message"]
        report = await hq.http.get(f"/imports/{waiting}/report.csv")
        rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
        assert [(row["file"], row["row"], row["verdict"]) for row in rows] == [
            ("客人.csv", "2", "created"),
            ("客人.csv", "3", "rejected"),
        ]
        customer = await db.fetch_value("SELECT id FROM customer")
        assert rows[0]["id"] == global_id("Customer", customer) and rows[1]["message"] == edge["node"]["message"]
        only = await hq.http.get(f"/imports/{waiting}/report.csv?rows=rejected")
        assert only.text.count("\n") == 2
        for who in (await signed_in(app, world, "manager"), Browser(app), await elsewhere(app)):
            assert (await who.http.get(f"/imports/{waiting}/report.csv")).status_code in (401, 403, 404)
        assert (await hq.http.get("/imports/nothing/report.csv")).status_code == 404


async def elsewhere(app: object) -> Browser:
    return await signed_in(app, await make_world("别家"), "hq")  # type: ignore[arg-type]


async def test_only_our_own_page_and_who_may_import_can_send_a_file(world: World) -> None:
    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        refusals = [
            (hq, {"origin": "http://elsewhere.example"}, 403, "CROSS_ORIGIN"),
            (hq, {"sec-fetch-site": "same-site"}, 403, "CROSS_ORIGIN"),
            (hq, {"content-type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
            (hq, {"content-length": str(1 << 40)}, 413, "INVALID"),
            (Browser(app), {}, 401, "SIGN_IN_NEEDED"),
            (await signed_in(app, world, "guide"), {}, 403, "FORBIDDEN"),
            (await partner(app, world, "read"), {}, 403, "FORBIDDEN"),
        ]
        for browser, headers, status, code in refusals:
            answer = await browser.http.post("/imports", content=FILE, headers=KIND | headers)
            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
        assert (await hq.http.post("/imports", content=b"", headers=KIND)).status_code == 400
        assert await db.fetch_value("SELECT count(*) FROM import_upload") == 0


async def test_a_file_that_grows_too_large_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 3 << 20)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(1 << 20)

    async with serving() as app:
        hq = await signed_in(app, world, "hq")
        answer = await hq.http.post("/imports", content=endless(), headers=KIND)
        assert answer.status_code == 413
        counts = "SELECT (SELECT count(*) FROM import_upload) + (SELECT count(*) FROM import_piece)"
        assert await db.fetch_value(counts) == 0
