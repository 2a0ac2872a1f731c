"""What customers allow, their numbers after an erasure, copies of their data, and an audit that is found by who and when."""

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


TEXT = _row(
    ("staff", _reference("staff", "Staff", null=True)),
    ("purpose", fields.CharField(max_length=20)),
    ("version", fields.IntField()),
    ("bodies", _json()),
)
ENTRY = _row(
    ("customer", _reference("customer", "Customer")),
    ("text", _reference("text", "ConsentText", null=True)),
    ("purpose", fields.CharField(max_length=20)),
    ("channel", fields.CharField(max_length=10)),
    ("state", fields.CharField(max_length=10)),
    ("evidence", _json()),
    ("actor_id", fields.UUIDField(null=True)),
    ("at", _moment()),
)
SUPPRESSION = _row(
    ("kind", fields.CharField(max_length=20)),
    ("hash", fields.BinaryField()),
    ("erasure_id", fields.UUIDField()),
)
COPY = _row(
    ("customer", _reference("customer", "Customer")),
    ("staff", _reference("staff", "Staff")),
    ("expires_at", _moment()),
    ("fetched_at", _moment(null=True)),
)
STATEMENTS = [
    # A mistake of the program must not rewrite what she said. Two use cases may touch an entry, each by its name: a
    # merge gives it to another record and takes its own words back, an erasure takes away what is personal.
    """CREATE FUNCTION consent_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE allowed text := coalesce(current_setting('shuke.ledger', true), '');
    BEGIN
      IF allowed = 'erasing' AND TG_OP = 'UPDATE'
        AND (to_jsonb(NEW) - 'evidence' - 'updated_at') = (to_jsonb(OLD) - 'evidence' - 'updated_at') THEN
        RETURN NEW;
      ELSIF allowed = 'merging' AND TG_OP = 'UPDATE'
        AND (to_jsonb(NEW) - 'customer_id' - 'updated_at') = (to_jsonb(OLD) - 'customer_id' - 'updated_at') THEN
        RETURN NEW;
      ELSIF allowed = 'merging' AND TG_OP = 'DELETE' AND OLD.evidence ->> 'how' = 'merge' THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION 'consent_entry is a ledger: what a customer said is not changed';
    END $$""",
    """CREATE TRIGGER consent_entry_stands BEFORE UPDATE OR DELETE ON consent_entry
      FOR EACH ROW EXECUTE FUNCTION consent_entry_stands()""",
    # who may not be grouped by what she buys, and who may not be shown to partners: few, asked for among all
    "CREATE INDEX customer_not_grouped ON customer (id) WHERE refusals ? 'profiling/any'",
    # the audit's page: one index range, however many events there are
    "CREATE INDEX event_by_people ON event (brand_id, at, id) WHERE actor_kind <> 'system'",
    "CREATE INDEX event_by_actor ON event (brand_id, actor_id, at, id) WHERE actor_id IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0017_profiles")]

    operations = [
        ops.AddField("Customer", "refusals", _json(default=list, db_default="[]")),
        ops.AddField("Customer", "erased_at", _moment(null=True)),
        ops.CreateModel(
            name="ConsentText",
            fields=TEXT,
            options={
                "table": "consent_text",
                "app": "shuke",
                "unique_together": (("brand", "purpose", "version"),),
                "pk_attr": "id",
                "table_description": "The words that customers say yes or no to; a change is a further version.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ConsentEntry",
            fields=ENTRY,
            options={
                "table": "consent_entry",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id", "at"])],
                "pk_attr": "id",
                "table_description": "What a customer said, once and for all; what holds is derived. `created_at`: when"
                " it became known.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Suppression",
            fields=SUPPRESSION,
            options={
                "table": "suppression",
                "app": "shuke",
                "unique_together": (("brand", "kind", "hash"),),
                "pk_attr": "id",
                "table_description": "A number of somebody who was erased, as a keyed hash: what comes in by itself "
                "does not bring her back.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="CustomerCopy",
            fields=COPY,
            options={
                "table": "customer_copy",
                "app": "shuke",
                "indexes": [Index(fields=["customer_id"])],
                "pk_attr": "id",
                "table_description": "Leave to fetch a customer's copy of her data, once and soon; the copy itself is "
                "kept nowhere.",
            },
            bases=["Row"],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
