"""Files that are made here and fetched later: exports, a person's own copy."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit.ids import new_id


class Migration(migrations.Migration):
    dependencies = [("shuke", "0011_found_by_the_store")]

    operations = [
        ops.CreateModel(
            name="StoredFile",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=True, auto_now_add=False)),
                ("brand_id", fields.UUIDField()),
                ("name", fields.CharField(max_length=200)),
                ("media_type", fields.CharField(max_length=120)),
                ("size", fields.BigIntField()),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stored_file",
                "app": "shuke",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
                "table_description": "A file that was made here and is fetched later; its bytes lie in `stored_piece`.",
            },
            bases=["Row"],
        ),
        ops.RunSQL("""CREATE TABLE stored_piece (
          file_id UUID NOT NULL REFERENCES stored_file (id) ON DELETE CASCADE,
          number INT NOT NULL,
          bytes BYTEA NOT NULL,
          PRIMARY KEY (file_id, number))"""),
        # what is worth keeping is compressed already
        ops.RunSQL("ALTER TABLE stored_piece ALTER COLUMN bytes SET STORAGE EXTERNAL"),
    ]
