"""Whose milestone an enrolment is about, by what is true now."""

from collections.abc import Iterable
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types.dependants import LifeStage
from shuke.domains.journeys import rules
from shuke.domains.journeys.types import Enrolment, Facts, Occasion
from shuke.kit import zones


async def of_rows(rows: Iterable[tuple[UUID, Enrolment, Facts]]) -> dict[UUID, Occasion]:
    """(brand, enrolment, facts of its customer) -> enrolment's id -> its occasion; missing: nobody's any more."""
    found: dict[UUID, Occasion] = {}
    by_brand: dict[UUID, list[tuple[Enrolment, Facts]]] = {}
    for brand_id, enrolment, facts in rows:
        by_brand.setdefault(brand_id, []).append((enrolment, facts))
    for brand_id, group in by_brand.items():
        stages: tuple[LifeStage, ...] = (await customers.life_stages(brand_id)).stages
        children = await customers.children_of(brand_id, [facts.customer_id for _, facts in group])
        for enrolment, facts in group:
            day = zones.local_date(enrolment.started_at, facts.zone)
            hers = rules.speakable(facts, children.get(facts.customer_id, ()))
            occasion = rules.occasion(enrolment.occurrence, day, hers, stages)
            if occasion:
                found[enrolment.id] = occasion
    return found
