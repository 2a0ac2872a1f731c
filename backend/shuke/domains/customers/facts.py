"""What rules may ask of the archive: the card, head office's own fields, children, and being in touch."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from shuke.domains.customers.types import CustomerSource, Gender, IdentityKind
from shuke.domains.customers.types.dependants import Age, AgeUnit, LifeStage, LifeStageKind
from shuke.domains.customers.types.profile import Document, Field, FieldKind, Subject
from shuke.kit.rules import Arg, Fact, Kind, Option, Source

CARD, CHILDREN, CONTACT = "card", "children", "contact"
"""Groups of facts."""
EDITED = frozenset(
    (
        *("customer.created", "customer.updated", "customer.self_filled", "customers.imported", "import.undone"),
        *("customer.merged", "customer.unmerged", "link.settled", "customer.identity_disowned", "consent.recorded"),
        *("customer.identity_added", "customer.identity_removed"),
    )
)
MEASURED = EDITED | {"completeness.measured", "customer.problem_dismissed", "customer.problem_restored"}
BORN = (
    frozenset(f"dependant.{what}" for what in ("added", "born", "updated", "removed", "restored"))
    | {"dependants.imported", "dependants.taken_back"}
    | EDITED
)
TOUCHED = (
    frozenset(
        (
            *("customer.interaction_added", "customer.interaction_undone", "customer.noted", "task.outcome"),
            *("task.undone", "visit.recorded", "visit.updated", "visit.undone", "lead.received"),
        )
    )
    | EDITED
)
NUMBERS = Source("numbers", "FROM customer_identity i WHERE i.customer_id = c.id")
KIDS = Source("kids", "FROM dependant k WHERE k.customer_id = c.id AND k.removed_at IS NULL")
TOUCHES = Source(
    "touches",
    """FROM (SELECT y.kind, (y.at AT TIME ZONE z.timezone)::date AS day FROM timeline_entry y
      WHERE y.customer_id = c.id AND y.kind IN ('contact', 'call', 'message', 'visit', 'inquiry', 'complaint')) y""",
    "y.day",
)


def _said(zh: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


def _enum(words: dict[Enum, tuple[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(member.value, _said(*told)) for member, told in words.items())


GENDERS = _enum({Gender.FEMALE: ("女", "female"), Gender.MALE: ("男", "male"), Gender.UNKNOWN: ("不详", "not known")})
SOURCES = _enum(
    {
        CustomerSource.WALK_IN: ("到店", "walk-in"),
        CustomerSource.REFERRAL: ("介绍", "referral"),
        CustomerSource.ONLINE: ("线上", "online"),
        CustomerSource.EVENT: ("活动", "event"),
        CustomerSource.IMPORT: ("导入", "import"),
        CustomerSource.OTHER: ("其他", "other"),
    }
)
KINDS = _enum(
    {
        IdentityKind.PHONE: ("电话", "phone"),
        IdentityKind.MEMBER_NO: ("会员号", "member number"),
        IdentityKind.WECHAT: ("微信", "WeChat"),
        IdentityKind.CARD: ("卡号", "card"),
        IdentityKind.EMAIL: ("邮箱", "e-mail"),
    }
)
WAYS = tuple(
    Option(key, _said(zh, en))
    for key, zh, en in (
        ("contact", "跟进", "follow-up"),
        ("call", "电话", "call"),
        ("message", "微信", "message"),
        ("visit", "到店", "visit"),
        ("inquiry", "咨询", "inquiry"),
        ("complaint", "投诉", "complaint"),
    )
)
PURPOSES = (("service", "服务", "service"), ("marketing", "营销", "marketing"), ("profiling", "画像", "profiling"))
CHANNELS = (
    *(("any", "全部", "any"), ("phone", "电话", "phone"), ("wechat", "微信", "WeChat")),
    *(("sms", "短信", "SMS"), ("email", "邮件", "e-mail"), ("push", "推送", "push")),
)
REFUSED = tuple(
    Option(f"{purpose}/{channel}", _said(f"{what_zh}（{zh}）", f"{what} ({en})"))
    for purpose, what_zh, what in PURPOSES
    for channel, zh, en in CHANNELS
)
# the day on which a birthday comes round next, by the sun or by the moon
NEXT_BIRTHDAY = """(CASE WHEN c.birthday LIKE 'lunar:%' THEN (SELECT min(a.day) FROM lunar_day a
    WHERE a.key = regexp_replace(c.birthday, '^lunar:(\\d{4}|-)-', '') AND a.day >= t.today)
  ELSE next_yearly(('2000' || right(c.birthday, 6))::date, t.today) END)"""


def _card(key: str, kind: Kind, sql: str, zh: str, en: str, options: tuple[Option, ...] = ()) -> Fact:
    return Fact(f"customer.{key}", kind, sql, _said(zh, en), CARD, EDITED, options=options)


FIXED = (
    _card("gender", Kind.CHOICE, "c.gender", "性别", "gender", GENDERS),
    _card("source", Kind.CHOICE, "c.source", "来源", "source", SOURCES),
    _card("level", Kind.TEXT, "c.level", "等级", "level"),
    _card("name", Kind.TEXT, "c.name", "姓名", "name"),
    _card("note", Kind.TEXT, "c.note", "备注", "note"),
    _card("born", Kind.DATE, r"(CASE WHEN c.birthday ~ '^\d{4}-' THEN c.birthday::date END)", "出生日期", "birth date"),
    _card("birthday", Kind.DATE, NEXT_BIRTHDAY, "生日", "birthday"),
    _card("since", Kind.DATE, "(c.created_at AT TIME ZONE z.timezone)::date", "建档日", "day of filing"),
    Fact(
        "customer.completeness",
        Kind.NUMBER,
        "c.completeness",
        _said("档案完整度", "completeness"),
        CARD,
        MEASURED,
    ),
    _card(
        "refusals",
        Kind.SET,
        "ARRAY(SELECT jsonb_array_elements_text(c.refusals))",
        "不想要的联系",
        "contact she does not want",
        REFUSED,
    ),
    Fact(
        "customer.numbers",
        Kind.SET,
        "array_agg(i.kind::text)",
        _said("联系方式", "kinds of number"),
        CARD,
        EDITED,
        NUMBERS,
        options=KINDS,
    ),
    Fact("children.count", Kind.NUMBER, "count(*)", _said("孩子个数", "children"), CHILDREN, BORN, KIDS),
    Fact("children.age", Kind.AGE, "k.born_on", _said("有孩子", "a child aged"), CHILDREN, BORN, KIDS, each=True),
    Fact("children.born", Kind.DATE, "k.born_on", _said("孩子出生日", "a child's birth"), CHILDREN, BORN, KIDS, True),
    Fact("children.due", Kind.DATE, "k.due_on", _said("预产期", "a due date"), CHILDREN, BORN, KIDS, each=True),
    Fact(
        "children.gender",
        Kind.CHOICE,
        "k.gender",
        _said("孩子性别", "a child's gender"),
        CHILDREN,
        BORN,
        KIDS,
        each=True,
        options=GENDERS,
    ),
    Fact(
        "contact.last",
        Kind.DATE,
        "max(y.day)",
        _said("上次联系", "last contact"),
        CONTACT,
        TOUCHED,
        TOUCHES,
        args=(Arg("kinds", Kind.SET, "y.kind = ANY({})", WAYS),),
    ),
    Fact(
        "contact.count",
        Kind.NUMBER,
        "count(*)",
        _said("联系次数", "contacts"),
        CONTACT,
        TOUCHED,
        TOUCHES,
        args=(Arg("days", Kind.NUMBER), Arg("kinds", Kind.SET, "y.kind = ANY({})", WAYS)),
    ),
)
VALUES = {
    FieldKind.TEXT: (Kind.TEXT, "({0} ->> '{1}')"),
    FieldKind.PHONE: (Kind.TEXT, "({0} ->> '{1}')"),
    FieldKind.CUSTOMER: (Kind.TEXT, "({0} ->> '{1}')"),
    FieldKind.NUMBER: (Kind.NUMBER, "({0} ->> '{1}')::numeric"),
    FieldKind.MONEY: (Kind.MONEY, "({0} ->> '{1}')::bigint"),
    FieldKind.DATE: (Kind.DATE, "({0} ->> '{1}')::date"),
    FieldKind.YES_NO: (Kind.FLAG, "({0} ->> '{1}')::bool"),
    FieldKind.CHOICE: (Kind.CHOICE, "({0} ->> '{1}')"),
    FieldKind.STAFF: (Kind.CHOICE, "({0} ->> '{1}')"),
    FieldKind.STORE: (Kind.CHOICE, "({0} ->> '{1}')"),
    FieldKind.CHOICES: (Kind.SET, "ARRAY(SELECT jsonb_array_elements_text(coalesce({0} -> '{1}', '[]')))"),
}
"""Kind of a field -> kind of its fact, and SQL of a value in a JSON column."""
CUSTOM, CHILDS = "custom.", "children.custom."


def facts(
    document: Document, stages: Sequence[LifeStage], stores: Sequence[Option], staff: Sequence[Option]
) -> Iterator[Fact]:
    """Everything that may be asked of a brand's archive; `stages`: of its children's lives."""
    yield from FIXED
    yield _card("store", Kind.CHOICE, "c.store_id::text", "门店", "store", tuple(stores))
    handed = EDITED | {"staff.ended"}
    label = _said("导购", "guide")
    yield Fact("customer.guide", Kind.CHOICE, "c.guide_id::text", label, CARD, handed, options=tuple(staff))
    yield _stage(stages)
    people = {FieldKind.STORE: tuple(stores), FieldKind.STAFF: tuple(staff)}
    for field in document.fields:
        if not field.built_in and not field.computed:
            yield _field(field, people)


def key_of(field: Field) -> str:
    """The key of a field's fact, which stays whatever the field is called."""
    if field.built_in:
        return f"customer.{field.key}"
    return f"{CUSTOM if field.subject is Subject.CUSTOMER else CHILDS}{field.key}"


def _field(field: Field, people: dict[FieldKind, tuple[Option, ...]]) -> Fact:
    hers = field.subject is Subject.CUSTOMER
    kind, sql = VALUES[field.kind]
    options = people.get(field.kind) or tuple(
        Option(option.key, option.label, option.archived_at is not None) for option in field.options
    )
    return Fact(
        key_of(field),
        kind,
        sql.format("c.custom_values" if hers else "k.custom_values", field.key),
        field.label,
        CARD if hers else CHILDREN,
        EDITED if hers else BORN,
        None if hers else KIDS,
        each=not hers,
        options=options,
        archived=field.archived_at is not None,
    )


def _stage(stages: Iterable[LifeStage]) -> Fact:
    """A child's stage on the day: `rules.dependants.stage_of`, as SQL over the brand's stages."""
    own = [stage for stage in stages if stage.kind is not LifeStageKind.MILESTONE]
    over = next((stage for stage in own if stage.kind is LifeStageKind.GRADUATION), None)
    rows, days = [], ["k.born_on", "k.due_on"]
    for stage in own:
        if stage.kind is LifeStageKind.STAGE:
            begins, ends = _at(stage.begins), _at(stage.ends) if stage.ends else "NULL::date"
            rows.append(f"('{stage.key}', {begins}, {ends}, {str(stage.begins.value >= 0).lower()})")
            days += [begins] + ([ends] if stage.ends else [])
    table = ", ".join(rows) or "(NULL::text, NULL::date, NULL::date, NULL::bool)"
    # before the birth it is no later than the day before, so that a child that is late stays in its stage
    now = "CASE WHEN k.born_on IS NULL THEN least(t.today, k.due_on - 1) ELSE t.today END"
    value = f"""(SELECT s.key FROM (VALUES {table}) s(key, begins, ends, born) WHERE s.born = (k.born_on IS NOT NULL)
      AND s.begins <= {now} AND (s.ends IS NULL OR s.ends > {now}) ORDER BY s.begins DESC LIMIT 1)"""
    if over:
        done = f"{_at(over.begins, 'k.born_on')} + 1"
        value, days = f"CASE WHEN t.today >= {done} THEN '{over.key}' ELSE {value} END", [*days, f"({done})"]
    flip = f"(SELECT min(f.day) FROM (VALUES {', '.join(f'({day})' for day in days)}) f(day) WHERE f.day > t.today)"
    options = tuple(Option(stage.key, stage.labels) for stage in own)
    label = _said("孩子所处阶段", "a child's stage")
    changed = BORN | {"life_stages.saved"}
    return Fact("children.stage", Kind.CHOICE, value, label, CHILDREN, changed, KIDS, True, options=options, flip=flip)


def _at(age: Age, anchor: str = "coalesce(k.born_on, k.due_on)") -> str:
    unit = "months" if age.unit is AgeUnit.MONTHS else "days"
    return f"({anchor} + make_interval({unit} => {age.value}))::date"
