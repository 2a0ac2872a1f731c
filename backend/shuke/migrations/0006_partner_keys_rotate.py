"""Keys of partners get stores, an end, a rate and a predecessor; each call of theirs gets a row."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit import codec
from shuke.kit.ids import new_id


class Migration(migrations.Migration):
    dependencies = [("shuke", "0005_one_index_finds_receipts")]

    operations = [
        ops.AddField("PartnerKey", "store_ids", fields.JSONField(null=True, encoder=codec.dumps, decoder=codec.loads)),
        ops.AddField("PartnerKey", "per_minute", fields.IntField(db_default=600)),
        ops.AddField("PartnerKey", "expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField("PartnerKey", "previous_hash", fields.BinaryField(null=True)),
        ops.AddField("PartnerKey", "previous_until", fields.DatetimeField(null=True)),
        ops.AddField("PartnerKey", "previous_used_at", fields.DatetimeField(null=True)),
        ops.RunSQL("CREATE UNIQUE INDEX partner_key_previous ON partner_key (previous_hash)"),
        ops.AlterModelOptions(
            name="PartnerKey",
            options={
                "table": "partner_key",
                "app": "shuke",
                "indexes": [Index(fields=["brand_id"])],
                "pk_attr": "id",
                "table_description": "A partner's program. Its bearer key changes by rotation; the one before it may live on for a while.",
            },
        ),
        ops.CreateModel(
            name="PartnerCall",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("brand_id", fields.UUIDField()),
                ("key_id", fields.UUIDField()),
                ("at", fields.DatetimeField()),
                ("operation", fields.CharField(null=True, max_length=120)),
                ("root_fields", fields.TextField(unique=False)),
                ("status", fields.SmallIntField()),
                ("code", fields.CharField(null=True, max_length=40)),
                ("duration_ms", fields.IntField()),
                ("cost", fields.IntField()),
            ],
            options={
                "table": "partner_call",
                "app": "shuke",
                "indexes": [Index(fields=["brand_id", "id"]), Index(fields=["key_id", "id"])],
                "pk_attr": "id",
                "table_description": "One call of a partner's program. The id is time-ordered, so that what is old is found by it.",
            },
            bases=["Model"],
        ),
    ]
