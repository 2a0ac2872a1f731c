"""What an import did to each customer, which rows were taken before, which column was meant by which heading."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads
from shuke.kit.ids import new_id


def _row(*own: tuple[str, Any]) -> list[tuple[str, Any]]:
    return [
        ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
        ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
        ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
        ("brand", _reference("brand")),
        *own,
    ]


def _reference(name: str) -> Any:
    target = f"shuke.{name.capitalize()}"
    return fields.ForeignKeyField(
        target, source_field=f"{name}_id", db_constraint=True, to_field="id", on_delete=OnDelete.RESTRICT
    )


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


CHANGE = _row(
    ("batch_id", fields.UUIDField()),
    ("customer_id", fields.UUIDField()),
    ("created", fields.BooleanField()),
    ("version", fields.IntField()),
    ("before", _json()),
    ("after", _json()),
    ("identities", _json()),
    ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
    ("stayed", _json(null=True)),
)
MAPPING = _row(("staff", _reference("staff")), ("fingerprint", fields.CharField(max_length=64)), ("columns", _json()))
STATEMENTS = [
    # what stood in rows that were not taken, for who mends them
    "ALTER TABLE import_verdict ADD COLUMN cells TEXT",
    # rows that were taken before: such a row says nothing new, whatever was changed since
    """CREATE TABLE import_digest (
      brand_id UUID NOT NULL REFERENCES brand (id) ON DELETE RESTRICT,
      digest BYTEA NOT NULL,
      customer_id UUID NOT NULL,
      batch_id UUID NOT NULL,
      PRIMARY KEY (brand_id, digest))""",
    "CREATE INDEX import_digest_of ON import_digest (customer_id)",
    "DROP INDEX import_job_open",
    "CREATE INDEX import_job_open ON import_job (id) WHERE state IN ('waiting', 'running', 'undoing')",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0022_looked_at_every_night")]

    operations = [
        ops.AddField("ImportJob", "duplicates", fields.IntField(db_default=0)),
        ops.AddField("ImportJob", "found", _json(null=True)),
        ops.AddField("ImportJob", "saved_mapping", fields.BooleanField(db_default=False)),
        ops.AddField("ImportJob", "continues_id", fields.UUIDField(null=True)),
        ops.AddField("ImportJob", "undo", _json(null=True)),
        ops.CreateModel(
            name="ImportChange",
            fields=CHANGE,
            options={
                "table": "import_change",
                "app": "shuke",
                "unique_together": (("batch_id", "customer_id"),),
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "What an import did to a customer, so that it can be undone.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ImportMapping",
            fields=MAPPING,
            options={
                "table": "import_mapping",
                "app": "shuke",
                "unique_together": (("brand", "fingerprint"),),
                "pk_attr": "id",
                "table_description": "Which column is which field under such headings, as somebody chose it; offered "
                "whenever they come again.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
