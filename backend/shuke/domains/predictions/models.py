"""Tables of this room, private to it. `customer_prediction` and `prediction_state` have no class: their keys are the
customer and the brand; see migrations.
"""

from tortoise import fields

from shuke.kit.models import Row, json_field


class PredictionModel(Row):
    """What was learned of a brand's orders for one target, and what it was worth."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    target = fields.CharField(20)
    number = fields.IntField()
    state = fields.CharField(12)  # live, fallback, too_little
    as_of = fields.DateField()
    report = json_field(null=True)
    line = json_field(null=True)  # numbers only: weights, means, scales
    lack = fields.CharField(12, null=True)

    class Meta:
        table = "prediction_model"
        unique_together = (("brand", "target", "number"),)


class PredictionLabel(Row):
    """From which chance on a customer gets a label."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    label = fields.CharField(20)
    bar = fields.FloatField()

    class Meta:
        table = "prediction_label"
        unique_together = (("brand", "label"),)
