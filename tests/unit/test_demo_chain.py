"""The demo chain as a stream: the same for the same day, of the promised size, and plausible."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import phonenumbers
import pytest

from shuke.app.demo.calendar import Calendar
from shuke.app.demo.chain import (
    CALL_DUE,
    DUE_FOR_DEMO_GUIDE,
    THANKS_DUE,
    WAKE_DUE,
    WAKE_LATE,
    batches,
)
from shuke.app.demo.people import ADVISED, REGIONS, SHOPS, STAFF, counter_of
from shuke.app.demo.shapes import Batch, Person, Receipt
from shuke.domains.identity.types import Role

DAY = date(2026, 11, 19)
DIGEST = "1b858374a58e40c6edcd46de06b49a6705f75cd732dff2cc73b776c178758331"


@pytest.fixture(scope="module")
def chain() -> list[Batch]:
    return list(batches(DAY, 5000))


def everyone(chain: list[Batch]) -> list[Person]:
    return [person for batch in chain for person in batch.people]


def everything(chain: list[Batch]) -> list[Receipt]:
    return [receipt for batch in chain for receipt in batch.receipts]


def digest(chain: list[Batch]) -> str:
    seen = hashlib.sha256()
    for person in everyone(chain):
        seen.update(repr(person).encode())
    for receipt in everything(chain):
        who = receipt.person and receipt.person.id
        seen.update(f"{receipt.shop} {receipt.number} {who} {receipt.placed_at} {receipt.lines}".encode())
    for batch in chain:
        for contact in batch.contacts:
            seen.update(f"{contact.person.id} {contact.at} {contact.guide} {contact.outcome} {contact.note}".encode())
    return seen.hexdigest()


def last_days(chain: list[Batch]) -> dict[str, tuple[int, int, int]]:
    """phone -> receipts, first and last, in days before DAY."""
    agos: dict[str, list[int]] = {}
    for receipt in everything(chain):
        if receipt.person:
            agos.setdefault(receipt.person.phone, []).append((DAY - receipt.day).days)
    return {phone: (len(days), max(days), min(days)) for phone, days in agos.items()}


def test_the_same_day_gives_the_same_chain(chain: list[Batch]) -> None:
    assert digest(chain) == DIGEST


def test_another_day_moves_everything_along(chain: list[Batch]) -> None:
    later = list(batches(DAY + timedelta(days=7), 5000))
    assert digest(later) != digest(chain)
    first, same = everyone(chain)[0], everyone(later)[0]
    assert (first.name, first.phone) == (same.name, same.phone)
    assert same.joined_at - first.joined_at == timedelta(days=7)


def test_the_house_has_seventeen_shops_and_sixty_people() -> None:
    assert len(REGIONS) == 4 and len(SHOPS) == 17 and len({shop.code for shop in SHOPS}) == 17
    assert Counter(employee.role for employee in STAFF) == {
        Role.GUIDE: 30,
        Role.ADVISOR: len(ADVISED),
        Role.STORE_MANAGER: 17,
        Role.REGIONAL_MANAGER: 4,
        Role.HQ: 2,
        Role.ADMIN: 1,
    }
    assert len({employee.phone for employee in STAFF}) == len({employee.name for employee in STAFF}) == 60
    assert sum(len(employee.shops) == 2 for employee in STAFF) == 1
    assert all(len(counter_of(shop)) >= 2 for shop in range(17))


@pytest.mark.parametrize("customers", [1, 5, 60, 700, 5000])
def test_there_are_eight_receipts_a_customer_however_many_customers(customers: int) -> None:
    small = list(batches(DAY, customers))
    assert len(everyone(small)) == customers
    assert len(everything(small)) == 8 * customers


def test_households_share_the_childs_name_the_shop_and_the_guide(chain: list[Batch]) -> None:
    people, households = everyone(chain), 0
    for mother, relative in pairwise(people):
        if relative.alias and not relative.alias.endswith("妈妈"):
            assert relative.alias[-2:] in ("爸爸", "奶奶", "外婆")
            assert mother.alias is not None and mother.alias[:-2] == relative.alias[:-2]
            assert (mother.shop, mother.guide) == (relative.shop, relative.guide)
            assert mother.phone != relative.phone
            households += 1
    assert households > 1000
    assert 0.02 < sum(person.guide is None for person in people) / len(people) < 0.05


def test_phone_numbers_are_valid_and_nobodys(chain: list[Batch]) -> None:
    numbers = [person.phone for person in everyone(chain)]
    assert len(set(numbers)) == 5000
    for number in [*numbers[::50], *(employee.phone for employee in STAFF)]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")) and number.startswith("1349")


def test_ids_sort_by_the_moment_of_joining(chain: list[Batch]) -> None:
    people = everyone(chain)
    assert len({person.id for person in people}) == 5000
    by_id = sorted(people, key=lambda person: person.id.int)
    assert [person.joined_at for person in by_id] == sorted(person.joined_at for person in people)
    assert all(person.id.version == 7 for person in people[:50])


def test_receipts_have_keys_of_their_own_and_lie_in_the_past_eighteen_months(chain: list[Batch]) -> None:
    receipts = everything(chain)
    assert len({(receipt.shop, receipt.day, receipt.number) for receipt in receipts}) == 40_000
    days = [(DAY - receipt.day).days for receipt in receipts]
    assert min(days) == 1 and 530 < max(days) <= 548
    shop_hours = {(receipt.placed_at + timedelta(hours=8)).hour for receipt in receipts}
    assert shop_hours <= set(range(9, 21))
    assert all((receipt.placed_at + timedelta(hours=8)).date() == receipt.day for receipt in receipts)
    assert all(
        receipt.person.joined_at <= receipt.placed_at
        for receipt in receipts
        if receipt.person and not receipt.refund_of
    )


def test_some_receipts_are_refunds_cancelled_or_anonymous(chain: list[Batch]) -> None:
    receipts = everything(chain)
    refunds = [receipt for receipt in receipts if receipt.refund_of]
    assert 0.015 < len(refunds) / len(receipts) < 0.025
    for refund in refunds:
        sale = refund.refund_of
        assert sale and (sale.shop, sale.person) == (refund.shop, refund.person) and sale.placed_at < refund.placed_at
        returned = -sum(line.total for line in refund.lines)
        assert 0 < returned <= sum(line.total for line in sale.lines)
    assert 0.001 < sum(receipt.cancelled for receipt in receipts) / len(receipts) < 0.01
    assert 0.005 < sum(receipt.person is None for receipt in receipts) / len(receipts) < 0.06


def test_those_who_are_due_come_first_and_nobody_else_was_new_in_the_last_days(chain: list[Batch]) -> None:
    due, *others = chain
    assert due.due and not any(batch.due for batch in others)
    assert [person.guide for person in due.people[: len(DUE_FOR_DEMO_GUIDE)]] == [0] * len(DUE_FOR_DEMO_GUIDE)
    assert {(first, last) for _, first, last in last_days([due]).values()} == {
        THANKS_DUE,
        CALL_DUE,
        WAKE_DUE,
        WAKE_LATE,
    }
    per_guide = Counter(person.guide for person in due.people)
    assert all(2 <= per_guide[guide] <= 8 for guide, employee in enumerate(STAFF) if employee.serves)
    new = [first for count, first, _ in last_days(others).values() if first < 4]
    assert len(new) < 10


def test_many_families_have_fallen_silent_and_most_go_on(chain: list[Batch]) -> None:
    silent = sum(last > 90 for _, _, last in last_days(chain).values())
    assert 0.2 < silent / 5000 < 0.4


def test_past_follow_ups_lie_before_today_and_after_the_joining(chain: list[Batch]) -> None:
    contacts = [contact for batch in chain for contact in batch.contacts]
    today = Calendar(DAY).moment(0, 0)
    assert len(contacts) > 5000
    assert all(contact.person.joined_at < contact.at < today for contact in contacts)
    assert all(STAFF[contact.guide].serves for contact in contacts)


def test_the_chain_is_made_on_new_years_day_too() -> None:
    small = list(batches(date(2027, 1, 1), 200))
    assert max(receipt.placed_at for receipt in everything(small)) < datetime(2026, 12, 31, 16, tzinfo=UTC)
