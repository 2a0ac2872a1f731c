"""Who was to come with a customer waits with the request to share her."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from shuke.kit.codec import dumps, loads


class Migration(migrations.Migration):
    dependencies = [("shuke", "0031_segments_by_rules")]

    operations = [ops.AddField("ShareRequest", "party", fields.JSONField(encoder=dumps, decoder=loads, null=True))]
