"""The whole chain as a stream of batches, the same for the same day and number of customers, in flat memory."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from random import Random

from shuke.app.demo.baskets import basket, taste
from shuke.app.demo.calendar import Calendar, opening_minute
from shuke.app.demo.families import HISTORY, Family, Place, Story, any_story, family
from shuke.app.demo.people import SEED, SHOPS, STAFF, counter_of, customer_phone
from shuke.app.demo.shapes import Batch, Receipt

ORDERS_A_CUSTOMER = 8
KNOWN = 0.975  # of the receipts; at the others nobody said who she was
POOL = 0.03  # of the families belong to nobody in particular
BATCH = 1000  # customers

THANKS_DUE, CALL_DUE, WAKE_DUE, WAKE_LATE = (1, 1), (3, 3), (240, 90), (200, 91)
"""First and last visit of families that are to be contacted today, in days before today."""
DUE_FOR_DEMO_GUIDE = (THANKS_DUE, CALL_DUE, WAKE_DUE, WAKE_LATE)
DUE_IN_POOL_OF_FIRST_SHOP = (THANKS_DUE,)


def batches(today: date, customers: int) -> Iterator[Batch]:
    """`customers` people and eight times as many receipts; the first batch holds those who are due today."""
    return _Chain(today, customers).batches()


class _Chain:
    def __init__(self, today: date, customers: int) -> None:
        self.calendar = Calendar(today)
        self.customers = customers
        self.slack = min(300, customers * (1 - KNOWN) * ORDERS_A_CUSTOMER * 0.8)
        self.people = 0
        self.receipts = 0
        self.known = 0  # receipts of people on file
        self.numbers: dict[tuple[int, date], int] = defaultdict(int)

    def batches(self) -> Iterator[Batch]:
        due = Batch(due=True)
        for place, story in _due_today():
            if self.people < max(len(DUE_FOR_DEMO_GUIDE) + 1, self.customers // 4):
                self._add(due, self._family(f"due {self.people}", place, story))
        yield due
        number = 0
        while self.people < self.customers:
            batch = Batch()
            while self.people < self.customers and len(batch.people) < BATCH:
                self._add(batch, self._family(f"family {number}", None, None))
                number += 1
            nameless = self.people * ORDERS_A_CUSTOMER * (1 - KNOWN) - self.slack
            yield self._with_passers_by(batch, int(nameless) - (self.receipts - self.known))
        while (batch := self._with_passers_by(Batch(), BATCH)).receipts:
            yield batch

    def _family(self, seed: str, place: Place | None, story: Story | None) -> Family:
        rng = Random(f"{SEED}/{seed}")
        place, story = place or _any_place(rng), story or any_story(rng)
        allowed = (self.people + 2) * ORDERS_A_CUSTOMER * KNOWN - self.known + self.slack
        return family(rng, self.calendar, place, story, max(1, int(allowed)))

    def _add(self, batch: Batch, household: Family) -> None:
        people = household.people[: self.customers - self.people]
        for person in people:
            person.phone = customer_phone(self.people)
            self.people += 1
        batch.people += people
        batch.contacts += [contact for contact in household.contacts if contact.person in people]
        receipts = [receipt for receipt in household.receipts if receipt.person in people]
        if (room := self.customers * ORDERS_A_CUSTOMER - self.receipts) < len(receipts):
            receipts = receipts[len(receipts) - room :]
            receipts = [receipt for receipt in receipts if receipt.refund_of in (None, *receipts)]
        self.known += len(receipts)
        self._write(batch, receipts)

    def _with_passers_by(self, batch: Batch, most: int) -> Batch:
        """Adds receipts of people nobody knows, so that there are eight a customer in the end."""
        rng = Random(f"{SEED}/passers-by {self.receipts}")
        missing = min(most, self.customers * ORDERS_A_CUSTOMER - self.receipts)
        self._write(batch, [self._passer_by(rng) for _ in range(missing)])
        return batch

    def _passer_by(self, rng: Random) -> Receipt:
        ago = 1 + int(rng.random() * HISTORY)
        lines = basket(rng, rng.randint(-3, 36), taste(rng))
        at = self.calendar.moment(ago, opening_minute(rng))
        return Receipt(rng.randrange(len(SHOPS)), None, at, self.calendar.day(ago), lines)

    def _write(self, batch: Batch, receipts: list[Receipt]) -> None:
        for receipt in receipts:
            key = receipt.shop, receipt.day
            self.numbers[key] += 1
            receipt.number = f"{receipt.day:%y%m%d}{self.numbers[key]:04d}"
        self.receipts += len(receipts)
        batch.receipts += receipts


def _any_place(rng: Random) -> Place:
    if rng.random() < POOL:
        return Place(rng.randrange(len(SHOPS)), None)
    guide = rng.choice([n for n, employee in enumerate(STAFF) if employee.serves])
    return Place(rng.choice(STAFF[guide].shops), guide)


def _due_today() -> Iterator[tuple[Place, Story]]:
    """The demo guide's first, then a handful for everybody else at a counter, and some for the shops' pools."""
    rng = Random(f"{SEED}/due")
    for shop in range(len(SHOPS)):
        pool = rng.choice(((), (THANKS_DUE,), (WAKE_DUE,))) if shop else DUE_IN_POOL_OF_FIRST_SHOP
        everybody = [(guide, _plan(rng) if guide else DUE_FOR_DEMO_GUIDE) for guide in counter_of(shop)]
        for guide, plan in everybody:
            if STAFF[guide].shops[0] == shop:
                yield from ((Place(shop, guide), _story(days)) for days in plan)
        yield from ((Place(shop, None), _story(days)) for days in pool)


def _plan(rng: Random) -> tuple[tuple[int, int], ...]:
    return (
        *(THANKS_DUE,) * rng.randint(1, 2),
        *(CALL_DUE,) * rng.randint(0, 2),
        *(WAKE_DUE,) * rng.randint(1, 3),
        *(WAKE_LATE,) * rng.choice((0, 0, 1)),
    )


def _story(days: tuple[int, int]) -> Story:
    return Story(*days, alone=True, due=True)
