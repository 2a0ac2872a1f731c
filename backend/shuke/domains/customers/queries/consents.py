"""Reads: the words that customers say yes or no to, and what one of them has said."""

from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from shuke.domains.customers.types.consents import (
    ConsentChannel,
    ConsentPurpose,
    ConsentState,
    ConsentText,
    Said,
)
from shuke.domains.identity.service import allow
from shuke.domains.identity.types import Actor
from shuke.kit import codec, db
from shuke.kit.ids import effect_id

TEXTS = """
SELECT t.id, t.purpose, t.version, t.bodies, s.name, t.created_at FROM consent_text t
LEFT JOIN staff s ON s.id = t.staff_id
"""
LEDGER = """
SELECT purpose, channel, state, at, created_at FROM consent_entry WHERE customer_id = $1
"""


def shipped_id(brand_id: UUID, purpose: ConsentPurpose) -> UUID:
    """The id that the shipped text of a brand has, written already or not."""
    return effect_id("consent text", brand_id, purpose.value)


@lru_cache(1)
def shipped_bodies() -> dict[str, dict[str, str]]:
    """Purpose -> language -> text: what every brand begins with."""
    package = __package__.rpartition(".")[0]
    found: dict[str, dict[str, str]] = codec.loads(files(package).joinpath("shipped/consent_texts.json").read_bytes())
    return found


async def consent_texts(actor: Actor, *, versions: bool = False) -> list[ConsentText]:
    """The text in force for each purpose; with `versions` all that ever were, the latest of each purpose first."""
    allow(actor, "consentTexts")
    return await texts_of(actor.brand_id, versions=versions)


async def texts_of(brand_id: UUID, *, versions: bool = False) -> list[ConsentText]:
    """The same for whoever stands before the public page."""
    rows = await db.fetch(f"{TEXTS} WHERE t.brand_id = $1 ORDER BY t.purpose, t.version DESC", brand_id)
    found: dict[ConsentPurpose, list[ConsentText]] = {purpose: [] for purpose in ConsentPurpose}
    for row in rows:
        found[ConsentPurpose(row[1])].append(_text(row))
    for purpose, texts in found.items():
        if not texts or texts[-1].version > 1:
            body = shipped_bodies()[purpose.value]
            texts.append(ConsentText(shipped_id(brand_id, purpose), purpose, 1, body, None, None))
    return [text for texts in found.values() for text in (texts if versions else texts[:1])]


async def consent_text(actor: Actor, text_id: UUID) -> ConsentText | None:
    """One version of one text; the program's own, which need not be on file, too."""
    texts = await consent_texts(actor, versions=True)
    return next((text for text in texts if text.id == text_id), None)


async def texts_by_id(actor: Actor, ids: list[UUID]) -> list[ConsentText | None]:
    """A batch, in the order of `ids`; whoever sees what was said may read the words it was said to."""
    allow(actor, "customer")
    rows = await db.fetch(f"{TEXTS} WHERE t.brand_id = $1 AND t.id = ANY($2)", actor.brand_id, ids)
    found = {row[0]: _text(row) for row in rows}
    return [found.get(key) for key in ids]


async def ledger(customer_id: UUID) -> list[Said]:
    """All that a customer said; call it where her row is locked."""
    return [said(row) for row in await db.fetch(LEDGER, customer_id)]


def said(row: Any) -> Said:
    return Said(ConsentPurpose(row[0]), ConsentChannel(row[1]), ConsentState(row[2]), row[3], row[4])


def _text(row: Any) -> ConsentText:
    return ConsentText(row[0], ConsentPurpose(row[1]), row[2], codec.loads(row[3]), row[4], row[5])
