"""Which addresses may be pushed to, what an answer means, when to try again; pure."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from shuke.domains.notifications.types import DeliveryState, InboxKind, Verdict

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)
"""Who runs push services. An endpoint comes from a client and is posted to by us, so nobody else is called."""

LONGEST_ENDPOINT = 1000
MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)  # then four times as long each time: all five within 45 minutes
LONGEST_WAIT = timedelta(hours=6)
STALE_AFTER = timedelta(hours=6)
"""A reminder that is later than this is told by the inbox alone."""

GROWS_FOR = timedelta(minutes=30)
"""So long after it was posted an unread reminder takes in further cards, instead of a second one beside it."""

_PLACE = re.compile(r"(https?)://((?:\*\.)?[a-z0-9.-]+)(?::([0-9]{1,5}))?")
_ENDPOINT = re.compile(_PLACE.pattern + r"/[!-\[\]-~]*")
_CONTACT = re.compile(r"mailto:[^\s@<>]+@[\w-]+(\.[\w-]+)+|https://[\w-]+(\.[\w-]+)+")


def endpoint_possible(endpoint: str) -> bool:
    """Could it ever have been subscribed? What could not is not looked for."""
    return len(endpoint) <= LONGEST_ENDPOINT and _ENDPOINT.fullmatch(endpoint) is not None


def endpoint_allowed(endpoint: str, extra: Sequence[str] = ()) -> bool:
    """Is this the address of a known push service, or of a place that the operator added?

    A place is `host`, `*.host`, either with `:port`, and https unless written as `http://…`. The whole address must
    have the one plain form that every URL parser reads alike, so that the host checked is the host called.
    """
    found = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
    if not found:
        return False
    scheme, host, port = _normal(found)
    for place in (*PUSH_SERVICES, *extra):
        wanted = _PLACE.fullmatch(place if "://" in place else f"https://{place}")
        if wanted and _normal(wanted)[::2] == (scheme, port) and _host_fits(host, wanted[2]):
            return True
    return False


def _normal(found: re.Match[str]) -> tuple[str, str, int]:
    return found[1], found[2], int(found[3] or (443 if found[1] == "https" else 80))


def _host_fits(host: str, wanted: str) -> bool:
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def contact_usable(contact: str) -> bool:
    """Can it name a person to the push services? Apple's refuses placeholders such as localhost."""
    host = re.split("[@/]", contact)[-1]
    return bool(_CONTACT.fullmatch(contact)) and not host.endswith((".local", ".localhost", ".invalid"))


def judge(status: int | None, retry_after: str | None, attempts: int, now: datetime) -> Verdict:
    """What the push service's answer (None: none came) to try number `attempts` means."""
    if status is not None and 200 <= status < 300:
        return Verdict(DeliveryState.SENT)
    if status in (404, 410):
        return Verdict(DeliveryState.GONE)
    if attempts >= MAX_ATTEMPTS or not (status is None or status in (408, 425, 429) or status >= 500):
        return Verdict(DeliveryState.FAILED)
    wait = max(FIRST_WAIT * 4 ** (attempts - 1), _asked_for(retry_after, now))
    return Verdict(DeliveryState.PENDING, now + min(wait, LONGEST_WAIT))


def _asked_for(retry_after: str | None, now: datetime) -> timedelta:
    """Retry-After: seconds or an HTTP date; zero for anything else."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return timedelta(0)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def title_key(kind: InboxKind, data: Mapping[str, Any]) -> str:
    """Which sentence of `kit.words` a message begins with."""
    key = f"inbox_{kind.value}_title"
    if kind is InboxKind.NUDGE:
        return f"{key}_{'both' if data['late'] and data['due'] else 'late' if data['late'] else 'due'}"
    if kind is InboxKind.SHARE_ANSWERED:
        return f"{key}_{'yes' if data['accepted'] else 'no'}"
    return f"{key}_one" if kind is InboxKind.TASKS_DUE and data.get("count") == 1 else key


def tasks_url(task_ids: Sequence[UUID]) -> str:
    """Where a reminder leads: the one card, or the day."""
    if len(task_ids) != 1:
        return "/"
    return f"/tasks/{base64.b64encode(f'Task:{task_ids[0]}'.encode()).decode()}"
