"""What a shop did with a few customers, drawn by chance: for what has to hold after any history."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as some

from shuke.app.wiring import WIRING
from shuke.domains.customers import queries, service
from shuke.domains.customers.types import Claim, ContactRole, CustomerSource, Gender, IdentityKind, IfTaken
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentSaid, ConsentState
from shuke.domains.customers.types.visits import InteractionKind, VisitKind
from shuke.domains.identity.types import Actor
from shuke.domains.journeys import service as journeys
from shuke.domains.orders.types import OrderStatus
from shuke.domains.segments import service as segments
from shuke.domains.tasks import service as tasks
from shuke.domains.tasks.types import Outcome
from shuke.kit import clock, db
from shuke.kit.errors import Refusal
from shuke.kit.events import Dispatcher
from shuke.kit.ids import new_id
from tests.factories import World, predictions
from tests.factories.children import in_days, make_child
from tests.factories.customers import make_customer, next_phone
from tests.factories.links import make_link
from tests.factories.orders import ingest, refund, sale
from tests.factories.tags import group, static, tag, untag
from tests.factories.tasks import make_card
from tests.factories.visits import make_visit

PEOPLE, TAGS = 4, 4
DAYS = (clock.now() - timedelta(days=200)).replace(microsecond=0)
EDITS = (
    *(("name", name) for name in ("周雨桐", "王芳", None)),
    *(("gender", gender) for gender in Gender),
    *(("source", source) for source in CustomerSource),
    ("guide_id", None),
)
ANSWERS = (
    (ConsentPurpose.MARKETING, ConsentChannel.PHONE, ConsentState.REFUSED),
    (ConsentPurpose.MARKETING, ConsentChannel.ANY, ConsentState.GRANTED),
    (ConsentPurpose.MARKETING, ConsentChannel.ANY, ConsentState.WITHDRAWN),
    (ConsentPurpose.PROFILING, ConsentChannel.ANY, ConsentState.REFUSED),
)

who = some.integers(0, PEOPLE - 1)
yes = some.booleans()
documents = some.sampled_from(["sale", "refund", "cancelled"])
moves = some.one_of(
    some.tuples(some.just("trade"), documents, who, some.integers(0, 190), some.integers(100, 90000)),
    some.tuples(some.just("note"), who),
    some.tuples(some.just("reveal"), who),
    some.tuples(some.just("edit"), who, some.sampled_from(EDITS)),
    some.tuples(some.just("phone"), who, yes),
    some.tuples(some.just("card"), who, some.sampled_from(["wake_up", "thanks"])),
    some.tuples(some.just("outcome"), who, some.sampled_from(list(Outcome))),
    some.tuples(some.just("child"), who, yes),
    some.tuples(some.just("consent"), who, some.sampled_from(ANSWERS)),
    some.tuples(some.just("visit"), who, some.sampled_from(list(VisitKind))),
    some.tuples(some.just("touch"), who, some.sampled_from(list(InteractionKind))),
    some.tuples(some.just("family"), who, who),
    some.tuples(some.just("share"), who, yes),
    some.tuples(some.just("link"), who),
    some.tuples(some.just("brought"), who, who),
    some.tuples(some.just("tagged"), who, some.integers(0, TAGS - 1), yes),
    some.tuples(some.just("dismissed"), who),
    some.tuples(some.just("foretold"), who),
    some.tuples(some.just("handlers")),
    some.tuples(some.just("timers")),
    some.tuples(some.just("cells")),
)
EVERY: tuple[tuple[Any, ...], ...] = (
    *(("trade", "sale", person, 10, 5000) for person in (0, 1, 2)),
    *(("trade", "refund", 1, 30, 1001), ("trade", "cancelled", 1, 40, 900), ("note", 1), ("reveal", 1)),
    *(("edit", 1, ("name", "王芳")), ("phone", 3, True), ("card", 0, "wake_up"), ("card", 1, "thanks")),
    *(("child", 0, True), ("child", 1, True), ("child", 1, False), ("visit", 1, VisitKind.VISIT)),
    *(("consent", 0, ANSWERS[0]), ("consent", 1, ANSWERS[1]), ("consent", 1, ANSWERS[3])),
    *(("visit", 0, VisitKind.INQUIRY), ("touch", 1, InteractionKind.CALL)),
    *(("family", 2, 0), ("family", 2, 1), ("family", 0, 3), ("family", 1, 0)),
    *(("share", 0, True), ("share", 1, True), ("share", 2, False), ("share", 3, False)),
    *(("link", 0), ("link", 1), ("brought", 2, 1), ("brought", 0, 3), ("brought", 1, 3)),
    *(("tagged", person, which, True) for person, which in ((0, 0), (1, 0), (1, 1), (0, 2), (1, 3))),
    *(("tagged", 1, 1, False), ("dismissed", 0), ("dismissed", 1), ("foretold", 0), ("foretold", 1)),
    *(("handlers",), ("cells",), ("timers",), ("outcome", 1, Outcome.REACHED), ("phone", 3, False)),
)
"""Each move at least once, so that none is drawn in vain."""


@dataclass(slots=True)
class History:
    """What the shop did with a few customers, one of them in another store. Of its tags the last two exclude each
    other.
    """

    world: World
    people: list[UUID]
    tags: list[UUID]
    sold: list[str] = field(default_factory=list)

    @classmethod
    async def begun(cls, world: World) -> "History":
        await Dispatcher(WIRING).drain()  # a brand begins with its journeys
        people = [await make_customer(world, guide) for guide in ("guide", "colleague", "stranger", "guide")]
        one_of = await group(world, "档位", exclusive=True)
        tags = [await static(world, f"标签 {n}", one_of if n >= TAGS // 2 else None) for n in range(TAGS)]
        return cls(world, people, tags)

    @property
    def actor(self) -> Actor:
        return self.world.staff["regional"]

    async def do(self, move: Sequence[Any]) -> None:
        """What is refused, as a circle of who brought whom, has not happened."""
        name, *said = move
        with suppress(Refusal):
            await getattr(self, name)(*said)

    async def number(self, person: int) -> str | None:
        sql = "SELECT value FROM customer_identity WHERE customer_id = $1 AND kind = 'phone' ORDER BY id LIMIT 1"
        found: str | None = await db.fetch_value(sql, self.people[person])
        return found

    async def trade(self, what: str, person: int, day: int, minor: int) -> None:
        receipt, phone = f"{new_id()}"[:30], await self.number(person)
        said: dict[str, Any] = {"placed_at": DAYS + timedelta(days=day), "phone": phone}
        if what == "refund":
            of = self.sold[person % len(self.sold)] if self.sold else None
            said["phone"] = phone if minor % 2 else None
            await ingest(self.world, refund(receipt, -minor, of=of, **said))
        else:
            self.sold.append(receipt)
            said |= {"status": OrderStatus.CANCELLED} if what == "cancelled" else {}
            await ingest(self.world, sale(receipt, minor, **said))

    async def note(self, person: int) -> None:
        await service.add_note(self.actor, self.people[person], new_id(), "周三来")

    async def reveal(self, person: int) -> None:
        await service.reveal_phone(self.actor, self.people[person])

    async def edit(self, person: int, said: tuple[str, Any]) -> None:
        view = await queries.customer(self.world.staff["hq"], self.people[person])
        assert view
        await service.update_customer(self.actor, view.id, view.version, dict([said]))

    async def phone(self, person: int, other: bool) -> None:
        await self.edit(person, ("phone", next_phone() if other else None))

    async def card(self, person: int, key: str) -> None:
        await make_card(self.world, self.people[person], key=key)

    async def outcome(self, person: int, outcome: Outcome) -> None:
        sql = "SELECT id FROM task WHERE customer_id = $1 AND state = 'open'"
        if card := await db.fetch_value(sql, self.people[person]):
            await tasks.record_outcome(self.actor, new_id(), card, outcome, "记一笔")

    async def child(self, person: int, born: bool) -> None:
        said: dict[str, Any] = {"born_on": in_days(-200)} if born else {"due_on": in_days(50)}
        await make_child(self.world, self.people[person], **said)

    async def consent(self, person: int, said: tuple[ConsentPurpose, ConsentChannel, ConsentState]) -> None:
        texts = {text.purpose: text.id for text in await queries.consent_texts(self.actor)}
        text = texts[said[0]] if said[2] is ConsentState.GRANTED else None
        await service.record_consent(self.actor, self.people[person], ConsentSaid(*said, ConsentHow.CALL, text))

    async def visit(self, person: int, kind: VisitKind) -> None:
        await make_visit(self.world, "regional", customer_id=self.people[person], kind=kind)

    async def touch(self, person: int, kind: InteractionKind) -> None:
        await service.add_interaction(self.actor, self.people[person], new_id(), kind, "问了奶粉", None)

    async def family(self, owner: int, user: int) -> None:
        """A telephone of the one is used by the other, too."""
        if (number := await self.number(owner)) and owner != user:
            claim = Claim(IfTaken.FAMILY, ContactRole.GRANDMOTHER, "外婆")
            await service.add_identity(self.actor, self.people[user], IdentityKind.PHONE, number, claim)

    async def share(self, person: int, answered: bool) -> None:
        """A store that is not hers asks for her."""
        if number := await self.number(person):
            asks = self.world.staff["guide" if person == 2 else "stranger"]
            request = await service.ask_to_share(asks, number)
            if answered:
                await service.answer_share_request(self.actor, request, True)

    async def link(self, person: int) -> None:
        await make_link(self.world, self.people[person], "regional")

    async def brought(self, person: int, by: int) -> None:
        await self.edit(person, ("referrer_id", self.people[by]))

    async def tagged(self, person: int, which: int, adding: bool) -> None:
        await (tag if adding else untag)(self.world, self.tags[which], self.people[person])

    async def dismissed(self, person: int) -> None:
        """A birthday that looks made up, and is not."""
        await self.edit(person, ("birthday", date(1990, 1, 1)))
        await service.dismiss_problem(self.actor, self.people[person], "default_birthday")

    async def foretold(self, person: int) -> None:
        sql = "SELECT true FROM customer_prediction WHERE customer_id = $1"
        if not await db.fetch_value(sql, self.people[person]):
            await predictions.foretell(self.world, self.people[person])

    async def handlers(self) -> None:
        await Dispatcher(WIRING).drain()

    async def timers(self) -> None:
        await journeys.sweep_enrolments(100)

    async def cells(self) -> None:
        await segments.refresh(self.world.staff["hq"])
