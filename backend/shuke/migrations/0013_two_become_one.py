"""Two archives of one person: pairs that may be one, merges and what undoes them, cards that took another's reasons."""

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


def _reference(name: str, model: str, **options: Any) -> Any:
    return fields.ForeignKeyField(
        f"shuke.{model}",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        on_delete=OnDelete.RESTRICT,
        **options,
    )


def _moment(**options: Any) -> Any:
    return fields.DatetimeField(auto_now=False, auto_now_add=False, **options)


def _json(**options: Any) -> Any:
    return fields.JSONField(encoder=dumps, decoder=loads, **options)


MERGE = _row(
    ("winner", _reference("winner", "Customer", related_name="won")),
    ("loser", _reference("loser", "Customer", related_name="lost")),
    ("staff", _reference("staff", "Staff", null=True)),
    ("merged_at", _moment()),
    ("picks", _json()),
    ("snapshot", _json(null=True)),
    ("undone_at", _moment(null=True)),
    ("undone_by", _reference("undone_by", "Staff", null=True, related_name="undid")),
    ("stayed", _json(null=True)),
)
PAIR = _row(
    ("a", _reference("a", "Customer", related_name="pairs_before")),
    ("b", _reference("b", "Customer", related_name="pairs_after")),
    ("reasons", _json()),
    ("score", fields.SmallIntField()),
    ("state", fields.CharField(db_default="open", max_length=10)),
    ("decided_by", _reference("decided_by", "Staff", null=True)),
    ("decided_at", _moment(null=True)),
)
STATEMENTS = [
    "CREATE INDEX duplicate_pair_open ON duplicate_pair (brand_id, score DESC, id DESC) WHERE state = 'open'",
    "CREATE INDEX customer_merged_into ON customer (merged_into_id) WHERE merged_into_id IS NOT NULL",
    "CREATE INDEX task_joined ON task (joined_id) WHERE joined_id IS NOT NULL",
    "CREATE INDEX merge_record_kept ON merge_record (merged_at) WHERE snapshot IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0012_files_to_fetch")]

    operations = [
        ops.AddField(model_name="Task", name="joined", field=_reference("joined", "Task", null=True)),
        ops.CreateModel(
            name="MergeRecord",
            fields=MERGE,
            options={
                "table": "merge_record",
                "app": "shuke",
                "indexes": [Index(fields=["winner_id"]), Index(fields=["loser_id"])],
                "pk_attr": "id",
                "table_description": "Two archives that became one, and how both were before, for as long as that can "
                "be undone.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="DuplicatePair",
            fields=PAIR,
            options={
                "table": "duplicate_pair",
                "app": "shuke",
                "unique_together": (("a", "b"),),
                "indexes": [Index(fields=["b_id"])],
                "pk_attr": "id",
                "table_description": "Two customers who may be one person; a's id is the smaller. Dismissed once, "
                "never offered again.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
