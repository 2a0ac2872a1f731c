"""Cards as GraphQL shows them: a person's day, recording an outcome and taking it back."""

import datetime as dt
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

import shuke.api.customers.choices  # noqa: F401 (gives the enum ConsentChannel its place in the schema)
from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, Staff, Store, node_id
from shuke.api.pagination import PageInfo, page_size, parse_id
from shuke.domains.customers.rules.consents import open_channels
from shuke.domains.customers.types.consents import ConsentChannel
from shuke.domains.segments import queries as segments
from shuke.domains.tasks import queries, rules, service
from shuke.domains.tasks.types import Outcome, SpokenReason, TaskState, TaskView, TodayView
from shuke.kit import zones

if TYPE_CHECKING:
    from shuke.api.customers import Customer

strawberry.enum(
    TaskState,
    description="Whether somebody still has to contact her; expired: its time passed, or its reasons went elsewhere.",
)
strawberry.enum(
    Outcome,
    description="How a contact went. REACHED, VISIT_BOOKED, REFUSED and WRONG_PERSON (a number that is not hers) close"
    " the card. LATER puts it off; NO_ANSWER brings it back tomorrow at 10 and closes it the third time.",
)


@strawberry.type(description="Why to contact a customer, and what to say.")
class Reason:
    key: str = strawberry.field(description="Which rule it comes from, for example wake_up.")
    why: str = strawberry.field(description="The reason in the caller's language, counted up to today.")
    say: str | None = strawberry.field(description="Words to say, in the caller's language; null: none were written.")
    due_at: datetime = strawberry.field(description="When this reason alone would be due.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, SpokenReason)


@strawberry.type(description="A card: everything that is open about one customer; at most one is open for her.")
class Task(Node):
    id: strawberry.ID = node_id("Task")
    customer: Annotated["Customer", strawberry.lazy("shuke.api.customers")] = strawberry.field(
        description="Whom to contact."
    )
    store: Store = strawberry.field(description="The shop whose card it is; its clock counts.")
    assignee: Staff | None = strawberry.field(description="Whose card it is; null: the store's pool.")
    due_at: datetime = strawberry.field(description="By when to contact her; put off by LATER and NO_ANSWER.")
    state: TaskState = strawberry.field(description="Open, done or expired.")
    outcome: Outcome | None = strawberry.field(description="The last one recorded; null: none yet.")
    note: str | None = strawberry.field(description="What was written with the outcome.")
    follow_up_at: datetime | None = strawberry.field(description="The booked visit, or when to call again.")
    attempts: int = strawberry.field(description="Calls that nobody answered; the third closes the card.")
    closed_at: datetime | None = strawberry.field(description="When it was closed; null: it is not.")
    closed_by: Staff | None = strawberry.field(description="Who closed it; null: it is not, or it expired.")
    version: int = strawberry.field(description="Grows with every change.")

    @strawberry.field(description="Why to contact her, most urgent first, at least one.")
    def reasons(self: Any, info: Info) -> list[Reason]:
        view: TaskView = self
        day = zones.local_date(info.context.now, view.store.timezone)
        spoken = rules.spoken(view.reasons, info.context.locale, day, view.customer.name, view.customer.alias)
        return spoken  # type: ignore[return-value]

    @strawberry.field(
        description="By which ways she may be contacted about this card, PHONE or WECHAT; a call is not to be offered "
        "where PHONE is missing."
    )
    def channels(self: Any) -> list[ConsentChannel]:
        view: TaskView = self
        return open_channels(view.refusals, [reason.purpose for reason in view.reasons])

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, TaskView)


@strawberry.type(description="A card in a list.")
class TaskEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this card.")
    node: Task = strawberry.field(description="The card.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.type(description="A page of cards.")
class TaskConnection:
    edges: list[TaskEdge] = strawberry.field(description="The cards of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.type(description="A person's day: her own cards and those of her stores' pools.")
class Today:
    date: dt.date = strawberry.field(description="The day, by the clock of her first store.")
    open: list[Task] = strawberry.field(description="Cards due by the end of the store's day, the most urgent first.")
    open_count: int = strawberry.field(description="How many such cards there are; counting stops at 100.")

    @strawberry.field(description="What she closed today, the latest first, at most 50.")
    async def done(self, info: Info) -> list[Task]:
        return await queries.done_today(info.context.require())  # type: ignore[return-value]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, TodayView)


@strawberry.input(description="How a contact went, or an amendment of it.")
class RecordOutcomeInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again changes nothing more.")
    task_id: strawberry.ID = strawberry.field(description="The card.")
    outcome: Outcome = strawberry.field(description="How it went.")
    note: str | None = strawberry.field(
        default=None, description="Up to 2,000 characters. Amending: left out keeps the note, empty text empties it."
    )
    follow_up_at: datetime | None = strawberry.field(
        default=None,
        description="The booked visit, or when to call again. LATER without it: in two hours; never between 21 and 9.",
    )


@strawberry.type(description="Answer to recordOutcome.")
class RecordOutcomePayload:
    task: Task | None = strawberry.field(
        default=None, description="The card as it stands now: as somebody else closed it, where she was first."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="Which outcome to take back: the caller's last one on this card.")
class UndoOutcomeInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    task_id: strawberry.ID = strawberry.field(description="The card.")


@strawberry.type(description="Answer to undoOutcome.")
class UndoOutcomePayload:
    task: Task | None = strawberry.field(
        default=None, description="The card that is open now: another one, where the customer had got one meanwhile."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


async def _card(info: Info, task_id: UUID | None) -> Any:
    return await info.context.load(queries.tasks_by_id, task_id) if task_id else None


@strawberry.type
class TaskQuery:
    @strawberry.field(description="The caller's day.")
    async def today(
        self,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="How many open cards, 1 to 100; null: 20.")] = 20,
    ) -> Today:
        context = info.context
        day = await queries.today(context.require(), page_size(20 if first is None else first))
        context.prime(segments.cells_of, dict(day.cells))
        return day  # type: ignore[return-value]

    @strawberry.field(description="One card; null: none of this id that the caller may see.")
    async def task(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The card.")]
    ) -> Task | None:
        return await queries.task(info.context.require(), parse_id(id, "Task"))  # type: ignore[return-value]


@strawberry.type
class TaskMutation:
    @strawberry.mutation(
        description="Records how a contact went. Again with another operation id: amends the caller's last outcome."
    )
    async def record_outcome(self, info: Info, input: RecordOutcomeInput) -> RecordOutcomePayload:
        shown, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.record_outcome(
                actor,
                input.operation_id,
                parse_id(input.task_id, "Task", "taskId"),
                input.outcome,
                input.note,
                input.follow_up_at,
            ),
        )
        return RecordOutcomePayload(task=await _card(info, shown), user_errors=errors)

    @strawberry.mutation(description="Takes the caller's last outcome on a card back, within ten minutes.")
    async def undo_outcome(self, info: Info, input: UndoOutcomeInput) -> UndoOutcomePayload:
        shown, errors = await write(
            info,
            input,
            UUID,
            lambda actor: service.undo_outcome(actor, parse_id(input.task_id, "Task", "taskId")),
        )
        return UndoOutcomePayload(task=await _card(info, shown), user_errors=errors)
