"""The public page behind a store's code, what is given for filling it in, and what keeps it from being misused."""

import gzip
import re
from datetime import timedelta
from uuid import uuid4

from starlette.types import ASGIApp

from shuke.domains.customers import queries, service
from shuke.kit import clock, codec, db
from tests.api.real import Browser
from tests.api.test_public_page import BIRTHDAY, address, app, given, plain, said, seen, send, text_id, world
from tests.factories import World
from tests.factories.customers import make_customer
from tests.factories.links import make_link
from tests.factories.merging import merge

__all__ = ["app", "world"]


async def test_a_stores_code_makes_a_lead_and_she_goes_on_by_a_link_of_her_own(app: ASGIApp, world: World) -> None:
    link = await make_link(world)
    path, phone, nonce = await address(link), Browser(app), str(uuid4())
    missing = await send(phone, path, name="林女士")
    assert missing.status_code == 422 and "微信号" in missing.text
    answers = [await send(phone, path, name="林女士", phone="13600001234", nonce=nonce, **BIRTHDAY) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    own = answers[0].headers["location"].partition("?")[0]
    assert own != path
    await send(phone, own, "more", **{"v.interests": "推车"})
    row = await db.fetch_row("SELECT id, name, birthday, source, guide_id, custom_values FROM customer")
    assert row and tuple(row[1:5]) == ("林女士", "1990-03-08", "online", None)
    assert codec.loads(row[5]) == {"interests": "推车"}
    visits = await db.fetch("SELECT kind, channel, source, is_new FROM visit")
    assert [tuple(row) for row in visits] == [("inquiry", "online", "link", True)]
    assert await db.fetch_value("SELECT count(*) FROM event WHERE kind = 'lead.received'") == 1
    with clock.pretended(clock.now() + timedelta(hours=3)):
        assert (await phone.http.get(own)).status_code == 404


async def test_a_number_that_is_on_file_is_not_taken_at_her_word(app: ASGIApp, world: World) -> None:
    known = await make_customer(world, phone="13600001234", name="林", alias=None)
    before = await db.fetch_row("SELECT birthday, custom_values, refusals FROM customer WHERE id = $1", known)
    path, phone = await address(await make_link(world)), Browser(app)
    text = await text_id(world)
    sent = [await send(phone, path, name="她", phone=number, **BIRTHDAY) for number in ("13600001234", "13600005678")]
    assert [answer.status_code for answer in sent] == [303, 303]
    pages = []
    for answer in sent:
        own = answer.headers["location"].partition("?")[0]
        pages.append(plain((await phone.http.get(f"{own}?step=more")).text))
        assert (await send(phone, own, "more", **{"v.occupation": "医生"})).status_code == 303
        await send(phone, own, "consents", **{"c.marketing": "no", "t.marketing": text})
        pages.append(plain((await phone.http.get(f"{own}?done=1")).text))
    assert pages[:2] == pages[2:]
    after = await db.fetch_row("SELECT birthday, custom_values, refusals FROM customer WHERE id = $1", known)
    assert before and after and tuple(before) == tuple(after)
    (view,) = await queries.links_of(world.staff["guide"], known)
    assert view.unsure and {one.state.value for one in view.answers if one.name != "phone"} == {"waiting"}
    entries = await queries.timeline(world.staff["guide"], known, 9)
    assert {"inquiry", "self_filled"} <= {entry.kind.value for entry in entries}


async def test_who_had_herself_erased_does_not_come_back_and_nobody_can_tell(app: ASGIApp, world: World) -> None:
    gone = await make_customer(world, phone="13600001234")
    await service.suppress_numbers(world.brand_id, [gone], uuid4())
    await db.execute("DELETE FROM customer_identity WHERE customer_id = $1", gone)
    path, phone = await address(await make_link(world)), Browser(app)
    answer = await send(phone, path, name="林女士", phone="13600001234")
    own = answer.headers["location"].partition("?")[0]
    assert (await send(phone, own, "more", **{"v.occupation": "医生"})).status_code == 303
    assert (await send(phone, own, "consents")).headers["location"].endswith("done=1&lang=zh-CN")
    kept = await db.fetch("SELECT said, customer_id FROM customer_link WHERE parent_id IS NOT NULL")
    assert [tuple(row) for row in kept] == [("{}", None)]
    assert await db.fetch_value("SELECT count(*) FROM customer") == 1


async def test_what_the_shop_gives_is_given_once_when_enough_is_filled_in(app: ASGIApp, world: World) -> None:
    await service.save_offers(
        world.staff["hq"], 0, [("", {"zh-CN": "会员 9 折"}), ("", {"zh-CN": "生日礼", "en": "A gift"})]
    )
    customer, phone = await make_customer(world, phone="13600001234", name=None, alias=None), Browser(app)
    link = await make_link(world, customer)
    path = await address(link)
    assert "生日礼" in (await phone.http.get(f"{path}?lang=zh-CN")).text
    await send(phone, path, name="林")
    await send(phone, path, "consents")
    assert await given(link) == []
    await send(phone, path, phone="13600001234", **BIRTHDAY)
    await send(phone, path, "consents")
    assert [one["label"]["zh-CN"] for one in await given(link)] == ["会员 9 折", "生日礼"]
    again = await make_link(world, customer)
    await send(phone, await address(again), name="林", phone="13600001234", **BIRTHDAY)
    await send(phone, await address(again), "consents")
    assert await given(again) == []
    assert sorted(set((await said(again)).values())) == ["taken"]


async def test_every_link_of_a_merged_customer_leads_to_the_winner(app: ASGIApp, world: World) -> None:
    winner = await make_customer(world, name="周", alias=None)
    loser = await make_customer(world, name="周", alias=None)
    link = await make_link(world, loser)
    await merge(world, winner, loser)
    await send(Browser(app), await address(link), gender="female")
    assert (await seen(world, winner)).gender.value == "female"
    assert [view.id for view in await queries.links_of(world.staff["guide"], loser)] == [link]


async def test_only_our_own_page_sends_and_only_so_much(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world, name=None, alias=None)
    link = await make_link(world, customer)
    path = await address(link)
    phone = Browser(app)
    other = await phone.http.post(path, data={"name": "林"}, headers={"origin": "http://elsewhere.example"})
    assert other.status_code == 403
    assert (await phone.http.post(path, json={"name": "林"})).status_code == 413
    assert (await send(phone, path, name="长" * 20000)).status_code == 413
    assert (await phone.http.post(path, data={f"x{n}": "1" for n in range(300)})).status_code == 413
    tries = [(await send(phone, path)).status_code for _ in range(31)]
    assert tries == [303] * 30 + [429]
    guesses = [(await phone.http.get(f"/c/guess{n}")).status_code for n in range(31)]
    assert guesses == [404] * 30 + [429]
    assert (await Browser(app, "10.9.9.9").http.get(path)).status_code == 200


async def test_the_page_is_light_and_loads_nothing_and_keeps_to_itself(app: ASGIApp, world: World) -> None:
    await service.save_offers(world.staff["hq"], 0, [("", {"zh-CN": f"第 {n} 样礼物"}) for n in range(8)])
    path = await address(await make_link(world, await make_customer(world)))
    phone = Browser(app)
    for query in ("", "?step=more", "?step=consents", "?done=1", "?lang=zh-CN"):
        async with phone.http.stream("GET", path + query, headers={"accept-encoding": "gzip"}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        text = gzip.decompress(raw).decode()
        assert len(raw) < 10_000, (query, len(raw))  # all there is: 60 KB are allowed
        assert not re.findall(r"<script|<img|src=|url\(|@import|http-equiv", text)
        assert re.findall(r"<link[^>]+>", text) == ['<link rel="icon" href="data:,">']
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in answer.headers
