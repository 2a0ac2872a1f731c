"""Links by which customers fill in their own cards, and what the shop gives in return."""

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
        ("brand", _reference("brand", "Brand")),
        *own,
    ]


def _reference(name: str, model: str, on_delete: OnDelete = OnDelete.RESTRICT, **options: Any) -> Any:
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        on_delete=on_delete,
        **options,
    )


def _moment(**options: Any) -> Any:
    return fields.DatetimeField(auto_now=False, auto_now_add=False, **options)


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


CUSTOMER_LINK = _row(
    ("store", _reference("store", "Store")),
    ("staff", _reference("staff", "Staff", null=True)),
    ("customer", _reference("customer", "Customer", null=True)),
    ("parent", _reference("parent", "CustomerLink", OnDelete.CASCADE, null=True)),
    ("order_id", fields.UUIDField(null=True)),
    ("token_hash", fields.BinaryField()),
    ("expires_at", _moment()),
    ("single_use", fields.BooleanField(db_default=False)),
    ("unsure", fields.BooleanField(db_default=False)),
    ("used_at", _moment(null=True)),
    ("revoked_at", _moment(null=True)),
    ("said", _json(default=dict, db_default="{}")),
    ("offers", _json(default=list, db_default="[]")),
)
LINK_OFFERS = _row(
    ("version", fields.IntField()),
    ("offers", _json()),
    ("staff", _reference("staff", "Staff", null=True)),
)
STATEMENTS = [
    "CREATE UNIQUE INDEX customer_link_token ON customer_link (token_hash)",
    # a store's own codes
    "CREATE INDEX customer_link_of_store ON customer_link (store_id, id) WHERE customer_id IS NULL AND parent_id IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0023_imports_that_can_be_undone")]

    operations = [
        ops.CreateModel(
            name="CustomerLink",
            fields=CUSTOMER_LINK,
            options={
                "table": "customer_link",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "A link by which somebody fills in a card: a customer's own, or a store's for"
                " whoever scans it.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="LinkOffers",
            fields=LINK_OFFERS,
            options={
                "table": "link_offers",
                "app": "shuke",
                "unique_together": (("brand",),),
                "pk_attr": "id",
                "table_description": "What the shop gives whoever fills in her card, as head office words it.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
