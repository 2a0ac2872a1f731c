"""The schema: committed as it is, described to the last argument, relay's shape."""

from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from shuke.api.schema import schema

COMMITTED = Path(__file__).parent.parent.parent / "schema.graphql"


def test_the_committed_schema_is_what_the_code_says() -> None:
    assert COMMITTED.read_text().strip() == schema.as_str().strip(), "run `make schema`"


def test_every_type_field_and_argument_is_described() -> None:
    bare = []
    for name, kind in schema._schema.type_map.items():
        if name.startswith("__"):
            continue
        if not kind.description and name not in ("UUID",):  # the library's own scalar
            bare.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    bare.append(f"{name}.{field_name}")
                if name == "Mutation":
                    continue  # its one argument is `input`, whose type is described
                bare += [
                    f"{name}.{field_name}({arg})"
                    for arg, it in getattr(field, "args", {}).items()
                    if not it.description
                ]
    assert bare == []


def test_every_mutation_takes_an_operation_id_and_answers_user_errors() -> None:
    mutation = schema._schema.mutation_type
    assert mutation
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"], name
        assert "operationId" in str(field.args["input"].type.of_type.fields), name
        assert "userErrors" in field.type.of_type.fields, name
