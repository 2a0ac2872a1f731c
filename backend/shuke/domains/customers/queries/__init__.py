"""Reads: customers within the caller's reach, their timelines, who is known by which number."""

from shuke.domains.customers.queries.card import cards_of, relative
from shuke.domains.customers.queries.consents import consent_text, consent_texts, texts_by_id, texts_of
from shuke.domains.customers.queries.dependants import (
    SHIPPED,
    children_of,
    dependant,
    life_stages,
    parents,
    sees_children,
    stages_of_brands,
)
from shuke.domains.customers.queries.filing import filing, filing_visits
from shuke.domains.customers.queries.links import link, links_of, made_link, offers, offers_of, store_links
from shuke.domains.customers.queries.lists import customers, total
from shuke.domains.customers.queries.lookalikes import same_name
from shuke.domains.customers.queries.numbers import (
    find_by_identity,
    holder,
    identity,
    owners,
    phone_id,
    plain_phone,
    users_of,
)
from shuke.domains.customers.queries.paper import paper_card, paper_cards, paper_photo, paper_waiting
from shuke.domains.customers.queries.profile import (
    customers_with,
    field,
    form,
    latest,
    roles_at,
    template,
    templates_of,
)
from shuke.domains.customers.queries.quality import flawed_cards, mended_today, problem_counts, quality
from shuke.domains.customers.queries.shares import my_request, share_request
from shuke.domains.customers.queries.timelines import timeline, timeline_entry
from shuke.domains.customers.queries.uses import field_uses
from shuke.domains.customers.queries.view import (
    COLUMNS,
    JOINS,
    OWN_PHONE,
    PHONE,
    SHARED_WITH,
    WIDTH,
    customer,
    customers_by_id,
    from_row,
    may_touch,
    standing,
    within,
)
from shuke.domains.customers.queries.visits import complained, open_visits, visit, visits_by_id, who_asked

__all__ = [
    "COLUMNS",
    "JOINS",
    "OWN_PHONE",
    "PHONE",
    "SHARED_WITH",
    "SHIPPED",
    "WIDTH",
    "cards_of",
    "children_of",
    "complained",
    "consent_text",
    "consent_texts",
    "customer",
    "customers",
    "customers_by_id",
    "customers_with",
    "dependant",
    "field",
    "field_uses",
    "filing",
    "filing_visits",
    "find_by_identity",
    "flawed_cards",
    "form",
    "from_row",
    "holder",
    "identity",
    "latest",
    "life_stages",
    "link",
    "links_of",
    "made_link",
    "may_touch",
    "mended_today",
    "my_request",
    "offers",
    "offers_of",
    "open_visits",
    "owners",
    "paper_card",
    "paper_cards",
    "paper_photo",
    "paper_waiting",
    "parents",
    "phone_id",
    "plain_phone",
    "problem_counts",
    "quality",
    "relative",
    "roles_at",
    "same_name",
    "sees_children",
    "share_request",
    "stages_of_brands",
    "standing",
    "store_links",
    "template",
    "templates_of",
    "texts_by_id",
    "texts_of",
    "timeline",
    "timeline_entry",
    "total",
    "users_of",
    "visit",
    "visits_by_id",
    "who_asked",
    "within",
]
