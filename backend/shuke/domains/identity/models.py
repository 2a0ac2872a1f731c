"""Tables of this room, private to it."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row


class Brand(Row):
    name = fields.CharField(120)
    currency = fields.CharField(3)
    timezone = fields.CharField(64)
    locale = fields.CharField(10)

    class Meta:
        table = "brand"


class Region(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    name = fields.CharField(120)

    class Meta:
        table = "region"
        unique_together = (("brand", "name"),)


class Store(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    region = fields.ForeignKeyField("shuke.Region", null=True, on_delete=fields.RESTRICT)
    code = fields.CharField(60)
    name = fields.CharField(120)
    timezone = fields.CharField(64)

    class Meta:
        table = "store"
        unique_together = (("brand", "code"),)


class Staff(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    name = fields.CharField(120)
    phone = fields.CharField(32)  # E.164
    password_hash = fields.CharField(200)
    locale = fields.CharField(10)
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"
        unique_together = (("brand", "phone"),)
        indexes = [Index(fields=("phone",))]


class StaffRole(Row):
    """A role in one store, one region, or (both null) the brand."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    role = fields.CharField(30)
    store = fields.ForeignKeyField("shuke.Store", null=True, on_delete=fields.RESTRICT)
    region = fields.ForeignKeyField("shuke.Region", null=True, on_delete=fields.RESTRICT)

    class Meta:
        table = "staff_role"
        indexes = [Index(fields=("staff_id",)), Index(fields=("brand_id", "store_id"))]


class Session(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    token_hash = fields.BinaryField()  # SHA-256, unique
    device = fields.CharField(120)
    last_seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        indexes = [Index(fields=("staff_id", "last_seen_at"))]


class PartnerKey(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    name = fields.CharField(120)
    token_hash = fields.BinaryField()  # SHA-256, unique
    scopes = fields.TextField()  # space separated: read, ingest
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "partner_key"
        indexes = [Index(fields=("brand_id",))]
