"""Two archives become one: what moves, whose value holds, who may, and that every old id leads on."""

import asyncio

import pytest

from shuke.domains.customers import queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import Conflict, Filters, IdentityKind
from shuke.domains.records import service
from shuke.domains.records.types.merging import Origin, Side
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import Outcome
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.ids import new_id
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone, refused
from tests.factories.merging import known_by, merge, told, versions
from tests.factories.orders import ingest, refund, sale
from tests.factories.tasks import cards_of, make_card


async def test_what_was_the_losers_is_the_winners(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    winner = await make_customer(world, name="周雨桐", alias=None)
    loser = await make_customer(world, "colleague", phone=phone, name="周雨彤", alias="小满妈妈", note="爱喝温水")
    await ingest(world, sale("1", phone=phone), sale("2", 5000, 3, phone=phone), refund("3", -2000, 4, of="2"))
    await customers.add_note(world.staff["colleague"], loser, new_id(), "周三来")
    await merge(world, winner, loser, "manager", name=Side.WINNER)
    left = {"customer.id": 1, "customer_stats.id": 1, "merge_record.loser_id": 1, "enrolment.customer_id": 1}
    known = await known_by(loser)
    del known["rfm_touched.customer_id"]  # marks: she is looked at again
    assert known.items() <= left.items()
    figures = await db.fetch_row(
        "SELECT order_count, gross_minor, refunded_minor FROM customer_stats WHERE id = $1", winner
    )
    assert tuple(figures or ()) == (2, 15000, -2000)
    view = await queries.customer(world.staff["guide"], winner)
    assert view and (view.name, view.alias, view.note) == ("周雨桐", "小满妈妈", "爱喝温水")
    kinds = [entry.kind.value for entry in await queries.timeline(world.staff["guide"], winner, 20)]
    assert sorted(kinds) == ["created", "created", "merged", "note", "order", "order", "refund"]
    event = await db.fetch_row("SELECT subject_id, data ->> 'loser' FROM event WHERE kind = 'customer.merged'")
    assert event and tuple(event) == (winner, str(loser))


async def test_a_preview_says_whose_value_holds_and_what_moves(database: str) -> None:
    world = await make_world()
    winner = await make_customer(world, name="周雨桐", alias="小满妈妈", note=None)
    loser = await make_customer(world, name="周雨彤", alias=None, note="爱喝温水")
    await customers.add_note(world.staff["guide"], loser, new_id(), "周三来")
    await customers.update_customer(world.staff["guide"], loser, 1, {"level": "金卡"})
    shown = await service.merge_preview(world.staff["manager"], winner, loser)
    fields = {one.field: one for one in shown.fields}
    assert (fields["name"].default, fields["name"].conflict) == (Side.LOSER, True)  # both by staff: the newer one
    assert (fields["note"].default, fields["note"].conflict) == (Side.LOSER, False)
    assert (fields["alias"].default, fields["alias"].winner, fields["alias"].loser) == (Side.WINNER, "小满妈妈", None)
    assert fields["source"].winner == "WALK_IN" and fields["level"].loser_origin is Origin.STAFF
    assert told(shown.moves) == {"moving_note": 1, "moving_edit": 1, "moving_number": 1, "moving_entry": 1}


async def test_what_staff_said_holds_over_a_file_and_a_pick_over_all(database: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world, name="周雨桐"), await make_customer(world, name="周雨彤")
    await db.execute("UPDATE customer SET source = 'import' WHERE id = $1", loser)
    shown = await service.merge_preview(world.staff["hq"], winner, loser)
    assert {one.field: one.default for one in shown.fields}["name"] is Side.WINNER
    await merge(world, winner, loser, name=Side.LOSER, source=Side.LOSER)
    view = await queries.customer(world.staff["hq"], winner)
    assert view and (view.name, view.source.value) == ("周雨彤", "import")


async def test_of_two_open_cards_one_is_left_with_the_reasons_of_both(database: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world), await make_customer(world)
    hers, other = await make_card(world, winner), await make_card(world, loser, key="thanks")
    await merge(world, winner, loser)
    assert sorted(await cards_of(winner)) == [("expired", 1), ("open", 2)]
    shown = await tasks.record_outcome(world.staff["guide"], new_id(), other, Outcome.REACHED)
    assert shown == hers and sorted(await cards_of(winner)) == [("done", 2), ("expired", 1)]


async def test_an_open_card_comes_along_to_the_winners_store(database: str) -> None:
    world = await make_world()
    winner = await make_customer(world)
    loser = await make_customer(world, "stranger")
    card = await make_card(world, loser)
    await merge(world, winner, loser)
    row = await db.fetch_row("SELECT customer_id, store_id, assignee_id, state FROM task WHERE id = $1", card)
    assert row and tuple(row) == (winner, world.stores[0], world.staff["guide"].id, "open")


async def test_old_ids_lead_on_through_a_chain_of_merges(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    a, b, c = [await make_customer(world, name=name) for name in ("甲", "乙", "丙")]
    await merge(world, b, a, name=Side.WINNER)
    await merge(world, c, b, name=Side.WINNER)
    assert [view and view.id for view in await queries.customers_by_id(guide, [a, b, c])] == [c, c, c]
    note = await customers.add_note(guide, a, new_id(), "还用着旧编号的手机")
    assert await db.fetch_value("SELECT customer_id FROM timeline_entry WHERE id = $1", note) == c
    assert await customers.reveal_phone(guide, b)
    await customers.update_customer(guide, a, 1, {"level": "金卡"})
    assert await db.fetch_value("SELECT level FROM customer WHERE id = $1", c) == "金卡"
    for view in await queries.customers(guide, Filters(), 9):
        assert view.id == c


async def test_an_edit_of_an_old_id_clashes_where_the_merged_archive_says_something_else(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    winner, loser = (
        await make_customer(world, name="周雨桐"),
        await make_customer(world, name="周雨彤", alias="小满妈妈"),
    )
    await merge(world, winner, loser, name=Side.WINNER)
    clash = await refused(customers.update_customer(guide, loser, 1, {"name": "周雨童", "alias": "阿树妈妈"}))
    assert clash.code is ErrorCode.CONFLICT and clash.subject == [Conflict("name", "周雨童", "周雨桐")]
    await customers.update_customer(guide, loser, 1, {"alias": "阿树妈妈"})
    version = await db.fetch_value("SELECT version FROM customer WHERE id = $1", winner)
    await customers.update_customer(guide, loser, version, {"name": "周雨童"})  # as her phone sends it once she chose
    view = await queries.customer(guide, winner)
    assert view and (view.name, view.alias) == ("周雨童", "阿树妈妈")


async def test_a_till_that_knows_the_losers_number_sells_to_the_winner(database: str) -> None:
    world = await make_world()
    phone = next_phone()
    winner, loser = await make_customer(world), await make_customer(world, phone=phone)
    await merge(world, winner, loser)
    await ingest(world, sale("1", phone=phone))
    assert await db.fetch_value('SELECT customer_id FROM "order"') == winner
    holder = await queries.holder(world.staff["guide"], IdentityKind.PHONE, f"+86{phone}")
    assert holder and holder.id == winner


async def test_cells_stay_as_the_board_counts_them(database: str) -> None:
    world = await make_world()
    people = [await make_customer(world), await make_customer(world), await make_customer(world, "stranger")]
    sql = """INSERT INTO segment_membership (id, brand_id, customer_id, cell, store_id, entered_at, reason)
      SELECT gen_random_uuid(), $1, x.id, x.cell, c.store_id, now(), '{}'
      FROM unnest($2::uuid[], $3::text[]) AS x(id, cell) JOIN customer c USING (id)"""
    await db.execute(sql, world.brand_id, people, ["HHH", "LLL", "HHH"])
    sql = "INSERT INTO segment_store_count (brand_id, store_id, cell, customers) VALUES ($1, $2, $3, 1)"
    await db.execute_many(sql, [(world.brand_id, world.stores[place], cell) for place, cell in SEATS])
    await merge(world, people[0], people[1])
    merged = await merge(world, people[0], people[2])
    counts = "SELECT cell, sum(customers)::int FROM segment_store_count GROUP BY 1 ORDER BY 1"
    assert [tuple(row) for row in await db.fetch(counts)] == [("HHH", 1), ("LLL", 0)]
    await service.undo_merge(world.staff["hq"], merged)
    assert [tuple(row) for row in await db.fetch(counts)] == [("HHH", 2), ("LLL", 0)]


SEATS = ((0, "HHH"), (0, "LLL"), (1, "HHH"))


@pytest.mark.parametrize("who", ["guide", "colleague", "stranger"])
async def test_who_stands_at_the_counter_merges_nobody(database: str, who: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world), await make_customer(world)
    refusal = await refused(merge(world, winner, loser, who))
    assert refusal.code is ErrorCode.FORBIDDEN


async def test_a_manager_merges_within_her_stores_only(database: str) -> None:
    world = await make_world()
    winner, loser = await make_customer(world), await make_customer(world, "stranger")
    assert (await refused(merge(world, winner, loser, "manager"))).code is ErrorCode.NOT_FOUND
    merged = await merge(world, winner, loser, "regional")
    assert (await refused(service.undo_merge(world.staff["manager"], merged))).code is ErrorCode.FORBIDDEN
    assert (await service.undo_merge(world.staff["regional"], merged)).winner_id == winner


async def test_what_cannot_be_merged_is_refused_in_words(database: str) -> None:
    world = await make_world()
    a, b, c = [await make_customer(world) for _ in range(3)]
    assert (await refused(merge(world, a, a))).reason == "merge_same"
    stale = service.merge_customers(world.staff["hq"], a, b, {}, (1, 7))
    assert (await refused(stale)).reason == "merge_changed"
    assert (await refused(merge(world, a, b, shoes=Side.LOSER))).reason == "merge_field"
    await merge(world, a, b)
    assert (await refused(merge(world, c, b))).reason == "merge_gone"


async def test_of_two_who_merge_at_once_one_merges_and_nobody_waits_for_ever(database: str) -> None:
    world = await make_world()
    a, b = await make_customer(world), await make_customer(world)
    now = await versions(a, b)
    hq = world.staff["hq"]
    both = [service.merge_customers(hq, a, b, {}, now), service.merge_customers(hq, b, a, {}, now)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert [result.reason for result in results if isinstance(result, Refusal)] == ["merge_gone"]


async def test_notes_that_come_while_two_are_merged_are_the_winners(database: str) -> None:
    world = await make_world()
    guide = world.staff["guide"]
    for _ in range(4):
        winner, loser = await make_customer(world), await make_customer(world)
        notes = [customers.add_note(guide, loser, new_id(), f"第 {n} 条") for n in range(4)]
        orders = ingest(world, sale(f"r{winner}"[:20]))
        await asyncio.gather(*notes[:2], merge(world, winner, loser), *notes[2:], orders)
        where = "SELECT DISTINCT customer_id FROM timeline_entry WHERE kind = 'note' AND customer_id = ANY($1)"
        assert [row[0] for row in await db.fetch(where, [winner, loser])] == [winner]
