"""Every place of the database that knows a customer, and what becomes of it when one use case concerns all of them.

Whoever adds a table with a reference to `customer` (by foreign key, or by a column named like one) adds its line to
PARTS; `tests/integration/test_parts.py` fails until she does. "Nothing" is an answer, with its reason.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(slots=True, frozen=True)
class Nothing:
    """The rows stay as they are."""

    because: str


@dataclass(slots=True, frozen=True)
class Relink:
    """Merge: the loser's rows become the winner's. `once`: columns that may stand only once beside a customer; a row
    that the winner has already goes, and comes back with the undo. `alone`: SQL of which rows that holds.
    """

    once: tuple[str, ...] | None = None
    alone: str = "true"


@dataclass(slots=True, frozen=True)
class ByRoom:
    """A use case of the table's own room decides: where it stands within `shuke.domains`."""

    use_case: str


@dataclass(slots=True, frozen=True)
class Rebuilt:
    """Computed anew from what was changed: by the function that stands here within `shuke.domains`."""

    use_case: str


@dataclass(slots=True, frozen=True)
class Restored:
    """Undo: what the merge changed becomes what it was, column by column, unless somebody changed it since."""


@dataclass(slots=True, frozen=True)
class Delete:
    """Erasure: the rows go."""


@dataclass(slots=True, frozen=True)
class Strip:
    """Erasure: the row stays, so that totals hold; these columns become what they are by default."""

    columns: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Listed:
    """Export: the rows stand in a customer's own export, under this name. `only`: these columns of them, where the
    rest of the row is somebody else's; None: all that say something of her.
    """

    name: str
    only: tuple[str, ...] | None = None


Fate: TypeAlias = Nothing | Relink | ByRoom | Rebuilt | Restored | Delete | Strip | Listed


@dataclass(slots=True, frozen=True)
class Part:
    """A column that refers to a customer, and what each of the use cases does with its rows."""

    table: str
    column: str
    merge: Fate
    undo: Fate
    erasure: Fate
    hand_over: Fate
    imports: Fate
    export: Fate


RESTORED = Restored()
NO_OWNER = Nothing("it has no guide of its own: who serves her is asked of the customer")
NEVER_READ = Nothing("no file tells of it")
FOUND_BY_OLD_IDS = Nothing("it tells what was true then, and an old id leads to the winner")
TELLS_OF_IT = Nothing("it tells of the merge itself: the undo goes by it")
WITH_CUSTOMER = Rebuilt("customers.service.refresh_search")

PARTS = (
    Part(
        "customer",
        "id",
        merge=ByRoom("customers.service.absorb"),
        undo=RESTORED,
        erasure=Strip(
            (
                *("name", "alias", "gender", "birthday", "level", "note", "custom_values", "completeness"),
                *("problems", "referrer_id"),
            )
        ),
        hand_over=ByRoom("customers.service.hand_over"),
        imports=ByRoom("customers.service.upsert_many"),
        export=Listed("customer"),
    ),
    Part(
        "customer",
        "merged_into_id",
        merge=ByRoom("customers.service.absorb"),
        undo=RESTORED,
        erasure=Nothing("an id says nothing of a person, and old ones must go on leading to hers"),
        hand_over=NO_OWNER,
        imports=Nothing("rows find the winner by her numbers, which are hers since the merge"),
        export=Nothing("who was merged into her is seen by what was theirs"),
    ),
    Part(
        "customer",
        "referrer_id",
        merge=ByRoom("customers.service.relink_referrals"),
        undo=RESTORED,
        erasure=Nothing("who brought whom is told by ids, which say nothing of a person without a name"),
        hand_over=NO_OWNER,
        imports=NEVER_READ,
        export=Listed("referrals", only=("id", "created_at")),
    ),
    Part(
        "customer_identity",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=ByRoom("customers.service.upsert_many"),
        export=Listed("identities"),
    ),
    Part(
        "dependant",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=NEVER_READ,
        export=Listed("children"),
    ),
    Part(
        "identity_contact",
        "customer_id",
        merge=Relink(once=("identity_id",)),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=NEVER_READ,
        export=Listed("contacts"),
    ),
    Part(
        "customer_share",
        "customer_id",
        merge=Relink(once=("store_id",)),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("she is shared with a store, whoever works there"),
        imports=NEVER_READ,
        export=Listed("shares"),
    ),
    Part(
        "share_request",
        "customer_id",
        merge=Relink(once=("store_id",), alone="state = 'open'"),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("whoever leads the store may answer it"),
        imports=NEVER_READ,
        export=Nothing("what stores asked of each other says nothing of her"),
    ),
    Part(
        "timeline_entry",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("who did what stays who did it"),
        imports=ByRoom("customers.service.upsert_many"),
        export=Listed("timeline"),
    ),
    Part(
        "visit",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Strip(("note", "external_id")),
        hand_over=Nothing("who put a visit down stays who did it"),
        imports=NEVER_READ,
        export=Listed("visits"),
    ),
    Part(
        "paper_card",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("a card belongs to its store"),
        imports=NEVER_READ,
        export=Listed("paper_cards"),
    ),
    Part(
        "customer_link",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("who made a link stays who did it, and it leads to the customer whoever serves her"),
        imports=NEVER_READ,
        export=Listed("links"),
    ),
    Part(
        "dismissed_problem",
        "customer_id",
        merge=Relink(once=("problem", "value")),
        undo=RESTORED,
        erasure=Delete(),
        hand_over=Nothing("what was said of a card holds, whosever she is"),
        imports=NEVER_READ,
        export=Nothing("the value that it is about stands on her card"),
    ),
    Part(
        "search_token",
        "customer_id",
        merge=WITH_CUSTOMER,
        undo=WITH_CUSTOMER,
        erasure=WITH_CUSTOMER,
        hand_over=Nothing("it stands by her store, which stays"),
        imports=WITH_CUSTOMER,
        export=Nothing("it says nothing that her card does not"),
    ),
    Part(
        "search_waiting",
        "customer_id",
        merge=Nothing("whoever waits for her tokens gets those of that hour"),
        undo=Nothing("whoever waits for her tokens gets those of that hour"),
        erasure=Nothing("an id in a queue says nothing of a person"),
        hand_over=NO_OWNER,
        imports=NEVER_READ,
        export=Nothing("it says nothing of a person"),
    ),
    Part(
        "order",
        "customer_id",
        merge=Relink(),
        undo=RESTORED,
        erasure=ByRoom("orders.service.make_anonymous"),
        hand_over=Nothing("a receipt belongs to its store"),
        imports=ByRoom("orders.service.store_documents"),
        export=Listed("orders"),
    ),
    Part(
        "customer_stats",
        "id",
        merge=Rebuilt("orders.service.rebuild_stats"),
        undo=RESTORED,
        erasure=ByRoom("orders.service.make_anonymous"),
        hand_over=NO_OWNER,
        imports=Rebuilt("orders.service.rebuild_stats"),
        export=Listed("purchases"),
    ),
    Part(
        "segment_membership",
        "customer_id",
        merge=ByRoom("segments.service.absorb"),
        undo=RESTORED,
        erasure=ByRoom("segments.service.forget"),
        hand_over=NO_OWNER,
        imports=Nothing("cells are computed every night"),
        export=Listed("segments"),
    ),
    Part(
        "task",
        "customer_id",
        merge=ByRoom("tasks.service.absorb"),
        undo=RESTORED,
        erasure=ByRoom("tasks.service.forget"),
        hand_over=ByRoom("tasks.service.hand_over"),
        imports=NEVER_READ,
        export=Listed("cards"),
    ),
    Part(
        "enrolment",
        "customer_id",
        merge=ByRoom("journeys.service.absorb"),
        undo=RESTORED,
        erasure=ByRoom("journeys.service.forget"),
        hand_over=NO_OWNER,
        imports=ByRoom("journeys.service.enrol"),
        export=Nothing("what came of it stands among her cards"),
    ),
    Part(
        "consent_entry",
        "customer_id",
        merge=ByRoom("customers.service.join_consents"),
        undo=RESTORED,
        erasure=ByRoom("customers.service.erase"),
        hand_over=Nothing("what she said was said to the shop"),
        imports=NEVER_READ,
        export=Listed("consents"),
    ),
    Part(
        "customer_copy",
        "customer_id",
        merge=Nothing("leave to fetch a copy ends within a day, and an old id leads to the winner"),
        undo=Nothing("leave to fetch a copy ends within a day, merged or not"),
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=NEVER_READ,
        export=Nothing("it is the copy itself"),
    ),
    Part(
        "import_change",
        "customer_id",
        merge=Nothing("it tells what an import did to her then; who was merged since stays when that is undone"),
        undo=Nothing("the merge did not touch it"),
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=ByRoom("records.service.import_customers"),
        export=Nothing("what a file said of her stands on her card and in her timeline"),
    ),
    Part(
        "import_digest",
        "customer_id",
        merge=FOUND_BY_OLD_IDS,
        undo=Nothing("the merge did not touch it"),
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=ByRoom("records.service.import_customers"),
        export=Nothing("it says nothing of a person"),
    ),
    *(
        Part(
            "merge_record",
            column,
            merge=TELLS_OF_IT,
            undo=TELLS_OF_IT,
            erasure=Strip(("snapshot",)),
            hand_over=NO_OWNER,
            imports=NEVER_READ,
            export=Listed("merges"),
        )
        for column in ("winner_id", "loser_id")
    ),
    *(
        Part(
            "duplicate_pair",
            column,
            merge=ByRoom("records.service.settle_pairs"),
            undo=RESTORED,
            erasure=Delete(),
            hand_over=NO_OWNER,
            imports=Nothing("pairs are looked for once the rows are in"),
            export=Nothing("a guess about two people is told to neither"),
        )
        for column in ("a_id", "b_id")
    ),
)
"""Every column that refers to a customer."""
