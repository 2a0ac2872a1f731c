"""What RFM is made of and what its cells are called, version by version; movements are found by when they were."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from shuke.kit import columns


def _versions(name: str, table: str, about: str) -> ops.CreateModel:
    own = columns.row(
        ("staff", columns.reference("staff", "Staff", null=True)),
        ("number", fields.IntField()),
        ("document", columns.json()),
    )
    options = {"table": table, "app": "shuke", "pk_attr": "id", "table_description": about}
    return ops.CreateModel(
        name=name, fields=own, options=options | {"unique_together": (("brand", "number"),)}, bases=["Row"]
    )


class Migration(migrations.Migration):
    dependencies = [("shuke", "0033_figures_of_customers")]

    operations = [
        _versions("RfmConfig", "rfm_config", "How a brand's cells are computed from then on."),
        _versions("RfmWords", "rfm_words", "What a brand calls its cells, and what is to be done with whom."),
        ops.RunSQL("CREATE INDEX segment_membership_changed ON segment_membership (brand_id, updated_at)"),
    ]
