"""Pure: what the public page asks, which link is over, and what of her answers goes onto her card."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from shuke.domains.customers.rules.completeness import DEFAULT_BIRTHDAYS
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.customers.types.links import AnswerState, Said, Standing
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Sensitivity, Subject

LONGEST = {"customer": timedelta(days=30), "receipt": timedelta(days=90), "store": timedelta(days=730)}
USUAL = {"customer": timedelta(days=7), "receipt": timedelta(days=30), "store": timedelta(days=365)}
GOING_ON = timedelta(hours=2)
"""How long somebody who scanned a store's code may take over the rest of the form."""
BASICS = ("name", "phone", "gender", "birthday", "wechat")
"""Built-in fields that the page asks, in its order."""
FRIENDLY = ("occupation", "household", "living_area", "preferred_contact", "contact_time", "interests")
"""Shipped fields that everybody may be asked; the shop's own judgement of her is not among them."""
COMPLETE = frozenset(("name", "phone", "birthday"))
"""What is to be filled in for what the shop gives in return."""
PURPOSES = (ConsentPurpose.MARKETING, ConsentPurpose.PROFILING)
NOT_HERS = (FieldKind.STAFF, FieldKind.STORE, FieldKind.CUSTOMER)
BLANK: tuple[Any, ...] = (None, "", "unknown")


def asks(document: Document, chosen: Collection[str] | None) -> list[Field]:
    """The fields that she is asked, in the order of the form: built-in ones, then those of head office's own that it
    has chosen. None: it has not said; then a few that everybody may be asked.
    """
    wanted = FRIENDLY if chosen is None else chosen
    known = {field.key: field for field in document.fields if field.built_in and not field.archived_at}
    own = [field for field in may_ask(document) if field.key in wanted]
    return [known[key] for key in BASICS if key in known] + own


def may_ask(document: Document) -> list[Field]:
    """Head office's own fields about herself that may be put before her: what everybody in the shop sees and fills in,
    and nothing sensitive, for nobody has shown who she is.
    """
    return [field for field in document.fields if not field.built_in and _open_to_all(field)]


def _open_to_all(field: Field) -> bool:
    told = field.archived_at is None and not field.computed and field.subject is Subject.CUSTOMER
    unguarded = field.sees is None and field.edits is None and field.sensitivity is not Sensitivity.SENSITIVE
    return told and unguarded and field.kind not in NOT_HERS


def over(link: Standing, now: datetime) -> str | None:
    """Why a link is of no use any more, as a key of `kit.words`; None: it is."""
    if link.revoked_at is not None:
        return "link_revoked"
    if link.single_use and link.used_at is not None:
        return "link_used"
    return "link_expired" if link.expires_at <= now else None


def sort_out(
    wanted: Mapping[str, Any],
    current: Mapping[str, Any],
    versions: Mapping[str, int],
    before: Mapping[str, Said],
    unsure: bool,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What goes onto her card and what waits for a colleague; what stands there already does neither.

    A blank is filled. What stands there stays, unless this very link put it there and nobody touched it since. Where
    it is not sure who writes, everything waits.
    """
    filled, waiting = dict[str, Any](), dict[str, Any]()
    for name, value in wanted.items():
        if current.get(name) == value:
            continue
        said = before.get(name)
        own = said is not None and said.state is AnswerState.TAKEN and 0 < said.version == versions.get(name, 1)
        (filled if (blank(name, current.get(name)) or own) and not unsure else waiting)[name] = value
    return filled, waiting


def blank(name: str, value: Any) -> bool:
    """Whether this says as little of her as nothing."""
    return value in BLANK or value == [] or (name == "birthday" and value in DEFAULT_BIRTHDAYS)


def complete(said: Collection[str]) -> bool:
    """Whether enough came in for what the shop gives in return."""
    return set(said) >= COMPLETE
