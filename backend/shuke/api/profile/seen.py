"""What of the program's own fields head office keeps to some roles."""

from typing import Any

from shuke.api.context import Info
from shuke.domains.customers import queries
from shuke.domains.customers.rules import profile
from shuke.domains.customers.types import CustomerView
from shuke.domains.customers.types.profile import Template


async def sees(info: Info, view: CustomerView, column: str) -> bool:
    """May the caller know what stands in this column of hers?"""
    actor = info.context.require()
    template: Template = await info.context.load(queries.templates_of, view.brand_id)
    return profile.shows(template.document, column, queries.roles_at(actor, view.store.id))


async def seen(info: Info, view: CustomerView, column: str, otherwise: Any = None) -> Any:
    """What stands there, else what says nothing."""
    return getattr(view, column) if await sees(info, view, column) else otherwise
