"""Births that are awaited for too long are found by their day."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    "CREATE INDEX dependant_awaited ON dependant (due_on) WHERE born_on IS NULL AND removed_at IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0027_tokens_go_with_her")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
