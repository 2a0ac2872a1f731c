"""The schema: every room's queries and mutations, side by side."""

from typing import Annotated

import strawberry
from strawberry.schema.config import StrawberryConfig

from shuke.api.account import AccountMutation
from shuke.api.board import BoardMutation, BoardQuery
from shuke.api.context import Info
from shuke.api.customers import (
    ConsentMutation,
    ConsentQuery,
    CustomerMutation,
    CustomerQuery,
    FamilyMutation,
    IdentitiesMutation,
    InteractionMutation,
    LeadMutation,
    LifeStageMutation,
    LifeStageQuery,
    LinkMutation,
    LinkQuery,
    OfferMutation,
    OfferQuery,
    PaperMutation,
    PaperQuery,
    SharingMutation,
    SharingQuery,
    VisitMutation,
    VisitQuery,
)
from shuke.api.exports import ExportMutation, ExportQuery
from shuke.api.filing import FilingQuery
from shuke.api.http.limits import schema_extensions
from shuke.api.identity import IdentityQuery, Node
from shuke.api.imports import ImportMutation, ImportQuery
from shuke.api.merging import MergingMutation, MergingQuery
from shuke.api.node import find_node
from shuke.api.notifications import NotificationMutation, NotificationQuery
from shuke.api.orders import OrderMutation, OrderQuery
from shuke.api.partners import PartnerMutation, PartnerQuery
from shuke.api.people import PeopleMutation, PeopleQuery
from shuke.api.predictions import PredictionMutation, PredictionQuery
from shuke.api.privacy import PrivacyMutation, PrivacyQuery
from shuke.api.products import ProductMutation, ProductQuery
from shuke.api.profile import ProfileMutation, ProfileQuery
from shuke.api.quality import QualityMutation, QualityQuery
from shuke.api.segments import SegmentMutation, SegmentQuery
from shuke.api.segments.rfm import RfmMutation, RfmQuery
from shuke.api.segments.rules import RuleSegmentMutation, RuleSegmentQuery
from shuke.api.segments.shapes import RULE_TREE, RuleTree
from shuke.api.segments.tagging import TaggingMutation, TaggingQuery
from shuke.api.segments.tags import TagMutation, TagQuery
from shuke.api.stores import StoreMutation
from shuke.api.tasks import TaskMutation, TaskQuery


@strawberry.type(description="Everything that can be asked for.")
class Query(
    IdentityQuery,
    CustomerQuery,
    ConsentQuery,
    LifeStageQuery,
    SharingQuery,
    VisitQuery,
    FilingQuery,
    QualityQuery,
    PaperQuery,
    LinkQuery,
    OfferQuery,
    PrivacyQuery,
    OrderQuery,
    ProductQuery,
    SegmentQuery,
    RfmQuery,
    RuleSegmentQuery,
    TagQuery,
    TaggingQuery,
    PredictionQuery,
    TaskQuery,
    NotificationQuery,
    BoardQuery,
    PeopleQuery,
    PartnerQuery,
    ImportQuery,
    ExportQuery,
    ProfileQuery,
    MergingQuery,
):
    @strawberry.field(description="Anything with a global id that the caller may see; null: nothing of that id.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its global id.")]
    ) -> Node | None:
        return await find_node(info, id)


@strawberry.type(description="Everything that can be done; each with an operation id, so that a repeat is harmless.")
class Mutation(
    AccountMutation,
    CustomerMutation,
    ConsentMutation,
    FamilyMutation,
    LifeStageMutation,
    IdentitiesMutation,
    SharingMutation,
    InteractionMutation,
    VisitMutation,
    LeadMutation,
    QualityMutation,
    PaperMutation,
    LinkMutation,
    OfferMutation,
    PrivacyMutation,
    OrderMutation,
    ProductMutation,
    SegmentMutation,
    RfmMutation,
    RuleSegmentMutation,
    TagMutation,
    TaggingMutation,
    PredictionMutation,
    TaskMutation,
    NotificationMutation,
    BoardMutation,
    StoreMutation,
    PeopleMutation,
    PartnerMutation,
    ImportMutation,
    ExportMutation,
    ProfileMutation,
    MergingMutation,
):
    pass


def make_schema(*, introspection: bool = True) -> strawberry.Schema:
    """The schema; without introspection its shape is known only from schema.graphql."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        extensions=schema_extensions(introspection=introspection),
        config=StrawberryConfig(scalar_map={RuleTree: RULE_TREE}),
    )


schema = make_schema()
