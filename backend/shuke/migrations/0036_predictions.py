"""Predictions: models with what they are worth, from which chance on customers get labels, everybody's chances."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from shuke.kit import columns

MODEL = columns.row(
    ("target", fields.CharField(max_length=20)),
    ("number", fields.IntField()),
    ("state", fields.CharField(max_length=12)),
    ("as_of", fields.DateField()),
    ("report", columns.json(null=True)),
    ("line", columns.json(null=True)),
    ("lack", fields.CharField(max_length=12, null=True)),
)
LABEL = columns.row(
    ("label", fields.CharField(max_length=20)),
    ("bar", fields.FloatField()),
)
STATEMENTS = [
    # written anew for everybody every night: no reference to look up, and room beside each row for its successor
    """CREATE TABLE customer_prediction (customer_id UUID PRIMARY KEY, brand_id UUID NOT NULL, as_of DATE NOT NULL,
      run INT NOT NULL, expires_at TIMESTAMPTZ NOT NULL, numbers INT[] NOT NULL, order_30 REAL, order_90 REAL,
      new_90 REAL, next_on DATE, labels TEXT[] NOT NULL, why SMALLINT[] NOT NULL, why_new SMALLINT[] NOT NULL,
      seen BIGINT[] NOT NULL) WITH (fillfactor = 50)""",
    """CREATE TABLE prediction_state (brand_id UUID PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
      due_at TIMESTAMPTZ NOT NULL, run INT NOT NULL DEFAULT 0, as_of DATE, scored_to UUID,
      scored INT NOT NULL DEFAULT 0, known_as_of DATE, known INT NOT NULL DEFAULT 0, ended_at TIMESTAMPTZ)""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0035_tags")]

    operations = [
        columns.table(
            "PredictionModel",
            "prediction_model",
            MODEL,
            "What was learned of a brand's orders for one target, and what it was worth.",
            unique_together=(("brand", "target", "number"),),
        ),
        columns.table(
            "PredictionLabel",
            "prediction_label",
            LABEL,
            "From which chance on a customer gets a label.",
            unique_together=(("brand", "label"),),
        ),
        *(ops.RunSQL(statement) for statement in STATEMENTS),
    ]
