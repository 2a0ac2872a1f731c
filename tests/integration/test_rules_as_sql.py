"""Every comparison of every fact, compiled to SQL, against the same rule evaluated plainly; and when time flips it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from shuke.domains.customers.queries import latest, life_stages
from shuke.domains.customers.types.dependants import LifeStage
from shuke.domains.customers.types.profile import Field, FieldKind, Subject
from shuke.domains.customers.types.profile import Option as Choice
from shuke.domains.segments import queries
from shuke.domains.segments.rules import expanded
from shuke.kit import codec, db
from shuke.kit.ids import new_id
from shuke.kit.rules import Kind, Node, Statement, dump, read
from tests.factories import World as Brand
from tests.factories import make_world, naive
from tests.factories.chance import ARTICLES, CHOICES, NOW, ZONES, Maker
from tests.factories.naive import Someone

PEOPLE, TREES = 150, 400
OWN = [
    (FieldKind.TEXT, "community"),
    (FieldKind.NUMBER, "rooms"),
    (FieldKind.MONEY, "budget"),
    (FieldKind.DATE, "moved"),
    (FieldKind.YES_NO, "car"),
    (FieldKind.CHOICE, "size"),
    (FieldKind.CHOICES, "likes"),
    (FieldKind.PHONE, "sister"),
    (FieldKind.CUSTOMER, "friend"),
    (FieldKind.STAFF, "adviser"),
    (FieldKind.STORE, "near"),
]


async def own_fields(brand: Brand) -> None:
    """Fields of head office's own, of customers and of children."""

    def field(kind: FieldKind, key: str, subject: Subject) -> Field:
        options = tuple(Choice(one, {"en": one}) for one in CHOICES) if kind.value.startswith("choice") else ()
        return Field(key, {"en": key}, kind, "identity", options=options, subject=subject)

    document = (await latest(brand.brand_id)).document
    more = [field(kind, key, Subject.CUSTOMER) for kind, key in OWN]
    more += [field(kind, f"kid_{key}", Subject.DEPENDANT) for kind, key in OWN]
    told = codec.dumps(replace(document, fields=(*document.fields, *more)))
    row = {"id": new_id(), "brand_id": brand.brand_id, "version": 100, "document": told, "swept_at": NOW}
    await insert("profile_template", row)


async def own_segments(brand: Brand) -> UUID:
    """A fixed list and two rules, of which one asks for both; its id."""
    loyal, fixed, family = new_id(), new_id(), new_id()
    gold = {"fact": "customer.level", "op": "begins", "value": "gold"}
    both = {"fact": "segments", "op": "any", "value": [str(loyal), str(fixed)]}
    rules: dict[UUID, Any] = {
        loyal: {"all": [{"fact": "orders.count", "op": "ge", "value": 2}, {"not": gold}]},
        fixed: {"all": []},
        family: {"any": [both, {"fact": "children.age", "op": "le", "value": 12}]},
    }
    for key, tree in rules.items():
        kind = "snapshot" if key == fixed else "rule"
        row = {"id": key, "brand_id": brand.brand_id, "name": key.hex, "kind": kind, "tree": codec.dumps(tree)}
        await insert("segment", row | {"filled_at": NOW})
    return family


async def store(brand: Brand, people: list[Someone]) -> list[UUID]:
    """Writes them as the tables have them; their ids, in order."""
    keys = []
    for one in people:
        key = new_id()
        keys.append(key)
        columns = one.columns | {"id": key, "brand_id": brand.brand_id}
        columns |= {"custom_values": codec.dumps(one.values), "refusals": codec.dumps(one.refusals)}
        columns |= {name: columns[name] and UUID(columns[name]) for name in ("store_id", "guide_id")}
        await insert("customer", columns)
        for kind in one.numbers:
            told: dict[str, Any] = {"kind": kind, "value": key.hex, "raw_value": ""}
            await insert("customer_identity", told | {"id": new_id(), "brand_id": brand.brand_id, "customer_id": key})
        for child in one.children:
            told = {"born_on": child.born, "due_on": child.due, "gender": child.gender, "since": NOW}
            told |= {"removed_at": NOW if child.removed else None, "custom_values": codec.dumps(child.values)}
            await insert("dependant", told | {"id": new_id(), "brand_id": brand.brand_id, "customer_id": key})
        for kind, at in one.touches:
            told = {"kind": kind, "at": at, "data": "{}", "id": new_id(), "brand_id": brand.brand_id}
            await insert("timeline_entry", told | {"customer_id": key})
        if one.cell:
            told = {"cell": one.cell, "entered_at": NOW, "reason": "{}", "id": new_id(), "brand_id": brand.brand_id}
            await insert("segment_membership", told | {"customer_id": key, "store_id": columns["store_id"]})
        for given in one.tags:
            told = {"tag_id": UUID(given.tag), "set_how": given.how, "set_at": given.at, "expires_at": given.until}
            told |= {"removed_at": NOW if given.removed else None, "id": new_id(), "brand_id": brand.brand_id}
            await insert("customer_tag", told | {"customer_id": key})
        await store_lists(brand, key, one)
        await store_foretold(brand, key, one)
        await store_receipts(brand, key, one)
    return keys


async def store_lists(brand: Brand, key: UUID, one: Someone) -> None:
    for place in one.lists:
        owner = new_id() if place.former else key
        if place.former:
            row = {"id": owner, "brand_id": brand.brand_id, "store_id": brand.stores[0], "merged_into_id": key}
            await insert("customer", row)
        told = {"segment_id": UUID(place.segment), "entered_at": NOW, "left_at": NOW if place.left else None}
        told |= {"entered_by": "{}", "id": new_id(), "brand_id": brand.brand_id}
        await insert("segment_member", told | {"customer_id": owner})


async def store_foretold(brand: Brand, key: UUID, one: Someone) -> None:
    if one.foretold:
        told: dict[str, Any] = {"customer_id": key, "brand_id": brand.brand_id, "as_of": NOW.date(), "run": 1}
        told |= {"expires_at": one.foretold.until, "order_90": one.foretold.order_90, "labels": one.foretold.labels}
        told |= {"numbers": [1, 1, 1], "why": [1], "why_new": [1], "seen": [80, 3, 12800, 300, 0]}
        await insert("customer_prediction", told)


async def store_receipts(brand: Brand, key: UUID, one: Someone) -> None:
    ids = {id(receipt): new_id() for receipt in one.receipts}
    for receipt in one.receipts:
        order = ids[id(receipt)]
        told = {
            "id": order,
            "brand_id": brand.brand_id,
            "store_id": UUID(receipt.store),
            "customer_id": key,
            "source": "test",
            "business_date": receipt.at.date(),
            "receipt_no": order.hex,
            "currency": "CNY",
            "kind": "refund" if receipt.refund else "sale",
            "placed_at": receipt.at,
            "digest": b"",
            "status": "cancelled" if receipt.cancelled else "completed",
            "total_minor": receipt.minor,
            "refund_of_id": ids[id(receipt.of)] if receipt.of else None,
        }
        await insert('"order"', told)
        for place, (sku, pieces, minor) in enumerate(receipt.lines):
            line = {"order_id": order, "position": place, "sku": sku, "quantity": pieces, "total_minor": minor}
            await insert("order_line", line)


async def insert(table: str, columns: dict[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *columns.values())


async def prepared(seed: int) -> tuple[Maker, list[Someone], list[UUID], tuple[LifeStage, ...]]:
    brand = await make_world()
    for number, zone in enumerate(ZONES):
        await db.execute("UPDATE store SET timezone = $2 WHERE id = $1", brand.stores[number], zone)
    await own_fields(brand)
    for sku, category in ARTICLES.items():
        await insert("product", {"id": new_id(), "brand_id": brand.brand_id, "sku": sku, "category": category})
    group = {"id": new_id(), "brand_id": brand.brand_id, "name": "all"}
    await insert("tag_group", group)
    for name in ("VIP", "twins", "allergic", "archived"):
        tag = {"id": new_id(), "brand_id": brand.brand_id, "group_id": group["id"], "name": name, "colour": "pine"}
        await insert("tag", tag | {"kind": "static", "archived_at": NOW if name == "archived" else None})
    follows = {"name": "family", "kind": "dynamic", "segment_id": await own_segments(brand)}
    await insert("tag", tag | follows | {"id": new_id()})
    known = await queries.catalogue(brand.brand_id)
    maker = Maker(seed, brand, known, await queries.by_id(brand.brand_id, await queries.trees(brand.brand_id, known)))
    people = [maker.someone() for _ in range(PEOPLE)]
    return maker, people, await store(brand, people), (await life_stages(brand.brand_id)).stages


async def asked(
    maker: Maker, trees: list[Node], now: datetime, how: Callable[[Statement, Node], str] = Statement.holds
) -> dict[UUID, tuple[list[bool], datetime | None]]:
    statement = Statement(maker.catalogue, maker.brand.brand_id, now)
    columns = ", ".join(how(statement, expanded(tree, maker.meant)) for tree in trees)
    sql = f"SELECT c.id, ARRAY[{columns}], {statement.due} {statement.people}"
    return {row[0]: (row[1], row[2]) for row in await db.fetch(sql, *statement.args)}


@pytest.mark.parametrize(
    ("seed", "how", "plainly"),
    [*((seed, Statement.holds, naive.holds) for seed in range(3)), (3, Statement.finds, naive.finds)],
)
async def test_sql_and_plain_evaluation_agree_on_every_comparison(
    database: str, seed: int, how: Callable[[Statement, Node], str], plainly: Callable[..., bool]
) -> None:
    maker, people, keys, stages = await prepared(seed)
    conditions: list[Node] = [
        maker.condition(fact, op)
        for fact in maker.catalogue.values()
        for op in maker.ops(fact)
        for _ in range(3)
        if fact.options or fact.kind not in (Kind.SET, Kind.CHOICE)
    ]
    trees = conditions + [maker.tree() for _ in range(TREES)]
    world = naive.World(maker.catalogue, stages, ARTICLES, NOW, maker.meant)  # type: ignore[arg-type]
    told = set()
    for start in range(0, len(trees), 100):
        some = trees[start : start + 100]
        found = await asked(maker, some, NOW, how)
        for key, one in zip(keys, people, strict=True):
            for tree, holds in zip(some, found[key][0], strict=True):
                assert holds is plainly(tree, one, world), (dump(tree), one)
                told.add((id(tree), holds))
    assert len(told) > 1.5 * len(trees)  # most of them hold for some and not for others


async def test_time_changes_nothing_before_the_moment_that_was_told(database: str) -> None:
    maker, _, _, _ = await prepared(7)
    trees: list[Node] = [
        maker.condition(fact, op)
        for fact in maker.catalogue.values()
        for op in maker.ops(fact)
        if fact.options or fact.kind not in (Kind.SET, Kind.CHOICE)
    ]
    changes = 0
    for start in range(0, len(trees), 10):
        some = trees[start : start + 10]
        before = await asked(maker, some, NOW)
        for hours in range(6, 24 * 20, 6):
            now = NOW + timedelta(hours=hours)
            after = await asked(maker, some, now)
            for key, (holds, _) in after.items():
                if holds != before[key][0]:
                    changes += 1
                    due = before[key][1]
                    assert due is not None and due <= now, [dump(tree) for tree in some]
            before = after
    assert changes > 100


async def test_a_rule_reads_as_it_was_written(database: str) -> None:
    maker, _, _, _ = await prepared(3)
    for _ in range(300):
        tree = maker.tree()
        assert read(codec.loads(codec.dumps(dump(tree))), maker.catalogue) == tree
