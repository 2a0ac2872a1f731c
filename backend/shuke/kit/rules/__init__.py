"""Rules: trees of conditions on facts, read, compiled to one statement, and said in words. Knows no room."""

from shuke.kit.rules.facts import (
    DAYS,
    OPS,
    PRESENCE,
    Arg,
    Catalogue,
    Fact,
    Kind,
    Op,
    Option,
    Source,
    Words,
)
from shuke.kit.rules.sql import WILLING, Statement
from shuke.kit.rules.tree import Condition, Every, Node, Not, Some, conditions, deciding, dump, read
from shuke.kit.rules.words import sentence, told

__all__ = [
    "DAYS",
    "OPS",
    "PRESENCE",
    "WILLING",
    "Arg",
    "Catalogue",
    "Condition",
    "Every",
    "Fact",
    "Kind",
    "Node",
    "Not",
    "Op",
    "Option",
    "Some",
    "Source",
    "Statement",
    "Words",
    "conditions",
    "deciding",
    "dump",
    "read",
    "sentence",
    "told",
]
