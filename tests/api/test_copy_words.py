"""A customer's copy is hers to read: every part, column and code of it has words, in both languages."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from shuke.api.http.copies import pack
from shuke.api.http.copy_page import CODES, SHAPED, UNTOLD
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerSource, Gender, IdentityKind
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentState
from shuke.domains.customers.types.links import AnswerState
from shuke.domains.customers.types.sharing import ContactRole
from shuke.domains.customers.types.visits import PaperState, VisitChannel, VisitKind
from shuke.domains.orders.types import OrderKind, OrderStatus
from shuke.domains.records import service
from shuke.domains.records.queries.held import EXTERNAL, TECHNICAL
from shuke.domains.records.rules.fates import Listed
from shuke.domains.records.rules.parts import PARTS
from shuke.domains.records.types.privacy import Copy
from shuke.domains.segments.types import RfmCell
from shuke.domains.tasks.types import Outcome, TaskState
from shuke.kit import codec, db, i18n
from shuke.kit.ids import new_id
from tests.factories import World, make_world
from tests.factories.customers import make_customer
from tests.factories.orders import ingest, sale

ENUMS: Mapping[tuple[str, str], type[Enum]] = {
    ("customer", "gender"): Gender,
    ("children", "gender"): Gender,
    ("customer", "source"): CustomerSource,
    ("identities", "kind"): IdentityKind,
    ("contacts", "role"): ContactRole,
    ("visits", "kind"): VisitKind,
    ("visits", "channel"): VisitChannel,
    ("paper_cards", "state"): PaperState,
    ("orders", "kind"): OrderKind,
    ("orders", "status"): OrderStatus,
    ("segments", "cell"): RfmCell,
    ("cards", "state"): TaskState,
    ("cards", "outcome"): Outcome,
    ("consents", "purpose"): ConsentPurpose,
    ("consents", "channel"): ConsentChannel,
    ("consents", "state"): ConsentState,
}
INSIDE: Mapping[str, type[Enum]] = {"told_how": ConsentHow, "told_answer": AnswerState}
LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en"])


async def columns_of_the_copy() -> set[tuple[str, str]]:
    """Every part with every column that may stand in it, as the copy names it."""
    sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    known = [(row[0], row[1]) for row in await db.fetch(sql)]
    found = {("lines", column) for table, column in known if table == "order_line" and column != "order_id"}
    found.add(("lines", "receipt_no"))
    for part in PARTS:
        if isinstance(part.export, Listed):
            only = part.export.only or [column for table, column in known if table == part.table]
            found |= {(part.export.name, column) for column in only if column not in TECHNICAL}
    return {(part, column if column == EXTERNAL else column.removesuffix("_id")) for part, column in found}


@LOCALES
async def test_every_part_and_column_of_the_copy_has_a_word(database: str, locale: str) -> None:
    columns, words = await columns_of_the_copy(), i18n.CATALOGUE[locale]
    assert {f"held_{part}" for part, _ in columns} <= words.keys()
    shown_otherwise = {*UNTOLD, "custom_values"}  # head office's fields: by their labels
    assert {f"column_{column}" for _, column in columns if column not in shown_otherwise} <= words.keys()
    assert set(CODES) == set(ENUMS) <= columns
    assert set(SHAPED) <= {column for _, column in columns}


@LOCALES
def test_every_code_in_the_copy_has_a_word(locale: str) -> None:
    prefixes = [(CODES[place], kind) for place, kind in ENUMS.items()] + list(INSIDE.items())
    for prefix, kind in prefixes:
        missing = {f"{prefix}_{one.value}" for one in kind} - i18n.CATALOGUE[locale].keys()
        assert not missing, (prefix, missing)


async def full_copy(world: World, locale: str) -> Copy:
    """Of a customer of whom something stands in every part that rows can be put into from here."""
    guide, hq = world.staff["guide"], world.staff["hq"]
    key = await make_customer(world, phone="13800002047", name="周雨桐", birthday="lunar:1990-04-15")
    friend = await make_customer(world, phone="13800002048", name="别人", note="别人的话")
    await db.execute("UPDATE customer SET referrer_id = $2 WHERE id = $1", friend, key)
    await customers.add_note(guide, key, new_id(), "喜欢米色")
    await ingest(world, sale("1", phone="13800002047"))
    values = {"occupation": "老师", "interests": "看书"}
    await db.execute("UPDATE customer SET custom_values = $2 WHERE id = $1", key, codec.dumps(values))
    await db.execute(
        """INSERT INTO paper_card (id, brand_id, store_id, staff_id, customer_id, state, media, photo)
        VALUES ($1, $2, $3, $4, $5, 'typed', 'image/jpeg', '\\xffd8ff')""",
        *(new_id(), guide.brand_id, world.stores[0], guide.id, key),
    )
    await db.execute(
        """INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason)
        VALUES ($1, $2, $3, 'HLL', $4, $5, '{"days": 3, "orders": 1, "netMinor": 9900}')""",
        *(new_id(), guide.brand_id, key, world.stores[0], datetime(2026, 11, 20, tzinfo=UTC)),
    )
    reason = {
        "id": str(new_id()),
        "key": "how_is_it",
        "why": {"zh-CN": "{called}买过奶粉"},
        "say": {"zh-CN": "{called}，宝宝喝得惯吗"},
        "params": {},
        "due_at": "2026-11-20T01:00:00Z",
    }
    await db.execute(
        """INSERT INTO task (id, brand_id, customer_id, store_id, reasons, due_at, expires_at, state)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 'expired')""",
        *(new_id(), guide.brand_id, key, world.stores[0], codec.dumps([reason])),
        datetime(2026, 11, 20, tzinfo=UTC),
    )
    ticket = await service.copy_customer(hq, key)
    return await service.fetch_copy(hq, ticket.id, locale)


@LOCALES
async def test_nothing_of_the_page_speaks_the_programs_language(database: str, locale: str) -> None:
    packed = pack(await full_copy(await make_world(), locale))
    with ZipFile(BytesIO(packed)) as zipped:
        page, photo = zipped.read("copy.html").decode(), zipped.read("photo-1.jpeg")
    text = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
    assert photo == b"\xff\xd8\xff" and '<img src="photo-1.jpeg"' in page
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b|\b[0-9a-f]{8}-[0-9a-f]{4}\b|\d\d:\d\d:\d\d|[{}]", text), text
    for word in ("周雨桐", "+8613800002047", "喜欢米色", "老师", "宝宝喝得惯吗", "看书"):
        assert word in text, word
    assert ("农历 1990-04-15" if locale == "zh-CN" else "1990-04-15 by the lunar calendar") in text


async def test_of_whom_she_brought_stands_no_more_than_the_day(database: str) -> None:
    copy = await full_copy(await make_world(), "zh-CN")
    rows: list[dict[str, Any]] = copy.parts["referrals"]
    assert [set(row) for row in rows] == [{"id", "created_at"}]
    assert "别人" not in codec.dumps(copy.parts)
