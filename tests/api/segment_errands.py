"""What is asked of segments, each time of one that was made just before: see pwa_errands."""

from uuid import uuid4

from shuke.api.pagination import global_id
from shuke.domains.segments import queries, service
from shuke.domains.segments.types.rules import NewSegment
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


async def predicted_customers(shop: Shop) -> tuple[Browser, Said]:
    await foretell(shop.world, shop.target.customer)
    return shop.office, {"label": "CHURN_RISK"}


SEGMENTS: dict[str, Errand] = {
    "saveProducts": save_products,
    "predictedCustomers": predicted_customers,
    "saveRfmConfig": save_rfm_config,
    "saveRfmCells": save_rfm_cells,
    "archiveSegment": of_a_segment,
    "restoreSegment": restore_segment,
    "freezeSegment": freeze_segment,
}
