"""What an erasure does beside her: a family keeps its number, and rows of files that were not taken keep nothing."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import (
    Claim,
    ContactRole,
    CustomerRow,
    Filters,
    IdentityKind,
    IfTaken,
    RowOutcome,
)
from shuke.domains.records import queries as records
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import NewReason, Reason
from shuke.kit import clock, codec, db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.customers import make_customer
from tests.factories.files import write_csv
from tests.integration.test_erasure import MEMBER, NAME, PHONE, erase, left, settled
from tests.integration.test_import_people import taken


async def test_a_number_that_her_family_uses_is_theirs_from_then_on(database: str) -> None:
    world = await make_world()
    guide, mine = world.staff["guide"], "13800002050"
    key = await make_customer(world, phone=PHONE, name=NAME)
    await service.add_identity(guide, key, IdentityKind.PHONE, mine)
    husband, granny = [
        await make_customer(world, phone=PHONE, name=name, claim=Claim(IfTaken.FAMILY, role))
        for name, role in (("林一一", ContactRole.FATHER), ("何佳", ContactRole.GRANDMOTHER))
    ]
    await erase(world, key)
    owners = await queries.find_by_identity(world.brand_id, IdentityKind.PHONE, [f"+86{PHONE}", f"+86{mine}"])
    assert owners == {f"+86{PHONE}": husband}
    assert [view.id for view in await queries.customers(guide, Filters(search=PHONE), 9)] == [husband]
    for other in (husband, granny):
        view = await queries.customer(guide, other)
        assert view and view.phone == "138 •••• 2047"
    assert await db.fetch_value("SELECT array_agg(customer_id) FROM identity_contact") == [granny]
    problems = "SELECT problems FROM customer WHERE id = $1"
    assert "no_phone" not in await db.fetch_value(problems, husband)
    rows = [CustomerRow(world.stores[0], level="金卡", phone=f"+86{one}", raw_phone=one) for one in (PHONE, mine)]
    verdicts = await service.upsert_many(world.brand_id, rows)
    assert [(one.outcome, one.customer_id, one.reason) for one in verdicts] == [
        (RowOutcome.UPDATED, husband, None),
        (RowOutcome.REJECTED, None, "erased"),
    ]
    assert await db.fetch_value("SELECT count(*) FROM suppression") == 1


async def test_who_comes_to_use_her_number_at_that_moment_keeps_it_or_is_told(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, phone=PHONE, name=NAME)
    family = Claim(IfTaken.FAMILY, ContactRole.FATHER)
    entering = make_customer(world, phone=PHONE, name="林一一", claim=family)
    erased, husband = await settled([erase(world, key), entering])
    assert isinstance(erased, UUID)
    owner = await queries.find_by_identity(world.brand_id, IdentityKind.PHONE, [f"+86{PHONE}"])
    if isinstance(husband, Refusal):
        assert husband.code is ErrorCode.ERASED and owner == {}
    else:
        assert isinstance(husband, UUID), husband
        assert owner == {f"+86{PHONE}": husband}


async def test_her_cards_name_no_child(database: str) -> None:
    world = await make_world()
    key = await make_customer(world, name=NAME, alias=None)
    said = {"zh-CN": "{children}出生 {days} 天"}
    born = Reason(new_id(), "milestone", said, {}, {"children": "豆豆\n小树", "since": "2026-11-01"}, clock.now())
    silent = replace(born, id=new_id(), key="wake_up", params={"since": "2026-08-01"})
    await tasks.add_reasons(world.brand_id, [NewReason(key, one, clock.now()) for one in (born, silent)])
    assert {word for _, _, word in await left(("豆豆", "小树", "2026-11-01"))} == {"豆豆", "小树", "2026-11-01"}
    await erase(world, key)
    assert await left(("豆豆", "小树", "2026-11-01")) == []
    params = "SELECT jsonb_agg(r -> 'params')::text FROM task, jsonb_array_elements(reasons) r"
    assert sorted(codec.loads(await db.fetch_value(params)), key=str) == [{"children": ""}, {"since": "2026-08-01"}]


async def test_rows_that_were_not_taken_say_nothing_of_her(database: str, tmp_path: Path) -> None:
    world = await make_world()
    key = await make_customer(world, phone=PHONE, name=NAME)
    known = CustomerRow(world.stores[0], phone=f"+86{PHONE}", raw_phone=PHONE, member_no=MEMBER)
    await service.upsert_many(world.brand_id, [known])
    header = "姓名 手机号 备用手机 会员号 生日 门店"
    hers = [
        [NAME, "138 0000-2047", "", "", "昨天", "S1"],
        [NAME, "１３８００００２０４７", "", "", "昨天", "S1"],
        [NAME, "010-1/13800002047", "", "", "", "S1"],
        [NAME, "", "+86 13800002047", "", "昨天", "S1"],
        [NAME, "", "", f"'{MEMBER}", "昨天", "S1"],
        [NAME, PHONE, "", "", "", "没有这家店"],
    ]
    others = [["别人", "13900002047", "", "", "昨天", "S1"], ["林一一", "", "", f"{MEMBER}1", "昨天", "S1"]]
    path = write_csv(tmp_path / "1.csv", header, hers + others)
    job = await taken(world, path)
    assert (job.tally.rejected, len(await records.failed_rows(job))) == (8, 8)
    await erase(world, key)
    assert [cells["name"] for _, cells in await records.failed_rows(job)] == ["别人", "林一一"]
    again = await taken(world, write_csv(tmp_path / "2.csv", header, [*hers, [NAME, PHONE, "", "", "", "S1"], *others]))
    assert again.tally.rejected == 9
    assert [cells["name"] for _, cells in await records.failed_rows(again)] == ["别人", "林一一"]
    said = await db.fetch("SELECT cells, params FROM import_verdict")
    assert not any(word in str(tuple(row)) for row in said for word in (NAME, "138000020", "138 0000", f'{MEMBER}"'))
