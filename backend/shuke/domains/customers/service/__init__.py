"""Use cases: at the counter, in bulk for the rooms above, and the timeline that they append to."""

from shuke.domains.customers.service.bulk import Taken, ensure_members, hold_bulk, take_rows, upsert_many
from shuke.domains.customers.service.children import (
    add_dependant,
    confirm_birth,
    update_dependant,
)
from shuke.domains.customers.service.completeness import find_what_time_made, refresh_completeness, sweep_profiles
from shuke.domains.customers.service.consents import record_consent, save_consent_text
from shuke.domains.customers.service.counter import REVEALS_AN_HOUR, add_note, create_customer, reveal_phone
from shuke.domains.customers.service.edit import update_customer
from shuke.domains.customers.service.erasure import erase, hand_numbers_on, hold_numbers, suppress_numbers
from shuke.domains.customers.service.families import ChildRow, add_children
from shuke.domains.customers.service.holders import HOLDERS_AN_HOUR, telling_holders
from shuke.domains.customers.service.interactions import add_interaction, undo_interaction
from shuke.domains.customers.service.leads import LEADS_AN_HOUR, Received, create_lead, receive_lead
from shuke.domains.customers.service.ledger import join_consents, ledger_open, refresh_refusals
from shuke.domains.customers.service.links import (
    create_link,
    link_token,
    revoke_link,
    save_offers,
    settle_answers,
    tidy_links,
)
from shuke.domains.customers.service.merging import absorb, give_back, hold_customers, settle_merged
from shuke.domains.customers.service.newcomers import bring_in, template_version
from shuke.domains.customers.service.numbers import (
    add_identity,
    choose_phone,
    disown_identity,
    remove_contact,
    remove_identity,
)
from shuke.domains.customers.service.nursery import enter_children
from shuke.domains.customers.service.owners import hand_over
from shuke.domains.customers.service.paper import (
    MOST_BYTES,
    discard_paper,
    finish_paper,
    receive_paper,
    tidy_paper,
)
from shuke.domains.customers.service.party import join_known
from shuke.domains.customers.service.past_visits import recall_visits
from shuke.domains.customers.service.profile import filled_in, save_template
from shuke.domains.customers.service.quality import (
    dismiss_problem,
    keep_quality,
    keep_quality_where_it_is_day,
    recall_quality,
    restore_problem,
)
from shuke.domains.customers.service.referrals import relink_referrals
from shuke.domains.customers.service.search import refresh_search, sweep_search
from shuke.domains.customers.service.self_filing import fill_in, open_link
from shuke.domains.customers.service.shares import answer_share_request, ask_to_share, end_share
from shuke.domains.customers.service.silence import (
    remove_dependant,
    restore_dependant,
    resume_milestones,
    stop_milestones,
)
from shuke.domains.customers.service.stages import save_life_stages
from shuke.domains.customers.service.suppressions import suppressed
from shuke.domains.customers.service.timeline import (
    add_timeline,
    append_new_timeline,
    append_timeline,
    append_timeline_many,
    remove_timeline,
)
from shuke.domains.customers.service.undoing import TakenBack, Undone, take_back
from shuke.domains.customers.service.visits import record_visit, undo_visit, update_visit
from shuke.domains.customers.service.waiting import tell_of_answers

__all__ = [
    "HOLDERS_AN_HOUR",
    "LEADS_AN_HOUR",
    "MOST_BYTES",
    "REVEALS_AN_HOUR",
    "ChildRow",
    "Received",
    "Taken",
    "TakenBack",
    "Undone",
    "absorb",
    "add_children",
    "add_dependant",
    "add_identity",
    "add_interaction",
    "add_note",
    "add_timeline",
    "answer_share_request",
    "append_new_timeline",
    "append_timeline",
    "append_timeline_many",
    "ask_to_share",
    "bring_in",
    "choose_phone",
    "confirm_birth",
    "create_customer",
    "create_lead",
    "create_link",
    "discard_paper",
    "dismiss_problem",
    "disown_identity",
    "end_share",
    "ensure_members",
    "enter_children",
    "erase",
    "fill_in",
    "filled_in",
    "find_what_time_made",
    "finish_paper",
    "give_back",
    "hand_numbers_on",
    "hand_over",
    "hold_bulk",
    "hold_customers",
    "hold_numbers",
    "join_consents",
    "join_known",
    "keep_quality",
    "keep_quality_where_it_is_day",
    "ledger_open",
    "link_token",
    "open_link",
    "recall_quality",
    "recall_visits",
    "receive_lead",
    "receive_paper",
    "record_consent",
    "record_visit",
    "refresh_completeness",
    "refresh_refusals",
    "refresh_search",
    "relink_referrals",
    "remove_contact",
    "remove_dependant",
    "remove_identity",
    "remove_timeline",
    "restore_dependant",
    "restore_problem",
    "resume_milestones",
    "reveal_phone",
    "revoke_link",
    "save_consent_text",
    "save_life_stages",
    "save_offers",
    "save_template",
    "settle_answers",
    "settle_merged",
    "stop_milestones",
    "suppress_numbers",
    "suppressed",
    "sweep_profiles",
    "sweep_search",
    "take_back",
    "take_rows",
    "tell_of_answers",
    "telling_holders",
    "template_version",
    "tidy_links",
    "tidy_paper",
    "undo_interaction",
    "undo_visit",
    "update_customer",
    "update_dependant",
    "update_visit",
    "upsert_many",
]
