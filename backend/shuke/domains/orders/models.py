"""Tables of this room, private to it. `order_line` has no class: its key is (order, position); see migrations."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row


class Order(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", null=True, on_delete=fields.RESTRICT)  # null: anonymous
    source = fields.CharField(60)
    terminal = fields.CharField(60, db_default="")
    business_date = fields.DateField()
    receipt_no = fields.CharField(60)
    kind = fields.CharField(10)  # sale, refund
    status = fields.CharField(12)  # completed, cancelled
    refund_of = fields.ForeignKeyField("shuke.Order", null=True, on_delete=fields.RESTRICT)
    # what a refund says of its sale, kept so that a sale that arrives later still finds it
    refund_of_receipt_no = fields.CharField(60, null=True)
    refund_of_business_date = fields.DateField(null=True)
    refund_of_terminal = fields.CharField(60, null=True)
    follows_sale = fields.BooleanField(db_default=False)  # such a refund named nobody: its sale's customer is its own
    placed_at = fields.DatetimeField()
    currency = fields.CharField(3)
    total_minor = fields.BigIntField()  # a refund's is negative
    digest = fields.BinaryField()  # of everything the source said, to tell "unchanged"

    class Meta:
        table = "order"
        unique_together = (("brand", "store", "receipt_no", "source", "terminal", "business_date"),)
        indexes = [Index(fields=("store_id", "placed_at", "id"))]


class CustomerStats(Row):
    """Purchase statistics, net of refunds; the id is the customer's."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    order_count = fields.IntField()  # completed sales above zero that were not refunded whole
    gross_minor = fields.BigIntField()  # completed sales
    refunded_minor = fields.BigIntField()  # zero or negative
    first_order_at = fields.DatetimeField(null=True)
    last_order_at = fields.DatetimeField(null=True)

    class Meta:
        table = "customer_stats"
        indexes = [Index(fields=("brand_id", "last_order_at"))]


class Product(Row):
    """An article, as the tills name it; what it belongs to is what segments ask for."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    sku = fields.CharField(120)
    name = fields.CharField(300, null=True)
    category = fields.CharField(60, null=True)

    class Meta:
        table = "product"
        unique_together = (("brand", "sku"),)
