"""Birthdays as people keep them, by the sun or by the moon, with or without the year: a text instead of a day."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# A year in which nobody alive was born is a slip of some file: what is left of it is the day.
TO_TEXT = """
ALTER TABLE customer ALTER COLUMN birthday TYPE VARCHAR(32) USING CASE
  WHEN birthday BETWEEN '1900-01-01' AND '2099-12-31' THEN to_char(birthday, 'YYYY-MM-DD')
  ELSE '--' || to_char(birthday, 'MM-DD') END
"""


class Retype(ops.AlterField):
    """A column of another type: the schema's state follows, the statement beside it does the work."""

    async def database_forward(self, *args: Any, **kwargs: Any) -> None:
        pass


class Migration(migrations.Migration):
    dependencies = [("shuke", "0013_two_become_one")]

    operations = [
        Retype("Customer", "birthday", fields.CharField(null=True, max_length=32)),
        ops.RunSQL(TO_TEXT),
    ]
