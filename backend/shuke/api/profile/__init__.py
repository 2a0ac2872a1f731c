"""The profile template as GraphQL shows it, and customers' values by it."""

from shuke.api.profile.reads import ProfileQuery
from shuke.api.profile.writes import ProfileMutation

__all__ = ["ProfileMutation", "ProfileQuery"]
