"""Segments within segments: a rule that asks for another one, or for a tag that follows one, means that one's rule.

`trees` holds what has a meaning of its own: a segment's id with its rule, a dynamic tag's id with the condition that
asks for its segment, and `ANY_TAG`, where there are any, with the one that asks for all of theirs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from shuke.domains.segments.types.rules import SEGMENTS
from shuke.domains.segments.types.tags import ANY_TAG, TAGS
from shuke.kit import i18n
from shuke.kit.rules import PRESENCE, Catalogue, Condition, Every, Node, Not, Op, Some, conditions

NAMED = (SEGMENTS, TAGS)
"""Facts whose values are ids of what may have a meaning of its own."""


def mentioned(node: Node) -> set[UUID]:
    """The segments and tags that a rule asks for; `ANY_TAG`: it asks whether there is one at all."""
    asked = {UUID(key) for one in conditions(node) if one.fact in NAMED for key in one.value or ()}
    asked |= {ANY_TAG for one in conditions(node) if one.fact == TAGS and one.op in PRESENCE}
    return asked | {UUID(key) for one in conditions(node) for key in one.where.get("tags", ())}


def archived_names(node: Node, known: Catalogue) -> list[str]:
    """What the archived ones are called among the segments and tags that a rule asks for."""
    asked = {str(key) for key in mentioned(node)}
    options = [option for fact in NAMED for option in known[fact].options]
    return [i18n.pick(one.label, i18n.DEFAULT) for one in options if one.archived and one.key in asked]


def goes_round(segment_id: UUID, node: Node, trees: Mapping[UUID, Node]) -> bool:
    """Whether the rule would come back to this segment, or tag, through others."""
    waiting, seen = mentioned(node), set[UUID]()
    while waiting:
        key = waiting.pop()
        if key == segment_id:
            return True
        seen.add(key)
        waiting |= (mentioned(trees[key]) if key in trees else set()) - seen
    return False


def expanded(node: Node, trees: Mapping[UUID, Node]) -> Node:
    """The rule with the rules of those it asks for in their places. What is none of `trees` stays: a snapshot, a tag
    that people, files and models set.
    """
    match node:
        case Not(inner):
            return Not(expanded(inner, trees))
        case Every(nodes):
            return Every(tuple(expanded(one, trees) for one in nodes))
        case Some(nodes):
            return Some(tuple(expanded(one, trees) for one in nodes))
        case Condition(fact, op) if fact == TAGS and op in PRESENCE and ANY_TAG in trees:
            has = Some((Condition(TAGS, Op.KNOWN), expanded(trees[ANY_TAG], trees)))
            return has if op is Op.KNOWN else Not(has)
        case Condition(fact, op, value) if fact in NAMED and value:
            if fact == TAGS and not any(UUID(key) in trees for key in value):
                return node
            parts = tuple(_one(fact, UUID(key), trees) for key in value)
            if op is Op.ALL:
                return Every(parts)
            return Not(Some(parts)) if op is Op.NONE else Some(parts)
        case _:
            return node


def _one(fact: str, key: UUID, trees: Mapping[UUID, Node]) -> Node:
    found = trees.get(key)
    return Condition(fact, Op.ANY, (str(key),)) if found is None else expanded(found, trees)


def renamed(node: Node, old: UUID, new: UUID) -> Node:
    """The rule asking for another tag wherever it asked for the one."""

    def keys(value: Any) -> Any:
        return tuple(dict.fromkeys(str(new) if key == str(old) else key for key in value or ())) or value

    match node:
        case Not(inner):
            return Not(renamed(inner, old, new))
        case Every(nodes):
            return Every(tuple(renamed(one, old, new) for one in nodes))
        case Some(nodes):
            return Some(tuple(renamed(one, old, new) for one in nodes))
        case Condition(fact, _, value) if fact == TAGS:
            return replace(node, value=keys(value))
        case Condition(_, _, _, where) if "tags" in where:
            return replace(node, where={**where, "tags": keys(where["tags"])})
        case _:
            return node


def reasons(node: Node, seen: Iterator[Any], silent: Callable[[Condition], bool]) -> list[tuple[Node, Any]]:
    """What of a rule is worth saying of somebody who fits it, each part with what it saw, in the tree's order.

    `silent`: such a condition sees nothing to name, though it may hold. Under "not" it says nothing, and beside others
    of which one was enough, nobody knows which: then they are said together.
    """
    match node:
        case Condition():
            return [(node, next(seen, None))]
        case Not(inner):
            return [(one, found) for one, found in reasons(inner, seen, silent) if found is not None]
        case Every(nodes):
            return [pair for one in nodes for pair in reasons(one, seen, silent)]
        case Some(nodes):
            found = [pair for one in nodes for pair in reasons(one, seen, silent)]
            unsaid = any(value is None and not (isinstance(one, Condition) and not silent(one)) for one, value in found)
            return [(node, None)] if unsaid and len(nodes) > 1 else found
