"""Columns as migrations write them down: what every table has, and the usual kinds."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads
from shuke.kit.ids import new_id

Columns = list[tuple[str, Any]]
"""Name and field of each."""


def row(*own: tuple[str, Any]) -> Columns:
    """The columns of a brand's table: id, timestamps, the brand, and its own."""
    return [
        ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
        ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
        ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
        ("brand", reference("brand", "Brand")),
        *own,
    ]


def reference(name: str, model: str, on_delete: OnDelete = OnDelete.RESTRICT, **options: Any) -> Any:
    """A foreign key; its column is called `<name>_id`."""
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        on_delete=on_delete,
        **options,
    )


def moment(**options: Any) -> Any:
    """A point in time."""
    return fields.DatetimeField(auto_now=False, auto_now_add=False, **options)


def json(**options: Any) -> Any:
    """JSONB."""
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


def table(model: str, name: str, columns: Columns, about: str, **options: Any) -> ops.CreateModel:
    """A new table; `about`: its model's docstring."""
    told = {"table": name, "app": "shuke", "pk_attr": "id", "table_description": about} | options
    return ops.CreateModel(name=model, fields=columns, options=told, bases=["Row"])
