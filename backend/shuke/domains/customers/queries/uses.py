"""Reads: this room's answer to where a field is used."""

from shuke.domains.customers.queries.links import offers_of
from shuke.domains.customers.queries.profile import latest
from shuke.domains.customers.rules.links import asks
from shuke.domains.customers.types.profile import Field, FieldPlace, FieldUse, Subject
from shuke.domains.identity.types import Actor


async def field_uses(actor: Actor, field: Field) -> list[FieldUse]:
    """The form, the page that customers fill in, completeness, search; nothing of a field that is archived."""
    if field.archived_at is not None:
        return []
    chosen = (await offers_of(actor.brand_id)).fields
    asked = {one.key for one in asks((await latest(actor.brand_id)).document, chosen)}
    places = {
        FieldPlace.CUSTOMER_FORM: not field.computed,
        FieldPlace.SELF_COMPLETION: field.key in asked,
        FieldPlace.COMPLETENESS: bool(field.weight) and field.subject is Subject.CUSTOMER,
        FieldPlace.SEARCH: field.searchable,
    }
    return [FieldUse(place) for place, used in places.items() if used]
