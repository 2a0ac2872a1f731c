"""A chunk of people from a file: stored, their notes too, with whom they probably are already, and all put down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers import service as archive
from shuke.domains.customers.types import Batch, RowChange, RowOutcome, RowVerdict, TimelineIn, TimelineKind
from shuke.domains.records.rules import doubles
from shuke.domains.records.rules.customers import Note, Person
from shuke.domains.records.rules.doubles import Someone
from shuke.domains.records.service import batches
from shuke.domains.records.types import Choices, Doubles, RowFate
from shuke.kit import clock
from shuke.kit.ids import effect_id

OUTCOMES = {outcome: RowFate(outcome.value) for outcome in RowOutcome}


@dataclass(slots=True)
class Fate:
    """What became of a person's row."""

    verdict: RowFate
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    customer_id: UUID | None = None


@dataclass(slots=True)
class Twin:
    """Who a row's customer probably is: on file already, or in another row of the chunk."""

    key: UUID | int
    why: str


class Taker:
    """Takes the people of one chunk over, in the caller's transaction."""

    def __init__(self, brand_id: UUID, batch_id: UUID, choices: Choices) -> None:
        self._brand_id, self._batch_id, self._choices = brand_id, batch_id, choices

    async def take(self, people: Sequence[Person]) -> list[Fate]:
        """A fate for each, in order."""
        digests = [batches.digest_of(one, self._choices) for one in people]
        before = await batches.taken_before(self._brand_id, digests)
        fates: dict[int, Fate] = {
            place: Fate(RowFate.UNCHANGED, customer_id=before[digest])
            for place, digest in enumerate(digests)
            if digest in before
        }
        waiting = {place: one for place, one in enumerate(people) if place not in fates}
        owners = await self._owners(waiting)
        twins = await self._twins(waiting, owners)
        if self._choices.doubles is Doubles.SKIP:
            fates |= {place: _left_out(twin) for place, twin in twins.items()}
            waiting = {place: one for place, one in waiting.items() if place not in twins}
        if waiting:
            fates |= await self._store(waiting, set(owners.values()), twins)
        await self._remember(digests, waiting, fates)
        return [fates[place] for place in range(len(people))]

    async def _owners(self, people: Mapping[int, Person]) -> dict[tuple[str, str], UUID]:
        numbers = list(dict.fromkeys(number for one in people.values() for number in _numbers(one)))
        return await customers.owners(self._brand_id, numbers) if numbers else {}

    async def _twins(self, people: Mapping[int, Person], owners: Mapping[tuple[str, str], UUID]) -> dict[int, Twin]:
        """Place of a row whose customer is new -> who she probably is."""
        new = {place: one for place, one in people.items() if not any(number in owners for number in _numbers(one))}
        by_name: dict[str, list[Someone]] = {}
        mine: dict[int, Someone] = {}
        for place, one in new.items():
            if name := doubles.same_name(one.row.name):
                mine[place] = _someone(place, name, one)
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
        self, people: Mapping[int, Person], known: set[UUID], twins: Mapping[int, Twin]
    ) -> dict[int, Fate]:
        told = self._choices
        owned = await batches.owned(list(known)) if known else {}
        batch = Batch(self._batch_id, told.overwrite, told.otherwise, owned)
        taken = await archive.take_rows(self._brand_id, [one.row for one in people.values()], batch)
        verdicts = dict(zip(people, taken.verdicts, strict=True))
        noted, added = await self._notes(people, verdicts), await self._children(people, verdicts)
        changes = [*taken.changes, *(_touched(verdicts[place], None) for place in noted)]
        changes += [_touched(verdicts[place], child) for child, place in added.items()]
        noted |= set(added.values())
        await batches.put_down(self._brand_id, self._batch_id, changes, clock.now())
        fates, pairs = {}, []
        for place, verdict in verdicts.items():
            fates[place] = _fate(verdict, people[place], place in noted)
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
        for place, verdict in verdicts.items():
            note = people[place].note
            if note and verdict.customer_id and verdict.outcome is not RowOutcome.REJECTED:
                entry = self._entry(verdict.customer_id, note)
                entries.setdefault(entry.id, (place, entry))
        new = await archive.add_timeline(self._brand_id, [entry for _, entry in entries.values()])
        return {entries[key][0] for key in new}

    async def _children(self, people: Mapping[int, Person], verdicts: Mapping[int, RowVerdict]) -> dict[UUID, int]:
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

    def _entry(self, customer_id: UUID, note: Note) -> TimelineIn:
        key = effect_id("imported note", customer_id, note.at, note.text)
        data = {"text": note.text, "import": self._batch_id} | ({"author": note.author} if note.author else {})
        return TimelineIn(key, customer_id, TimelineKind.NOTE, note.at or clock.now(), note.author_id, data)

    async def _remember(
        self, digests: Sequence[bytes], people: Mapping[int, Person], fates: Mapping[int, Fate]
    ) -> None:
        taken = {digests[place]: fates[place].customer_id for place in people}
        kept = {digest: key for digest, key in taken.items() if key}
        await batches.remember(self._brand_id, self._batch_id, kept)


def _numbers(one: Person) -> list[tuple[str, str]]:
    said = [("member_no", one.row.member_no), ("phone", one.row.phone)]
    return [(kind, value) for kind, value in said if value] + [(kind, value) for kind, value, _ in one.row.further]


def _touched(verdict: RowVerdict, child: UUID | None) -> RowChange:
    """A customer whose own columns stay, and who has a note or a child more."""
    assert verdict.customer_id
    return RowChange(verdict.customer_id, False, 0, {}, {}, [("child", str(child))] if child else [])


def _someone(place: int, name: str, one: Person) -> Someone:
    phones = frozenset(value for kind, value in _numbers(one) if kind == "phone")
    birthday = str(one.row.birthday) if one.row.birthday else None
    return Someone(place, name, birthday, phones)


def _left_out(twin: Twin) -> Fate:
    params = {"twin": str(twin.key)} if isinstance(twin.key, UUID) else {}
    return Fate(RowFate.DUPLICATE, f"{twin.why}_out", params)


def _fate(verdict: RowVerdict, one: Person, noted: bool) -> Fate:
    if verdict.outcome is RowOutcome.REJECTED:
        return Fate(RowFate.REJECTED, verdict.reason or "")
    outcome = RowOutcome.UPDATED if noted and verdict.outcome is RowOutcome.UNCHANGED else verdict.outcome
    reason, params = one.left[0] if one.left else "", {}
    if verdict.kept:
        reason, params = "row_kept", {"fields": ", ".join(verdict.kept)}
    return Fate(OUTCOMES[outcome], reason, params, verdict.customer_id)
