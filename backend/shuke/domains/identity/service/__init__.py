"""Use cases of this room, and `allow`, the door of every use case."""

from shuke.domains.identity.service.account import change_password, update_me
from shuke.domains.identity.service.authority import hold_people
from shuke.domains.identity.service.door import allow
from shuke.domains.identity.service.house import (
    create_brand,
    create_region,
    create_store,
    ensure_region,
    open_store,
    update_store,
)
from shuke.domains.identity.service.invitations import (
    accept_invitation,
    invitation_link,
    invite,
    renew_invitation,
)
from shuke.domains.identity.service.partners import (
    OVERLAP_HOURS,
    by_key,
    create_partner_key,
    purge_calls,
    record_call,
    revoke_partner_key,
    rotate_partner_key,
)
from shuke.domains.identity.service.passwords import hash_password
from shuke.domains.identity.service.people import (
    add_role,
    create_staff,
    end_staff,
    revoke_staff_sessions,
    set_roles,
    update_staff,
)
from shuke.domains.identity.service.sessions import (
    TRIES_FROM_ONE_PLACE,
    by_session,
    open_session,
    revoke_session,
    sign_in,
    sign_out,
    still_signed_in,
)

__all__ = [
    "OVERLAP_HOURS",
    "TRIES_FROM_ONE_PLACE",
    "accept_invitation",
    "add_role",
    "allow",
    "by_key",
    "by_session",
    "change_password",
    "create_brand",
    "create_partner_key",
    "create_region",
    "create_staff",
    "create_store",
    "end_staff",
    "ensure_region",
    "hash_password",
    "hold_people",
    "invitation_link",
    "invite",
    "open_session",
    "open_store",
    "purge_calls",
    "record_call",
    "renew_invitation",
    "revoke_partner_key",
    "revoke_session",
    "revoke_staff_sessions",
    "rotate_partner_key",
    "set_roles",
    "sign_in",
    "sign_out",
    "still_signed_in",
    "update_me",
    "update_staff",
    "update_store",
]
