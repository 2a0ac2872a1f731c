"""What RFM looks like in GraphQL: how cells are computed, what they are called, who moved."""

from datetime import date, datetime
from typing import Any

import strawberry

from shuke.api.errors import UserError
from shuke.api.orders import Money
from shuke.api.segments.cells import SegmentCount
from shuke.domains.segments import rules
from shuke.domains.segments.types import CutOffs, Refunds, RfmCell
from shuke.domains.segments.types import SegmentCount as Count
from shuke.domains.segments.types.rfm import CellState, ConfigView, Movement, Preview, RfmBoard
from shuke.kit import i18n

strawberry.enum(Refunds, name="RfmRefunds", description="What becomes of money that was given back.")

CUT = (
    "a number; `median`; a quantile like `q0.8`; or the score from 1 to 5 from which it is high, like `s4`, the best "
    "fifth of the customers having 5. Who stands on the cut itself is high"
)


@strawberry.input(description="How cells are computed. What is left out stands as it comes with the program.")
class RfmConfigInput:
    r: str = strawberry.field(default="90", description=f"Calendar days since the last purchase: {CUT}.")
    f: str = strawberry.field(default="2", description=f"Visits: {CUT}.")
    m: str = strawberry.field(default="median", description=f"Money in the currency's main unit: {CUT}.")
    refunds: Refunds = strawberry.field(default=Refunds.NET, description="What becomes of refunds.")
    window_days: int | None = strawberry.field(
        default=None, description="Purchases of the last so many days, refunds by the day of their sale; null: all."
    )
    categories: list[str] = strawberry.field(default_factory=list, description="Articles of these alone; none: all.")
    without_categories: list[str] = strawberry.field(
        default_factory=list, description="No articles of these: presents, bags."
    )
    without_sources: list[str] = strawberry.field(
        default_factory=list, description="No orders from these sources: a till for the staff, wholesale."
    )
    without_levels: list[str] = strawberry.field(
        default_factory=list, description="No customers of these levels: colleagues, firms."
    )
    zero: bool = strawberry.field(default=False, description="A sale of nothing is a visit.")
    visit_minutes: int = strawberry.field(
        default=0, description="A sale at most so many minutes after the one before is the same visit."
    )
    band: float = strawberry.field(
        default=0.0,
        description="Who is high stays high until she is by this part of the cut (0 to 0.5) beyond it; not in the "
        "first run of a configuration.",
    )


@strawberry.type(description="The numbers that cuts came to.")
class RfmCutOffs:
    days: float = strawberry.field(description="High: at most so many days.")
    visits: float = strawberry.field(description="High: at least so many visits.")
    minor: float = strawberry.field(description="High: at least so much money, in minor units.")

    @classmethod
    def of(cls, offs: CutOffs | None) -> "RfmCutOffs | None":
        return cls(days=offs.days, visits=offs.orders, minor=offs.minor) if offs else None


@strawberry.type(description="How cells are computed from now on.")
class RfmConfig:
    version: int = strawberry.field(description="`baseVersion` of the next edit; 0: nobody has said anything.")
    r: str = strawberry.field(description="Days since the last purchase, as typed.")
    f: str = strawberry.field(description="Visits, as typed.")
    m: str = strawberry.field(description="Money in the main unit, as typed.")
    refunds: Refunds = strawberry.field(description="What becomes of refunds.")
    window_days: int | None = strawberry.field(description="Purchases of the last so many days; null: all.")
    categories: list[str] = strawberry.field(description="Articles of these alone; none: all.")
    without_categories: list[str] = strawberry.field(description="No articles of these.")
    without_sources: list[str] = strawberry.field(description="No orders from these sources.")
    without_levels: list[str] = strawberry.field(description="No customers of these levels.")
    zero: bool = strawberry.field(description="A sale of nothing is a visit.")
    visit_minutes: int = strawberry.field(description="Sales so close together are one visit.")
    band: float = strawberry.field(description="How far beyond a cut who is high stays high, as a part of it.")
    saved_at: datetime | None = strawberry.field(description="Null: nobody has said anything.")
    saved_by: str | None = strawberry.field(description="The colleague's name; null: by command, or nobody.")
    cut_offs: RfmCutOffs | None = strawberry.field(description="Those that stand now; null: never computed.")
    cut_on: date | None = strawberry.field(description="The day of the full run that made them, or let them stand.")

    @classmethod
    def of(cls, view: ConfigView) -> "RfmConfig":
        options, cuts = view.options, view.options.cuts
        names = ("categories", "without_categories", "without_sources", "without_levels")
        return cls(
            version=view.version,
            r=rules.cut_text(cuts.r),
            f=rules.cut_text(cuts.f),
            m=rules.cut_text(cuts.m),
            refunds=options.refunds,
            window_days=options.window_days,
            **{name: list(getattr(options, name)) for name in names},
            zero=options.zero,
            visit_minutes=options.visit_minutes,
            band=options.band,
            saved_at=view.saved_at,
            saved_by=view.saved_by,
            cut_offs=RfmCutOffs.of(view.cut_offs),
            cut_on=view.cut_on,
        )


@strawberry.type(description="A cut that divides nobody.")
class RfmProblem:
    dimension: str = strawberry.field(description="r, f or m.")
    message: str = strawberry.field(description="Why, and what to take instead, in the caller's language.")
    proposal: str = strawberry.field(description="The cut to take instead, as it is typed.")


@strawberry.type(description="What a configuration would do today.")
class RfmPreview:
    customers: int = strawberry.field(default=0, description="Customers who would be in a cell.")
    cells: list[SegmentCount] = strawberry.field(default_factory=list, description="All eight.")
    cut_offs: RfmCutOffs | None = strawberry.field(default=None, description="Null: nobody has bought.")
    problems: list[RfmProblem] = strawberry.field(default_factory=list, description="Why it could not be saved.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why it could not be tried.")

    @classmethod
    def of(cls, found: Preview, locale: str) -> "RfmPreview":
        cells: Any = [Count(cell, many) for cell, many in found.cells.items()]
        problems = [
            RfmProblem(
                dimension=one.dimension, message=i18n.say(locale, one.reason, **one.params), proposal=one.proposal
            )
            for one in found.problems
        ]
        offs = RfmCutOffs.of(found.cut_offs)
        return cls(customers=found.customers, cells=cells, cut_offs=offs, problems=problems)


@strawberry.type(description="A cell: what it is called, who is in it and who came and left since the previous run.")
class RfmCellState:
    cell: RfmCell = strawberry.field(description="Which.")
    name: str = strawberry.field(description="In the caller's language.")
    playbook: str = strawberry.field(description="What to do with whoever is in it, in the caller's language.")
    name_zh: str | None = strawberry.field(description="In Chinese; null: not written.")
    name_en: str | None = strawberry.field(description="In English; null: not written.")
    playbook_zh: str | None = strawberry.field(description="In Chinese; null: not written.")
    playbook_en: str | None = strawberry.field(description="In English; null: not written.")
    customers: int = strawberry.field(description="Within the caller's stores.")
    value: Money = strawberry.field(description="What they have spent, as the configuration counts it.")
    came: int = strawberry.field(description="Customers who are in it now and were not after the previous run.")
    left: int = strawberry.field(description="Customers who were in it after the previous run and are not now.")

    @classmethod
    def of(cls, state: CellState, locale: str) -> "RfmCellState":
        name, playbook = state.words.name, state.words.playbook
        return cls(
            cell=state.cell,
            name=i18n.pick(name, locale),
            playbook=i18n.pick(playbook, locale),
            name_zh=name.get("zh-CN"),
            name_en=name.get("en"),
            playbook_zh=playbook.get("zh-CN"),
            playbook_en=playbook.get("en"),
            customers=state.customers,
            value=state.value,  # type: ignore[arg-type]
            came=state.came,
            left=state.left,
        )


@strawberry.type(description="Customers who came from one cell into another.")
class RfmMovement:
    before: RfmCell | None = strawberry.field(description="Null: they were in none.")
    now: RfmCell | None = strawberry.field(description="Null: they are in none.")
    customers: int = strawberry.field(description="Within the caller's stores.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, Movement)


@strawberry.type(description="The eight cells within the caller's stores.")
class RfmCells:
    version: int = strawberry.field(description="`baseVersion` of the next edit of their words; 0: as they come.")
    as_of: date | None = strawberry.field(description="The day of the last run; null: never computed.")
    since: datetime | None = strawberry.field(description="The previous run; null: there is none, so nobody moved.")
    cells: list[RfmCellState] = strawberry.field(description="All eight.")
    movements: list[RfmMovement] = strawberry.field(description="From where to where, since the previous run.")
    notes: list[str] = strawberry.field(
        description="What the last full run has to say of its cuts, in the caller's language: which divides nobody, "
        "what to take instead, whether the cut-off before it stands."
    )

    @classmethod
    def of(cls, board: RfmBoard, locale: str) -> "RfmCells":
        cells = [RfmCellState.of(state, locale) for state in board.cells]
        moved: Any = board.movements
        notes = [rules.note_text(note, locale) for note in board.notes]
        return cls(
            version=board.version, as_of=board.as_of, since=board.since, cells=cells, movements=moved, notes=notes
        )
