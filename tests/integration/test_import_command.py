"""`shuke import customers --overwrite` and `shuke import undo`: what a file may overwrite, and all of it taken back."""

import json
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from shuke.app.commands.import_ import command
from shuke.domains.customers import service as archive
from shuke.domains.customers.types import Policy
from shuke.domains.records import queries, service
from shuke.domains.records.service import undoing
from shuke.domains.records.types import ImportState, Undo, Wish
from shuke.kit import db
from shuke.kit.errors import Refusal
from tests.factories import World, make_world
from tests.factories import files as commands
from tests.factories.customers import make_customer
from tests.factories.files import read_report, write_csv
from tests.factories.profile import add_fields, new_field
from tests.integration.test_import_people import EVERYTHING, taken
from tests.integration.test_segments_live import changes, members, segment, settle

HEADER = "姓名 手机号 门店 备注 小区"
STANDS = "SELECT name, note, custom_values->>$1 FROM customer WHERE name IN ('甲', '甲改', '甲新')"
BOOKS = "'{updated_at,version,field_versions}'::text[]"


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


@pytest.fixture
async def area(world: World) -> str:
    """Key of a field of head office's own."""
    (key,) = await add_fields(world.staff["hq"], new_field("小区"))
    return key


def shuke(database: str, *arguments: object) -> dict[str, object]:
    line, environment = commands.command(database, *arguments, "--json")
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def refused(database: str, *arguments: object) -> str:
    line, environment = commands.command(database, *arguments)
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode and "Traceback" not in done.stderr
    return done.stderr


async def test_the_shell_says_field_by_field_what_a_file_may_overwrite(world: World, area: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", HEADER, [["甲新", "13800000001", "S1", "新话", "新村"]])
    key = await make_customer(world, phone="13800000001", name="甲", note="旧话")
    sql = "UPDATE customer SET custom_values = jsonb_build_object($2::text, '旧村') WHERE id = $1"
    await db.execute(sql, key, area)
    told: list[tuple[tuple[tuple[str, Policy], ...], tuple[str, str, str]]] = [
        ((), ("甲", "旧话", "旧村")),
        ((("note", Policy.TAKE),), ("甲", "新话", "旧村")),
        ((("", Policy.TAKE), ("name", Policy.KEEP)), ("甲", "新话", "新村")),
        (((f"values.{area}", Policy.KEEP), ("", Policy.TAKE)), ("甲新", "新话", "新村")),
    ]
    for overwrite, stands in told:
        await service.import_customers(Wish(path, overwrite=overwrite), lambda what, rows: None)
        row = await db.fetch_row(STANDS, area)
        assert row and tuple(row) == stands, overwrite
    with pytest.raises(Refusal, match="overwrite_field"):
        await service.import_customers(Wish(path, overwrite=(("phone", Policy.TAKE),)), lambda what, rows: None)


async def test_the_command_takes_the_policy_and_undoes_the_batch_that_it_printed(
    world: World, area: str, database: str, tmp_path: Path
) -> None:
    await make_customer(world, phone="13800000001", name="甲", note="旧话")
    await make_customer(world, phone="13800000009", name="旁人")
    before = await db.fetch_row(EVERYTHING.replace("'updated_at'", BOOKS))
    rows = [["甲新", "13800000001", "S1", "新话", "新村"], ["乙", "13800000002", "S1", "", ""]]
    path = write_csv(tmp_path / "1.csv", HEADER, rows)
    said = shuke(database, "customers", path, "--overwrite", "take", "--overwrite", "note=keep")
    assert (said["created"], said["updated"]) == (1, 1)
    row = await db.fetch_row(STANDS, area)
    assert row and tuple(row) == ("甲新", "旧话", "新村")
    assert shuke(database, "undo", said["batch"]) == {"removed": 1, "restored": 1, "stayed": 0}
    assert await db.fetch_row(EVERYTHING.replace("'updated_at'", BOOKS)) == before
    kinds = "SELECT kind FROM event WHERE subject_type = 'import_batch' ORDER BY id"
    assert [row[0] for row in await db.fetch(kinds)] == ["import.undo_started", "import.undone"]
    assert "nothing to undo" in refused(database, "undo", said["batch"])


async def test_whom_an_undone_file_takes_away_leaves_her_segments_and_that_is_told(
    world: World, tmp_path: Path
) -> None:
    batch, everybody = uuid4(), await segment(world, "所有人", {"all": []})
    stays = await make_customer(world)
    wish = Wish(write_csv(tmp_path / "1.csv", HEADER, [["甲", "13800000001", "S1", "", ""]]), batch_id=batch)
    await service.import_customers(wish, lambda what, rows: None)
    await settle()
    (hers,) = await members(everybody) - {stays}
    await service.undo_batch(batch, lambda what, rows: None)
    await settle()
    assert await members(everybody) == {stays}
    assert [one["left"] for one in await changes() if one["left"]] == [{str(everybody): [str(hers)]}]


async def test_what_somebody_changed_since_stays_and_stands_in_the_report(world: World, tmp_path: Path) -> None:
    batch, report = uuid4(), tmp_path / "stayed.csv"
    rows = [[f"第{n}位", f"139{n:08}", "S1", "", ""] for n in range(3)]
    wish = Wish(write_csv(tmp_path / "1.csv", HEADER, rows), batch_id=batch)
    await service.import_customers(wish, lambda what, rows: None)
    key = await db.fetch_value("SELECT id FROM customer WHERE name = '第1位'")
    await archive.update_customer(world.staff["hq"], key, 1, {"alias": "小一"})
    assert await service.undo_batch(batch, lambda what, rows: None) == Undo(removed=2, restored=0, stayed=1)
    await service.report_stayed(batch, report)
    assert [row["id"] for row in read_report(report)] == [str(key)]
    assert "stayed_changed" in read_report(report)[0]["reasons"]


async def test_an_undo_that_was_stopped_goes_on_and_one_too_late_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = uuid4()
    rows = [[f"第{n}位", f"139{n:08}", "S1", "", ""] for n in range(30)]
    wish = Wish(write_csv(tmp_path / "1.csv", HEADER, rows), batch_id=batch)
    await service.import_customers(wish, lambda what, rows: None)
    monkeypatch.setattr(undoing, "NEXT", undoing.NEXT.replace("LIMIT 500", "LIMIT 10"))

    def stop(what: str, customers: int) -> None:
        if customers == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await service.undo_batch(batch, stop)
    assert await db.fetch_value("SELECT count(*) FROM customer") == 10
    await db.execute("UPDATE import_change SET created_at = now() - interval '31 days'")
    with pytest.raises(Refusal, match="undo_late"):
        await service.undo_batch(batch, lambda what, rows: None)
    await db.execute("UPDATE import_change SET created_at = now()")
    assert (await service.undo_batch(batch, lambda what, rows: None)).removed == 10
    with pytest.raises(Refusal, match="undo_batch"):
        await service.undo_batch(uuid4(), lambda what, rows: None)


async def test_an_import_of_the_app_is_undone_from_a_shell_too(world: World, database: str, tmp_path: Path) -> None:
    rows = [["甲", "13800000001", "S1", "", ""], ["乙", "13800000002", "S1", "", ""]]
    job = await taken(world, write_csv(tmp_path / "1.csv", HEADER, rows))
    assert shuke(database, "undo", job.id) == {"removed": 2, "restored": 0, "stayed": 0}
    assert (await queries.import_job(world.staff["hq"], job.id)).state is ImportState.UNDONE
    assert await db.fetch_value("SELECT count(*) FROM customer") == 0


@pytest.mark.parametrize(
    ("said", "told"), [("name=always", "is none of own, fill, take, keep"), ("keep=name", "is none of")]
)
def test_a_policy_that_there_is_not_is_said_at_once(tmp_path: Path, said: str, told: str) -> None:
    path = write_csv(tmp_path / "1.csv", HEADER, [])
    done = CliRunner().invoke(command, ["customers", str(path), "--overwrite", said])
    assert done.exit_code == 2 and told in done.output
