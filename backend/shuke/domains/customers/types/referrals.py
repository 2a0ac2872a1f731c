"""Who brought whom."""

from uuid import UUID

from msgspec import Struct


class Brought(Struct, frozen=True):
    """Somebody in the graph around a customer, as she is kept; `by`: who of the graph brought her."""

    id: UUID
    name: str | None
    store_id: UUID
    store: str
    guide_id: UUID | None
    shared_with: tuple[UUID, ...] = ()
    by: UUID | None = None


class Referrals(Struct, frozen=True):
    """Who brought a customer, whom she brought and whom these brought; `brought` and `further` hold the newest."""

    referrer: Brought | None = None
    brought: tuple[Brought, ...] = ()
    further: tuple[Brought, ...] = ()
    brought_count: int = 0
    further_count: int = 0
