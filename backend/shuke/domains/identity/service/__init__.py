"""Use cases of this room, and `allow`, the door of every use case."""

from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import create_brand, create_region, create_store, ensure_region
from shuke.domains.identity.service.partners import by_key, create_partner_key
from shuke.domains.identity.service.passwords import hash_password
from shuke.domains.identity.service.people import add_role, create_staff, update_me
from shuke.domains.identity.service.sessions import (
    TRIES_FROM_ONE_PLACE,
    by_session,
    open_session,
    revoke_session,
    sign_in,
    sign_out,
)

__all__ = [
    "TRIES_FROM_ONE_PLACE",
    "add_role",
    "allow",
    "by_key",
    "by_session",
    "create_brand",
    "create_partner_key",
    "create_region",
    "create_staff",
    "create_store",
    "ensure_region",
    "hash_password",
    "open_session",
    "revoke_session",
    "sign_in",
    "sign_out",
    "update_me",
]
