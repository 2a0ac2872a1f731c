"""What a customer's card asks for is head office's to say: the profile template, her own values, and how full her card
is. Cards that stand already are measured by the worker, as after every change of the template.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads
from shuke.kit.ids import new_id


def _reference(model: str, **options: Any) -> Any:
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{model.lower()}_id",
        db_constraint=True,
        to_field="id",
        on_delete=OnDelete.RESTRICT,
        **options,
    )


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


TEMPLATE = [
    ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
    ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
    ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
    ("brand", _reference("Brand")),
    ("version", fields.IntField()),
    ("document", _json()),
    ("staff", _reference("Staff", null=True)),
    ("swept_to", fields.UUIDField(null=True)),
    ("swept_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0016_found_in_pinyin")]

    operations = [
        ops.AddField("Customer", "custom_values", _json(default=dict, db_default="{}")),
        ops.AddField("Customer", "completeness", fields.SmallIntField(db_default=0)),
        ops.RunSQL("ALTER TABLE customer ADD COLUMN problems TEXT[] NOT NULL DEFAULT '{}'"),
        ops.CreateModel(
            name="ProfileTemplate",
            fields=TEMPLATE,
            options={
                "table": "profile_template",
                "app": "shuke",
                "unique_together": (("brand", "version"),),
                "pk_attr": "id",
                "table_description": "A version of the brand's profile template: a timer row (`swept_at`) until every "
                "card is measured by it.",
            },
            bases=["Row"],
        ),
        ops.RunSQL("CREATE INDEX profile_template_unswept ON profile_template (id) WHERE swept_at IS NULL"),
    ]
