"""What a store looks for, it finds among its own: a search costs as much as the store is large, not the brand. Likewise
a store's orders; a brand's are those of its stores.
"""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

STATEMENTS = [
    "ALTER TABLE search_token ADD COLUMN store_id UUID REFERENCES store (id)",
    "UPDATE search_token t SET store_id = c.store_id FROM customer c WHERE c.id = t.customer_id",
    "ALTER TABLE search_token DROP CONSTRAINT search_token_pkey, DROP COLUMN brand_id",
    "ALTER TABLE search_token ADD PRIMARY KEY (store_id, token, customer_id)",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0010_cells_by_store")]

    operations = [
        *(ops.RunSQL(statement) for statement in STATEMENTS),
        ops.AddIndex("Order", Index(fields=("store_id", "placed_at", "id"))),
        ops.RemoveIndex("Order", fields=["brand_id", "placed_at", "id"]),
    ]
