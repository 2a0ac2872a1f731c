"""What an operation costs: the fields that it may have to answer, those in a page of n rows counted n times.

Measured once a document, into sums that a request only fills with its variables.
"""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

PAGE = "first"
"""The argument that says how many rows a page has."""
LARGEST_PAGE = 100
"""More rows than this no list gives: what asks for more is refused by the list itself, in its own words."""


@dataclass(frozen=True, slots=True)
class Paged:
    """Fields that are answered once a row; `rows` is a number or the name of a variable."""

    rows: int | str
    otherwise: int
    part: "Cost"

    def of(self, variables: dict[str, Any]) -> int:
        rows = variables.get(self.rows, self.otherwise) if isinstance(self.rows, str) else self.rows
        if type(rows) is not int:  # refused when the variables are coerced
            rows = self.otherwise
        return min(max(rows, 1), LARGEST_PAGE) * self.part.of(variables)


@dataclass(frozen=True, slots=True)
class Cost:
    """`fields` whatever the variables say, and pages."""

    fields: int
    pages: tuple[Paged, ...] = ()

    def of(self, variables: dict[str, Any]) -> int:
        return self.fields + sum(page.of(variables) for page in self.pages)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    kind: OperationType
    name: str | None
    cost: Cost
    root_fields: tuple[str, ...]


def operations(schema: GraphQLSchema, document: DocumentNode) -> tuple[Operation, ...]:
    """The operations of a document that has been validated."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    found = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            root = schema.get_root_type(node.operation)
            assert root  # validation has seen to it
            measured = _Measured(schema, fragments, node)
            cost = measured.of(node.selection_set, root)
            name = node.name.value if node.name else None
            found.append(
                Operation(node.operation, name, cost, tuple(dict.fromkeys(measured.roots(node.selection_set))))
            )
    return tuple(found)


class _Measured:
    """The cost of one operation; a fragment is measured once, however often it is spread."""

    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], operation: OperationDefinitionNode
    ) -> None:
        self._schema, self._fragments = schema, fragments
        self._defaults = {
            said.variable.name.value: int(said.default_value.value)
            for said in operation.variable_definitions or ()
            if isinstance(said.default_value, IntValueNode)
        }
        self._known: dict[str, Cost] = {}

    def of(self, selection_set: SelectionSetNode | None, parent: GraphQLCompositeType) -> Cost:
        fields, pages = 0, list[Paged]()
        for node in selection_set.selections if selection_set else ():
            part = self._of_field(node, parent) if isinstance(node, FieldNode) else self._of_fragment(node, parent)
            fields, pages = fields + part.fields, [*pages, *part.pages]
        return Cost(fields, tuple(pages))

    def _of_field(self, node: FieldNode, parent: GraphQLCompositeType) -> Cost:
        name = node.name.value
        has_fields = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields.get(name) if has_fields else None  # type: ignore[union-attr]
        if field is None:  # introspection, which validation bounds by a rule of its own
            return Cost(1)
        kind = get_named_type(field.type)
        below = self.of(node.selection_set, kind) if is_composite_type(kind) else Cost(0)
        if PAGE not in field.args:
            return Cost(1 + below.fields, below.pages)
        default = field.args[PAGE].default_value
        otherwise = default if type(default) is int else 1
        said = next((item.value for item in node.arguments or () if item.name.value == PAGE), None)
        if isinstance(said, VariableNode):
            variable = said.name.value
            return Cost(1, (Paged(variable, self._defaults.get(variable, otherwise), below),))
        return Cost(1, (Paged(int(said.value) if isinstance(said, IntValueNode) else otherwise, otherwise, below),))

    def _of_fragment(self, node: Any, parent: GraphQLCompositeType) -> Cost:
        if isinstance(node, InlineFragmentNode):
            return self.of(node.selection_set, self._condition(node, parent))
        name = node.name.value
        if name not in self._known:
            fragment = self._fragments[name]
            self._known[name] = self.of(fragment.selection_set, self._condition(fragment, parent))
        return self._known[name]

    def _condition(self, node: Any, parent: GraphQLCompositeType) -> GraphQLCompositeType:
        kind: Any = self._schema.get_type(node.type_condition.name.value) if node.type_condition else None
        return kind or parent

    def roots(self, selection_set: SelectionSetNode) -> list[str]:
        """Names of the fields at the top, as often as they are asked for."""
        found: list[str] = []
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                found.append(node.name.value)
            elif isinstance(node, FragmentSpreadNode):
                found += self.roots(self._fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                found += self.roots(node.selection_set)
        return found
