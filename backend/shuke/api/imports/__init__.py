"""Imports in the background. Files come by POST /imports (`api/http/uploads.py`)."""

from shuke.api.imports.operations import ImportMutation, ImportQuery

__all__ = ["ImportMutation", "ImportQuery"]
