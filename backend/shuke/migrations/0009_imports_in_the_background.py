"""Imports in the background: files that were sent, jobs, and what became of each row (docs/adr, imports)."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads
from shuke.kit.ids import new_id


def _row(*own: tuple[str, fields.Field[Any]]) -> list[tuple[str, Any]]:
    return [
        ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
        ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
        ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
        ("brand", _reference("brand", "Brand", OnDelete.RESTRICT)),
        ("staff", _reference("staff", "Staff", OnDelete.RESTRICT)),
        *own,
    ]


def _reference(name: str, model: str, on_delete: OnDelete, **options: Any) -> Any:
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        on_delete=on_delete,
        **options,
    )


def _moment() -> Any:
    return fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


UPLOAD = _row(("file_name", fields.CharField(max_length=120)), ("size", fields.BigIntField(null=True)))
JOB = _row(
    ("upload", _reference("upload", "ImportUpload", OnDelete.SET_NULL, null=True)),
    ("kind", fields.CharField(max_length=20)),
    ("file_name", fields.CharField(max_length=120)),
    ("file_bytes", fields.BigIntField()),
    ("choices", _json()),
    ("state", fields.CharField(max_length=12)),
    ("owner", fields.UUIDField(null=True)),
    ("lease_until", _moment()),
    ("nudged_at", _moment()),
    ("attempts", fields.IntField(db_default=0)),
    ("started_at", _moment()),
    ("ended_at", _moment()),
    ("looked", fields.IntField(db_default=0)),
    ("rows_total", fields.IntField(null=True)),
    *((count, fields.IntField(db_default=0)) for count in ("read", "created", "updated", "unchanged", "rejected")),
    ("spots", _json(null=True)),
    ("skipped", _json(null=True)),
    ("problem", _json(null=True)),
)
STATEMENTS = [
    # bytes of a file, a mebibyte a row; compressed spreadsheets are not worth compressing again
    """CREATE TABLE import_piece (
      upload_id UUID NOT NULL REFERENCES import_upload (id) ON DELETE CASCADE,
      number INT NOT NULL,
      bytes BYTEA NOT NULL,
      PRIMARY KEY (upload_id, number))""",
    "ALTER TABLE import_piece ALTER COLUMN bytes SET STORAGE EXTERNAL",
    # rows of the file that met one fate: those of a receipt together, rejected ones each alone
    """CREATE TABLE import_verdict (
      job_id UUID NOT NULL REFERENCES import_job (id) ON DELETE CASCADE,
      first_row INT NOT NULL,
      rows INT[] NOT NULL,
      verdict TEXT NOT NULL,
      reason TEXT NOT NULL,
      params TEXT,
      subject_id UUID,
      PRIMARY KEY (job_id, first_row))""",
    "CREATE INDEX import_verdict_rejected ON import_verdict (job_id, first_row) WHERE verdict = 'rejected'",
    "CREATE INDEX import_job_open ON import_job (id) WHERE state IN ('waiting', 'running')",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0008_workers_show_life")]

    operations = [
        ops.CreateModel(
            name="ImportUpload",
            fields=UPLOAD,
            options={
                "table": "import_upload",
                "app": "shuke",
                "pk_attr": "id",
                "table_description": "A file that waits to be imported, or was; its bytes lie in `import_piece`.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ImportJob",
            fields=JOB,
            options={
                "table": "import_job",
                "app": "shuke",
                "indexes": [Index(fields=["brand_id", "id"])],
                "pk_attr": "id",
                "table_description": "An import in the background: a timer row, taken up by whichever worker is free, "
                "again when its lease runs out.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
