"""What a refund says of its sale is kept; lines no longer ask for their order one by one (docs/adr, orders)."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    # a refund looks for its sale, a sale for the refunds that wait for it
    'CREATE INDEX order_receipt ON "order" (brand_id, store_id, receipt_no)',
    'CREATE INDEX order_refund_waits ON "order" (brand_id, store_id, refund_of_receipt_no)'
    " WHERE refund_of_receipt_no IS NOT NULL",
    # checking each line against its order cost more than writing it; one function writes both, in one transaction
    "ALTER TABLE order_line DROP CONSTRAINT order_line_order_id_fkey",
    # their store's and customer's references say the same; at half a million rows each check is felt
    'ALTER TABLE "order" DROP CONSTRAINT order_brand_id_fkey',
    "ALTER TABLE timeline_entry DROP CONSTRAINT timeline_entry_brand_id_fkey",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0002_indexes_and_lines")]

    operations = [
        ops.AddField("Order", "refund_of_receipt_no", fields.CharField(max_length=60, null=True)),
        ops.AddField("Order", "refund_of_business_date", fields.DateField(null=True)),
        ops.AddField("Order", "refund_of_terminal", fields.CharField(max_length=60, null=True)),
        ops.AddField("Order", "follows_sale", fields.BooleanField(db_default=False)),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
