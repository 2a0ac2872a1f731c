"""Tags in groups, who has which, set by whom and until when, and the batches that set them."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from shuke.kit import columns

GROUP = columns.row(
    ("name", fields.CharField(max_length=30)),
    ("exclusive", fields.BooleanField(db_default=False)),
    ("position", fields.IntField(db_default=0)),
    ("version", fields.IntField(db_default=1)),
    ("archived_at", columns.moment(null=True)),
)
TAG = columns.row(
    ("group", columns.reference("group", "TagGroup")),
    ("segment", columns.reference("segment", "Segment", null=True)),
    ("merged_into", columns.reference("merged_into", "Tag", null=True)),
    ("name", fields.CharField(max_length=30)),
    ("colour", fields.CharField(max_length=10)),
    ("kind", fields.CharField(max_length=10)),
    ("model", fields.CharField(null=True, max_length=60)),
    ("position", fields.IntField(db_default=0)),
    ("version", fields.IntField(db_default=1)),
    ("archived_at", columns.moment(null=True)),
)
BATCH = columns.row(
    ("tag", columns.reference("tag", "Tag")),
    ("staff", columns.reference("staff", "Staff", null=True)),
    ("adding", fields.BooleanField()),
    ("whom", columns.json(null=True)),
    ("state", fields.CharField(max_length=10)),
    ("walked_to", fields.UUIDField(null=True)),
    ("customers", fields.IntField(db_default=0)),
    ("displaced", fields.IntField(db_default=0)),
    ("kept", fields.IntField(db_default=0)),
    ("undone_at", columns.moment(null=True)),
    ("undone_by", fields.UUIDField(null=True)),
)
CUSTOMER_TAG = columns.row(
    ("tag", columns.reference("tag", "Tag")),
    ("customer", columns.reference("customer", "Customer")),
    ("staff", columns.reference("staff", "Staff", null=True)),
    ("batch_id", fields.UUIDField(null=True)),
    ("set_how", fields.CharField(max_length=10)),
    ("set_at", columns.moment()),
    ("removed_at", columns.moment(null=True)),
    ("removed_how", fields.CharField(null=True, max_length=10)),
    ("removed_by", fields.UUIDField(null=True)),
    ("removed_batch_id", fields.UUIDField(null=True)),
    ("score", fields.FloatField(null=True)),
    ("reasons", columns.json(null=True)),
    ("model_version", fields.CharField(null=True, max_length=60)),
    ("expires_at", columns.moment(null=True)),
)
STATEMENTS = [
    "CREATE UNIQUE INDEX tag_group_name ON tag_group (brand_id, lower(name)) WHERE archived_at IS NULL",
    "CREATE UNIQUE INDEX tag_name ON tag (brand_id, lower(name)) WHERE archived_at IS NULL",
    "CREATE UNIQUE INDEX tag_model ON tag (brand_id, model) WHERE model IS NOT NULL",
    "CREATE UNIQUE INDEX customer_tag_now ON customer_tag (tag_id, customer_id) WHERE removed_at IS NULL",
    "CREATE INDEX customer_tag_hers ON customer_tag (customer_id) WHERE removed_at IS NULL",
    "CREATE INDEX customer_tag_set ON customer_tag (batch_id, customer_id) WHERE batch_id IS NOT NULL",
    """CREATE INDEX customer_tag_removed ON customer_tag (removed_batch_id, customer_id)
      WHERE removed_batch_id IS NOT NULL""",
    "CREATE INDEX tag_batch_waiting ON tag_batch (id) WHERE state IN ('running', 'undoing')",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0034_rfm_as_head_office_says")]

    operations = [
        columns.table(
            "TagGroup",
            "tag_group",
            GROUP,
            "Tags that belong together; of an exclusive group's a customer has one at most.",
            indexes=[Index(fields=["brand_id", "position"])],
        ),
        columns.table(
            "Tag",
            "tag",
            TAG,
            "What head office says of customers in a word: by hand, by a segment's rule, or by a model.",
            indexes=[Index(fields=["brand_id", "group_id"])],
        ),
        columns.table(
            "TagBatch",
            "tag_batch",
            BATCH,
            "One use of a tag, set or taken away, of however many customers; what its undo goes by.",
            indexes=[Index(fields=["brand_id", "created_at"])],
        ),
        columns.table(
            "CustomerTag",
            "customer_tag",
            CUSTOMER_TAG,
            "A customer's time with a tag that was set: by whom, and how it ended. Predictions: why, and until when.",
            indexes=[Index(fields=["customer_id", "set_at"])],
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
