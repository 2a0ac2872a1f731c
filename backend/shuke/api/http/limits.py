"""What one GraphQL document may ask for: parsed, measured and validated once, then kept.

The limits are checked before validation, because validating compares fields with each other and so is itself worth
attacking.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from shuke.api.http.cost import Operation, operations
from shuke.api.http.surprises import MaskSurprises, beyond


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request; several times what the largest screen needs."""

    body_bytes: int = 1_048_576
    values: int = 20_000
    """JSON values in the variables; coercing so many takes about 0.2 s, in which nobody else is served."""
    nesting: int = 64
    """Levels of lists and objects in the variables."""
    characters: int = 65_536
    tokens: int = 2_000
    depth: int = 12
    """Levels of fields, introspection not counted."""
    aliases: int = 30
    fields: int = 500
    """Fields once every fragment is written out where it is used."""
    cost: int = 20_000
    """Fields that may have to be answered: those in a page of n rows count n times."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be executed, or the errors that forbid it."""

    document: DocumentNode | None
    errors: list[GraphQLError]
    operations: tuple[Operation, ...] = ()

    def chosen(self, name: str | None) -> Operation | None:
        """The operation of this name; None when there is none or, the name left out, more than one."""
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        return next((operation for operation in self.operations if operation.name == name), None)

    def called(self, name: str | None) -> str:
        """The chosen operation's root fields, as the schema names them: what a log may say of a document. Names and
        aliases are the client's own words.
        """
        operation = self.chosen(name)
        return "+".join(operation.root_fields) if operation else ""


class Documents:
    """The documents of one schema, the most recently used valid ones kept ready."""

    def __init__(self, limits: Limits, *, introspection: bool, kept: int = 100) -> None:
        self.limits = limits
        self._rules = (*specified_rules, *(() if introspection else (NoSchemaIntrospectionCustomRule,)))
        self._kept = kept
        self._ready: OrderedDict[str, Prepared] = OrderedDict()

    def recall(self, text: str) -> Prepared | None:
        """The kept document of this text, if there is one."""
        prepared = self._ready.get(text)
        if prepared is not None:
            self._ready.move_to_end(text)
        return prepared

    def keep(self, text: str, prepared: Prepared) -> None:
        """Remember a valid document; an invalid one would only push out what others use."""
        if prepared.errors:
            return
        self._ready[text] = prepared
        if len(self._ready) > self._kept:
            self._ready.popitem(last=False)

    def prepare(self, schema: GraphQLSchema, text: str) -> Prepared:
        """Parse, measure and validate; never raises for what the text says. Shares nothing: a thread may do it."""
        if len(text) > self.limits.characters:
            return _refused("DOCUMENT_TOO_LONG", "document_long", most=self.limits.characters)
        try:
            document = parse(text, max_tokens=self.limits.tokens)
        except GraphQLSyntaxError as wrong:
            return self._unread(wrong)
        if refused := self._beyond_limits(document):
            return refused
        errors = validate_document(schema, document, self._rules)
        for error in errors:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
        return Prepared(None, errors) if errors else Prepared(document, [], operations(schema, document))

    def too_costly(self, cost: int) -> GraphQLError | None:
        """Why an operation of this cost is not run."""
        if cost <= self.limits.cost:
            return None
        return beyond("TOO_COSTLY", "too_costly", cost=cost, most=self.limits.cost)

    def _unread(self, wrong: GraphQLSyntaxError) -> Prepared:
        # the parser has no error classes for the first two
        if "tokens. Parsing aborted" in wrong.message:
            return _refused("TOO_MANY_TOKENS", "tokens_many", most=self.limits.tokens)
        if "nested too deeply" in wrong.message:
            return _refused("TOO_DEEP", "document_nested")
        wrong.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
        return Prepared(None, [wrong])

    def _beyond_limits(self, document: DocumentNode) -> Prepared | None:
        limits = self.limits
        try:
            size = _Size(document)
        except RecursionError:
            return _refused("TOO_DEEP", "fields_deep", most=limits.depth)
        if size.depth > limits.depth:
            return _refused("TOO_DEEP", "fields_deep", most=limits.depth)
        if size.aliases > limits.aliases:
            return _refused("TOO_MANY_ALIASES", "aliases_many", count=size.aliases, most=limits.aliases)
        if size.fields > limits.fields:
            return _refused("TOO_MANY_FIELDS", "fields_many", most=limits.fields)
        return None


class _Size:
    """Depth, aliases and fields of a document. Every selection set is walked once, however often it is spread."""

    def __init__(self, document: DocumentNode) -> None:
        self.aliases = 0
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, tuple[int, int]] = {}
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        sizes = [self._of(node.selection_set) for node in operations]
        self.depth = max((depth for depth, _ in sizes), default=0)
        self.fields = sum(fields for _, fields in sizes)

    def _of(self, selection_set: SelectionSetNode | None) -> tuple[int, int]:
        depth = fields = 0
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FragmentSpreadNode):
                below, more = self._of_fragment(node.name.value)
            else:
                below, more = self._of(node.selection_set)  # type: ignore[attr-defined]
            if isinstance(node, FieldNode):
                self.aliases += node.alias is not None
                # validation bounds introspection by a rule of its own
                below, more = 0 if node.name.value.startswith("__") else below + 1, more + 1
            depth, fields = max(depth, below), fields + more
        return depth, fields

    def _of_fragment(self, name: str) -> tuple[int, int]:
        if name not in self._measured:
            # a circle counts as nothing here; validation refuses it by name
            self._measured[name] = 0, 0
            fragment = self._fragments.get(name)
            self._measured[name] = self._of(fragment.selection_set if fragment else None)
        return self._measured[name]


class DocumentGuard(SchemaExtension):
    """The same limits for whoever executes the schema without the HTTP endpoint (tests, subscriptions)."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._prepared: Prepared | None = None

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        text = context.query or ""
        self._prepared = self.documents.recall(text) or self.documents.prepare(context.schema._schema, text)
        self.documents.keep(text, self._prepared)
        if self._prepared.document is None:
            raise self._prepared.errors[0]
        context.graphql_document = self._prepared.document
        chosen = self._prepared.chosen(context._provided_operation_name)
        if refused := self.documents.too_costly(chosen.cost.of(context.variables or {}) if chosen else 0):
            raise refused
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []
        yield


def schema_extensions(
    limits: Limits | None = None, *, introspection: bool = True
) -> list[Callable[[], SchemaExtension] | type[SchemaExtension]]:
    """What to hand to `strawberry.Schema(extensions=…)`: limits, parsed and validated documents kept, surprises masked.

    One list belongs to one schema. The HTTP endpoint reads the limits from here and applies them itself.
    """
    return [partial(DocumentGuard, Documents(limits or Limits(), introspection=introspection)), MaskSurprises]


def _refused(code: str, reason: str, **params: object) -> Prepared:
    return Prepared(None, [beyond(code, reason, **params)])
