"""What holds of all that a customer said, and of two records that become one: the strictest wins."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from shuke.domains.customers.types.consents import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    ConsentState,
    Key,
    Said,
)

S = TypeVar("S", Said, Consent)

ANY = ConsentChannel.ANY
BY_CHANNEL = frozenset({ConsentPurpose.SERVICE, ConsentPurpose.MARKETING})
"""Purposes that reach out to her; the others are a yes or no without a channel."""

GUIDES_CHANNELS = (ConsentChannel.PHONE, ConsentChannel.WECHAT)
"""The ways by which a person at the counter follows up."""


def fits(purpose: ConsentPurpose, channel: ConsentChannel) -> bool:
    """Whether this purpose knows this channel."""
    return channel is ANY or purpose in BY_CHANNEL


def counts_from(said: Said | Consent) -> datetime:
    """The moment that decides what is later: a yes from when it was said, a no from when it became known.

    So a yes that a phone kept for hours never overrides a no that came meanwhile, and a no that comes late counts.
    """
    return said.at if said.state is ConsentState.GRANTED else max(said.at, said.known_at)


def _rank(said: Said | Consent) -> tuple[datetime, bool]:
    """Later wins; at one moment the no."""
    return counts_from(said), said.state is not ConsentState.GRANTED


def current(entries: Iterable[S]) -> dict[Key, S]:
    """The entry that decides for each purpose and channel of which something holds.

    A no to any channel stands over an earlier yes to one of them; a later yes to that one stands beside it. A yes to
    any channel lifts no earlier no to a single one: that needs a yes of its own.
    """
    latest: dict[Key, S] = {}
    for said in entries:
        key = (said.purpose, said.channel)
        if key not in latest or _rank(said) > _rank(latest[key]):
            latest[key] = said
    return {key: _deciding(said, latest.get((said.purpose, ANY))) for key, said in latest.items()}


def decisive(entries: Sequence[Consent]) -> list[Consent]:
    """The entries that decide, each under its own purpose and channel, in the order of the enums."""
    now = current(entries)
    deciding = [one for key, one in now.items() if (one.purpose, one.channel) == key]
    purposes, channels = list(ConsentPurpose), list(ConsentChannel)
    return sorted(deciding, key=lambda one: (purposes.index(one.purpose), channels.index(one.channel)))


def _deciding(said: S, of_all: S | None) -> S:
    closed = of_all is not None and of_all.state is not ConsentState.GRANTED
    if closed and of_all is not None and said.state is ConsentState.GRANTED and _rank(of_all) > _rank(said):
        return of_all
    return said


def closed(now: Mapping[Key, Said]) -> list[str]:
    """What she does not want, as "marketing/phone", every channel by itself; in order. Not asked is not refused."""
    found = []
    for purpose in ConsentPurpose:
        for channel in ConsentChannel:
            if fits(purpose, channel):
                decides = now.get((purpose, channel)) or now.get((purpose, ANY))
                if decides is not None and decides.state is not ConsentState.GRANTED:
                    found.append(f"{purpose.value}/{channel.value}")
    return found


def strictest(*records: Mapping[Key, Said]) -> dict[Key, Said]:
    """What holds when these records are one person's: a no of any of them wins over every yes, however late."""
    found: dict[Key, Said] = {}
    for purpose, channel in dict.fromkeys(key for record in records for key in record):
        said = [record.get((purpose, channel)) or record.get((purpose, ANY)) for record in records]
        found[purpose, channel] = max((one for one in said if one is not None), key=_severity)
    return found


def _severity(said: Said) -> tuple[bool, datetime]:
    return said.state is not ConsentState.GRANTED, counts_from(said)


def permitted(refusals: Collection[str], purpose: str, channel: ConsentChannel) -> bool:
    """Whether nothing of what is closed forbids this purpose by this channel."""
    asked = channel if ConsentPurpose(purpose) in BY_CHANNEL else ANY
    return f"{purpose}/{asked.value}" not in refusals


def open_channels(refusals: Collection[str], purposes: Iterable[str]) -> list[ConsentChannel]:
    """By which ways a person may follow up for one of these purposes."""
    wanted = list(purposes)
    return [way for way in GUIDES_CHANNELS if any(permitted(refusals, purpose, way) for purpose in wanted)]
