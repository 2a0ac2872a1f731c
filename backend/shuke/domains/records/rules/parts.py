"""Every place of the database that knows a customer, and what becomes of it when one use case concerns all of them.

Whoever adds a table with a reference to `customer` (by foreign key, or by a column named like one) adds its line to
PARTS; `tests/integration/test_parts.py` fails until she does. "Nothing" is an answer, with its reason.
"""

from shuke.domains.records.rules.archive_parts import ARCHIVE
from shuke.domains.records.rules.fates import (
    NEVER_READ,
    NO_OWNER,
    RESTORED,
    ByRoom,
    Delete,
    Listed,
    Nothing,
    Part,
    Rebuilt,
    Relink,
    Strip,
)

FOUND_BY_OLD_IDS = Nothing("it tells what was true then, and an old id leads to the winner")
FOLLOWS = Nothing("it follows from what is on file: whoever is touched is looked at again")
TELLS_OF_IT = Nothing("it tells of the merge itself: the undo goes by it")

PARTS = (
    *ARCHIVE,
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
        imports=FOLLOWS,
        export=Listed("segments"),
    ),
    Part(
        "rfm_figure",
        "customer_id",
        merge=FOLLOWS,
        undo=FOLLOWS,
        erasure=ByRoom("segments.service.forget"),
        hand_over=NO_OWNER,
        imports=FOLLOWS,
        export=Nothing("her purchases say the same, and her cell's reason says it in words"),
    ),
    Part(
        "rfm_touched",
        "customer_id",
        merge=FOLLOWS,
        undo=FOLLOWS,
        erasure=ByRoom("segments.service.forget"),
        hand_over=NO_OWNER,
        imports=FOLLOWS,
        export=Nothing("it only says when she is to be looked at again"),
    ),
    Part(
        "segment_member",
        "customer_id",
        merge=FOLLOWS,
        undo=FOLLOWS,
        erasure=ByRoom("segments.service.forget"),
        hand_over=NO_OWNER,
        imports=FOLLOWS,
        export=Listed("rule_segments", ("segment_id", "entered_at", "left_at")),
    ),
    Part(
        "customer_tag",
        "customer_id",
        merge=ByRoom("segments.service.absorb_tags"),
        undo=RESTORED,
        erasure=ByRoom("segments.service.forget_tags"),
        hand_over=Nothing("what was said of her holds, whosever she is"),
        imports=ByRoom("segments.service.place_from_file"),
        export=Listed("tags", ("tag_id", "set_at", "removed_at", "score", "reasons", "expires_at")),
    ),
    Part(
        "segment_watch",
        "customer_id",
        merge=FOLLOWS,
        undo=FOLLOWS,
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=FOLLOWS,
        export=Nothing("it only says when she is to be looked at again"),
    ),
    Part(
        "customer_prediction",
        "customer_id",
        merge=ByRoom("predictions.service.forget"),
        undo=ByRoom("predictions.service.forget"),
        erasure=Delete(),
        hand_over=NO_OWNER,
        imports=Nothing("the night's run reads what the file brought"),
        export=Listed("predictions", ("as_of", "expires_at", "order_30", "order_90", "new_90", "next_on", "labels")),
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
