"""Whether what was written for an older schema still works with a newer one."""

from typing import Any

from graphql import REMOVE, DocumentNode, Visitor, build_ast_schema, build_schema, find_breaking_changes, parse, visit


class _Deprecated(Visitor):
    """Takes out what clients were told to stop using: it may go."""

    def _leave(self, node: Any, *_: Any) -> Any:
        return REMOVE if any(one.name.value == "deprecated" for one in node.directives or ()) else None

    leave_field_definition = leave_input_value_definition = leave_enum_value_definition = _leave


def breaking_changes(released: str, present: str) -> list[str]:
    """One sentence a change, between two schemas in SDL. What the released one calls deprecated may be gone."""
    promised: DocumentNode = visit(parse(released), _Deprecated())
    old = build_ast_schema(promised, assume_valid=True)
    return [change.description for change in find_breaking_changes(old, build_schema(present))]
