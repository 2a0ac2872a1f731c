"""Tables of this room, private to it. `import_piece` and `import_verdict` have keys of two columns; see migrations."""

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
    spots = json_field(null=True)
    skipped = json_field(null=True)
    problem = json_field(null=True)

    class Meta:
        table = "import_job"
        indexes = [Index(fields=("brand_id", "id"))]
