"""Who may manage whom: decided anew under one lock, so that two who end each other at once cannot both succeed."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from shuke.domains.identity import queries, rules
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.types import Actor, Grant, Post, Role, StaffMember
from shuke.kit import db
from shuke.kit.errors import ErrorCode, Refusal

Place = tuple[Role, tuple[UUID, ...] | None]
Rule = Callable[[Iterable[Grant], Role, tuple[UUID, ...] | None], bool]


async def hold_people(brand_id: UUID) -> None:
    """Until the transaction's end nobody of the brand joins, leaves or changes roles; call it before anything else."""
    await db.lock("people", brand_id)


async def standing(actor: Actor) -> tuple[Grant, ...]:
    """The caller's grants as they are now, no change of people under way beside this one.

    Call it first inside the use case's transaction. Raises Refusal SIGN_IN_NEEDED for who has left meanwhile.
    """
    await hold_people(actor.brand_id)
    grants = await queries.grants(actor.brand_id, actor.id)
    if grants is None:
        raise Refusal(ErrorCode.SIGN_IN_NEEDED)
    return grants


async def manageable(actor: Actor, operation: str, staff_id: UUID, *, herself: bool = False) -> StaffMember:
    """The colleague, if the caller stands above every role she has. Raises Refusal NOT_FOUND, FORBIDDEN or INVALID."""
    allow(actor, operation)
    grants = await standing(actor)
    member = await queries.staff_member(actor, staff_id, operation)
    if member is None:
        raise Refusal(ErrorCode.NOT_FOUND, "staffId")
    if staff_id == actor.id and not herself:
        raise Refusal(ErrorCode.INVALID, "staffId", "not_yourself")
    if staff_id != actor.id:
        check_above(grants, member, await places(actor.brand_id, posts_of(member)))
    return member


def posts_of(member: StaffMember) -> list[Post]:
    return [Post(held.role, held.store.id if held.store else None, held.region_id) for held in member.roles]


async def places(brand_id: UUID, posts: Sequence[Post]) -> list[Place]:
    """The stores that each role holds in; None: all. Raises Refusal INVALID for a place that does not fit or exist."""
    house = await queries.stores_by_region(brand_id)
    return [(post.role, _stores_of(post, house)) for post in posts]


def _stores_of(post: Post, house: dict[UUID | None, set[UUID]]) -> tuple[UUID, ...] | None:
    if not rules.place_fits(post):
        raise Refusal(ErrorCode.INVALID, "storeId" if post.region_id is None else "regionId", "role_place")
    if post.region_id is not None:
        if post.region_id not in house:
            raise Refusal(ErrorCode.NOT_FOUND, "regionId")
        return tuple(house[post.region_id])
    if post.store_id is None:
        return None
    if not any(post.store_id in stores for stores in house.values()):
        raise Refusal(ErrorCode.NOT_FOUND, "storeId")
    return (post.store_id,)


def check(grants: Iterable[Grant], wanted: Iterable[Place]) -> None:
    """Raises Refusal FORBIDDEN unless each of these roles, in its place, is the caller's to give."""
    _check(rules.may_give, grants, wanted)


def check_above(grants: Iterable[Grant], member: StaffMember, held: Iterable[Place]) -> None:
    """Raises Refusal FORBIDDEN unless the caller stands above each of these roles that the colleague holds.

    Who has not joined yet holds nothing but an invitation: whoever could give it may renew it or take it back.
    """
    _check(rules.may_give if member.invited_at else rules.stands_above, grants, held)


def _check(fits: Rule, grants: Iterable[Grant], places: Iterable[Place]) -> None:
    mine = tuple(grants)
    if not all(fits(mine, role, stores) for role, stores in places):
        raise Refusal(ErrorCode.FORBIDDEN, reason="above_you")
