"""What a manager's board reads by, who moved a card, invitations, and the devices that people signed in from."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

from shuke.kit.ids import new_id


def _row(*own: tuple[str, Any]) -> list[tuple[str, Any]]:
    """The columns of every table that belongs to a person, and its own."""
    return [
        ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
        ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
        ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
        *((name, _reference(name)) for name in ("brand", "staff")),
        *own,
    ]


def _reference(name: str) -> Any:
    target = f"shuke.{name.capitalize()}"
    return fields.ForeignKeyField(
        target, source_field=f"{name}_id", db_constraint=True, to_field="id", on_delete=OnDelete.RESTRICT
    )


INVITATION = _row(
    ("kind", fields.CharField(max_length=10)),
    ("token_hash", fields.BinaryField()),
    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
    ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
    ("used_by", fields.UUIDField(null=True)),
)
KNOWN_DEVICE = _row(
    ("token_hash", fields.BinaryField()),
    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
)
STATEMENTS = [
    # one index range a store: what is due by the end of a period, what was closed since it began
    "CREATE INDEX task_open_of_store ON task (brand_id, store_id, due_at, id) WHERE state = 'open'",
    "CREATE INDEX task_closed_of_store ON task (brand_id, store_id, closed_at, id) WHERE state = 'done'",
    "CREATE UNIQUE INDEX invitation_token ON invitation (token_hash)",
    "CREATE UNIQUE INDEX invitation_open ON invitation (staff_id) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX known_device_of ON known_device (staff_id, token_hash)",
    "CREATE INDEX known_device_token ON known_device (token_hash)",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0006_partner_keys_rotate")]

    operations = [
        ops.AddField("Task", "moved_by", fields.UUIDField(null=True)),
        ops.CreateModel(
            name="Invitation",
            fields=INVITATION,
            options={
                "table": "invitation",
                "app": "shuke",
                "pk_attr": "id",
                "table_description": "A link that lets a person choose her password: to join, or because the old one "
                "is to go. One is open at most.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="KnownDevice",
            fields=KNOWN_DEVICE,
            options={
                "table": "known_device",
                "app": "shuke",
                "pk_attr": "id",
                "table_description": "A browser in which this person signed in: what strangers try elsewhere does not "
                "keep her out of it.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
