"""Customers are found by name and birth date, and everybody is looked at every night for who may be one person."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    """CREATE INDEX customer_named ON customer (brand_id, lower(replace(normalize(name, NFKC), ' ', '')), birthday)
    WHERE merged_into_id IS NULL AND name IS NOT NULL""",
    """CREATE INDEX dependant_named ON dependant (brand_id, born_on, lower(replace(normalize(name, NFKC), ' ', '')))
    WHERE removed_at IS NULL AND name IS NOT NULL""",
    # a timer row a brand: whom the pass has come to, and when it goes on
    """CREATE TABLE duplicate_scan (
      brand_id UUID PRIMARY KEY REFERENCES brand (id),
      after_id UUID,
      next_at TIMESTAMPTZ NOT NULL)""",
    "INSERT INTO duplicate_scan (brand_id, next_at) SELECT id, now() FROM brand",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0021_visits_and_referrals")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
