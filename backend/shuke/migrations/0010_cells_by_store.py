"""How many customers of each store are in each cell, kept by who computes the cells: a board adds up a few rows."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    """CREATE TABLE segment_store_count (
      brand_id UUID NOT NULL,
      store_id UUID NOT NULL REFERENCES store (id),
      cell TEXT NOT NULL,
      customers INT NOT NULL,
      PRIMARY KEY (brand_id, store_id, cell))""",
    """INSERT INTO segment_store_count (brand_id, store_id, cell, customers)
    SELECT m.brand_id, c.store_id, m.cell, count(*) FROM segment_membership m JOIN customer c ON c.id = m.customer_id
    WHERE m.left_at IS NULL GROUP BY 1, 2, 3""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0009_imports_in_the_background")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
