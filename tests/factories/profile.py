"""The profile template as a client sends it back: read, changed, saved."""

from typing import Any
from uuid import uuid4

from starlette.requests import Request

from shuke.api.context import Context
from shuke.api.schema import schema
from shuke.domains.identity.types import Actor

WORDS = "{ zhCn en }"
READ = f"""
query {{ profileTemplate {{ version groups {{ key titles {WORDS} }} fields {{ key kind group labels {WORDS}
  helps {WORDS} benefits {WORDS} options {{ key labels {WORDS} archived }} required weight sensitivity subject sees
  edits rules {{ code value values messages {WORDS} }} searchable archivedAt }} }} }}
"""
SAVE = """
mutation ($input: SaveProfileTemplateInput!) { saveProfileTemplate(input: $input) {
  template { version fields { key } groups { key } } userErrors { code field message } } }
"""


async def ask(actor: Actor | None, document: str, locale: str = "zh-CN", **variables: Any) -> Any:
    """The one root field of the answer."""
    request = Request({"type": "http", "method": "POST", "headers": [], "path": "/graphql"})
    result = await schema.execute(document, variables, Context(request, actor, locale))
    assert result.errors is None, result.errors
    assert result.data is not None
    return next(iter(result.data.values()))


async def read_template(actor: Actor) -> dict[str, Any]:
    """The template as an input of `saveProfileTemplate` would say it again."""
    found: dict[str, Any] = await ask(actor, READ)
    for field in found["fields"]:
        field["archived"] = field.pop("archivedAt") is not None
    return {"baseVersion": found["version"], "groups": found["groups"], "fields": found["fields"]}


async def save_template(actor: Actor, template: dict[str, Any]) -> Any:
    return await ask(actor, SAVE, input={"operationId": str(uuid4())} | template)


def new_field(label: str, kind: str = "TEXT", **said: Any) -> dict[str, Any]:
    return {"labels": {"zhCn": label}, "kind": kind, "group": "identity"} | said


async def add_fields(actor: Actor, *fields: dict[str, Any]) -> list[str]:
    """Saves further fields; their keys."""
    template = await read_template(actor)
    template["fields"] += fields
    saved = await save_template(actor, template)
    assert saved["userErrors"] == [], saved
    return [field["key"] for field in saved["template"]["fields"][-len(fields) :]]
