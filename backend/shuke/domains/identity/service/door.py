"""The door of every use case."""

from shuke.domains.identity import rules
from shuke.domains.identity.types import Actor, Reach
from shuke.kit.errors import ErrorCode, Refusal


def allow(actor: Actor | None, operation: str) -> Reach:
    """The reach of the actor's operation by the matrix. Raises Refusal SIGN_IN_NEEDED or FORBIDDEN."""
    if actor is None:
        raise Refusal(ErrorCode.SIGN_IN_NEEDED)
    reach = rules.reach(actor, operation)
    if reach is None:
        raise Refusal(ErrorCode.FORBIDDEN)
    return reach
