"""Which of head office's own fields the page behind a link asks."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads


class Migration(migrations.Migration):
    dependencies = [("shuke", "0025_quality")]

    operations = [ops.AddField("LinkOffers", "asked", fields.JSONField(encoder=dumps, decoder=loads, null=True))]
