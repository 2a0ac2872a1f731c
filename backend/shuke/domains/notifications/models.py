"""Tables of this room, private to it."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row, json_field


class InboxMessage(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    kind = fields.CharField(30)
    data = json_field()  # what fills the words; nothing personal
    url = fields.CharField(200)  # path within the app
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox_message"
        indexes = [Index(fields=("staff_id", "created_at", "id"))]


class PushSubscription(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    session = fields.ForeignKeyField("shuke.Session", on_delete=fields.RESTRICT)
    endpoint = fields.CharField(1000, unique=True)
    p256dh = fields.CharField(200)
    auth = fields.CharField(100)
    device = fields.CharField(120)
    last_success_at = fields.DatetimeField(null=True)
    failing_since = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "push_subscription"
        indexes = [Index(fields=("staff_id",)), Index(fields=("session_id",))]


class PushDelivery(Row):
    """One message's way to one device; a timer row until it is sent or given up. The id is the stable delivery id."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    message = fields.ForeignKeyField("shuke.InboxMessage", on_delete=fields.CASCADE)
    subscription = fields.ForeignKeyField("shuke.PushSubscription", on_delete=fields.CASCADE)
    state = fields.CharField(10)  # pending, sent, failed, gone
    attempts = fields.IntField(db_default=0)
    next_at = fields.DatetimeField()
    status = fields.IntField(null=True)  # HTTP status of the last try
    error = fields.CharField(200, null=True)

    class Meta:
        table = "push_delivery"
        unique_together = (("message", "subscription"),)
