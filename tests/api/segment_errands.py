"""What is asked of segments, each time of one that was made just before: see pwa_errands."""

from uuid import UUID, uuid4

from shuke.api.pagination import global_id, parse_id
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.rules import NewSegment
from shuke.domains.segments.types.tags import NewTag, NewTagGroup, TagColour
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.api.archive_errands import Errand
from tests.api.real import Browser
from tests.api.shop import Said, Shop
from tests.factories.predictions import foretell

LOYAL = {"fact": "orders.count", "op": "ge", "value": 2}


async def of_a_segment(shop: Shop) -> tuple[Browser, Said]:
    said = NewSegment(new_id(), f"熟客 {uuid4().hex}", LOYAL)
    key = await service.save_segment(shop.world.staff["hq"], said)
    return shop.office, {"id": global_id("Segment", key)}


async def restore_segment(shop: Shop) -> tuple[Browser, Said]:
    office, said = await of_a_segment(shop)
    await office.do("archiveSegment", **said)
    return office, said


async def freeze_segment(shop: Shop) -> tuple[Browser, Said]:
    office, said = await of_a_segment(shop)
    return office, said | {"name": f"名单 {uuid4().hex}"}


async def save_rfm_config(shop: Shop) -> tuple[Browser, Said]:
    now = await queries.rfm_config(shop.world.staff["hq"])
    return shop.office, {"baseVersion": now.version, "config": {"r": str(60 + now.version), "m": "100"}}


async def save_rfm_cells(shop: Shop) -> tuple[Browser, Said]:
    book = await queries.cell_book(shop.world.brand_id)
    words = {"cell": "HHH", "names": {"zhCn": uuid4().hex[:20]}, "playbooks": {}}
    return shop.office, {"baseVersion": book.version, "cells": [words]}


async def save_products(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"products": [{"sku": uuid4().hex, "category": "奶粉"}]}


async def a_group(shop: Shop) -> UUID:
    said = NewTagGroup(new_id(), uuid4().hex[:30])
    return await service.save_tag_group(shop.world.staff["hq"], said)


async def a_tag(shop: Shop) -> UUID:
    said = NewTag(new_id(), await a_group(shop), uuid4().hex[:30], TagColour.SKY)
    return await service.save_tag(shop.world.staff["hq"], said)


async def of_a_tag(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"id": global_id("Tag", await a_tag(shop))}


async def restore_tag(shop: Shop) -> tuple[Browser, Said]:
    office, said = await of_a_tag(shop)
    await office.do("archiveTag", **said)
    return office, said


async def of_a_tag_group(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"id": global_id("TagGroup", await a_group(shop))}


async def restore_tag_group(shop: Shop) -> tuple[Browser, Said]:
    office, said = await of_a_tag_group(shop)
    await office.do("archiveTagGroup", **said)
    return office, said


async def save_tag(shop: Shop) -> tuple[Browser, Said]:
    group = global_id("TagGroup", await a_group(shop))
    return shop.office, {"groupId": group, "name": uuid4().hex[:30], "colour": "SKY"}


async def arrange_tags(shop: Shop) -> tuple[Browser, Said]:
    groups = [{"groupId": global_id("TagGroup", await a_group(shop)), "tagIds": []} for _ in range(2)]
    return shop.office, {"groups": groups}


async def merge_tags(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {
        "winnerId": global_id("Tag", await a_tag(shop)),
        "loserId": global_id("Tag", await a_tag(shop)),
    }


async def tag_customers(shop: Shop) -> tuple[Browser, Said]:
    her = global_id("Customer", await shop.customer())
    return shop.guide, {"tagId": global_id("Tag", await a_tag(shop)), "customerIds": [her]}


async def untag_customers(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await tag_customers(shop)
    await guide.do("tagCustomers", **said)
    return guide, said


async def undo_tagging(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await untag_customers(shop)
    sql = "SELECT id FROM tag_batch WHERE tag_id = $1"
    batch = await db.fetch_value(sql, parse_id(said["tagId"], "Tag"))
    return guide, {"id": global_id("TagBatch", batch)}


async def predicted_customers(shop: Shop) -> tuple[Browser, Said]:
    await foretell(shop.world, shop.target.customer)
    return shop.office, {"label": "CHURN_RISK"}


SEGMENTS: dict[str, Errand] = {
    "archiveTag": of_a_tag,
    "restoreTag": restore_tag,
    "archiveTagGroup": of_a_tag_group,
    "restoreTagGroup": restore_tag_group,
    "saveTag": save_tag,
    "arrangeTags": arrange_tags,
    "mergeTags": merge_tags,
    "tagCustomers": tag_customers,
    "untagCustomers": untag_customers,
    "undoTagging": undo_tagging,
    "saveProducts": save_products,
    "predictedCustomers": predicted_customers,
    "saveRfmConfig": save_rfm_config,
    "saveRfmCells": save_rfm_cells,
    "archiveSegment": of_a_segment,
    "restoreSegment": restore_segment,
    "freezeSegment": freeze_segment,
}
