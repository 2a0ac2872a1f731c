"""How complete cards are, day by day; what looks wrong on a card and is right; and all cards are measured anew, since
names that name nobody are a problem from now on.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.ids import new_id


def _row(*own: tuple[str, Any]) -> list[tuple[str, Any]]:
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


DISMISSED = _row(
    ("customer", _reference("customer", "Customer")),
    ("problem", fields.CharField(max_length=80)),
    ("value", fields.CharField(max_length=200)),
    ("staff", _reference("staff", "Staff", null=True)),
)
DAY = _row(
    ("store", _reference("store", "Store")),
    ("guide", _reference("guide", "Staff", null=True)),
    ("day", fields.DateField()),
    ("customers", fields.IntField()),
    ("score", fields.BigIntField()),
    ("complete", fields.IntField()),
    ("flawed", fields.IntField()),
    ("full_from", fields.SmallIntField()),
)
LIVE = "merged_into_id IS NULL AND erased_at IS NULL"
STATEMENTS = [
    "CREATE UNIQUE INDEX quality_day_once ON quality_day (store_id, day, guide_id) NULLS NOT DISTINCT",
    # figures are counted, and the queue is read, without a look at the rows
    f"""CREATE INDEX customer_measured ON customer (store_id, guide_id) INCLUDE (completeness, problems)
      WHERE {LIVE}""",
    f"""CREATE INDEX customer_flawed ON customer (store_id, id) INCLUDE (guide_id, problems)
      WHERE {LIVE} AND problems <> '{{}}'""",
    """UPDATE profile_template p SET swept_to = NULL, swept_at = NULL WHERE NOT EXISTS (
      SELECT FROM profile_template n WHERE n.brand_id = p.brand_id AND n.version > p.version)""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0024_links_to_fill_in")]

    operations = [
        ops.CreateModel(
            name="DismissedProblem",
            fields=DISMISSED,
            options={
                "table": "dismissed_problem",
                "app": "shuke",
                "unique_together": (("customer", "problem", "value"),),
                "pk_attr": "id",
                "table_description": "What looks wrong on a customer's card and is right, with the value that stood "
                "there.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="QualityDay",
            fields=DAY,
            options={
                "table": "quality_day",
                "app": "shuke",
                "indexes": [Index(fields=["store_id", "day"])],
                "pk_attr": "id",
                "table_description": "How complete the cards of a store's customers were on a day, by whose they "
                "were; once kept, never changed.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
