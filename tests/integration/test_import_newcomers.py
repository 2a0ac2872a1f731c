"""Customers of a file whom nobody knows are copied: the same is on file as the long way, and no race is won twice."""

import asyncio
from collections.abc import Iterable
from contextvars import Context
from pathlib import Path
from uuid import UUID

import pytest

from shuke.domains.customers import service as archive
from shuke.domains.customers.types import IdentityKind
from shuke.domains.records import service
from shuke.domains.records.types import Tally, Wish
from shuke.kit import db
from tests.factories import make_world
from tests.factories.files import write_csv
from tests.factories.profile import add_fields, new_field

HEADER = (
    "姓名 称呼 手机号 手机2 会员号 微信 邮箱 门店 性别 生日 "
    "等级 来源 备注 建档日期 建档人 导购 跟进记录 跟进时间 孩子生日 居住社区"
)
ROWS = [
    *(["王若溪", "若溪妈妈", "138 0000 0001", "13800000011", "V001", "ruoxi_w1", "a@b.cn", "S1", "女", "1990-3-8"],),
    *(["单小敏", "", "", "", "V002", "", "", "S2", "", "农历1990年四月十五"],),
    *(["", "", "13800000003", "", "", "", "", "S1", "男", ""],),
    *(["Lee 佳", "佳", "13800000004", "13800000004", "", "", "", "S3", "", "1990-01-01"],),
    *(["测试", "", "13888888888", "", "", "", "", "S1", "", ""],),
]
FURTHER = [
    [
        "金卡",
        "到店",
        "爱喝温水\n'=1",
        "2020-05-01",
        "guide",
        "guide",
        "问了推车",
        "2020-06-01 10:00",
        "2023-03-01",
        "绿城",
    ],
    ["", "", "", "2021-01-01", "走了的小赵", "", "说再来", "", "", ""],
    [""] * 10,
    ["", "转介绍", "", "", "", "", "", "", "", "滨江"],
    [""] * 10,
]
# All of a customer that does not name a row, a brand or the present moment.
ON_FILE = """
SELECT to_jsonb(c) - '{id,brand_id,store_id,guide_id,created_at,updated_at}'::text[], s.code, c.guide_id IS NOT NULL,
  CASE WHEN c.created_at < '2026-01-01' THEN c.created_at END,
  (SELECT jsonb_agg(jsonb_build_array(i.kind, i.value, i.raw_value) ORDER BY i.id)
    FROM customer_identity i WHERE i.customer_id = c.id),
  (SELECT jsonb_agg(jsonb_build_array(t.kind, t.actor_id IS NOT NULL, t.data - 'import', t.data ? 'import',
      CASE WHEN t.at < '2026-01-01' THEN t.at END) ORDER BY t.kind, t.at)
    FROM timeline_entry t WHERE t.customer_id = c.id),
  (SELECT array_agg(k.token ORDER BY k.token) FROM search_token k WHERE k.customer_id = c.id AND k.store_id = s.id),
  (SELECT jsonb_agg(to_jsonb(m) - '{id,brand_id,batch_id,customer_id,identities,created_at,updated_at,after}'::text[]
      || jsonb_build_object('after', m.after - 'guide_id', 'numbers', jsonb_array_length(m.identities)))
    FROM import_change m WHERE m.customer_id = c.id)
FROM customer c JOIN store s ON s.id = c.store_id WHERE c.brand_id = $1 ORDER BY c.name NULLS LAST
"""


async def take(path: Path, brand: str | None = None) -> Tally:
    return await service.import_customers(Wish(path, brand=brand), lambda what, rows: None)


async def no_version(brand_id: object) -> int:
    return -1


async def test_she_is_on_file_as_the_long_way_puts_her_there(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[*one, *more] for one, more in zip(ROWS, FURTHER, strict=True)]
    path, found = write_csv(tmp_path / "a.csv", HEADER, rows), []
    for name in ("好孕来", "贝优"):
        world = await make_world(name)
        await add_fields(world.staff["hq"], new_field("居住社区", searchable=True, weight=2))
        assert await take(path, name) == Tally(5, created=5)
        found.append([tuple(row) for row in await db.fetch(ON_FILE, world.brand_id)])
        monkeypatch.setattr(archive, "template_version", no_version)  # as where it has changed meanwhile
    assert len(found[0]) == 5 and found[0] == found[1]
    assert any("ruoximama" in row[6] for row in found[0]) and any("绿城" in row[6] for row in found[0])


async def test_whose_number_somebody_takes_in_between_is_found(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    look, taken = archive.suppressed, [(IdentityKind.PHONE, "+8613800000001", "13800000001")]

    async def late(brand_id: UUID, numbers: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        if taken:  # somebody at a counter, after the file's numbers were looked up
            theirs = archive.ensure_members(brand_id, world.stores[0], [taken.pop()])
            await asyncio.create_task(theirs, context=Context())
        return await look(brand_id, numbers)

    monkeypatch.setattr(archive, "suppressed", late)
    path = write_csv(tmp_path / "a.csv", "姓名 手机号 门店", [["甲", "13800000001", "S1"], ["乙", "13800000002", "S1"]])
    assert await take(path) == Tally(2, created=1, updated=1)
