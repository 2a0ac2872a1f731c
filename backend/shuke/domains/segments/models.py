"""Tables of this room, private to it."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row, json_field


class SegmentRun(Row):
    """One computation of all cells, with the configuration and the cut-offs it used."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    as_of = fields.DateField()
    config = json_field()
    cells = json_field()  # cell -> customers
    customers = fields.IntField()

    class Meta:
        table = "segment_run"
        indexes = [Index(fields=("brand_id", "created_at"))]


class SegmentMembership(Row):
    """A customer's time in an RFM cell."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    cell = fields.CharField(3)  # order R, F, M
    entered_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)
    reason = json_field()  # the three figures that put her there

    class Meta:
        table = "segment_membership"
        indexes = [Index(fields=("customer_id", "entered_at"))]
