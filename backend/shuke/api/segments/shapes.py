"""Segments by rules as GraphQL shows them: a segment, the catalogue of facts, a preview, why somebody is in."""

from datetime import datetime
from typing import Any, NewType

import strawberry

from shuke.api.context import Info
from shuke.api.customers.types import Customer
from shuke.api.errors import UserError
from shuke.api.identity import Node, Store, node_id
from shuke.api.segments.said import spoken, told
from shuke.domains.segments import queries
from shuke.domains.segments.types import rules as types
from shuke.domains.segments.types.rules import SegmentKind
from shuke.kit import i18n, rules
from shuke.kit.rules import Kind, Op

strawberry.enum(Kind, name="FactKind", description="What a fact's value is, which says by what it can be compared.")
strawberry.enum(
    Op, name="FactOp", description="How a fact is compared. Of what is not known nothing holds but UNKNOWN."
)
RuleTree = NewType("RuleTree", object)
RULE_TREE = strawberry.scalar(
    name="RuleTree",
    description='A rule as JSON: {"all": [...]}, {"any": [...]}, {"not": ...}, or a condition on a fact of '
    '`segmentFacts`: {"fact": "orders.count", "op": "ge", "value": 2, "where": {"days": 30}}. `op` as FactOp, in lower '
    "case; money in minor units, days as 2026-03-08, choices as lists of keys.",
    serialize=lambda value: value,
    parse_value=lambda value: value,
)


@strawberry.type(description="Customers whom a rule finds, or found once.")
class Segment(Node):
    id: strawberry.ID = node_id("Segment")
    name: str = strawberry.field(description="What head office calls it.")
    note: str | None = strawberry.field(description="What it is for.")
    kind: SegmentKind = strawberry.field(description="Whether it follows its rule.")
    version: int = strawberry.field(description="Grows with every change; the `baseVersion` of the next one.")
    tree: RuleTree = strawberry.field(description="Its rule; of a snapshot the one that found its members.")
    members: int = strawberry.field(description="Customers of the brand in it now.")
    archived_at: datetime | None = strawberry.field(description="When it was put away; null: it is in use.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    saved_by: str | None = strawberry.field(description="The colleague who changed it last, by name; null: nobody did.")

    @strawberry.field(description="A new rule still looks at everybody; until then members are missing.")
    def filling(self: Any) -> bool:
        return self.filled_at is None and self.archived_at is None

    @strawberry.field(description="What it asks, as a sentence in the caller's language.")
    async def sentence(self: Any, info: Info) -> str:
        tree, known = await info.context.load(queries.trees_of, self.id)
        return rules.sentence(tree, known, *spoken(info))

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.SegmentView)


@strawberry.type(description="Something to choose.")
class FactOption:
    key: str = strawberry.field(description="What stands in a rule.")
    label: str = strawberry.field(description="In the caller's language.")
    archived: bool = strawberry.field(description="No longer offered, still understood.")


@strawberry.type(description="What narrows the rows that a fact is computed of: `where` of a condition.")
class FactArg:
    name: str = strawberry.field(description="Its key in `where`.")
    window: bool = strawberry.field(description="A number of days until today; false: a list of keys.")
    options: list[FactOption] = strawberry.field(description="The keys; none: any texts, an article's numbers.")


@strawberry.type(description="Something that a rule may ask.")
class SegmentFact:
    key: str = strawberry.field(description="What stands in a rule; it never changes.")
    group: str = strawberry.field(description="card, children, contact, orders, predictions, segments; more may come.")
    label: str = strawberry.field(description="In the caller's language.")
    kind: Kind = strawberry.field(description="What its value is.")
    ops: list[Op] = strawberry.field(description="How it can be compared, the usual way first.")
    options: list[FactOption] = strawberry.field(description="What it can be, where it is one or several of some.")
    args: list[FactArg] = strawberry.field(description="What it can be narrowed by.")
    archived: bool = strawberry.field(description="No longer offered, still understood.")


@strawberry.type(description="A store's part of what a rule finds.")
class SegmentStoreCount:
    store: Store = strawberry.field(description="The home store.")
    customers: int = strawberry.field(description="Customers of it.")


@strawberry.type(description="What a rule finds now.")
class SegmentPreview:
    sentence: str | None = strawberry.field(default=None, description="What it asks; null: it is not valid.")
    customers: int = strawberry.field(default=0, description="How many fit.")
    exact: bool = strawberry.field(
        default=True, description="False: in a large brand 20,000 customers were asked, and every number is scaled."
    )
    each: list[int] = strawberry.field(
        default_factory=list, description="How many fit each condition by itself, from left to right."
    )
    stores: list[SegmentStoreCount] = strawberry.field(default_factory=list, description="By store, the most first.")
    sample: list[Customer] = strawberry.field(default_factory=list, description="At most ten of them, the newest.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="What to mend; `field` leads to the place: tree.all.0."
    )


@strawberry.type(description="A condition and what it saw.")
class SegmentAnswer:
    sentence: str = strawberry.field(description="What is asked, in the caller's language.")
    holds: bool = strawberry.field(description="Whether it is so.")
    decides: bool = strawberry.field(description="Whether she is in the segment, or not, because of it.")
    seen: str = strawberry.field(description="What is on file: purchases: 3.")


@strawberry.type(description="A time in a segment that is over.")
class SegmentTime:
    entered: datetime = strawberry.field(description="When she came in.")
    left: datetime = strawberry.field(description="When she left.")
    reasons: list[str] = strawberry.field(
        description="What stood on file when she left, in the caller's language: purchases in the last 30 days: 1. "
        "None: the segment was put away, or there is nothing that the caller sees."
    )


@strawberry.type(description="Why somebody is in a segment, or not, condition by condition, as of now.")
class SegmentWhy:
    segment: Segment = strawberry.field(description="The segment.")
    fits: bool = strawberry.field(description="Whether its rule finds her now.")
    since: datetime | None = strawberry.field(description="When she came in; null: she is not in it.")

    @strawberry.field(
        description="Every condition by itself, from left to right; last, that she does not want to be grouped by what "
        "she buys, where the rule asks for that. Conditions on fields that the caller does not see are left out."
    )
    def answers(self: Any, info: Info) -> list[SegmentAnswer]:
        why: types.Why = self
        says = (why.known, *spoken(info))
        found = [
            SegmentAnswer(
                sentence=rules.sentence(one.asked, *says),
                holds=one.holds,
                decides=one.decides,
                seen=rules.told(one.asked, one.seen, *says),
            )
            for one in why.answers
        ]
        if why.unwilling:
            words = i18n.say(info.context.locale, "segment_unwilling")
            found.append(SegmentAnswer(sentence=words, holds=False, decides=True, seen=words))
        return found

    @strawberry.field(description="What brought her in, as it was then.")
    def then(self: Any, info: Info) -> list[str]:
        return told(info, self.known, self.then)

    @strawberry.field(description="When she was in it earlier, the latest first, at most three times.")
    def before(self: Any, info: Info) -> list[SegmentTime]:
        why: types.Why = self
        return [
            SegmentTime(entered=one.entered, left=one.left, reasons=told(info, why.known, one.seen))
            for one in why.before
        ]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.Why)


def shown_fact(fact: rules.Fact, locale: str) -> SegmentFact:
    return SegmentFact(
        key=fact.key,
        group=fact.group,
        label=i18n.pick(fact.label, locale),
        kind=fact.kind,
        ops=list(fact.ops),
        options=_options(fact.options, locale),
        args=[FactArg(name=arg.name, window=arg.window, options=_options(arg.options, locale)) for arg in fact.args],
        archived=fact.archived,
    )


def _options(options: tuple[rules.Option, ...], locale: str) -> list[FactOption]:
    return [FactOption(key=one.key, label=i18n.pick(one.label, locale), archived=one.archived) for one in options]
