"""Tables of this room, private to it. `import_piece`, `import_verdict` and `import_digest`
have keys of two columns; see migrations."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row, json_field


class ImportUpload(Row):
    """A file that waits to be imported, or was; its bytes lie in `import_piece`."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    file_name = fields.CharField(120)
    size = fields.BigIntField(null=True)  # bytes; null: not all of it has arrived

    class Meta:
        table = "import_upload"


class ImportJob(Row):
    """An import in the background: a timer row, taken up by whichever worker is free, again when its lease runs out."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    upload = fields.ForeignKeyField("shuke.ImportUpload", null=True, on_delete=fields.SET_NULL)
    kind = fields.CharField(20)
    file_name = fields.CharField(120)
    file_bytes = fields.BigIntField()
    choices = json_field()
    state = fields.CharField(12)
    owner = fields.UUIDField(null=True)  # the run that may write; another one that wakes up late may not
    lease_until = fields.DatetimeField(null=True)
    nudged_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(db_default=0)  # since it last got anywhere
    started_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    looked = fields.IntField(db_default=0)
    rows_total = fields.IntField(null=True)
    read = fields.IntField(db_default=0)
    created = fields.IntField(db_default=0)
    updated = fields.IntField(db_default=0)
    unchanged = fields.IntField(db_default=0)
    rejected = fields.IntField(db_default=0)
    duplicates = fields.IntField(db_default=0)
    spots = json_field(null=True)
    skipped = json_field(null=True)
    problem = json_field(null=True)
    found = json_field(null=True)  # sheets with their columns
    saved_mapping = fields.BooleanField(db_default=False)
    continues_id = fields.UUIDField(null=True)  # the import whose rejected rows these are, mended
    undo = json_field(null=True)  # what its undoing has come to

    class Meta:
        table = "import_job"
        indexes = [Index(fields=("brand_id", "id"))]


class ImportChange(Row):
    """What an import did to a customer, so that it can be undone."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    batch_id = fields.UUIDField()  # the import: its job, or a run from a shell
    customer_id = fields.UUIDField()
    created = fields.BooleanField()
    version = fields.IntField()  # hers when the import left her
    before = json_field()  # columns that it changed: how they were
    after = json_field()  # and how they are since
    identities = json_field()  # (kind, value) that she is known by since
    undone_at = fields.DatetimeField(null=True)
    stayed = json_field(null=True)  # of who was not left as she had been: why, and in which columns

    class Meta:
        table = "import_change"
        unique_together = (("batch_id", "customer_id"),)
        indexes = [Index(fields=("customer_id",))]


class ImportMapping(Row):
    """Which column is which field under such headings, as somebody chose it; offered whenever they come again."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    fingerprint = fields.CharField(64)  # of the headings
    columns = json_field()  # field -> heading

    class Meta:
        table = "import_mapping"
        unique_together = (("brand", "fingerprint"),)


class MergeRecord(Row):
    """Two archives that became one, and how both were before, for as long as that can be undone."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    winner = fields.ForeignKeyField("shuke.Customer", related_name="won", on_delete=fields.RESTRICT)
    loser = fields.ForeignKeyField("shuke.Customer", related_name="lost", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    merged_at = fields.DatetimeField()
    picks = json_field()  # field -> whose value was taken
    snapshot = json_field(null=True)  # see types.Snapshot; null: too long ago, or she was erased
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.ForeignKeyField("shuke.Staff", null=True, related_name="undid", on_delete=fields.RESTRICT)
    stayed = json_field(null=True)  # of an undone merge: what stayed with the winner

    class Meta:
        table = "merge_record"
        indexes = [Index(fields=("winner_id",)), Index(fields=("loser_id",))]


class DuplicatePair(Row):
    """Two customers who may be one person; a's id is the smaller. Dismissed once, never offered again."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    a = fields.ForeignKeyField("shuke.Customer", related_name="pairs_before", on_delete=fields.RESTRICT)
    b = fields.ForeignKeyField("shuke.Customer", related_name="pairs_after", on_delete=fields.RESTRICT)
    reasons = json_field()  # names of rules, the strongest first
    score = fields.SmallIntField()  # 0 to 100
    state = fields.CharField(10, db_default="open")  # open, dismissed, merged
    decided_by = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "duplicate_pair"
        unique_together = (("a", "b"),)
        indexes = [Index(fields=("b_id",))]


class ExportJob(Row):
    """What somebody takes out: written by a worker into a file that waits for her until its day."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    wish = json_field()
    state = fields.CharField(12)
    owner = fields.UUIDField(null=True)
    lease_until = fields.DatetimeField(null=True)
    nudged_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(db_default=0)
    ended_at = fields.DatetimeField(null=True)
    rows = fields.IntField(db_default=0)
    rows_total = fields.IntField(null=True)
    stores = json_field(null=True)  # whose customers are in it; null: all of the brand
    file_id = fields.UUIDField(null=True)  # of `stored_file`
    problem = json_field(null=True)

    class Meta:
        table = "export_job"
        indexes = [Index(fields=("staff_id", "id"))]


class CustomerCopy(Row):
    """Leave to fetch a customer's copy of her data, once and soon; the copy itself is kept nowhere."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)  # who asked, and alone may fetch it
    expires_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField(null=True)

    class Meta:
        table = "customer_copy"
        indexes = [Index(fields=("customer_id",))]
