"""The profile template: which fields a customer's card has, in which groups, who fills them in and by which rules."""

from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from msgspec import Struct

from shuke.domains.identity.types import Role, Staff

Words: TypeAlias = dict[str, str]
"""Language (zh-CN, en) -> words; at least one of them."""
Values: TypeAlias = dict[str, Any]
"""Field key -> value: text, a number, money in minor units, an ISO date, an option's key or several, true or false, a
phone in E.164, a uuid as text."""


class FieldKind(Enum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PHONE = "phone"
    STAFF = "staff"
    STORE = "store"
    CUSTOMER = "customer"


class Sensitivity(Enum):
    PUBLIC = "public"
    """a partner's key reads it"""
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Subject(Enum):
    CUSTOMER = "customer"
    DEPENDANT = "dependant"


class RuleCode(Enum):
    """What a rule asks of a value; its `value` or `values` beside each."""

    MIN = "min"
    """a number, money in minor units or an ISO date, as text: not below"""
    MAX = "max"
    """likewise: not above"""
    DECIMALS = "decimals"
    """a number of 0 to 4: no more decimals"""
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    PATTERN = "pattern"
    """the name of one of `rules.values.PATTERNS`"""
    MASK = "mask"
    """how it looks, character by character: 9 a digit, A a Latin letter, * any, the rest as it is"""
    NOT_FUTURE = "not_future"
    NOT_PAST = "not_past"
    ONE_OF = "one_of"
    """`values`: one of these words"""
    MIN_COUNT = "min_count"
    MAX_COUNT = "max_count"


class Rule(Struct, frozen=True, omit_defaults=True):
    """A rule of head office's. `message`: its own sentence for who breaks it; empty: ours."""

    code: RuleCode
    value: str | None = None
    values: tuple[str, ...] = ()
    message: Words = {}


class Option(Struct, frozen=True, omit_defaults=True):
    """Something to choose. Archived: no longer offered, kept where it was chosen."""

    key: str
    label: Words
    archived_at: datetime | None = None


class Field(Struct, frozen=True, omit_defaults=True):
    """One field. Its key and kind never change; what is archived is no longer asked, and its values stay."""

    key: str
    label: Words
    kind: FieldKind
    group: str
    help: Words = {}
    benefit: Words = {}
    """what comes of filling it in"""
    options: tuple[Option, ...] = ()
    required: bool = False
    weight: int = 0
    """its part in completeness, beside the other fields' weights; 0: none"""
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    subject: Subject = Subject.CUSTOMER
    sees: tuple[Role, ...] | None = None
    """roles that see its values; None: all"""
    edits: tuple[Role, ...] | None = None
    """of those that see them, roles that change them; None: all"""
    rules: tuple[Rule, ...] = ()
    built_in: bool = False
    """the program's own: a column or a number of hers, not in `custom_values`"""
    computed: bool = False
    """a fact that is shown, and filled in by nobody"""
    searchable: bool = False
    """she is found by it, as by her name"""
    archived_at: datetime | None = None


class Group(Struct, frozen=True):
    key: str
    label: Words


class Document(Struct, frozen=True):
    """Groups and fields in the order of the form."""

    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    full_from: int = 80
    """the completeness, 0 to 100, from which on a card counts as complete"""

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)


class Template(Struct, frozen=True):
    """A version of the template. `saved_at` None: as it ships, not saved by anybody."""

    version: int
    document: Document
    saved_at: datetime | None = None
    staff: Staff | None = None


class Form(Struct, frozen=True):
    """What a customer's values were typed into: the template now, and as the caller had it before her."""

    now: Document
    then: Document
    known: bool
    """the caller said which version she had"""


class Completeness(Struct, frozen=True):
    """How much of her card is filled in; `problems`: codes of what is wrong with it."""

    score: int
    """0 to 100"""
    missing: tuple[str, ...]
    problems: tuple[str, ...]


class FieldPlace(Enum):
    """Where a field is used."""

    CUSTOMER_FORM = "customer_form"
    SELF_COMPLETION = "self_completion"
    COMPLETENESS = "completeness"
    SEARCH = "search"
    IMPORT_MAPPING = "import_mapping"
    EXPORT = "export"
    SEGMENT = "segment"
    JOURNEY = "journey"


class FieldUse(Struct, frozen=True):
    """One use. `name`: what it is called there (a segment's, a mapping's name); None: there is one such place."""

    place: FieldPlace
    name: str | None = None
