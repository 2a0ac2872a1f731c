"""What costs an import of customers more than it is worth: references to the brand that those to a store or a customer
say as well, and indexes whose first column begins another one.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    # a brand is never deleted, and each check locks its one row once more; her store's and hers say the same
    *(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_brand_id_fkey"
        for table in ("customer", "customer_identity", "import_change", "import_digest")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0029_links_that_nobody_used")]

    operations = [
        *(ops.RunSQL(statement) for statement in STATEMENTS),
        # customer_of_guide and customer_measured find them
        ops.RemoveIndex("Customer", fields=["guide_id"]),
        ops.RemoveIndex("Customer", fields=["store_id"]),
    ]
