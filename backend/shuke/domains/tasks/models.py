"""Tables of this room, private to it."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row, json_field


class Task(Row):
    """A card: everything that is open about one customer. At most one is open for a customer."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    assignee = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: the store's pool
    reasons = json_field()  # most urgent first: see types.Reason
    due_at = fields.DatetimeField()
    remind_at = fields.DatetimeField(null=True)  # timer
    expires_at = fields.DatetimeField()  # timer
    state = fields.CharField(10)  # open, done, expired
    outcome = fields.CharField(20, null=True)
    note = fields.TextField(null=True)
    follow_up_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(db_default=0)
    closed_at = fields.DatetimeField(null=True)
    closed_by = fields.ForeignKeyField("shuke.Staff", null=True, related_name="closed", on_delete=fields.RESTRICT)
    moved_by = fields.UUIDField(null=True)  # the event by which a manager gave it to its assignee
    joined = fields.ForeignKeyField(
        "shuke.Task", null=True, on_delete=fields.RESTRICT
    )  # the card that took its reasons
    version = fields.IntField(db_default=1)
    before = json_field(null=True)  # the columns as they were before the last outcome, and whose it was: for undo

    class Meta:
        table = "task"
        indexes = [Index(fields=("customer_id",)), Index(fields=("brand_id", "closed_by_id", "closed_at"))]
