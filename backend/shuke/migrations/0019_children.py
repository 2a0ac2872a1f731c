"""Children of customers, and the stages and milestones of their lives."""

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
        ("brand", _reference("brand", "Brand")),
        *own,
    ]


def _reference(name: str, model: str) -> Any:
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        on_delete=OnDelete.RESTRICT,
    )


def _moment(**options: Any) -> Any:
    return fields.DatetimeField(auto_now=False, auto_now_add=False, **options)


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


LIFE_STAGE = _row(
    ("key", fields.CharField(max_length=40)),
    ("kind", fields.CharField(max_length=12)),
    ("labels", _json()),
    ("from_value", fields.IntField()),
    ("from_unit", fields.CharField(max_length=6)),
    ("to_value", fields.IntField(null=True)),
    ("to_unit", fields.CharField(null=True, max_length=6)),
    ("position", fields.IntField()),
    ("active", fields.BooleanField(db_default=False)),
    ("why", _json(default=dict, db_default="{}")),
    ("say", _json(default=dict, db_default="{}")),
    ("since", _moment(null=True)),
    ("archived_at", _moment(null=True)),
    ("version", fields.IntField()),
)
DEPENDANT = _row(
    ("customer", _reference("customer", "Customer")),
    ("name", fields.CharField(null=True, max_length=120)),
    ("gender", fields.CharField(db_default="unknown", max_length=10)),
    ("born_on", fields.DateField(null=True)),
    ("due_on", fields.DateField(null=True)),
    ("stopped_at", _moment(null=True)),
    ("stop_reason", fields.CharField(null=True, max_length=200)),
    ("since", _moment()),
    ("custom_values", _json(default=dict, db_default="{}")),
    ("version", fields.IntField(db_default=1)),
    ("field_versions", _json(default=dict, db_default="{}")),
    ("removed_at", _moment(null=True)),
)
STATEMENTS = [
    "ALTER TABLE dependant ADD CONSTRAINT dependant_one_date CHECK ((born_on IS NULL) <> (due_on IS NULL))",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0018_consents_and_erasure")]

    operations = [
        ops.CreateModel(
            name="LifeStage",
            fields=LIFE_STAGE,
            options={
                "table": "life_stage",
                "app": "shuke",
                "unique_together": (("brand", "key"),),
                "pk_attr": "id",
                "table_description": "A stage or milestone of children's lives, as head office words it; a brand "
                "without any has those shipped.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Dependant",
            fields=DEPENDANT,
            options={
                "table": "dependant",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "A child of a customer's: it was born on a day, or is due on one.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
