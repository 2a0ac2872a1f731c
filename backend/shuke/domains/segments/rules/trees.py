"""Segments within segments: a rule that asks for another one means that one's rule."""

from collections.abc import Mapping
from uuid import UUID

from shuke.domains.segments.types.rules import SEGMENTS
from shuke.kit.rules import Condition, Every, Node, Not, Op, Some, conditions


def mentioned(node: Node) -> set[UUID]:
    """The segments that a rule asks for."""
    return {UUID(key) for one in conditions(node) if one.fact == SEGMENTS for key in one.value or ()}


def goes_round(segment_id: UUID, node: Node, trees: Mapping[UUID, Node]) -> bool:
    """Whether the rule would come back to its own segment through others."""
    waiting, seen = mentioned(node), set[UUID]()
    while waiting:
        key = waiting.pop()
        if key == segment_id:
            return True
        seen.add(key)
        waiting |= (mentioned(trees[key]) if key in trees else set()) - seen
    return False


def expanded(node: Node, trees: Mapping[UUID, Node]) -> Node:
    """The rule with the rules of those it asks for in their places. What is none of `trees`, a snapshot, stays."""
    match node:
        case Not(inner):
            return Not(expanded(inner, trees))
        case Every(nodes):
            return Every(tuple(expanded(one, trees) for one in nodes))
        case Some(nodes):
            return Some(tuple(expanded(one, trees) for one in nodes))
        case Condition(fact, op, value) if fact == SEGMENTS and value:
            parts = tuple(_one(UUID(key), trees) for key in value)
            if op is Op.ALL:
                return Every(parts)
            return Not(Some(parts)) if op is Op.NONE else Some(parts)
        case _:
            return node


def _one(key: UUID, trees: Mapping[UUID, Node]) -> Node:
    found = trees.get(key)
    return Condition(SEGMENTS, Op.ANY, (str(key),)) if found is None else expanded(found, trees)
