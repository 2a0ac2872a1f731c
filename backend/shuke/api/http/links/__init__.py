"""The public page: a customer fills in her own card. It is handed what it asks, and never what is stored."""

from shuke.api.http.links.door import fill, show

__all__ = ["fill", "show"]
