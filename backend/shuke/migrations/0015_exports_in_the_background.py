"""Exports in the background: who takes out what, why, and how far it is."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads
from shuke.kit.ids import new_id


def _reference(name: str) -> Any:
    target = f"shuke.{name.capitalize()}"
    return fields.ForeignKeyField(
        target, source_field=f"{name}_id", db_constraint=True, to_field="id", on_delete=OnDelete.RESTRICT
    )


def _moment() -> Any:
    return fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


JOB = [
    ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
    ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
    ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
    ("brand", _reference("brand")),
    ("staff", _reference("staff")),
    ("wish", _json()),
    ("state", fields.CharField(max_length=12)),
    ("owner", fields.UUIDField(null=True)),
    ("lease_until", _moment()),
    ("nudged_at", _moment()),
    ("attempts", fields.IntField(db_default=0)),
    ("ended_at", _moment()),
    ("rows", fields.IntField(db_default=0)),
    ("rows_total", fields.IntField(null=True)),
    ("stores", _json(null=True)),
    ("file_id", fields.UUIDField(null=True)),
    ("problem", _json(null=True)),
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0014_birthdays_as_kept")]

    operations = [
        ops.CreateModel(
            name="ExportJob",
            fields=JOB,
            options={
                "table": "export_job",
                "app": "shuke",
                "indexes": [Index(fields=["staff_id", "id"])],
                "pk_attr": "id",
                "table_description": "What somebody takes out: written by a worker into a file that waits for her until "
                "its day.",
            },
            bases=["Row"],
        ),
        ops.RunSQL("CREATE INDEX export_job_open ON export_job (id) WHERE state IN ('waiting', 'running')"),
    ]
