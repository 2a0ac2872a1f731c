"""Customers are found in pinyin too: those on file wait for their further tokens, which a worker writes in batches.

Here stands only the queue, filled by one statement: computing and writing ten million tokens would keep a large
database away for minutes. Until her turn comes, a customer is found by what she was found by before.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    # a token's store is that of its customer, or one that she is shared with; checking it costs a quarter of the writing
    "ALTER TABLE search_token DROP CONSTRAINT search_token_store_id_fkey",
    "CREATE TABLE search_waiting (customer_id UUID PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE)",
    "INSERT INTO search_waiting SELECT id FROM customer WHERE merged_into_id IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0015_exports_in_the_background")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
