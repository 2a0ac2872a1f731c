"""Links that ended and by which nothing came in are found by their end; who came in by a code, by the code."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    "CREATE INDEX customer_link_unused ON customer_link (expires_at) WHERE used_at IS NULL AND said = '{}'",
    "CREATE INDEX customer_link_parent ON customer_link (parent_id) WHERE parent_id IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0028_births_that_are_awaited")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
