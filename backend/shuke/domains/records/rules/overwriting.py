"""What an import may overwrite of customers on file, as somebody says it: field by field, or of all others."""

from collections.abc import Iterable, Mapping

from shuke.domains.customers.rules import PROFILE
from shuke.domains.customers.types import Policy
from shuke.domains.customers.types.profile import Document
from shuke.domains.records.rules import custom
from shuke.domains.records.rules.fields import CUSTOM
from shuke.kit.errors import ErrorCode, Refusal

OWN = "values."
"""What the name of a field of head office's own begins with on a card; columns of a file call it `custom:`."""


def fields(document: Document) -> list[str]:
    """What may be told apart: columns of the card, then head office's own fields."""
    return [*PROFILE, *(f"{OWN}{one.key}" for one in custom.fields(document))]


def keyed(told: Mapping[str, Policy]) -> list[tuple[str, Policy]]:
    """Policies by keys as columns of a file call them."""
    return [(f"{CUSTOM}{name.removeprefix(OWN)}" if name.startswith(OWN) else name, one) for name, one in told.items()]


def policies(said: Iterable[tuple[str, Policy]], document: Document) -> tuple[dict[str, Policy], Policy]:
    """Field -> policy, and that of all others. Raises Refusal INVALID for a field that there is not."""
    found, otherwise, known = dict[str, Policy](), Policy.OWN, fields(document)
    for name, policy in said:
        field = f"{OWN}{name.removeprefix(CUSTOM)}" if name.startswith(CUSTOM) else name
        if not field:
            otherwise = policy
        elif field in known:
            found[field] = policy
        else:
            raise Refusal(
                ErrorCode.INVALID, "overwrite", "overwrite_field", field_name=name[:60], known=", ".join(known)
            )
    return found, otherwise
