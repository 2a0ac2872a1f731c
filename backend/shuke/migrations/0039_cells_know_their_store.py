"""A customer's time in a cell knows under which store it is counted, so that counts follow from what is moved alone."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    """UPDATE segment_membership m SET store_id = coalesce(f.store_id, c.store_id)
    FROM customer c LEFT JOIN rfm_figure f ON f.customer_id = c.id WHERE c.id = m.customer_id""",
    "ALTER TABLE segment_membership ALTER COLUMN store_id SET NOT NULL",
    "DELETE FROM segment_store_count",
    """INSERT INTO segment_store_count (brand_id, store_id, cell, customers)
    SELECT brand_id, store_id, cell, count(*) FROM segment_membership WHERE left_at IS NULL GROUP BY 1, 2, 3""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0038_ways_of_a_customer")]

    operations = [
        ops.AddField("SegmentMembership", "store_id", fields.UUIDField(null=True)),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
        ops.AlterField("SegmentMembership", "store_id", fields.UUIDField()),
    ]
