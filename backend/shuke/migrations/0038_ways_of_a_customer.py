"""A customer's ways through journeys are found by her, whether they have ended or not, and what a way did by the way."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    "CREATE INDEX enrolment_of ON enrolment (customer_id)",
    "DROP INDEX enrolment_running",
    "CREATE INDEX journey_effect_of ON journey_effect (enrolment_id)",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0037_tags_of_predictions")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
