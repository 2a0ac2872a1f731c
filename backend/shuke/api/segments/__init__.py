"""Segments as GraphQL shows them: RFM cells, and segments by rules."""

from shuke.api.segments.cells import SegmentCount, SegmentMutation, SegmentQuery

__all__ = ["SegmentCount", "SegmentMutation", "SegmentQuery"]
