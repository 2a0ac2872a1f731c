"""Children whom files bring: what is to come is followed, rules find their mothers, an undo takes all of it back."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from shuke.domains.customers.types import Claim, ContactRole, IfTaken
from shuke.domains.records import queries
from shuke.domains.records.types import Undo
from shuke.domains.segments import service as segments
from shuke.domains.segments.types.rules import NewSegment
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.children import in_days, make_child, news, sweep
from tests.factories.customers import make_customer
from tests.factories.files import write_csv
from tests.factories.predictions import foretell
from tests.factories.tags import group, settle, static, tag
from tests.factories.tasks import cards_of
from tests.integration.test_import_people import taken, undone

HEADER = "姓名 手机号 门店 孩子姓名 孩子生日 预产期"
HER, NEW = "13800000001", "13800000002"
EVERYTHING = """
SELECT (SELECT jsonb_agg(to_jsonb(c) - '{updated_at,version,field_versions}'::text[] ORDER BY c.id) FROM customer c),
  (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.id) FROM customer_identity i),
  (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.id) FROM dependant d),
  (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM timeline_entry t),
  (SELECT jsonb_agg(to_jsonb(e) - 'updated_at' ORDER BY e.id) FROM enrolment e WHERE e.ended_at IS NULL),
  (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.token, s.customer_id) FROM search_token s),
  (SELECT jsonb_agg(to_jsonb(g) - 'updated_at' ORDER BY g.id) FROM customer_tag g),
  (SELECT jsonb_agg(p.customer_id) FROM customer_prediction p)
"""


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


def row(phone: str, born: date | None = None, due: date | None = None, child: str = "小满") -> list[str]:
    return ["", phone, "S1", child, str(born or ""), str(due or "")]


async def known_by(phone: str) -> UUID:
    key: UUID = await db.fetch_value("SELECT customer_id FROM customer_identity WHERE value = $1", f"+86{phone}")
    return key


async def timers(customer: UUID) -> dict[str, datetime]:
    """Milestone -> when it is announced, of those that are still to come."""
    sql = "SELECT occurrence, wake_at FROM enrolment WHERE customer_id = $1 AND ended_at IS NULL"
    return {row[0].split(":")[0]: row[1] for row in await db.fetch(sql, customer)}


async def told(kind: str) -> int:
    count: int = await db.fetch_value("SELECT count(*) FROM event WHERE kind = $1", kind)
    return count


async def test_milestones_ahead_are_followed_and_none_that_have_been(world: World, tmp_path: Path) -> None:
    her = await make_customer(world, phone=HER)
    path = write_csv(tmp_path / "1.csv", HEADER, [row(HER, in_days(-50)), row(NEW, due=in_days(60))])
    await taken(world, path)
    await news(clock.now())
    mine, other = await timers(her), await timers(await known_by(NEW))
    assert set(mine) == {"day_100", "solids", "first_birthday", "third_birthday"} and set(other) == {"due_soon"}
    assert min(*mine.values(), *other.values()) > clock.now()
    assert await sweep(clock.now()) == 0 and await cards_of(her) == []
    assert await sweep(mine["day_100"]) == 2 and await cards_of(her) == [("open", 1)]
    await taken(world, path)
    assert await told("dependants.imported") == 1


async def test_a_trial_run_sets_no_timers(world: World, tmp_path: Path) -> None:
    await taken(world, write_csv(tmp_path / "1.csv", HEADER, [row(NEW, in_days(-50))]), dry_run=True)
    await news(clock.now())
    assert (await told("dependants.imported"), await db.fetch_value("SELECT count(*) FROM enrolment")) == (0, 0)


async def test_a_rule_finds_a_known_customer_of_whom_a_file_brought_only_the_child(
    world: World, tmp_path: Path
) -> None:
    her = await make_customer(world, phone=HER)
    infants = {"fact": "children.stage", "op": "in", "value": ["infant"]}
    key = await segments.save_segment(world.staff["hq"], NewSegment(new_id(), "婴儿期", infants))
    members = "SELECT array_agg(customer_id) FROM segment_member WHERE segment_id = $1 AND left_at IS NULL"
    await settle()
    assert await db.fetch_value(members, key) is None
    await taken(world, write_csv(tmp_path / "1.csv", HEADER, [row(HER, in_days(-50))]))
    assert await told("customers.imported") == 0
    await settle()
    assert await db.fetch_value(members, key) == [her]


async def test_children_who_are_on_file_already_make_no_news(world: World, tmp_path: Path) -> None:
    her = await make_customer(world, phone=HER)
    await make_child(world, her, name="小满", born_on=in_days(-50))
    await taken(world, write_csv(tmp_path / "1.csv", HEADER, [row(HER, in_days(-50))]))
    assert await told("dependants.imported") == 0


async def test_an_undone_file_takes_its_children_and_their_timers_along(world: World, tmp_path: Path) -> None:
    her, other = await make_customer(world, phone=HER), await make_customer(world, phone="13800000003")
    taste = await group(world, "口味", exclusive=True)
    sweet, _ = await static(world, "甜", taste), await static(world, "咸", taste)
    await tag(world, sweet, her)
    await make_child(world, her, name="小树", born_on=in_days(-400))
    await settle()
    before = await db.fetch_row(EVERYTHING)
    header = f"{HEADER} 跟进记录 客户标签"
    rows = [[*row(phone, in_days(-50)), "爱喝温水", "咸"] for phone in (HER, NEW, "13800000003")]
    path = write_csv(tmp_path / "1.csv", header, rows)
    for _ in range(2):  # taken and undone once more, nothing stands in the way
        job = await taken(world, path)
        await settle()
        new = await known_by(NEW)
        assert [len(await timers(key)) for key in (her, new, other)] == [4, 4, 4]
        await foretell(world, new)
        assert (await undone(world, job)).undo == Undo(removed=1, restored=2)
        await settle()
        assert await db.fetch_row(EVERYTHING) == before
    assert set(await timers(her)) == {"third_birthday"} and await timers(other) == {}


async def test_who_was_reminded_of_her_child_stays_and_is_told(world: World, tmp_path: Path) -> None:
    rows = [row(NEW, in_days(-50)), row("13800000003", in_days(-50))]
    job = await taken(world, write_csv(tmp_path / "1.csv", HEADER, rows))
    await news(clock.now())
    new, other = await known_by(NEW), await known_by("13800000003")
    await db.execute("UPDATE enrolment SET wake_at = NULL WHERE customer_id = $1", other)
    assert await sweep((await timers(new))["day_100"]) == 1
    job = await undone(world, job)
    assert job.undo == Undo(removed=1, stayed=1)
    assert [(one.customer_id, one.reasons) for one in await queries.stayed(job, 9, 0)] == [(new, ("stayed_more",))]
    assert await db.fetch_value("SELECT array_agg(customer_id) FROM dependant") == [new]


async def test_a_number_that_a_relative_uses_by_now_is_not_taken_away(world: World, tmp_path: Path) -> None:
    her, other = await make_customer(world, phone=HER), "13800000009"
    rows = [[HER, other, "S1"], [NEW, "", "S1"]]
    job = await taken(world, write_csv(tmp_path / "1.csv", "手机号 备用手机 门店", rows))
    family = Claim(IfTaken.FAMILY, ContactRole.GRANDMOTHER)
    granny, aunt = [await make_customer(world, phone=one, claim=family) for one in (other, NEW)]
    assert (await undone(world, job)).undo == Undo(restored=1, stayed=1)
    assert (await known_by(HER), await known_by(other)) == (her, granny)
    assert await db.fetch_value("SELECT array_agg(customer_id) FROM identity_contact") == [aunt]
