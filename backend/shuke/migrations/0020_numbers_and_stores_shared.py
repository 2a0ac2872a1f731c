"""One number for a family, a number that was chosen to be shown, and customers whom two stores serve."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.ids import new_id


def _row(*own: tuple[str, fields.Field[Any]]) -> list[tuple[str, Any]]:
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


def _moment() -> Any:
    return fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)


CONTACT = _row(
    ("identity", _reference("identity", "CustomerIdentity", OnDelete.CASCADE)),
    ("customer", _reference("customer", "Customer")),
    ("role", fields.CharField(max_length=20)),
    ("label", fields.CharField(null=True, max_length=40)),
)
SHARE = _row(
    ("customer", _reference("customer", "Customer")),
    ("store", _reference("store", "Store")),
)
REQUEST = _row(
    ("customer", _reference("customer", "Customer")),
    ("store", _reference("store", "Store")),
    ("staff", _reference("staff", "Staff")),
    ("state", fields.CharField(db_default="open", max_length=10)),
    ("answered_by", _reference("answered_by", "Staff", null=True, related_name="answered")),
    ("answered_at", _moment()),
)


def _table(name: str, columns: Any, table: str, description: str, **options: Any) -> Any:
    options |= {"table": table, "app": "shuke", "pk_attr": "id", "table_description": description}
    return ops.CreateModel(name=name, fields=columns, options=options, bases=["Row"])


class Migration(migrations.Migration):
    dependencies = [("shuke", "0019_children")]

    operations = [
        ops.AddField("CustomerIdentity", "chosen_at", _moment()),
        _table(
            "IdentityContact",
            CONTACT,
            "identity_contact",
            "Somebody who uses an identity that is another's: one telephone in a family.",
            indexes=[Index(fields=["customer_id"])],
            unique_together=(("identity", "customer"),),
        ),
        _table(
            "CustomerShare",
            SHARE,
            "customer_share",
            "A store that may open a customer of another one.",
            indexes=[Index(fields=["store_id", "customer_id"])],
            unique_together=(("customer", "store"),),
        ),
        _table(
            "ShareRequest",
            REQUEST,
            "share_request",
            "A store asks that a customer of another one be shared with it; one open at a time.",
            indexes=[Index(fields=["customer_id"])],
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX share_request_open ON share_request (customer_id, store_id) WHERE state = 'open'"
        ),
    ]
