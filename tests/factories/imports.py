"""Imports and exports in the background, asked for as head office asks for them."""

from collections.abc import AsyncIterator
from uuid import UUID

from shuke.domains.identity.types import Actor
from shuke.domains.records import service
from shuke.domains.records.types import Choices, ExportFormat, ExportKind, ExportWish, ImportKind
from shuke.kit import db
from tests.factories import World

FILE = "姓名,手机号,门店\n小满,13800138000,S1\n谷雨,1,S1\n".encode()


async def upload(actor: Actor, content: bytes = FILE, name: str = "people.csv") -> UUID:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    return (await service.receive_upload(actor, name, pieces())).id


async def make_import(world: World) -> tuple[UUID, UUID]:
    """A file on the server, and an import of it that waits for a worker."""
    hq = world.staff["hq"]
    upload_id = await upload(hq)
    async with db.tx():
        job = await service.start_import(hq, upload_id, Choices(ImportKind.CUSTOMERS))
    return upload_id, job.id


async def make_export(world: World) -> UUID:
    """An export of head office's that waits for a worker."""
    wish = ExportWish(ExportKind.CUSTOMERS, ExportFormat.CSV, "对一对会员名单")
    return (await service.start_export(world.staff["hq"], wish)).id
