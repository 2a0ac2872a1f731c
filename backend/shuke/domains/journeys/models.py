"""Tables of this room, private to it."""

from tortoise import fields

from shuke.kit.models import Row, json_field


class Journey(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    key = fields.CharField(60)
    active = fields.BooleanField(db_default=True)
    version = fields.IntField(db_default=1)  # the one that new enrolments get

    class Meta:
        table = "journey"
        unique_together = (("brand", "key"),)


class JourneyVersion(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    journey = fields.ForeignKeyField("shuke.Journey", on_delete=fields.RESTRICT)
    number = fields.IntField()
    definition = json_field()

    class Meta:
        table = "journey_version"
        unique_together = (("journey", "number"),)


class Enrolment(Row):
    """A customer's way through a journey, its version pinned. `wake_at` is the timer that the worker sweeps."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    journey = fields.ForeignKeyField("shuke.Journey", on_delete=fields.RESTRICT)
    version = fields.ForeignKeyField("shuke.JourneyVersion", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    subject = fields.CharField(60, db_default="")
    occurrence = fields.CharField(60)
    step = fields.IntField(db_default=0)
    wake_at = fields.DatetimeField(null=True)
    started_at = fields.DatetimeField()  # the moment that the steps' waits count from
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.CharField(30, null=True)

    class Meta:
        table = "enrolment"
        unique_together = (("journey", "customer", "subject", "occurrence"),)


class JourneyEffect(Row):
    """What a step did; the id is computed from (enrolment, step, occurrence), so that it happens once."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    enrolment = fields.ForeignKeyField("shuke.Enrolment", on_delete=fields.RESTRICT)
    step = fields.IntField()
    result = fields.CharField(30)
    at = fields.DatetimeField()

    class Meta:
        table = "journey_effect"
