"""What a customer bought lies on a page of its own for every purchase: the index that finds them tells what statistics
and figures add up, so that they are not looked for.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    "DROP INDEX order_of_customer",
    """CREATE INDEX order_of_customer ON "order" (customer_id, placed_at, id) INCLUDE (kind, status, total_minor)
    WHERE customer_id IS NOT NULL""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0039_cells_know_their_store")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
