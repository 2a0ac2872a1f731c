"""Writes the demo chain down, by the rooms' own services: what a till, a counter and head office would have done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from shuke.app.demo.calendar import Calendar, sorted_id
from shuke.app.demo.chain import batches
from shuke.app.demo.fields import add_fields, values
from shuke.app.demo.people import CURRENCY, PASSWORD, REGIONS, SEED, SHOPS, STAFF, TIMEZONE, Employee
from shuke.app.demo.shapes import Call, Contact, Person, Receipt
from shuke.app.demo.visits import came
from shuke.domains.customers import service as customers
from shuke.domains.customers.types import CustomerRow, CustomerSource, Gender, TimelineIn, TimelineKind
from shuke.domains.customers.types.dependants import NewDependant
from shuke.domains.customers.types.visits import KeptVisit
from shuke.domains.identity import service
from shuke.domains.identity.types import Actor, Grant, Locale, Role
from shuke.domains.orders import rules
from shuke.domains.orders import service as orders
from shuke.domains.orders.types import Document, LinesIn, OrderIn, OrderKind, OrderStatus
from shuke.domains.orders.types import House as Checks
from shuke.kit import db, events, phones, zones
from shuke.kit.ids import new_id

TILL = "demo-till"
ANALYSE = 'ANALYZE customer, customer_identity, "order", order_line, customer_stats, timeline_entry, dependant'


@dataclass(slots=True, frozen=True)
class House:
    """The brand as it was made; shops and staff in the order of people.SHOPS and people.STAFF."""

    brand_id: UUID
    shops: list[UUID]
    staff: list[UUID]

    def actor(self, number: int) -> Actor:
        """That member of STAFF, who serves customers, at work."""
        employee = STAFF[number]
        grant = Grant(employee.role, tuple(self.shops[shop] for shop in employee.shops))
        return Actor(
            "staff", self.staff[number], self.brand_id, employee.name, Locale.ZH_CN, TIMEZONE, CURRENCY, (grant,)
        )

    @property
    def office(self) -> Actor:
        """Head office, of the whole brand."""
        number = next(number for number, employee in enumerate(STAFF) if employee.role is Role.HQ)
        return replace(self.actor(number), grants=(Grant(Role.HQ, None),))


async def build(brand: str) -> House:
    """The brand with its regions, shops and people; the password is hashed once for all."""
    brand_id = await service.create_brand(brand, CURRENCY, TIMEZONE, Locale.ZH_CN)
    regions = [await service.create_region(brand_id, name) for name, _, _ in REGIONS]
    shops = [
        await service.create_store(brand_id, shop.code, shop.name, TIMEZONE, regions[shop.region]) for shop in SHOPS
    ]
    hashed = service.hash_password(PASSWORD)
    staff = [await _employ(brand_id, employee, hashed, regions, shops) for employee in STAFF]
    house = House(brand_id, shops, staff)
    await add_fields(house.office)
    return house


async def _employ(brand_id: UUID, employee: Employee, hashed: str, regions: list[UUID], shops: list[UUID]) -> UUID:
    region = None if employee.region is None else regions[employee.region]
    first, others = (shops[employee.shops[0]], employee.shops[1:]) if employee.shops else (None, ())
    person = await service.create_staff(
        brand_id, employee.name, employee.phone, hashed, employee.role, store_id=first, region_id=region
    )
    for shop in others:
        await service.add_role(brand_id, person, employee.role, store_id=shops[shop])
    return person


async def fill(house: House, today: date, number: int, tell: Callable[[int], None]) -> None:
    """`number` customers with all that happened to them until yesterday; `tell` hears how many are done."""
    checks, done, analysed = await orders.house_of(house.brand_id), 0, 0
    tell(0)
    for batch in batches(today, number):
        await customers.upsert_many(house.brand_id, [_customer(house, person) for person in batch.people])
        await customers.enter_children(house.brand_id, _children(batch.people, today), _tomorrow(today))
        documents = [_document(receipt, checks) for receipt in batch.receipts]
        await orders.store_documents(house.brand_id, events.SYSTEM, documents, batch.due)
        await customers.append_timeline_many(house.brand_id, [_entry(house, contact) for contact in batch.contacts])
        await customers.recall_visits(house.brand_id, [_visit(house, call) for call in came(batch, Calendar(today))])
        done += len(batch.people)
        if done >= 2 * analysed:  # nobody else tells the planner of what is not committed yet
            await db.execute(ANALYSE)
            analysed = done
        if batch.people:
            tell(done)


def _customer(house: House, person: Person) -> CustomerRow:
    return CustomerRow(
        store_id=house.shops[person.shop],
        guide_id=None if person.guide is None else house.staff[person.guide],
        name=person.name,
        alias=person.alias,
        gender=Gender(person.gender),
        birthday=person.birthday,
        level=person.level,
        source=CustomerSource(person.source),
        note=person.note,
        phone=phones.normalise(person.phone),
        raw_phone=person.phone,
        created_at=person.joined_at,
        id=person.id,
        custom=values(person),
    )


def _children(people: Sequence[Person], today: date) -> list[NewDependant]:
    return [
        NewDependant(
            id=baby.id,
            customer_id=person.id,
            name=baby.name,
            gender=baby.gender,
            born_on=baby.day if baby.day <= today else None,
            due_on=baby.day if baby.day > today else None,
        )
        for person in people
        for baby in person.children
    ]


def _tomorrow(today: date) -> datetime:
    """Milestones are told of from then on: today's cards are those of the story that the demo tells."""
    return zones.at_local(today + timedelta(days=1), 0, TIMEZONE)


def _entry(house: House, contact: Contact) -> TimelineIn:
    data = {"outcome": contact.outcome} | ({"note": contact.note} if contact.note else {})
    rng = Random(f"{SEED}/{contact.person.phone}/{contact.at}")
    return TimelineIn(
        sorted_id(rng, contact.at),
        contact.person.id,
        TimelineKind.CONTACT,
        contact.at,
        house.staff[contact.guide],
        data,
    )


def _visit(house: House, call: Call) -> KeptVisit:
    return KeptVisit(
        id=call.id,
        store_id=house.shops[call.shop],
        staff_id=None if call.guide is None else house.staff[call.guide],
        customer_id=call.person.id if call.person else None,
        kind=call.kind,
        channel=call.channel,
        bought=call.bought,
        is_new=call.new,
        at=call.at,
        filed_at=call.filed_at,
        note=call.note,
        source=call.source,
    )


def _document(receipt: Receipt, checks: Checks) -> Document:
    checked = rules.check(_order(receipt), checks, new_id())
    if not isinstance(checked, Document):
        raise ValueError(checked)
    return checked


def _order(receipt: Receipt) -> OrderIn:
    sale = receipt.refund_of
    return OrderIn(
        source=TILL,
        store_code=SHOPS[receipt.shop].code,
        terminal="1",
        business_date=receipt.day,
        receipt_no=receipt.number,
        placed_at=receipt.placed_at,
        lines=LinesIn.of(
            (line.sku, line.name, str(line.quantity), f"{line.price / 100:.2f}", str(line.total))
            for line in receipt.lines
        ),
        kind=OrderKind.REFUND if sale else OrderKind.SALE,
        status=OrderStatus.CANCELLED if receipt.cancelled else OrderStatus.COMPLETED,
        phone=receipt.person.phone if receipt.person else None,
        refund_of_receipt_no=sale.number if sale else None,
        refund_of_business_date=sale.day if sale else None,
        refund_of_terminal="1" if sale else None,
        total_is_minor=True,
    )
