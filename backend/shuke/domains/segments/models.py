"""Tables of this room, private to it. `segment_watch` and `rfm_figure` have no class: their key is the customer, and
`rfm_touched` and `rfm_state` are bookkeeping; see migrations.
"""

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


class Segment(Row):
    """Customers whom a rule finds, now and from now on; or, without a rule, those who were found once."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # who made it
    name = fields.CharField(60)
    note = fields.CharField(500, null=True)
    kind = fields.CharField(10)  # rule, snapshot
    version = fields.IntField(db_default=1)
    tree = json_field()  # as `kit.rules` reads it; of a snapshot the one that found its members
    members = fields.IntField(db_default=0)
    filling = fields.IntField(db_default=1)  # the how-manieth time that it looks at everybody
    filled_to = fields.UUIDField(null=True)  # the last customer whom it has looked at, this time
    filled_at = fields.DatetimeField(null=True)  # when it had looked at everybody; null: a timer row
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "segment"
        indexes = [Index(fields=("brand_id", "created_at"))]


class SegmentVersion(Row):
    """A rule as it was: what a member's reason speaks of."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    segment = fields.ForeignKeyField("shuke.Segment", on_delete=fields.CASCADE)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    number = fields.IntField()
    tree = json_field()

    class Meta:
        table = "segment_version"
        unique_together = (("segment", "number"),)


class SegmentMember(Row):
    """A customer's time in a segment. Reasons: what each condition of that version's rule saw."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    segment = fields.ForeignKeyField("shuke.Segment", on_delete=fields.CASCADE)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    entered_at = fields.DatetimeField()
    entered_by = json_field()  # {version, seen}
    left_at = fields.DatetimeField(null=True)
    left_by = json_field(null=True)

    class Meta:
        table = "segment_member"
        indexes = [Index(fields=("customer_id", "entered_at"))]


class RfmConfig(Row):
    """How a brand's cells are computed from then on."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: by command
    number = fields.IntField()
    document = json_field()

    class Meta:
        table = "rfm_config"
        unique_together = (("brand", "number"),)


class RfmWords(Row):
    """What a brand calls its cells, and what is to be done with whom."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    number = fields.IntField()
    document = json_field()  # cell -> {name, playbook}, each by language

    class Meta:
        table = "rfm_words"
        unique_together = (("brand", "number"),)
