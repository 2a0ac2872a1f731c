"""What happens when: event -> handlers, and the sweeps of timer rows. One screen, so that the way of news is seen."""

from collections.abc import Awaitable, Callable

from shuke.domains.customers import handlers as customer_handlers
from shuke.domains.customers import service as customers
from shuke.domains.journeys import handlers as journeys
from shuke.domains.journeys import service as journey_service
from shuke.domains.notifications import handlers as notifications
from shuke.domains.notifications import service as notification_service
from shuke.domains.predictions import handlers as prediction_handlers
from shuke.domains.predictions import service as predictions
from shuke.domains.records import handlers as record_handlers
from shuke.domains.records import service as records
from shuke.domains.segments import handlers as segments
from shuke.domains.segments import service as segment_service
from shuke.domains.tasks import handlers as task_handlers
from shuke.domains.tasks import service as tasks
from shuke.kit.events import Wiring

WIRING: Wiring = {
    "completeness.measured": [segments.on_changed_for_all],
    "consent.recorded": [
        task_handlers.on_consent_recorded,
        journeys.on_consent_recorded,
        prediction_handlers.on_consent_recorded,
        segments.on_touched,
    ],
    "customer.erased": [segments.on_touched],
    "customer.identity_added": [segments.on_touched],
    "customer.identity_disowned": [segments.on_touched],
    "customer.identity_removed": [segments.on_touched],
    "customer.interaction_added": [task_handlers.on_interaction, segments.on_touched],
    "customer.interaction_undone": [task_handlers.on_interaction, segments.on_touched],
    "customer.noted": [segments.on_touched],
    "customer.problem_dismissed": [segments.on_touched],
    "customer.problem_restored": [segments.on_touched],
    "dependant.added": [journeys.on_dependant_changed, record_handlers.on_customers_touched, segments.on_touched],
    "dependant.born": [journeys.on_dependant_changed, record_handlers.on_customers_touched, segments.on_touched],
    "dependant.removed": [segments.on_touched],
    "dependant.restored": [segments.on_touched],
    "dependant.updated": [journeys.on_dependant_changed, record_handlers.on_customers_touched, segments.on_touched],
    "dependants.imported": [journeys.on_dependants_changed, record_handlers.on_customers_touched, segments.on_touched],
    "dependants.taken_back": [journeys.on_dependants_changed, segments.on_touched],
    "import.undone": [segments.on_changed_for_all],
    "lead.received": [task_handlers.on_lead_received, segments.on_touched],
    "life_stages.saved": [journeys.on_life_stages_saved, segments.on_changed_for_all],
    "link.settled": [segments.on_touched],
    "brand.created": [journeys.on_brand_created, record_handlers.on_brand_created],
    "customer.created": [record_handlers.on_customers_touched, segments.on_touched],
    "customer.merged": [
        record_handlers.on_customers_touched,
        prediction_handlers.on_merged,
        segments.on_touched,
    ],
    "customer.self_filled": [
        task_handlers.on_consent_recorded,
        journeys.on_consent_recorded,
        prediction_handlers.on_consent_recorded,
        customer_handlers.on_self_filled,
        record_handlers.on_customers_touched,
        segments.on_touched,
    ],
    "customer.unmerged": [
        record_handlers.on_customers_touched,
        prediction_handlers.on_merged,
        segments.on_touched,
    ],
    "customer.updated": [
        task_handlers.on_customer_updated,
        record_handlers.on_customers_touched,
        segments.on_touched,
    ],
    "customers.tagged": [segments.on_touched],
    "customers.imported": [record_handlers.on_customers_touched, segments.on_touched],
    "orders.recorded": [journeys.on_orders_recorded, segments.on_touched],
    "predictions.forgotten": [segments.on_forgotten],
    "predictions.scored": [segments.on_changed_for_all, segments.on_scored],
    "products.categorised": [segments.on_changed_for_all, segments.on_categorised],
    "staff.ended": [segments.on_changed_for_all],
    "tag.archived": [segments.on_changed_for_all],
    "tag.restored": [segments.on_changed_for_all],
    "tagging.undone": [segments.on_touched],
    "tags.predicted": [segments.on_touched],
    "task.outcome": [segments.on_touched],
    "task.undone": [segments.on_touched],
    "tasks.due": [notifications.on_tasks_due],
    "visit.recorded": [segments.on_touched],
    "visit.undone": [segments.on_touched],
    "visit.updated": [segments.on_touched],
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
    segment_service.sweep_cells,
    segment_service.sweep_members,
    segment_service.sweep_fills,
    segment_service.sweep_tagging,
    segment_service.sweep_foretold,
    predictions.sweep_predictions,
)
"""Each claims at most so many due timer rows and gives back how many it found."""
