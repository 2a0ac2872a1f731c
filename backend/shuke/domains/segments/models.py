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
    store_id = fields.UUIDField()  # under which she is counted; no reference: a million are written at once
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


class TagGroup(Row):
    """Tags that belong together; of an exclusive group's a customer has one at most."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    name = fields.CharField(30)
    exclusive = fields.BooleanField(db_default=False)
    position = fields.IntField(db_default=0)
    version = fields.IntField(db_default=1)
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "tag_group"
        indexes = [Index(fields=("brand_id", "position"))]


class Tag(Row):
    """What head office says of customers in a word: by hand, by a segment's rule, or by a model."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    group = fields.ForeignKeyField("shuke.TagGroup", on_delete=fields.RESTRICT)
    segment = fields.ForeignKeyField("shuke.Segment", null=True, on_delete=fields.RESTRICT)  # whose members have it
    merged_into = fields.ForeignKeyField("shuke.Tag", null=True, on_delete=fields.RESTRICT)
    name = fields.CharField(30)
    colour = fields.CharField(10)
    kind = fields.CharField(10)  # static, dynamic, predictive
    model = fields.CharField(60, null=True)  # key of the model that sets it
    position = fields.IntField(db_default=0)
    version = fields.IntField(db_default=1)
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "tag"
        indexes = [Index(fields=("brand_id", "group_id"))]


class TagBatch(Row):
    """One use of a tag, set or taken away, of however many customers; what its undo goes by."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    tag = fields.ForeignKeyField("shuke.Tag", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    adding = fields.BooleanField()
    whom = json_field(null=True)  # a list's filters; null: it was told whom
    state = fields.CharField(10)  # running and undoing are timer rows; done, undone
    walked_to = fields.UUIDField(null=True)  # the last customer whom it came to
    customers = fields.IntField(db_default=0)  # whom it changed
    displaced = fields.IntField(db_default=0)  # tags of exclusive groups that gave way
    kept = fields.IntField(db_default=0)  # what an undo left alone, since somebody changed it meanwhile
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.UUIDField(null=True)

    class Meta:
        table = "tag_batch"
        indexes = [Index(fields=("brand_id", "created_at"))]


class CustomerTag(Row):
    """A customer's time with a tag that was set: by whom, and how it ended. Predictions: why, and until when."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    tag = fields.ForeignKeyField("shuke.Tag", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    batch_id = fields.UUIDField(null=True)
    set_how = fields.CharField(10)  # staff, import, model
    set_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    removed_how = fields.CharField(10, null=True)  # staff, import, model, displaced, merged, undone
    removed_by = fields.UUIDField(null=True)
    removed_batch_id = fields.UUIDField(null=True)
    score = fields.FloatField(null=True)  # 0 to 1
    reasons = json_field(null=True)
    model_version = fields.CharField(60, null=True)
    expires_at = fields.DatetimeField(null=True)  # it counts until the end of that day in her store

    class Meta:
        table = "customer_tag"
        indexes = [Index(fields=("customer_id", "set_at"))]
