"""How far a walk has come that gives customers the tags of what is foretold of them: a timer row a brand."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    """CREATE TABLE prediction_walk (brand_id UUID PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
      walked_to UUID NOT NULL)""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0036_predictions")]

    operations = [*(ops.RunSQL(statement) for statement in STATEMENTS)]
