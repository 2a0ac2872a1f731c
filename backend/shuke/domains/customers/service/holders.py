"""The door to a customer of one's own reach, and what is said of who has a number already."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from shuke.domains.customers import queries
from shuke.domains.customers.service import merging
from shuke.domains.customers.types import CustomerView, IdentityKind, MaskedCustomer
from shuke.domains.identity.types import Actor, Reach
from shuke.kit import throttle
from shuke.kit.errors import ErrorCode, Refusal

HOLDERS_AN_HOUR = 30
TURNS = 3
"""How often a number is asked for that nobody has by the time one looks."""


async def reachable(
    actor: Actor, reach: Reach, customer_id: UUID, field: str = "id", lock: str = merging.SHARED
) -> CustomerView:
    """The customer that a write is about: of an old id, whom she was merged into, so write to the `id` of what this
    gives. Nobody merges or erases her before the transaction's end.

    Raises Refusal NOT_FOUND where the caller may not read, else FORBIDDEN.
    """
    standing = await merging.standing(actor.brand_id, customer_id, lock)
    view = await queries.customer(actor, standing) if standing else None
    if view is None:
        raise Refusal(ErrorCode.NOT_FOUND, field)
    if not queries.may_touch(reach, view):
        raise Refusal(ErrorCode.FORBIDDEN)
    return view


@asynccontextmanager
async def telling_holders(actor: Actor) -> AsyncIterator[None]:
    """Stands around the transaction of a use case that may answer who has a phone already, and counts such answers:
    each tells of a customer whom the caller may not be able to open. Raises Refusal TOO_MANY in place of one too many.
    """
    try:
        yield
    except Refusal as refusal:
        if isinstance(refusal.subject, MaskedCustomer):
            await count_told(actor)
        raise


async def may_try_numbers(actor: Actor) -> None:
    """Raises Refusal TOO_MANY for somebody who was told of HOLDERS_AN_HOUR holders, whatever number she tries next:
    refusing her the known ones alone would tell as well.
    """
    await throttle.check(_holders(actor), HOLDERS_AN_HOUR, "numbers_tried")


async def count_told(actor: Actor) -> None:
    """She was told of one more holder. Raises Refusal TOO_MANY for one too many."""
    await throttle.hit(_holders(actor), HOLDERS_AN_HOUR, timedelta(hours=1), "numbers_tried")


def _holders(actor: Actor) -> str:
    return f"holders/{actor.id}"


async def refuse_taken(
    actor: Actor,
    kind: IdentityKind,
    value: str,
    for_id: UUID | None = None,
    *,
    beyond: bool = False,
    field: str = "phone",
) -> None:
    """Raises the refusal that fits when somebody else than `for_id` is known by this; with `beyond` only where the
    caller may not open her.
    """
    found = await queries.holder(actor, kind, value)
    if found is None or (found.id is not None and (found.id == for_id or beyond)):
        return
    if found.id is None:
        raise Refusal(ErrorCode.TAKEN_ELSEWHERE, field, subject=found, store=found.store.name)
    raise Refusal(ErrorCode.TAKEN, field, subject=found)
