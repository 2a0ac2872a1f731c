"""The public page: whoever holds a link fills in a card, and learns nothing of what is on it."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.types import ASGIApp

from shuke.domains.customers import queries, service
from shuke.domains.customers.types import IdentityKind
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.kit import clock, codec, db
from tests.api.real import Browser, serving
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.links import make_link

MARKETING = ConsentPurpose.MARKETING
CONTACT = "SELECT kind, value FROM customer_identity WHERE customer_id = $1 ORDER BY kind, id"
BIRTHDAY = {"birthday.year": "1990", "birthday.month": "3", "birthday.day": "8", "birthday.calendar": "solar"}


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


@pytest.fixture
async def app(database: str) -> AsyncIterator[ASGIApp]:
    async with serving() as made:
        yield made


async def address(link: UUID) -> str:
    return f"/c/{await service.link_token(link)}"


async def send(browser: Browser, path: str, step: str = "basics", **said: Any) -> httpx.Response:
    """One step, as its form sends it; names with dots in `said` by their own keys."""
    data = {"step": step, "lang": "zh-CN", "nonce": str(uuid4()), "template": "1", **said}
    return await browser.http.post(path, data=data)


async def text_id(world: World, purpose: ConsentPurpose = MARKETING) -> str:
    return str(next(text.id for text in await queries.texts_of(world.brand_id) if text.purpose is purpose))


async def said(link: UUID) -> dict[str, str]:
    kept = await db.fetch_value("SELECT said FROM customer_link WHERE id = $1", link)
    return {name: one["state"] for name, one in codec.loads(kept).items()}


async def given(link: UUID) -> list[Any]:
    found: list[Any] = codec.loads(await db.fetch_value("SELECT offers FROM customer_link WHERE id = $1", link))
    return found


async def seen(world: World, customer: UUID, who: str = "guide") -> Any:
    view = await queries.customer(world.staff[who], customer)
    assert view
    return view


async def test_what_is_blank_is_filled_and_what_stands_waits_for_a_colleague(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world, name="周雨桐", alias=None)
    link = await make_link(world, customer)
    path, phone = await address(link), Browser(app)
    answer = await send(phone, path, name="周小桐", gender="female", wechat="Zhou_0099", **BIRTHDAY)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?step=more&lang=zh-CN")
    answer = await send(phone, path, "more", **{"v.occupation": "教师", "v.contact_time": ["noon", "weekend"]})
    assert answer.headers["location"] == f"{path}?step=consents&lang=zh-CN"
    answer = await send(phone, path, "consents", **{"c.marketing": "yes", "t.marketing": await text_id(world)})
    assert answer.headers["location"] == f"{path}?done=1&lang=zh-CN"
    view = await seen(world, customer)
    assert (view.name, view.gender.value, view.birth_date) == ("周雨桐", "female", "1990-03-08")
    custom = codec.loads(await db.fetch_value("SELECT custom_values FROM customer WHERE id = $1", customer))
    assert custom == {"occupation": "教师", "contact_time": ["noon", "weekend"]}
    assert ("wechat", "zhou_0099") in [tuple(row) for row in await db.fetch(CONTACT, customer)]
    states = await said(link)
    assert states.pop("name") == "waiting" and set(states.values()) == {"taken"}
    row = await db.fetch_row("SELECT purpose, state, text_id, evidence, actor_id FROM consent_entry")
    assert row and (row[0], row[1], str(row[2]), row[4]) == ("marketing", "granted", await text_id(world), None)
    assert codec.loads(row[3]) == {"how": "form", "link": str(link), "locale": "zh-CN"}
    assert await db.fetch_value("SELECT version FROM consent_text WHERE id = $1", row[2]) == 1
    entries = {entry.kind.value: entry for entry in await queries.timeline(world.staff["guide"], customer, 9)}
    assert entries["self_filled"].data["waiting"] == 1 and entries["self_filled"].actor is None
    kinds = [row[0] for row in await db.fetch("SELECT kind FROM event WHERE kind = 'customer.self_filled'")]
    assert len(kinds) == 3


async def test_the_page_never_shows_what_is_stored(app: ASGIApp, world: World) -> None:
    """Whatever is on file and whatever state the link is in, no stored word of hers stands on any page of it."""
    words = {"name": "欧阳雨桐", "alias": "小满妈妈", "note": "对花生过敏", "birthday": "1987-11-23"}
    customer = await make_customer(world, phone="13800002047", **words)
    await service.add_identity(world.staff["guide"], customer, IdentityKind.WECHAT, "ouyang_1987")
    link = await make_link(world, customer)
    path, phone = await address(link), Browser(app)
    await send(phone, path, "more", **{"v.occupation": "飞行员", "v.living_area": "滨江花园"})
    secrets = [*words.values(), "1987", "13800002047", "2047", "ouyang", "飞行员", "滨江花园"]
    secrets.remove("1987-11-23")
    pages = [f"{path}{query}" for query in ("", "?step=more", "?step=consents", "?done=1", "?lang=en")]
    fresh = [(await Browser(app).http.get(page)).text for page in pages]
    nobody = await address(await make_link(world, await make_customer(world, name="甲", alias=None)))
    blank = [(await Browser(app).http.get(page.replace(path, nobody))).text for page in pages]
    for text, other in zip(fresh, blank, strict=True):
        for word in secrets:
            assert word not in text.replace('<option value="1987">1987</option>', ""), word
        assert plain(text) == plain(other)  # as if nothing were on file


def plain(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/c/[\w-]+", "", text)


async def test_an_empty_answer_changes_nothing_and_a_slip_of_the_pen_can_be_mended(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world, name=None, alias=None)
    link = await make_link(world, customer)
    path, phone = await address(link), Browser(app)
    await send(phone, path, name="林 小满")
    await send(phone, path, name="", gender="", phone="")
    assert (await seen(world, customer)).name == "林 小满"
    await send(phone, path, name="林小满")
    assert (await seen(world, customer)).name == "林小满" and (await said(link))["name"] == "taken"
    view = await seen(world, customer)
    await service.update_customer(world.staff["guide"], customer, view.version, {"name": "林晓满"})
    await send(phone, path, name="林小漫")
    assert (await seen(world, customer)).name == "林晓满" and (await said(link))["name"] == "waiting"


async def test_somebody_elses_number_is_answered_as_any_other_and_asks_a_colleague(app: ASGIApp, world: World) -> None:
    await make_customer(world, "stranger", phone="13700001111")
    other, customer = await make_customer(world, phone="13700002222"), await make_customer(world, phone="13700003333")
    link = await make_link(world, customer)
    path, phone = await address(link), Browser(app)
    answers = [await send(phone, path, phone=number) for number in ("13700001111", "13700002222", "13700009999")]
    assert len({(one.status_code, one.text, one.headers["location"]) for one in answers}) == 1
    assert [row[1] for row in await db.fetch(CONTACT, customer)] == ["+8613700003333"]
    assert (await said(link))["phone"] == "waiting"
    (view,) = await queries.links_of(world.staff["guide"], customer)
    assert [(one.name, one.state.value) for one in view.answers] == [("phone", "waiting")]
    assert await db.fetch_value("SELECT count(*) FROM customer WHERE merged_into_id IS NOT NULL") == 0 and other


async def test_a_free_number_becomes_hers_where_she_has_none(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world)
    await db.execute("DELETE FROM customer_identity WHERE customer_id = $1", customer)
    link = await make_link(world, customer)
    await send(Browser(app), await address(link), phone="137 0000 4444")
    assert [tuple(row) for row in await db.fetch(CONTACT, customer)] == [("phone", "+8613700004444")]
    assert (await said(link))["phone"] == "taken"


async def test_mistakes_are_said_beside_their_fields_and_nothing_is_kept(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world, name=None, alias=None)
    path = await address(await make_link(world, customer))
    phone = Browser(app)
    wrong = {"name": "看 https://x.example <b>", "phone": "12345", "wechat": "1", "birthday.month": "2"}
    answer = await send(phone, path, **wrong)
    assert answer.status_code == 422 and answer.text.count('class="bad"') == 4
    assert "&lt;b&gt;" in answer.text and "<b>" not in answer.text  # what she typed stays, harmless
    assert (await seen(world, customer)).name is None
    answer = await send(phone, path, "more", **{"v.living_area": "长" * 121, "v.household": "nothing"})
    assert answer.status_code == 422 and answer.text.count('class="bad"') == 2
    answer = await send(phone, path, **{"birthday.year": "2090", "birthday.month": "2", "birthday.day": "3"})
    assert answer.status_code == 422
    for month, day, kept in (("2", "30", "lunar:--02-30"), ("4", "15", "lunar:--02-30")):
        lunar = {"birthday.month": month, "birthday.day": day, "birthday.calendar": "lunar"}
        link = await make_link(world, customer)
        assert (await send(phone, await address(link), **lunar)).status_code == 303
        assert (await seen(world, customer)).birth_date == kept


async def test_fields_that_are_not_asked_are_not_taken(app: ASGIApp, world: World) -> None:
    customer = await make_customer(world, name="周", alias=None)
    forged = {"level": "VIP", "v.level": "VIP", "v.satisfaction": "very", "v.nothing": "1", "note": "x", "v.name": "y"}
    answer = await send(Browser(app), await address(await make_link(world, customer)), **forged)
    assert answer.status_code == 303
    view = await seen(world, customer)
    assert (view.level, view.note, view.name) == (None, None, "周")
    assert await db.fetch_value("SELECT custom_values FROM customer WHERE id = $1", customer) == "{}"


async def test_a_yes_over_an_earlier_no_waits_and_a_no_counts_at_once(app: ASGIApp, world: World) -> None:
    customer, guide = await make_customer(world), world.staff["guide"]
    no = ConsentSaid(MARKETING, ConsentChannel.ANY, ConsentState.REFUSED, ConsentHow.CALL)
    await service.record_consent(guide, customer, no)
    text, link, phone = await text_id(world), await make_link(world, customer), Browser(app)
    yes = {"c.marketing": "yes", "t.marketing": text}
    await send(phone, await address(link), "consents", **yes)
    assert (await said(link))["consent.marketing"] == "waiting"
    assert await db.fetch_value("SELECT count(*) FROM consent_entry") == 1
    await service.settle_answers(guide, link, {"consent.marketing"})
    last = await db.fetch_row("SELECT state, actor_id, text_id FROM consent_entry ORDER BY id DESC LIMIT 1")
    assert last and (last[0], last[1], str(last[2])) == ("granted", guide.id, text)
    link = await make_link(world, customer)
    await send(phone, await address(link), "consents", **{"c.marketing": "no", "t.marketing": text})
    refusals = codec.loads(await db.fetch_value("SELECT refusals FROM customer WHERE id = $1", customer))
    assert "marketing/any" in refusals
    await send(phone, await address(link), "consents", **yes)  # she changes her mind on the same link
    assert codec.loads(await db.fetch_value("SELECT refusals FROM customer WHERE id = $1", customer)) == []
    assert (
        await send(phone, await address(link), "consents", **{"c.marketing": "no", "t.marketing": str(uuid4())})
    ).status_code == 404


async def test_a_link_that_is_over_says_so_in_one_sentence_and_keeps_nothing(app: ASGIApp, world: World) -> None:
    customer, guide, phone = await make_customer(world, name=None, alias=None), world.staff["guide"], Browser(app)
    revoked, used = await make_link(world, customer), await make_link(world, customer, single_use=True)
    expired = await make_link(world, customer)
    await service.revoke_link(guide, revoked)
    assert (await send(phone, await address(used), "consents")).status_code == 303
    assert (await phone.http.get(f"{await address(used)}?done=1")).status_code == 200
    unknown = "/c/AAAAAAAAAAAAAAAAAAAAAA"
    now = clock.now()
    with clock.pretended(now + timedelta(days=8)):
        assert "过期" in (await Browser(app, **{"accept-language": "zh"}).http.get(await address(expired))).text
        assert (await send(phone, await address(expired), name="林")).status_code == 404
    for path, words in (
        (await address(revoked), "ended"),
        (await address(used), "used already"),
        (unknown, "not right"),
    ):
        shown = await phone.http.get(path)
        assert shown.status_code == 404 and words in shown.text
        assert (await send(phone, path, name="林")).status_code == 404
    assert (await seen(world, customer)).name is None
