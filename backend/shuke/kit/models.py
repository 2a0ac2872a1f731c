"""Base of every row, and the kit's own tables: events, their deliveries, operations, files, secrets, throttles."""

from typing import Any

from tortoise import fields, models
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.models import Model

from shuke.kit import codec
from shuke.kit.ids import new_id

# Tortoise reads the source of every model for comments of a form that nobody writes here: a quarter of each start.
models._get_comments = lambda cls: {}


def json_field(**options: Any) -> fields.JSONField[Any]:
    """A JSONB column whose codec does not depend on what else is installed."""
    return fields.JSONField(encoder=codec.dumps, decoder=codec.loads, **options)


class Row(Model):
    """What every table has."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    created_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now(), auto_now=True)

    class Meta:
        abstract = True


class Event(Row):
    """What happened: audit trail and outbox at once, written in the change's own transaction."""

    brand_id = fields.UUIDField()
    kind = fields.CharField(80)
    actor_kind = fields.CharField(20)
    actor_id = fields.UUIDField(null=True)
    subject_type = fields.CharField(40)
    subject_id = fields.UUIDField(null=True)
    data = json_field()
    at = fields.DatetimeField()
    dispatched_at = fields.DatetimeField(null=True)

    class Meta:
        table = "event"
        indexes = [Index(fields=("brand_id", "subject_id", "at")), Index(fields=("brand_id", "kind", "at"))]


class EventDelivery(Row):
    """One handler's turn at one event; a timer row until it is done."""

    event = fields.ForeignKeyField("shuke.Event", on_delete=fields.CASCADE)
    handler = fields.CharField(120)
    attempts = fields.IntField(db_default=0)
    next_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    error = fields.TextField(null=True)

    class Meta:
        table = "event_delivery"
        unique_together = (("event", "handler"),)


class Operation(Model):
    """A mutation's answer, kept in the write's own transaction so that a repeat gets the same answer."""

    id = fields.UUIDField(primary_key=True)  # made by the caller
    brand_id = fields.UUIDField()
    actor_id = fields.UUIDField(null=True)
    name = fields.CharField(80)
    request_hash = fields.BinaryField()
    answer = fields.TextField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "operation"
        indexes = [Index(fields=("created_at",))]


class StoredFile(Row):
    """A file that was made here and is fetched later; its bytes lie in `stored_piece`."""

    brand_id = fields.UUIDField()
    name = fields.CharField(200)
    media_type = fields.CharField(120)
    size = fields.BigIntField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "stored_file"
        indexes = [Index(fields=("expires_at",))]


class Secret(Model):
    """A key made once: inserted or read."""

    name = fields.CharField(80, primary_key=True)
    value = fields.TextField()
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "secret"


class Throttle(Model):
    """How often something was tried in a window."""

    key = fields.CharField(200, primary_key=True)
    window_ends_at = fields.DatetimeField()
    count = fields.IntField()

    class Meta:
        table = "throttle"
