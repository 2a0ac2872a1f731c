"""What of a rule is said of somebody who fits it."""

from hypothesis import given
from hypothesis import strategies as st

from shuke.domains.segments.rules import reasons
from shuke.kit.rules import Condition, Every, Node, Not, Op, Some, conditions, deciding

LATE, REFUSED = Condition("last", Op.AGO, 90), Condition("refused", Op.ANY, ("a",))
DUE, BORN = Condition("due", Op.KNOWN), Condition("born", Op.KNOWN)
"""Of children: what they saw is not kept."""


def said(node: Node, *seen: object) -> list[tuple[Node, object]]:
    return reasons(node, iter(seen), lambda one: one in (DUE, BORN))


def test_what_all_conditions_saw_is_said_in_their_order() -> None:
    assert said(Every((LATE, DUE)), "2026-03-08", None) == [(LATE, "2026-03-08"), (DUE, None)]


def test_under_not_only_what_was_seen_is_said() -> None:
    assert said(Every((Not(REFUSED), Not(DUE))), [], None) == [(REFUSED, [])]


def test_where_nobody_knows_which_was_enough_they_are_said_together() -> None:
    either = Some((DUE, BORN))
    assert said(Every((either, LATE)), None, None, None) == [(either, None), (LATE, None)]
    assert said(Some((LATE, REFUSED)), None, []) == [(LATE, None), (REFUSED, [])]
    assert said(Some((DUE,)), None) == [(DUE, None)]


def trees() -> st.SearchStrategy[Node]:
    leaf = st.just(Condition("customer.level", Op.EQ, "金卡"))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            *(st.builds(kind, st.lists(inner, min_size=1, max_size=3).map(tuple)) for kind in (Every, Some)),
        ),
        max_leaves=12,
    )


@given(trees(), st.data())
def test_what_decides_is_what_the_outcome_hangs_on(tree: Node, data: st.DataObject) -> None:
    holds = [data.draw(st.booleans()) for _ in conditions(tree)]
    value, decides = deciding(tree, iter(holds))
    assert any(decides) and len(decides) == len(holds)
    others = [one if mine else data.draw(st.booleans()) for one, mine in zip(holds, decides, strict=True)]
    assert deciding(tree, iter(others))[0] is value  # whatever else were so
    turned = [one is not mine for one, mine in zip(holds, decides, strict=True)]
    assert deciding(tree, iter(turned))[0] is not value
