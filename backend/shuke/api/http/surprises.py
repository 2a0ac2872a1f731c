"""What of an error its caller may see.

A refusal is put into words, and so is a limit that a document passes. A surprise gets an id for the caller, the id and
the place for the log, and a customer's data for neither.
"""

import logging
from traceback import format_tb
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from shuke.kit import i18n, metrics
from shuke.kit.errors import Refusal
from shuke.kit.ids import new_id

log = logging.getLogger(__name__)


class Beyond(Exception):
    """A document that asks for more than a limit allows. `reason` picks the sentence in `kit.words`."""

    def __init__(self, code: str, reason: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.reason, self.params = code, reason, params


def beyond(code: str, reason: str, **params: object) -> GraphQLError:
    """The same as an error of the document, which `masked` puts into words."""
    return GraphQLError(code, original_error=Beyond(code, reason, **params), extensions={"code": code})


def report(error: BaseException, where: str) -> str:
    """Log a surprise and return its id.

    The error's text stays out: a database puts the offending row into it, phone number and all.
    """
    error_id = str(new_id())
    metrics.SURPRISES.inc()
    log.error("%s at %s [%s]\n%s", type(error).__qualname__, where, error_id, "".join(format_tb(error.__traceback__)))
    return error_id


def masked(error: GraphQLError, context: object) -> GraphQLError:
    """The error as the caller may see it, a refusal in the language of the context's `locale`.

    A GraphQLError is meant for the caller; so is what a scalar says about a bad variable, which has a place in the
    document but no path in the result.
    """
    original = error.original_error
    locale = getattr(context, "locale", i18n.DEFAULT)
    if isinstance(original, Refusal):
        return _instead(error, i18n.say(locale, original.reason, **original.params), {"code": original.code.name})
    if isinstance(original, Beyond):
        return _instead(error, i18n.say(locale, original.reason, **original.params), {"code": original.code})
    if original is None or isinstance(original, GraphQLError) or (not error.path and error.nodes):
        return error
    where = ".".join(str(step) for step in error.path or ("request",))
    message, extensions = surprise(original, where, locale)
    return _instead(error, message, extensions)


def surprise(error: BaseException, where: str, locale: str) -> tuple[str, dict[str, Any]]:
    """Logs a surprise; the sentence and the extensions that its caller gets."""
    error_id = report(error, where)
    return i18n.say(locale, "internal", id=error_id), {"code": "INTERNAL", "errorId": error_id}


def _instead(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)


class MaskSurprises(MaskErrors):
    """The same mask for whoever executes the schema without the HTTP endpoint."""

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        return masked(error, self.execution_context.context)
