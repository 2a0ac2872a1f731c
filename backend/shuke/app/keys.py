"""Keys for partners' programs, as the command line manages them: by name, or by id where names are alike."""

from collections.abc import Sequence

from shuke.app.founding import chosen_brand, known_store
from shuke.app.trouble import CannotRun
from shuke.domains.identity import queries, service
from shuke.domains.identity.types import Actor, KeyWish, PartnerKey, PartnerScope


async def make(
    name: str, scopes: Sequence[PartnerScope], stores: Sequence[str], days: int | None, rate: int, brand: str | None
) -> str:
    """A bearer key, limited to the stores of these codes; none given: to none. Raises CannotRun."""
    actor = await _system(brand)
    known = {store.code: store for store in await queries.stores(actor.brand_id)}
    ids = tuple(known_store(known, code).id for code in stores) or None
    return (await service.create_partner_key(actor, KeyWish(name, frozenset(scopes), ids, days, rate))).token


async def listed(brand: str | None) -> list[PartnerKey]:
    return await queries.partner_keys((await _system(brand)).brand_id)


async def rotate(which: str, overlap_hours: int, days: int | None, brand: str | None) -> str:
    """The new bearer key. Raises CannotRun."""
    actor = await _system(brand)
    key = await _chosen(actor, which)
    return (await service.rotate_partner_key(actor, key.id, overlap_hours, days)).token


async def revoke(which: str, brand: str | None) -> str:
    """The name of the key that works no more. Raises CannotRun."""
    actor = await _system(brand)
    key = await _chosen(actor, which)
    await service.revoke_partner_key(actor, key.id)
    return key.name


async def _system(brand: str | None) -> Actor:
    return await queries.system_actor((await chosen_brand(brand)).id)


async def _chosen(actor: Actor, which: str) -> PartnerKey:
    keys = await queries.partner_keys(actor.brand_id)
    by_id = [key for key in keys if str(key.id) == which]
    found = by_id or [key for key in keys if key.name == which and key.revoked_at is None]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotRun(
            f"{len(found)} keys are called {which}: name one by its id, which `shuke partner-key list` shows."
        )
    names = ", ".join(key.name for key in keys if key.revoked_at is None)
    raise CannotRun(f"There is no key {which}; there are: {names or 'none'}.")
