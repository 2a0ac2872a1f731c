"""Colleagues, their invitations and roles, for those who manage them."""

import strawberry

from shuke.api.people.changes import ChangeMutation
from shuke.api.people.invitations import InvitationMutation
from shuke.api.people.reads import PeopleQuery
from shuke.api.people.types import staff_key


@strawberry.type
class PeopleMutation(InvitationMutation, ChangeMutation):
    pass


__all__ = ["PeopleMutation", "PeopleQuery", "staff_key"]
