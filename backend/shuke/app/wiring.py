"""What happens when: event -> handlers, and the sweeps of timer rows. One screen, so that the way of news is seen."""

from collections.abc import Awaitable, Callable

from shuke.domains.customers import handlers as customer_handlers
from shuke.domains.customers import service as customers
from shuke.domains.journeys import handlers as journeys
from shuke.domains.journeys import service as journey_service
from shuke.domains.notifications import handlers as notifications
from shuke.domains.notifications import service as notification_service
from shuke.domains.records import handlers as record_handlers
from shuke.domains.records import service as records
from shuke.domains.tasks import handlers as task_handlers
from shuke.domains.tasks import service as tasks
from shuke.kit.events import Wiring

WIRING: Wiring = {
    "consent.recorded": [task_handlers.on_consent_recorded, journeys.on_consent_recorded],
    "customer.interaction_added": [task_handlers.on_interaction],
    "customer.interaction_undone": [task_handlers.on_interaction],
    "dependant.added": [journeys.on_dependant_changed, record_handlers.on_customers_touched],
    "dependant.born": [journeys.on_dependant_changed, record_handlers.on_customers_touched],
    "dependant.updated": [journeys.on_dependant_changed, record_handlers.on_customers_touched],
    "lead.received": [task_handlers.on_lead_received],
    "life_stages.saved": [journeys.on_life_stages_saved],
    "brand.created": [journeys.on_brand_created, record_handlers.on_brand_created],
    "customer.created": [record_handlers.on_customers_touched],
    "customer.merged": [record_handlers.on_customers_touched],
    "customer.self_filled": [
        task_handlers.on_consent_recorded,
        journeys.on_consent_recorded,
        customer_handlers.on_self_filled,
        record_handlers.on_customers_touched,
    ],
    "customer.unmerged": [record_handlers.on_customers_touched],
    "customer.updated": [task_handlers.on_customer_updated, record_handlers.on_customers_touched],
    "customers.imported": [record_handlers.on_customers_touched],
    "orders.recorded": [journeys.on_orders_recorded],
    "tasks.due": [notifications.on_tasks_due],
}

SWEEPS: tuple[Callable[[int], Awaitable[int]], ...] = (
    journey_service.sweep_enrolments,
    tasks.sweep_reminders,
    tasks.sweep_expired,
    notification_service.sweep_deliveries,
    records.sweep_imports,
    records.sweep_duplicates,
    records.sweep_exports,
    customers.sweep_search,
    customers.sweep_profiles,
)
"""Each claims at most so many due timer rows and gives back how many it found."""
