"""The words of consents as enums of the schema; several types need them before their fields."""

import strawberry

from shuke.domains.customers.types import RevealReason
from shuke.domains.customers.types.consents import ConsentChannel, ConsentHow, ConsentPurpose, ConsentState

strawberry.enum(
    ConsentPurpose,
    description="What a customer's data is used for; each is asked for by itself. SERVICE: about what she bought or "
    "asked for; MARKETING: offers, reminders, invitations; PROFILING: grouping her by what she buys; SHARING: passing "
    "her data on to partners; CHILDREN: children's data, by the guardian's word.",
)
strawberry.enum(ConsentChannel, description="By which way she may be reached; ANY: all of them, or none is needed.")
strawberry.enum(
    ConsentState,
    description="What she said. REFUSED: no; WITHDRAWN: no after a yes. What was never asked is not refused.",
)
strawberry.enum(
    ConsentHow,
    description="Where what she said is known from; MERGE: two records became one, and the stricter word stayed; "
    "ERASURE: she was erased once, and is on file anew with nothing allowed.",
)
strawberry.enum(
    RevealReason,
    description="What a number is looked at for. CARD: to call for her card; ORDER: something is wrong with an order; "
    "ASKED: she asked to be called; OTHER: said in words.",
)
