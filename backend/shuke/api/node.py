"""`node(id)`: one door to everything that has a global id, each through its own type's permission."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import split_id
from shuke.api.partners import partner_key
from shuke.domains.customers import queries as customers
from shuke.domains.identity import queries as identity
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.domains.notifications import queries as notifications
from shuke.domains.orders import queries as orders
from shuke.domains.records import queries as records
from shuke.domains.records.queries import audit, merging, pairs
from shuke.domains.segments import queries as segments
from shuke.domains.tasks import queries as tasks
from shuke.kit.errors import Refusal


async def _brand(actor: Actor, key: UUID) -> Any:
    allow(actor, "stores")
    return await identity.brand(key) if key == actor.brand_id else None


async def _region(actor: Actor, key: UUID) -> Any:
    allow(actor, "regions")
    mine = await identity.regions(actor.brand_id, actor.store_ids)
    return next((region for region in mine if region.id == key), None)


async def _session(actor: Actor, key: UUID) -> Any:
    allow(actor, "sessions")
    mine = await identity.sessions(actor.id) if actor.id else []
    return next((session for session in mine if session.id == key), None)


async def _staff(actor: Actor, key: UUID) -> Any:
    """Colleagues stand by name beside every customer and card, whatever their store, so staff finds all of the brand;
    a partner's key that is limited to stores finds who works there.
    """
    allow(actor, "customer")
    return await identity.staff(actor.brand_id, key, actor.stores)


async def _store(actor: Actor, key: UUID) -> Any:
    allow(actor, "stores")
    mine = actor.store_ids is None or key in actor.store_ids
    return next(iter(await identity.stores(actor.brand_id, (key,) if mine else ())), None)


FINDERS: dict[str, Callable[[Actor, UUID], Awaitable[Any]]] = {
    "AuditEvent": audit.audit_event,
    "Brand": _brand,
    "ConsentText": customers.consent_text,
    "Customer": customers.customer,
    "CustomerLink": customers.link,
    "DuplicatePair": pairs.pair,
    "CustomerIdentity": customers.identity,
    "ExportJob": records.export,
    "Dependant": customers.dependant,
    "ImportJob": records.import_job,
    "InboxMessage": notifications.message,
    "Merge": merging.merge,
    "Order": orders.order,
    "PaperCard": customers.paper_card,
    "PartnerKey": partner_key,
    "PushDevice": notifications.device,
    "Region": _region,
    "Segment": segments.segment,
    "Session": _session,
    "ShareRequest": customers.share_request,
    "Staff": _staff,
    "StaffMember": identity.staff_member,
    "Store": _store,
    "Tag": segments.tag,
    "TagBatch": segments.tag_batch,
    "TagGroup": segments.tag_group,
    "Task": tasks.task,
    "TimelineEntry": customers.timeline_entry,
    "Visit": customers.visit,
}


async def find_node(info: Info, id: strawberry.ID) -> Any:
    """The object, or None for an id that is malformed, unknown, or not for the caller's eyes."""
    actor = info.context.require()
    try:
        type_name, key = split_id(id)
        finder = FINDERS.get(type_name)
        return await finder(actor, key) if finder else None
    except Refusal:
        return None
