"""Consents over the API: the page, the counter's words, and who may ask for what."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuke.api.pagination import global_id
from shuke.domains.identity.types import Actor, Locale
from shuke.kit import clock, db
from shuke.kit.ids import new_id
from tests.api.test_customers_api import ask, send
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.tasks import make_card

RECORD = """
mutation ($input: RecordConsentInput!) { recordConsent(input: $input) {
  customer { closedChannels consents { purpose channel state how by textVersion text { text } } }
  userErrors { code field message } } }
"""
TEXTS = "{ consentTexts { id purpose version text bodies { locale text } savedBy savedAt } }"
SAVE = """
mutation ($input: SaveConsentTextInput!) { saveConsentText(input: $input) {
  text { purpose version text savedBy } userErrors { code field message } } }
"""
REVEAL = """
mutation ($input: RevealPhoneInput!) { revealPhone(input: $input) { phone userErrors { code field message } } }
"""
STOP_CALLING: dict[str, Any] = {"purpose": "MARKETING", "channel": "PHONE", "state": "REFUSED", "how": "CALL"}
CARD = "query ($id: ID!) { task(id: $id) { channels } }"


def partner(world: World) -> Actor:
    where = (world.brand_id, "till", Locale.EN, "Asia/Shanghai", "CNY")
    return Actor("partner", new_id(), *where, scopes=frozenset({"read"}))


async def test_she_asked_us_to_stop_calling_takes_one_tap_and_the_card_offers_wechat_only(database: str) -> None:
    world = await make_world()
    guide, key = world.staff["guide"], await make_customer(world)
    her, task = global_id("Customer", key), await make_card(world, key)
    assert await ask(guide, CARD, id=global_id("Task", task)) == {"channels": ["PHONE", "WECHAT"]}
    said = await send(guide, RECORD, customerId=her, **STOP_CALLING)
    assert said["userErrors"] == [] and said["customer"]["closedChannels"] == ["PHONE"]
    assert await ask(guide, CARD, id=global_id("Task", task)) == {"channels": ["WECHAT"]}
    for reason in (None, "CARD"):
        shown = await send(guide, REVEAL, id=her, reason=reason)
        assert shown["phone"] is None and shown["userErrors"][0]["code"] == "FORBIDDEN"
        assert "微信" in shown["userErrors"][0]["message"]
    assert (await send(guide, REVEAL, id=her, reason="ASKED"))["phone"]


async def test_a_yes_names_its_text_and_a_late_one_changes_nothing(database: str) -> None:
    world = await make_world()
    guide, her = world.staff["guide"], global_id("Customer", await make_customer(world))
    texts = {text["purpose"]: text for text in await ask(guide, TEXTS)}
    assert set(texts) == {"SERVICE", "MARKETING", "PROFILING", "SHARING", "CHILDREN"}
    assert all(len(text["bodies"]) == 2 and text["savedBy"] is None for text in texts.values())
    yes: dict[str, Any] = {
        "customerId": her,
        "purpose": "MARKETING",
        "state": "GRANTED",
        "textId": texts["MARKETING"]["id"],
    }
    (consent,) = (await send(guide, RECORD, **yes))["customer"]["consents"]
    assert consent == {
        "purpose": "MARKETING",
        "channel": "ANY",
        "state": "GRANTED",
        "how": "COUNTER",
        "by": "guide",
        "textVersion": 1,
        "text": {"text": texts["MARKETING"]["text"]},
    }
    await send(guide, RECORD, customerId=her, **STOP_CALLING | {"channel": "ANY"})
    late = await send(guide, RECORD, **yes, at=(clock.now() - timedelta(hours=1)).isoformat())
    assert late["userErrors"] == []
    assert [one["state"] for one in late["customer"]["consents"]] == ["REFUSED"]


async def test_the_same_operation_puts_a_word_down_once(database: str) -> None:
    world = await make_world()
    guide, her, operation = world.staff["guide"], global_id("Customer", await make_customer(world)), uuid4()
    first = await send(guide, RECORD, operation, customerId=her, **STOP_CALLING)
    assert await send(guide, RECORD, operation, customerId=her, **STOP_CALLING) == first
    assert await db.fetch_value("SELECT count(*) FROM consent_entry") == 1


async def test_head_office_alone_writes_texts(database: str) -> None:
    world = await make_world()
    words: dict[str, Any] = {
        "purpose": "SHARING",
        "baseVersion": 1,
        "bodies": [{"locale": "zh-CN", "text": "只给快递公司"}],
    }
    for who in ("guide", "colleague", "stranger", "manager", "regional"):
        refusal = await send(world.staff[who], SAVE, **words)
        assert [error["code"] for error in refusal["userErrors"]] == ["FORBIDDEN"], who
    assert [error["code"] for error in (await send(partner(world), SAVE, **words))["userErrors"]] == ["FORBIDDEN"]
    saved = await send(world.staff["hq"], SAVE, **words)
    assert saved["text"] == {"purpose": "SHARING", "version": 2, "text": "只给快递公司", "savedBy": "hq"}
    assert (await send(world.staff["hq"], SAVE, **words))["userErrors"][0]["code"] == "CONFLICT"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("guide", None),
        ("colleague", None),
        ("stranger", "NOT_FOUND"),
        ("partner", "FORBIDDEN"),
        ("nobody", "SIGN_IN_NEEDED"),
    ],
)
async def test_who_may_put_down_what_she_said(database: str, who: str, code: str | None) -> None:
    """A colleague too: she says it to whoever is there."""
    world = await make_world()
    her = global_id("Customer", await make_customer(world))
    actor: Any = {"partner": partner(world), "nobody": None}.get(who, world.staff.get(who))
    answer: Any = await send(actor, RECORD, customerId=her, **STOP_CALLING)
    assert [error["code"] for error in answer["userErrors"]] == ([code] if code else [])
    assert await db.fetch_value("SELECT count(*) FROM consent_entry") == (0 if code else 1)


async def test_a_partner_sees_what_holds_and_not_who_wrote_it(database: str) -> None:
    world = await make_world()
    her = global_id("Customer", await make_customer(world))
    await send(world.staff["guide"], RECORD, customerId=her, **STOP_CALLING)
    seen = await ask(
        partner(world), "query ($id: ID!) { customer(id: $id) { consents { state by text { id } } } }", id=her
    )
    assert seen == {"consents": [{"state": "REFUSED", "by": None, "text": None}]}
