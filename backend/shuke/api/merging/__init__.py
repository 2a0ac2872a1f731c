"""Two archives of one person as GraphQL shows them."""

from shuke.api.merging.reads import MergingQuery
from shuke.api.merging.writes import MergingMutation

__all__ = ["MergingMutation", "MergingQuery"]
