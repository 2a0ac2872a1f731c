"""A chunk of people from a file: stored, their notes too, with whom they probably are already, and all put down."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import structs

from shuke.domains.customers import queries as customers
from shuke.domains.customers import service as archive
from shuke.domains.customers.types import Batch, RowChange, RowOutcome, RowVerdict, TimelineIn
from shuke.domains.records.rules import doubles
from shuke.domains.records.rules.custom import ID, Sought, Way
from shuke.domains.records.rules.customers import NotTaken, Person
from shuke.domains.records.rules.doubles import Someone
from shuke.domains.records.rules.people import People, PersonRow, note_entry, numbers_in
from shuke.domains.records.service import batches
from shuke.domains.records.types import Choices, Doubles, RowFate
from shuke.domains.segments import service as segments
from shuke.kit import clock
from shuke.kit.ids import effect_id

Owners: TypeAlias = Mapping[tuple[str, str], UUID]
"""(kind, value) -> customer"""
ERASED = "erased"
"""Why a row is not taken of which nothing is to be kept."""
OUTCOMES = {outcome: RowFate(outcome.value) for outcome in RowOutcome}


@dataclass(slots=True)
class Fate:
    """What became of a person's row."""

    verdict: RowFate
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    customer_id: UUID | None = None
    cells: Mapping[str, str] | None = None
    """what stood in a row that was not taken"""


@dataclass(slots=True)
class Twin:
    """Who a row's customer probably is: on file already, or in another row of the chunk."""

    key: UUID | int
    why: str


class Taker:
    """Takes the people of one chunk over, in the caller's transaction."""

    def __init__(self, brand_id: UUID, batch_id: UUID, choices: Choices, people: People) -> None:
        self._brand_id, self._batch_id, self._choices, self._people = brand_id, batch_id, choices, people
        self._named: dict[Way, UUID] = {}
        """customers of the brand whom cells name"""

    async def take(self, people: Sequence[PersonRow]) -> list[Fate]:
        """A fate for each, in order."""
        await archive.hold_bulk(self._brand_id)
        if any(one.tags for one in people):
            await segments.hold_tags(self._brand_id, shared=True)
        digests = [one.digest for one in people]
        before = await batches.taken_before(self._brand_id, digests)
        fates: dict[int, Fate] = {
            place: Fate(RowFate.UNCHANGED, customer_id=before[digest])
            for place, digest in enumerate(digests)
            if digest in before
        }
        waiting = {place: one for place, one in enumerate(people) if place not in fates}
        fates |= await self._look_up(waiting)
        waiting = {place: one for place, one in waiting.items() if place not in fates}
        owners = await self._owners(waiting)
        twins = await self._twins(waiting, owners)
        if self._choices.doubles is Doubles.SKIP:
            fates |= {place: _left_out(twin) for place, twin in twins.items()}
            waiting = {place: one for place, one in waiting.items() if place not in twins}
        if waiting:
            fates |= await self._store(waiting, owners, twins)
        await self._remember(digests, waiting, fates)
        return [fates[place] for place in range(len(people))]

    async def _look_up(self, people: Mapping[int, PersonRow]) -> dict[int, Fate]:
        """Finds the customers whom cells name; fates of the rows that name one who is not there."""
        ways = {way for one in people.values() for sought in one.sought.values() for way in sought.ways}
        if not ways:
            return {}
        numbers, ids = [way for way in ways if way[0] != ID], [UUID(value) for kind, value in ways if kind == ID]
        self._named = await customers.owners(self._brand_id, numbers)
        self._named |= {(ID, str(key)): now for key, now in (await customers.standing(self._brand_id, ids)).items()}
        fates = {}
        erased = await archive.suppressed(self._brand_id, (number for one in people.values() for number in one.numbers))
        for place, one in people.items():
            if gone := next((key for key, sought in one.sought.items() if self._whom(sought) is None), None):
                label = self._people.labels[gone]
                cells = self._people.again(one.cells).cells if erased.isdisjoint(one.numbers) else None
                fates[place] = Fate(RowFate.REJECTED, "value_gone", {"label": label}, cells=cells)
        return fates

    def _whom(self, sought: Sought) -> UUID | None:
        return next((self._named[way] for way in sought.ways if way in self._named), None)

    def _again(self, one: PersonRow) -> Person:
        """The row as it is stored of a customer who may be known, with the customers whom it names."""
        person = self._people.again(one.cells)
        if one.sought:
            named = {key: str(self._whom(sought)) for key, sought in one.sought.items()}
            person.row = structs.replace(person.row, custom={**person.row.custom, **named})
        return person

    async def _owners(self, people: Mapping[int, PersonRow]) -> Owners:
        numbers = list(dict.fromkeys(number for one in people.values() for number in one.numbers))
        return await customers.owners(self._brand_id, numbers) if numbers else {}

    async def _twins(self, people: Mapping[int, PersonRow], owners: Owners) -> dict[int, Twin]:
        """Place of a row whose customer is new -> who she probably is."""
        new = {place: one for place, one in people.items() if not any(number in owners for number in one.numbers)}
        by_name: dict[str, list[Someone]] = {}
        mine: dict[int, Someone] = {}
        for place, one in new.items():
            if one.name:
                own = frozenset(value for kind, value in one.numbers if kind == "phone")
                mine[place] = Someone(place, one.name, one.birthday, own)
        exact = list({one.name for one in mine.values()})
        for name, key, birthday, phones in await customers.same_name(self._brand_id, exact) if exact else []:
            by_name.setdefault(name, []).append(Someone(key, name, birthday, frozenset(phones)))
        found = {}
        for place, someone in mine.items():  # of two in one chunk, the later is the other's twin
            others = by_name.setdefault(someone.name, [])
            if twin := doubles.twin(someone, others):
                found[place] = Twin(twin[0].key, twin[1])
            others.append(someone)
        return found

    async def _store(
        self, people: Mapping[int, PersonRow], owners: Owners, twins: Mapping[int, Twin]
    ) -> dict[int, Fate]:
        verdicts = await self._bring_in(await self._newcomers(people, owners))
        known = {place: self._again(one) for place, one in people.items() if place not in verdicts}
        noted: set[int] = set()
        changes: list[RowChange] = []
        if known:
            told, noted, changes = await self._complete(known, set(owners.values()))
            verdicts |= told
        added = await self._children(people, verdicts)
        changes += [_touched(verdicts[place], child) for child, place in added.items()]
        tagged = await self._tags(people, verdicts)
        changes += [_touched(verdicts[place], None) for place in tagged]
        await batches.put_down(self._brand_id, self._batch_id, changes, clock.now())
        noted |= set(added.values()) | tagged
        fates = {place: _fate(verdicts[place], people[place], known.get(place), place in noted) for place in people}
        return fates | await self._pairs(verdicts, twins)

    async def _newcomers(self, people: Mapping[int, PersonRow], owners: Owners) -> dict[int, PersonRow]:
        """Those whom nobody knows, none of whose numbers stands here twice."""
        if await archive.template_version(self._brand_id) != self._people.version:
            return {}  # what they are measured by has changed since they were read
        said = Counter(number for one in people.values() for number in one.numbers)
        free = {
            place: one
            for place, one in people.items()
            if one.newcomer and not any(number in owners or said[number] > 1 for number in one.numbers)
        }
        gone = await archive.suppressed(self._brand_id, (number for one in free.values() for number in one.numbers))
        return {place: one for place, one in free.items() if gone.isdisjoint(one.numbers)}

    async def _bring_in(self, people: Mapping[int, PersonRow]) -> dict[int, RowVerdict]:
        """Stores them; nobody, where somebody took one of their numbers just now."""
        made = {place: one.newcomer for place, one in people.items() if one.newcomer}
        if not made or not await archive.bring_in(self._brand_id, list(made.values()), self._batch_id):
            return {}
        await batches.put_down_new([one.change for one in people.values()])
        return {place: RowVerdict(RowOutcome.CREATED, one.id) for place, one in made.items()}

    async def _complete(
        self, people: Mapping[int, Person], known: set[UUID]
    ) -> tuple[dict[int, RowVerdict], set[int], list[RowChange]]:
        """Stores those who may be known: verdicts, places of rows whose note is new, and what was done."""
        told = self._choices
        owned = await batches.owned(list(known)) if known else {}
        batch = Batch(self._batch_id, told.overwrite, told.otherwise, owned)
        taken = await archive.take_rows(self._brand_id, [one.row for one in people.values()], batch)
        verdicts = dict(zip(people, taken.verdicts, strict=True))
        noted = await self._notes(people, verdicts)
        return verdicts, noted, [*taken.changes, *(_touched(verdicts[place], None) for place in noted)]

    async def _pairs(self, verdicts: Mapping[int, RowVerdict], twins: Mapping[int, Twin]) -> dict[int, Fate]:
        """Puts those who came and probably are somebody else into the queue; their fates."""
        fates, pairs = {}, []
        for place, verdict in verdicts.items():
            twin = twins.get(place)
            if twin and verdict.outcome is RowOutcome.CREATED and verdict.customer_id:
                other = twin.key if isinstance(twin.key, UUID) else verdicts[twin.key].customer_id
                if other and other != verdict.customer_id:
                    fates[place] = Fate(RowFate.DUPLICATE, twin.why, {"twin": str(other)}, verdict.customer_id)
                    pairs.append((verdict.customer_id, other, twin.why))
        await batches.offer_pairs(self._brand_id, pairs)
        return fates

    async def _notes(self, people: Mapping[int, Person], verdicts: Mapping[int, RowVerdict]) -> set[int]:
        """Puts what was written down about them into their timelines; places of rows whose note is new."""
        entries: dict[UUID, tuple[int, TimelineIn]] = {}
        now = clock.now()
        for place, verdict in verdicts.items():
            note = people[place].note
            if note and verdict.customer_id and verdict.outcome is not RowOutcome.REJECTED:
                entry = note_entry(verdict.customer_id, note, self._batch_id, now)
                entries.setdefault(entry.id, (place, entry))
        new = await archive.add_timeline(self._brand_id, [entry for _, entry in entries.values()])
        return {entries[key][0] for key in new}

    async def _children(self, people: Mapping[int, PersonRow], verdicts: Mapping[int, RowVerdict]) -> dict[UUID, int]:
        """Puts down their children who are not on file yet: child -> place of its row."""
        wanted: dict[UUID, tuple[int, archive.ChildRow]] = {}
        for place, verdict in verdicts.items():
            child = people[place].child
            if child and verdict.customer_id and verdict.outcome is not RowOutcome.REJECTED:
                key = effect_id("imported child", verdict.customer_id, child.name, child.born_on, child.due_on)
                row = archive.ChildRow(key, verdict.customer_id, child.name, child.gender, child.born_on, child.due_on)
                wanted.setdefault(key, (place, row))
        new = await archive.add_children(self._brand_id, [row for _, row in wanted.values()])
        return {key: wanted[key][0] for key in new}

    async def _tags(self, people: Mapping[int, PersonRow], verdicts: Mapping[int, RowVerdict]) -> set[int]:
        """Sets the tags that rows tell of; places of rows whose customer has one more."""
        wanted = {
            place: (key, people[place].tags)
            for place, verdict in verdicts.items()
            if people[place].tags and (key := verdict.customer_id) and verdict.outcome is not RowOutcome.REJECTED
        }
        pairs = [(key, tag) for key, tags in wanted.values() for tag in tags]
        new = await segments.place_from_file(self._brand_id, self._batch_id, pairs, clock.now())
        return {place for place, (key, tags) in wanted.items() if not set(tags).isdisjoint(new.get(key, ()))}

    async def _remember(
        self, digests: Sequence[bytes], people: Mapping[int, PersonRow], fates: Mapping[int, Fate]
    ) -> None:
        taken = {digests[place]: fates[place].customer_id for place in people}
        kept = {digest: key for digest, key in taken.items() if key}
        await batches.remember(self._brand_id, self._batch_id, kept)


async def quotable(brand_id: UUID, rows: Mapping[int, NotTaken]) -> set[int]:
    """Which of these rows may be kept for whoever mends them: those that have no number of somebody erased."""
    said = {number: numbers_in(row.cells) for number, row in rows.items()}
    gone = await archive.suppressed(brand_id, (number for group in said.values() for number in group))
    return {number for number, group in said.items() if gone.isdisjoint(group)}


def _touched(verdict: RowVerdict, child: UUID | None) -> RowChange:
    """A customer whose own columns stay, and who has a note or a child more."""
    assert verdict.customer_id
    return RowChange(verdict.customer_id, False, 0, {}, {}, [("child", str(child))] if child else [])


def _left_out(twin: Twin) -> Fate:
    params = {"twin": str(twin.key)} if isinstance(twin.key, UUID) else {}
    return Fate(RowFate.DUPLICATE, f"{twin.why}_out", params)


def _fate(verdict: RowVerdict, row: PersonRow, person: Person | None, noted: bool) -> Fate:
    """`person`: the row as it was read again."""
    if verdict.outcome is RowOutcome.REJECTED:
        reason = verdict.reason or ""
        return Fate(RowFate.REJECTED, reason, cells=person.cells if person and reason != ERASED else None)
    outcome = RowOutcome.UPDATED if noted and verdict.outcome is RowOutcome.UNCHANGED else verdict.outcome
    reason, params = row.left, {}
    if verdict.reason:
        reason, params = verdict.reason, {"twin": str(verdict.other_id)}
    elif verdict.kept:
        reason, params = "row_kept", {"fields": ", ".join(verdict.kept)}
    return Fate(OUTCOMES[outcome], reason, params, verdict.customer_id)
