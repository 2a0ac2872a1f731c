"""Visits and inquiries, photographed paper cards, and who brought whom."""

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
        ("store", _reference("store", "Store")),
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


VISIT = _row(
    ("staff", _reference("staff", "Staff", null=True)),
    ("customer", _reference("customer", "Customer", null=True)),
    ("kind", fields.CharField(max_length=10)),
    ("channel", fields.CharField(max_length=10)),
    ("bought", fields.BooleanField(null=True)),
    ("is_new", fields.BooleanField()),
    ("at", _moment()),
    ("filed_at", _moment(null=True)),
    ("note", fields.TextField(null=True, unique=False)),
    ("source", fields.CharField(null=True, max_length=60)),
    ("external_id", fields.CharField(null=True, max_length=120)),
)
PAPER_CARD = _row(
    ("staff", _reference("staff", "Staff")),
    ("customer", _reference("customer", "Customer", null=True)),
    ("state", fields.CharField(max_length=10)),
    ("closed_at", _moment(null=True)),
    ("closed_by", fields.UUIDField(null=True)),
    ("media", fields.CharField(max_length=20)),
    ("photo", fields.BinaryField()),
)
STATEMENTS = [
    # the filing rate's denominator, by each store's clock
    "CREATE INDEX visit_of_newcomers ON visit (store_id, at, id) WHERE is_new AND staff_id IS NOT NULL",
    # whom a person has not filed yet
    "CREATE INDEX visit_not_filed ON visit (staff_id, at) WHERE is_new AND customer_id IS NULL",
    # a lead comes once, however often it is sent
    "CREATE UNIQUE INDEX visit_lead ON visit (brand_id, source, external_id) WHERE external_id IS NOT NULL",
    # what is rare on a timeline is found by its kind; orders and the day of entry are found as they lie
    """CREATE INDEX timeline_by_kind ON timeline_entry (customer_id, kind, at, id)
      WHERE kind NOT IN ('order', 'refund', 'created')""",
    "CREATE INDEX paper_card_waiting ON paper_card (store_id, id) WHERE state = 'waiting'",
    "CREATE INDEX paper_card_closed ON paper_card (closed_at) WHERE closed_at IS NOT NULL",
    # photographs are compressed already
    "ALTER TABLE paper_card ALTER COLUMN photo SET STORAGE EXTERNAL",
    "CREATE INDEX customer_brought_by ON customer (referrer_id, id) WHERE referrer_id IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0020_numbers_and_stores_shared")]

    operations = [
        ops.AddField("Customer", "referrer", _reference("referrer", "Customer", null=True, related_name="brought")),
        ops.CreateModel(
            name="Visit",
            fields=VISIT,
            options={
                "table": "visit",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "Somebody came in, or asked; who she is may be said later.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="PaperCard",
            fields=PAPER_CARD,
            options={
                "table": "paper_card",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "A photo of a paper card, until somebody has typed it in.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
