"""A real brand begins: its administrator, stores, staff, each with a sentence when something is wrong."""

from dataclasses import replace

import pytest

from shuke.app.founding import Founding, Joining, found, join, open_store
from shuke.app.trouble import CannotRun
from shuke.domains.identity import queries, service
from shuke.domains.identity.types import Role
from shuke.domains.records import service as records
from shuke.domains.records.types import Wish
from shuke.kit import db, events
from shuke.kit.errors import Refusal
from shuke.kit.ids import new_id
from tests.factories.files import EXAMPLES

WISH = Founding("好孕来", "沈静", "13800138000", "a long password", "文三路店", "Asia/Shanghai", "CNY", "zh-CN")


def joining(role: Role, *stores: str, phone: str = "13900139000", region: str | None = None) -> Joining:
    return Joining("林晓", phone, "a long password", role, stores, region, None)


async def test_a_brand_begins_with_an_administrator_who_can_sign_in(database: str) -> None:
    await found(WISH)
    signed = await service.sign_in(new_id(), "138 0013 8000", "a long password", "laptop", "10.0.0.9")
    actor = await service.by_session(signed.token)
    assert actor and actor.name == "沈静" and actor.grants[0].role is Role.ADMIN and actor.store_ids is None


async def test_stores_and_staff_join_with_a_role_in_each_store(database: str) -> None:
    await found(WISH)
    await open_store("2", "滨江店", "杭州", None, None)
    await join(joining(Role.GUIDE, "1", "2"))
    await join(joining(Role.REGIONAL_MANAGER, phone="13900139001", region="杭州"))
    signed = await service.sign_in(new_id(), "13900139000", "a long password", "", "10.0.0.9")
    guide = await service.by_session(signed.token)
    assert guide and len(guide.grants) == 2
    stores = {store.name for store in await queries.stores(guide.brand_id, guide.store_ids)}
    assert stores == {"文三路店", "滨江店"}
    signed = await service.sign_in(new_id(), "13900139001", "a long password", "", "10.0.0.9")
    regional = await service.by_session(signed.token)
    assert regional and [s.name for s in await queries.stores(regional.brand_id, regional.store_ids)] == ["滨江店"]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (joining(Role.GUIDE), "--store"),
        (joining(Role.GUIDE, "9"), "no store with the code 9"),
        (joining(Role.REGIONAL_MANAGER), "--region"),
        (joining(Role.REGIONAL_MANAGER, region="上海"), "no region"),
        (joining(Role.HQ, "1"), "hq is no role in a store: leave --store out"),
        (joining(Role.REGIONAL_MANAGER, "1", region="杭州"), "is no role in a store"),
        (joining(Role.GUIDE, "1", region="杭州"), "guide is no role in a region: leave --region out"),
        (joining(Role.ADMIN, region="杭州"), "is no role in a region"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_made(database: str, wish: Joining, words: str) -> None:
    await found(WISH)
    with pytest.raises(CannotRun, match=words):
        await join(wish)
    assert await db.fetch_value("SELECT count(*) FROM staff") == 1


async def test_a_colleagues_number_is_refused(database: str) -> None:
    await found(WISH)
    with pytest.raises(Refusal, match="TAKEN"):
        await join(joining(Role.GUIDE, "1", phone=WISH.phone))


async def test_a_brand_that_an_import_has_begun_is_taken_over_once(database: str) -> None:
    wish = Wish(EXAMPLES / "customers.csv", EXAMPLES / "customers.toml")
    await records.import_customers(wish, lambda what, rows: None)
    hers = replace(WISH, brand="好孕来母婴", timezone=None, currency=None)
    for otherwise, words in (("currency", "EUR"), ("timezone", "Europe/London"), ("store", "滨江店")):
        with pytest.raises(CannotRun, match=f"leave --{otherwise} out"):
            await found(replace(hers, **{otherwise: words}))
    brand_id = await found(hers)
    assert [brand.id for brand in await queries.brands()] == [brand_id]
    assert [(store.code, store.name) for store in await queries.stores(brand_id)] == [("1", "文三路店")]
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE brand_id = $1", brand_id) == 38
    await join(joining(Role.GUIDE, "1"))
    with pytest.raises(CannotRun, match="a brand called 好孕来母婴 already"):
        await found(hers)


async def test_no_real_brand_begins_beside_the_demo_chain(database: str) -> None:
    brand_id = await found(WISH)
    await events.record(brand_id, "demo.seeded", ("system", None), ("brand", brand_id))
    with pytest.raises(CannotRun, match="demo chain"):
        await found(replace(WISH, brand="另一家"))
