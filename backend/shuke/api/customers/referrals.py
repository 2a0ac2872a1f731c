"""Who brought whom, as GraphQL shows it."""

from typing import Any

import strawberry

from shuke.api.context import Info
from shuke.api.pagination import global_id
from shuke.domains.customers.queries import referrals as queries
from shuke.domains.customers.types.referrals import Brought
from shuke.domains.customers.types.referrals import Referrals as Graph


@strawberry.type(description="Somebody in the graph around a customer, as far as the caller may know her.")
class ReferralPerson:
    id: strawberry.ID | None = strawberry.field(
        description='base64 of "Customer:uuid"; null where the caller may not open her.'
    )
    name: str | None = strawberry.field(description="Her name; masked (周••) where the caller may not open her.")
    store: str = strawberry.field(description="Name of her home store.")
    brought: list["ReferralPerson"] = strawberry.field(
        default_factory=list, description="Whom she brought, the newest first; only one level below the customer's own."
    )


@strawberry.type(description="Who brought a customer, whom she brought, and whom these brought.")
class Referrals:
    referrer: ReferralPerson | None = strawberry.field(description="Who brought her; null: nobody that is known.")
    brought: list[ReferralPerson] = strawberry.field(description="Whom she brought, the newest first; at most 20.")
    count: int = strawberry.field(description="How many she brought.")
    further_count: int = strawberry.field(description="How many were brought by those whom she brought.")


def told(info: Info, graph: Graph) -> Referrals:
    """The graph as the caller may see it."""
    return Referrals(
        referrer=_person(info, graph.referrer) if graph.referrer else None,
        brought=[
            _person(info, person, [_person(info, further) for further in queries.brought_by(graph, person.id)])
            for person in graph.brought
        ],
        count=graph.brought_count,
        further_count=graph.further_count,
    )


def _person(info: Info, person: Brought, brought: list[Any] | None = None) -> ReferralPerson:
    seen = queries.shown(info.context.require(), person)
    key = global_id("Customer", seen.id) if seen.id else None
    return ReferralPerson(id=key, name=seen.name, store=seen.store, brought=brought or [])
