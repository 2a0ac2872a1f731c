"""Visits and photographed cards for tests."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from shuke.domains.customers import service
from shuke.domains.customers.types.visits import NewVisit, VisitKind
from shuke.kit.ids import new_id
from tests.factories import World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""One dot."""


async def make_visit(world: World, who: str = "guide", **said: Any) -> UUID:
    """A visit that this person puts down now; more in NewVisit."""
    new = NewVisit(said.pop("id", None) or new_id(), said.pop("kind", VisitKind.VISIT), **said)
    return await service.record_visit(world.staff[who], new)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def make_paper(world: World, who: str = "guide", photo: bytes = PNG) -> UUID:
    return await service.receive_paper(world.staff[who], new_id(), None, pieces(photo))
