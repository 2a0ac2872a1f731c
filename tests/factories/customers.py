"""Customers for tests, entered by the product's own use case."""

import itertools
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest

from shuke.domains.customers import service
from shuke.domains.customers.types import NewCustomer
from shuke.kit.errors import Refusal
from shuke.kit.ids import new_id
from tests.factories import World

_numbers = itertools.count(13900000000)


def next_phone() -> str:
    """A mobile number that no other call gives."""
    return str(next(_numbers))


async def make_customer(world: World, guide: str | None = "guide", phone: str | None = None, **said: Any) -> UUID:
    """A customer of this guide (a key of `world.staff`), or (None) of the first store's pool; more in NewCustomer."""
    said = {"name": "周雨桐", "alias": "小满妈妈"} | said
    if guide is None:
        said.setdefault("store_id", world.stores[0])
    new = NewCustomer(said.pop("id", None) or new_id(), phone or next_phone(), **said)
    return await service.create_customer(world.staff[guide or "manager"], new)


async def refused(act: Awaitable[Any]) -> Refusal:
    """The refusal that the call ends with."""
    with pytest.raises(Refusal) as caught:
        await act
    return caught.value
