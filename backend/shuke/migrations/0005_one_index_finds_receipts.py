"""An order's key begins with its receipt's number, so that one index keeps it unique and finds it for a refund."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("shuke", "0004_phones_found_whole")]

    operations = [
        ops.AddConstraint(
            "Order",
            UniqueConstraint(fields=("brand", "store", "receipt_no", "source", "terminal", "business_date")),
        ),
        ops.RemoveConstraint("Order", fields=["brand", "source", "store", "terminal", "business_date", "receipt_no"]),
        ops.RunSQL("DROP INDEX order_receipt"),
    ]
