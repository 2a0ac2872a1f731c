"""What customers bring about themselves: an inquiry from outside, a complaint. Each is a reason on her card."""

from datetime import datetime, timedelta
from uuid import UUID

from shuke.domains.customers import queries as customers
from shuke.domains.customers.types.consents import ConsentPurpose
from shuke.domains.tasks import rules
from shuke.domains.tasks.service.cards import add_reasons, withdraw_reasons
from shuke.domains.tasks.types import NewReason, Reason
from shuke.kit.i18n import CATALOGUE
from shuke.kit.ids import effect_id

LEAD_WITHIN = timedelta(hours=1)
COMPLAINT_WITHIN = timedelta(hours=2)


async def answer_lead(brand_id: UUID, visit_id: UUID) -> None:
    """Whoever asked from outside is to be contacted within the hour; one asked at night by ten in the morning."""
    asked = await customers.who_asked(brand_id, visit_id)
    if asked is not None:
        customer_id, at, zone = asked
        await _add(brand_id, customer_id, "lead", visit_id, rules.waking(at, zone) + LEAD_WITHIN)


async def answer_complaint(brand_id: UUID, customer_id: UUID, entry_id: UUID) -> None:
    """A complaint is to be answered within two hours of the shop's day; taken back, it is a reason no longer."""
    told = await customers.complained(brand_id, customer_id, entry_id)
    if told is None:
        await withdraw_reasons(brand_id, {customer_id: [effect_id("complaint", entry_id)]})
        return
    at, zone = told
    await _add(brand_id, customer_id, "complaint", entry_id, rules.waking(at, zone) + COMPLAINT_WITHIN)


async def _add(brand_id: UUID, customer_id: UUID, key: str, subject: UUID, due_at: datetime) -> None:
    why, say = ({locale: words[f"{key}_{part}"] for locale, words in CATALOGUE.items()} for part in ("why", "say"))
    reason = Reason(effect_id(key, subject), key, why, say, {}, due_at, ConsentPurpose.SERVICE.value)
    await add_reasons(brand_id, [NewReason(customer_id, reason, due_at + rules.KEEP_AFTER_DUE)])
