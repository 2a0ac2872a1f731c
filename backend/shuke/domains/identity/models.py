"""Tables of this room, private to it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from shuke.kit.ids import new_id
from shuke.kit.models import Row, json_field


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


class Invitation(Row):
    """A link that lets a person choose her password: to join, or because the old one is to go. One is open at most."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    kind = fields.CharField(10)  # join, reset
    token_hash = fields.BinaryField()  # SHA-256, unique
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)  # used, or replaced by a newer one
    used_by = fields.UUIDField(null=True)  # the operation that used it

    class Meta:
        table = "invitation"


class KnownDevice(Row):
    """A browser in which this person signed in: what strangers try elsewhere does not keep her out of it."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)
    token_hash = fields.BinaryField()  # SHA-256 of the device's cookie, which colleagues may share
    expires_at = fields.DatetimeField()

    class Meta:
        table = "known_device"


class PartnerKey(Row):
    """A partner's program. Its bearer key changes by rotation; the one before it may live on for a while."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    name = fields.CharField(120)
    token_hash = fields.BinaryField()  # SHA-256, unique
    scopes = fields.TextField()  # space separated: read, ingest, leads, links
    store_ids = json_field(null=True)  # null: all stores of the brand
    per_minute = fields.IntField(db_default=600)
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    previous_hash = fields.BinaryField(null=True)  # SHA-256 of the bearer key before this one, unique
    previous_until = fields.DatetimeField(null=True)
    previous_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "partner_key"
        indexes = [Index(fields=("brand_id",))]


class PartnerCall(Model):
    """One call of a partner's program. The id is time-ordered, so that what is old is found by it."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    brand_id = fields.UUIDField()
    key_id = fields.UUIDField()
    at = fields.DatetimeField()
    operation = fields.CharField(120, null=True)
    root_fields = fields.TextField()  # space separated
    status = fields.SmallIntField()
    code = fields.CharField(40, null=True)
    duration_ms = fields.IntField()
    cost = fields.IntField()

    class Meta:
        table = "partner_call"
        indexes = [Index(fields=("brand_id", "id")), Index(fields=("key_id", "id"))]
