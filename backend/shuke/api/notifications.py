"""The inbox and the devices that are reminded, as GraphQL shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, write
from shuke.api.identity import Node, node_id
from shuke.api.pagination import After, First, PageInfo, decode_moment, encode_cursor, make_page, page_size, parse_id
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import queries, rules, service, types
from shuke.domains.notifications.types import InboxKind
from shuke.kit import i18n
from shuke.kit.webpush import Device

strawberry.enum(
    InboxKind,
    description="What an inbox message is about. TASKS_DUE: cards are nearly due. NUDGE: a manager asks her to look at "
    "them. SHARE_REQUEST: another store asks for a customer of hers. SHARE_ANSWERED: what became of her asking. "
    "ANSWERS_WAITING: a customer filled in something else than stands on her card. TEST: she tries her reminders.",
)


@strawberry.type(description="A message to one staff member: the truth of every reminder, whatever became of pushes.")
class InboxMessage(Node):
    id: strawberry.ID = node_id("InboxMessage")
    kind: InboxKind = strawberry.field(description="What it is about.")
    url: str = strawberry.field(description="Path within the app that it leads to.")
    created_at: datetime = strawberry.field(description="When it was posted.")
    read_at: datetime | None = strawberry.field(description="When it was read; null: not yet.")

    @strawberry.field(description="One line, in the caller's language.")
    def title(self, info: Info) -> str:
        data = self.data  # type: ignore[attr-defined]
        return i18n.say(info.context.locale, rules.title_key(self.kind, data), **data)

    @strawberry.field(description="What to do, in the caller's language.")
    def body(self, info: Info) -> str:
        return i18n.say(info.context.locale, f"inbox_{self.kind.value}_body")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.InboxMessage)


@strawberry.type(description="A message and where it stands in the list.")
class InboxEdge:
    cursor: str = strawberry.field(description="Pass it as `after` to read on from here.")
    node: InboxMessage = strawberry.field(description="The message.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.type(description="A page of the inbox, the newest first.")
class InboxConnection:
    edges: list[InboxEdge] = strawberry.field(description="The messages.")
    page_info: PageInfo = strawberry.field(description="Whether there are more.")

    @strawberry.field(description="Unread messages in the whole inbox.")
    async def unread(self, info: Info) -> int:
        return await queries.unread(info.context.require().id)  # type: ignore[arg-type]

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return True


@strawberry.type(description="A browser that is reminded by web push until its session ends.")
class PushDevice(Node):
    id: strawberry.ID = node_id("PushDevice")
    device: str = strawberry.field(description="What it calls itself.")
    created_at: datetime = strawberry.field(description="Since when it is reminded.")
    last_success_at: datetime | None = strawberry.field(
        description="When its push service last took a message; null: never yet."
    )
    failing: bool = strawberry.field(description="The last message did not get through.")

    @classmethod
    def is_type_of(cls, obj: object, info: Any) -> bool:
        return isinstance(obj, types.PushDevice)


@strawberry.input(description="Which messages were read.")
class MarkInboxReadInput:
    operation_id: UUID = strawberry.field(description="Made by the caller; the same again changes nothing.")
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="The messages; left out: all.")


@strawberry.type(description="What is still unread.")
class MarkInboxReadPayload:
    unread: int = strawberry.field(description="Unread messages in the whole inbox.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A browser's push subscription, as PushSubscription.toJSON() gives it.")
class SubscribePushInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    endpoint: str = strawberry.field(description="https address at a known push service.")
    p256dh: str = strawberry.field(description="The browser's public key: base64url of 65 bytes.")
    auth: str = strawberry.field(description="The browser's secret: base64url of 16 bytes.")
    device: str | None = strawberry.field(default=None, description="Its name; left out: the session's device.")


@strawberry.type(description="The device that is reminded from now on.")
class SubscribePushPayload:
    device: PushDevice | None = strawberry.field(default=None, description="The device.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A browser that is to be reminded no more.")
class UnsubscribePushInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    endpoint: str = strawberry.field(description="The address of its subscription.")


@strawberry.type(description="Done, or why not.")
class UnsubscribePushPayload:
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.input(description="A browser that is to get a test reminder.")
class TestPushInput:
    __test__ = False
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    endpoint: str = strawberry.field(description="The address of its subscription.")


@strawberry.type(description="On its way, or why not.")
class TestPushPayload:
    __test__ = False
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class NotificationQuery:
    @strawberry.field(description="The caller's inbox, the newest first.")
    async def inbox(self, info: Info, first: First = 30, after: After = None) -> InboxConnection:
        rows = await queries.inbox(info.context.require(), page_size(first), decode_moment(after))
        cursors = [encode_cursor(row.created_at.isoformat(), row.id) for row in rows]
        return make_page(rows, first, cursors, after)  # type: ignore[return-value]

    @strawberry.field(description="The caller's devices that are reminded, the newest first.")
    async def push_devices(self, info: Info) -> list[PushDevice]:
        return await queries.devices(info.context.require())  # type: ignore[return-value]


@strawberry.type
class NotificationMutation:
    @strawberry.mutation(description="Marks messages of the caller's inbox as read.")
    async def mark_inbox_read(self, info: Info, input: MarkInboxReadInput) -> MarkInboxReadPayload:
        async def mark(actor: Actor) -> int:
            ids = None if input.ids is None else [parse_id(key, "InboxMessage", "ids") for key in input.ids]
            return await service.mark_read(actor, ids)

        unread, errors = await write(info, input, int, mark)
        actor = info.context.actor
        if unread is None:
            unread = await queries.unread(actor.id) if actor and actor.id else 0
        return MarkInboxReadPayload(unread=unread, user_errors=errors)

    @strawberry.mutation(description="Reminds this browser by web push until its session ends.")
    async def subscribe_push(self, info: Info, input: SubscribePushInput) -> SubscribePushPayload:
        wanted = Device(input.endpoint, input.p256dh, input.auth)
        device, errors = await write(
            info, input, types.PushDevice, lambda actor: service.subscribe(actor, wanted, input.device)
        )
        return SubscribePushPayload(device=device, user_errors=errors)  # type: ignore[arg-type]

    @strawberry.mutation(description="Stops reminding a browser of the caller's.")
    async def unsubscribe_push(self, info: Info, input: UnsubscribePushInput) -> UnsubscribePushPayload:
        _, errors = await write(info, input, type(None), lambda actor: service.unsubscribe(actor, input.endpoint))
        return UnsubscribePushPayload(user_errors=errors)

    @strawberry.mutation(description="Sends a test reminder to one browser of the caller's, within seconds.")
    async def test_push(self, info: Info, input: TestPushInput) -> TestPushPayload:
        _, errors = await write(info, input, type(None), lambda actor: service.test_push(actor, input.endpoint))
        return TestPushPayload(user_errors=errors)
