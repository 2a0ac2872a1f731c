"""Errors nobody planned: the caller gets an id, the log the id and the place, and neither gets a customer's data."""

import logging
from traceback import format_tb

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from shuke.kit.ids import new_id

log = logging.getLogger(__name__)

MESSAGE = "Something went wrong on our side."


def report(error: BaseException, where: str) -> str:
    """Log a surprise and return its id.

    The error's text stays out: a database puts the offending row into it, phone number and all.
    """
    error_id = str(new_id())
    log.error("%s at %s [%s]\n%s", type(error).__qualname__, where, error_id, "".join(format_tb(error.__traceback__)))
    return error_id


def is_surprise(error: GraphQLError) -> bool:
    """Whether a resolver failed in a way that was not meant for the caller.

    A GraphQLError is meant for the caller; so is what a scalar says about a bad variable, which has a place in the
    document but no path in the result.
    """
    original = error.original_error
    return original is not None and not isinstance(original, GraphQLError) and (bool(error.path) or not error.nodes)


def masked(error: GraphQLError) -> GraphQLError:
    """The error as the caller may see it: unchanged, or for a surprise an id instead of its text."""
    if not is_surprise(error):
        return error
    where = ".".join(str(step) for step in error.path or ("request",))
    error_id = report(error.original_error or error, where)
    return GraphQLError(
        MESSAGE, nodes=error.nodes, path=error.path, extensions={"code": "INTERNAL", "errorId": error_id}
    )


class MaskSurprises(MaskErrors):
    """The same mask for whoever executes the schema without the HTTP endpoint."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_surprise)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        return masked(error)
