"""A call of an operation, for the permission test, and the rows that calls aim at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4


@dataclass(slots=True)
class Target:
    """The rows that the calls aim at: a customer of the guide, her open card, the guide's session, the guide; a file on
    the server and an import of it; her child, who is due; her phone, and a request of another store to share her; a
    visit that the guide put down, a paper card that she photographed.
    """

    customer: UUID
    task: UUID
    session: UUID
    store: UUID
    guide: UUID
    upload: UUID = field(default_factory=uuid4)
    import_job: UUID = field(default_factory=uuid4)
    dependant: UUID = field(default_factory=uuid4)
    identity: UUID = field(default_factory=uuid4)
    share_request: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)
    paper: UUID = field(default_factory=uuid4)
    twin: UUID = field(default_factory=uuid4)
    """another customer of the guide"""
    link: UUID = field(default_factory=uuid4)
    """by which the customer fills in her card"""
    segment: UUID = field(default_factory=uuid4)
    tag_group: UUID = field(default_factory=uuid4)
    tag: UUID = field(default_factory=uuid4)
    other_tag: UUID = field(default_factory=uuid4)
    tag_batch: UUID = field(default_factory=uuid4)
    """by which the guide tagged the customer"""
    merge: UUID = field(default_factory=uuid4)
    """of two further customers of the guide"""
    pair: UUID = field(default_factory=uuid4)
    """of two further customers of the guide, who may be one"""
    contact: UUID = field(default_factory=uuid4)
    """somebody's use of the customer's phone"""
    interaction: UUID = field(default_factory=uuid4)
    """a call of the guide's to the customer"""


@dataclass(slots=True)
class Case:
    """`aims` says whether the call touches the target customer (or her card), so that reach matters."""

    document: str
    variables: Callable[[Target], dict[str, Any]]
    aims: bool = False


def query(text: str, variables: Callable[[Target], dict[str, Any]] = lambda target: {}, aims: bool = False) -> Case:
    return Case(text, variables, aims)


def mutation(name: str, extra: Callable[[Target], dict[str, Any]] = lambda target: {}, aims: bool = False) -> Case:
    kind = name[0].upper() + name[1:]
    text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code field message }} }} }}"
    return Case(text, lambda target: {"input": {"operationId": str(uuid4()), **extra(target)}}, aims)
