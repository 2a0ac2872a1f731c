"""Customers as GraphQL shows them."""

from shuke.api.customers.consents import ConsentMutation, ConsentQuery
from shuke.api.customers.families import FamilyMutation
from shuke.api.customers.identities import IdentitiesMutation
from shuke.api.customers.interactions import InteractionMutation
from shuke.api.customers.leads import LeadMutation
from shuke.api.customers.links import LinkMutation, LinkQuery
from shuke.api.customers.offers import OfferMutation, OfferQuery
from shuke.api.customers.paper import PaperMutation, PaperQuery
from shuke.api.customers.reads import CustomerQuery
from shuke.api.customers.sharing import SharingMutation, SharingQuery
from shuke.api.customers.stages import LifeStageMutation, LifeStageQuery
from shuke.api.customers.types import Customer, CustomerConnection, MaskedCustomer
from shuke.api.customers.visits import VisitMutation, VisitQuery
from shuke.api.customers.writes import CustomerMutation

__all__ = [
    "ConsentMutation",
    "ConsentQuery",
    "Customer",
    "CustomerConnection",
    "CustomerMutation",
    "CustomerQuery",
    "FamilyMutation",
    "IdentitiesMutation",
    "InteractionMutation",
    "LeadMutation",
    "LifeStageMutation",
    "LifeStageQuery",
    "LinkMutation",
    "LinkQuery",
    "MaskedCustomer",
    "OfferMutation",
    "OfferQuery",
    "PaperMutation",
    "PaperQuery",
    "SharingMutation",
    "SharingQuery",
    "VisitMutation",
    "VisitQuery",
]
