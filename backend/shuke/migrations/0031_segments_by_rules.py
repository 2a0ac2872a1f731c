"""Segments by rules: their members, when each customer is to be looked at again, articles by category, lunar days."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from borax.calendars.lunardate import LCalendars
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit import columns
from shuke.kit.birthdays import LAST_YEAR, LONGEST_MONTH, BirthDate

FIRST_YEAR = 2025


SEGMENT = columns.row(
    ("staff", columns.reference("staff", "Staff", null=True)),
    ("name", fields.CharField(max_length=60)),
    ("note", fields.CharField(null=True, max_length=500)),
    ("kind", fields.CharField(max_length=10)),
    ("version", fields.IntField(db_default=1)),
    ("tree", columns.json()),
    ("members", fields.IntField(db_default=0)),
    ("filling", fields.IntField(db_default=1)),
    ("filled_to", fields.UUIDField(null=True)),
    ("filled_at", columns.moment(null=True)),
    ("archived_at", columns.moment(null=True)),
)
VERSION = columns.row(
    ("segment", columns.reference("segment", "Segment", OnDelete.CASCADE)),
    ("staff", columns.reference("staff", "Staff", null=True)),
    ("number", fields.IntField()),
    ("tree", columns.json()),
)
MEMBER = columns.row(
    ("segment", columns.reference("segment", "Segment", OnDelete.CASCADE)),
    ("customer", columns.reference("customer", "Customer")),
    ("entered_at", columns.moment()),
    ("entered_by", columns.json()),
    ("left_at", columns.moment(null=True)),
    ("left_by", columns.json(null=True)),
)
PRODUCT = columns.row(
    ("sku", fields.CharField(max_length=120)),
    ("name", fields.CharField(null=True, max_length=300)),
    ("category", fields.CharField(null=True, max_length=60)),
)
STATEMENTS = [
    "CREATE UNIQUE INDEX segment_member_now ON segment_member (segment_id, customer_id) WHERE left_at IS NULL",
    "CREATE UNIQUE INDEX segment_name ON segment (brand_id, lower(name)) WHERE archived_at IS NULL",
    "CREATE INDEX segment_unfilled ON segment (id) WHERE filled_at IS NULL AND archived_at IS NULL",
    "CREATE INDEX product_category ON product (brand_id, category) WHERE category IS NOT NULL",
    """CREATE TABLE segment_watch (customer_id UUID PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
      brand_id UUID NOT NULL, due_at TIMESTAMPTZ)""",
    "CREATE INDEX segment_watch_due ON segment_watch (due_at) WHERE due_at IS NOT NULL",
    # the days on which birthdays by the moon are kept; by the sun they are computed
    "CREATE TABLE lunar_day (key TEXT, day DATE, PRIMARY KEY (key, day))",
    # when a day comes round, from `today` on: 29 February on the 28th of a common year
    """CREATE FUNCTION next_yearly(day DATE, today DATE) RETURNS DATE LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN this.day >= today THEN this.day
        ELSE (next_yearly.day + make_interval(years => this.years + 1))::date END
      FROM (SELECT (next_yearly.day + make_interval(years => n.years))::date AS day, n.years
        FROM (SELECT extract(year FROM today)::int - extract(year FROM next_yearly.day)::int AS years) n) this $$""",
]


def _lunar_days() -> str:
    """Every day of a month of the moon, and when it is kept in each year."""
    found: set[tuple[str, date]] = set()
    for month, leap in product(range(1, 13), (False, True)):
        if leap and not LCalendars.get_leap_years(month):
            continue
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            first, last = (BirthDate(month, day, lunar=True, leap=leap).in_year(year) for day in (1, LONGEST_MONTH))
            for day in range(1, LONGEST_MONTH + 1):
                key = f"{'leap-' * leap}{month:02}-{day:02}"
                found.add((key, min(first + timedelta(days=day - 1), last)))
    keys, days = zip(*sorted(found), strict=True)
    arrays = (f"'{{{','.join(map(str, column))}}}'" for column in (keys, days))
    return "INSERT INTO lunar_day SELECT * FROM unnest({}::text[], {}::date[])".format(*arrays)


async def _fill(apps: Any, editor: Any) -> None:
    await editor.client.execute_script(_lunar_days())


class Migration(migrations.Migration):
    dependencies = [("shuke", "0030_copied_as_they_come")]

    operations = [
        columns.table(
            "Segment",
            "segment",
            SEGMENT,
            "Customers whom a rule finds, now and from now on; or, without a rule, those who were found once.",
            indexes=[Index(fields=["brand_id", "created_at"])],
        ),
        columns.table(
            "SegmentVersion",
            "segment_version",
            VERSION,
            "A rule as it was: what a member's reason speaks of.",
            unique_together=(("segment", "number"),),
        ),
        columns.table(
            "SegmentMember",
            "segment_member",
            MEMBER,
            "A customer's time in a segment. Reasons: what each condition of that version's rule saw.",
            indexes=[Index(fields=["customer_id", "entered_at"])],
        ),
        columns.table(
            "Product",
            "product",
            PRODUCT,
            "An article, as the tills name it; what it belongs to is what segments ask for.",
            unique_together=(("brand", "sku"),),
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
        ops.RunPython(_fill),
    ]
