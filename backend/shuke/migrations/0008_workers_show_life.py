"""Workers show signs of life, which `shuke doctor` and the figures read."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("shuke", "0007_boards_and_people")]

    operations = [
        ops.RunSQL("""CREATE TABLE worker_heartbeat (
          id UUID PRIMARY KEY,
          host TEXT NOT NULL,
          started_at TIMESTAMPTZ NOT NULL,
          beat_at TIMESTAMPTZ NOT NULL,
          slowest TEXT NOT NULL,
          came_round_at TIMESTAMPTZ NOT NULL)"""),
    ]
