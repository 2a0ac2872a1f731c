"""Tables of this room, private to it. Rows of `consent_entry` are never changed; see migrations."""

from tortoise import fields
from tortoise.indexes import Index

from shuke.kit.models import Row, json_field


class Customer(Row):
    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)  # home store
    guide = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # owner; null: the store's pool
    name = fields.CharField(120, null=True)
    alias = fields.CharField(120, null=True)
    gender = fields.CharField(10, db_default="unknown")
    birthday = fields.CharField(32, null=True)  # canonical: see kit.birthdays
    level = fields.CharField(60, null=True)
    source = fields.CharField(20, db_default="other")
    note = fields.TextField(null=True)
    version = fields.IntField(db_default=1)
    field_versions = json_field(default=dict, db_default="{}")  # field -> the version that last changed it
    refusals = json_field(default=list, db_default="[]")  # what she does not want: "marketing/phone"; from her consents
    erased_at = fields.DatetimeField(null=True)  # nothing of the person is left but this row
    merged_into = fields.ForeignKeyField("shuke.Customer", null=True, on_delete=fields.RESTRICT)
    custom_values = json_field(default=dict, db_default="{}")  # field key -> value (types/profile.py)
    completeness = fields.SmallIntField(db_default=0)  # 0 to 100
    # `problems` text[], codes of what is wrong with her card, stands beside: no field of the ORM's fits it
    referrer = fields.ForeignKeyField(  # who brought her
        "shuke.Customer", null=True, on_delete=fields.RESTRICT, related_name="brought"
    )

    class Meta:
        table = "customer"


class CustomerIdentity(Row):
    """What a customer can be known by. One owner each; the unique index decides every race."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    kind = fields.CharField(20)  # phone, wechat, member_no, card, email
    value = fields.CharField(120)  # normalised: a phone in E.164
    raw_value = fields.CharField(200)  # as it was typed
    verified_at = fields.DatetimeField(null=True)
    chosen_at = fields.DatetimeField(null=True)  # when it was made the one that is shown

    class Meta:
        table = "customer_identity"
        unique_together = (("brand", "kind", "value"),)
        indexes = [Index(fields=("customer_id", "kind"))]


class IdentityContact(Row):
    """Somebody who uses an identity that is another's: one telephone in a family."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    identity = fields.ForeignKeyField("shuke.CustomerIdentity", on_delete=fields.CASCADE)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    role = fields.CharField(20)
    label = fields.CharField(40, null=True)

    class Meta:
        table = "identity_contact"
        unique_together = (("identity", "customer"),)
        indexes = [Index(fields=("customer_id",))]


class CustomerShare(Row):
    """A store that may open a customer of another one."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)

    class Meta:
        table = "customer_share"
        unique_together = (("customer", "store"),)
        indexes = [Index(fields=("store_id", "customer_id"))]


class ShareRequest(Row):
    """A store asks that a customer of another one be shared with it; one open at a time."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)  # that asks
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)  # who asked
    state = fields.CharField(10, db_default="open")  # open, accepted, declined
    answered_by = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT, related_name="answered")
    answered_at = fields.DatetimeField(null=True)
    party = json_field(null=True)  # who is to come with her, as types.Party; gone with the answer

    class Meta:
        table = "share_request"
        indexes = [Index(fields=("customer_id",))]


class TimelineEntry(Row):
    """Something that touched the customer; upper rooms append in their own transaction."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    kind = fields.CharField(20)
    at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)  # staff
    data = json_field()

    class Meta:
        table = "timeline_entry"
        indexes = [Index(fields=("customer_id", "at", "id"))]


class ProfileTemplate(Row):
    """A version of the brand's profile template: a timer row (`swept_at`) until every card is measured by it."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    version = fields.IntField()
    document = json_field()
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: as it ships
    swept_to = fields.UUIDField(null=True)  # the last customer measured
    swept_at = fields.DatetimeField(null=True)

    class Meta:
        table = "profile_template"
        unique_together = (("brand", "version"),)


class DismissedProblem(Row):
    """What looks wrong on a customer's card and is right, with the value that stood there."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    problem = fields.CharField(80)  # its code
    value = fields.CharField(200)  # empty: that there is none
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # who said so

    class Meta:
        table = "dismissed_problem"
        unique_together = (("customer", "problem", "value"),)


class QualityDay(Row):
    """How complete the cards of a store's customers were on a day, by whose they were; once kept, never changed."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    guide = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: the store's pool
    day = fields.DateField()  # by the store's clock
    customers = fields.IntField()
    score = fields.BigIntField()  # completeness, 0 to 100, of all of them together
    complete = fields.IntField()  # with `full_from` or more
    flawed = fields.IntField()  # with a problem
    full_from = fields.SmallIntField()  # as the template said then

    class Meta:
        table = "quality_day"
        indexes = [Index(fields=("store_id", "day"))]


class ConsentText(Row):
    """The words that customers say yes or no to; a change is a further version."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: shipped
    purpose = fields.CharField(20)
    version = fields.IntField()
    bodies = json_field()  # language -> text

    class Meta:
        table = "consent_text"
        unique_together = (("brand", "purpose", "version"),)


class ConsentEntry(Row):
    """What a customer said, once and for all; what holds is derived. `created_at`: when it became known."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    text = fields.ForeignKeyField("shuke.ConsentText", null=True, on_delete=fields.RESTRICT)
    purpose = fields.CharField(20)
    channel = fields.CharField(10)
    state = fields.CharField(10)
    evidence = json_field()  # {how, note?}
    actor_id = fields.UUIDField(null=True)  # staff
    at = fields.DatetimeField()  # when she said it

    class Meta:
        table = "consent_entry"
        indexes = [Index(fields=("customer_id", "at"))]


class Suppression(Row):
    """A number of somebody who was erased, as a keyed hash: what comes in by itself does not bring her back."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    kind = fields.CharField(20)
    hash = fields.BinaryField()  # HMAC-SHA256 of the normalised value
    erasure_id = fields.UUIDField()  # what one erasure put down is lifted together

    class Meta:
        table = "suppression"
        unique_together = (("brand", "kind", "hash"),)


class LifeStage(Row):
    """A stage or milestone of children's lives, as head office words it; a brand without any has those shipped."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    key = fields.CharField(40)  # immutable
    kind = fields.CharField(12)
    labels = json_field()  # language -> words, as in `why` and `say`
    from_value = fields.IntField()
    from_unit = fields.CharField(6)
    to_value = fields.IntField(null=True)
    to_unit = fields.CharField(6, null=True)
    position = fields.IntField()
    active = fields.BooleanField(db_default=False)
    why = json_field(default=dict, db_default="{}")
    say = json_field(default=dict, db_default="{}")
    since = fields.DatetimeField(null=True)  # as it is now, for milestones: earlier days are not announced
    archived_at = fields.DatetimeField(null=True)
    version = fields.IntField()  # of the brand's whole list, when this row was last written

    class Meta:
        table = "life_stage"
        unique_together = (("brand", "key"),)


class Dependant(Row):
    """A child of a customer's: it was born on a day, or is due on one."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("shuke.Customer", on_delete=fields.RESTRICT)
    name = fields.CharField(120, null=True)
    gender = fields.CharField(10, db_default="unknown")
    born_on = fields.DateField(null=True)
    due_on = fields.DateField(null=True)
    stopped_at = fields.DatetimeField(null=True)  # milestones are not spoken of since then
    stop_reason = fields.CharField(200, null=True)
    since = fields.DatetimeField()  # milestones of earlier days are not announced
    custom_values = json_field(default=dict, db_default="{}")
    version = fields.IntField(db_default=1)
    field_versions = json_field(default=dict, db_default="{}")  # `date` stands for both days
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "dependant"
        indexes = [Index(fields=("customer_id",))]  # and dependant_awaited, by migration 0028


class Visit(Row):
    """Somebody came in, or asked; who she is may be said later."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # null: it came in by itself
    customer = fields.ForeignKeyField("shuke.Customer", null=True, on_delete=fields.RESTRICT)
    kind = fields.CharField(10)
    channel = fields.CharField(10)
    bought = fields.BooleanField(null=True)
    is_new = fields.BooleanField()  # a new customer: the filing rate's denominator
    at = fields.DatetimeField()
    filed_at = fields.DatetimeField(null=True)  # when a new customer's record was linked
    note = fields.TextField(null=True)
    source = fields.CharField(60, null=True)  # of a lead
    external_id = fields.CharField(120, null=True)  # of a lead, in its source

    class Meta:
        table = "visit"
        indexes = [Index(fields=("customer_id",))]


class PaperCard(Row):
    """A photo of a paper card, until somebody has typed it in."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", on_delete=fields.RESTRICT)  # who photographed it
    customer = fields.ForeignKeyField("shuke.Customer", null=True, on_delete=fields.RESTRICT)
    state = fields.CharField(10)  # waiting, typed, discarded
    closed_at = fields.DatetimeField(null=True)
    closed_by = fields.UUIDField(null=True)  # staff
    media = fields.CharField(20)
    photo = fields.BinaryField()

    class Meta:
        table = "paper_card"
        indexes = [Index(fields=("customer_id",))]


class CustomerLink(Row):
    """A link by which somebody fills in a card: a customer's own, or a store's for whoever scans it."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    store = fields.ForeignKeyField("shuke.Store", on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)  # who made it
    customer = fields.ForeignKeyField("shuke.Customer", null=True, on_delete=fields.RESTRICT)
    parent = fields.ForeignKeyField("shuke.CustomerLink", null=True, on_delete=fields.CASCADE)  # the store's code
    order_id = fields.UUIDField(null=True)  # the receipt that it is printed on
    token_hash = fields.BinaryField()  # SHA-256, unique
    expires_at = fields.DatetimeField()
    single_use = fields.BooleanField(db_default=False)
    unsure = fields.BooleanField(db_default=False)  # whoever wrote may be somebody else: everything waits
    used_at = fields.DatetimeField(null=True)  # finished, the last time
    revoked_at = fields.DatetimeField(null=True)
    said = json_field(default=dict, db_default="{}")  # field -> {state, value while it waits, version}
    offers = json_field(default=list, db_default="[]")  # what was given for it, in the words of that day

    class Meta:
        table = "customer_link"
        indexes = [Index(fields=("customer_id",))]


class LinkOffers(Row):
    """What the shop gives whoever fills in her card, as head office words it."""

    brand = fields.ForeignKeyField("shuke.Brand", on_delete=fields.RESTRICT)
    version = fields.IntField()
    offers = json_field()
    asked = json_field(null=True)  # keys of fields of head office's own that the page asks; null: the usual ones
    staff = fields.ForeignKeyField("shuke.Staff", null=True, on_delete=fields.RESTRICT)

    class Meta:
        table = "link_offers"
        unique_together = (("brand",),)
