"""The fields of a customer that a file may tell of, and the headings that shops write above them."""

import re
import unicodedata
from collections.abc import Mapping

from shuke.kit import i18n

FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "客户姓名", "会员姓名", "顾客姓名", "客户名称", "名字", "name", "full name", "customer name"),
    "alias": ("称呼", "昵称", "alias", "nickname"),
    "phone": (
        *("手机号", "手机号码", "手机", "电话", "联系电话", "电话号码", "联系方式", "会员手机", "客户电话", "移动电话"),
        *("phone", "mobile", "phone number", "mobile number", "tel", "telephone", "cell"),
    ),
    "phone_2": (
        "备用手机",
        "备用电话",
        "其他电话",
        "电话2",
        "手机2",
        "手机号2",
        "phone 2",
        "second phone",
        "other phone",
    ),
    "phone_3": ("电话3", "手机3", "手机号3", "phone 3"),
    "member_no": (
        *("会员号", "会员卡号", "会员编号", "会员id", "客户编号", "vip号", "vip卡号"),
        *("member_no", "member no", "member number", "member id", "membership no", "customer no"),
    ),
    "wechat": ("微信号", "微信", "微信id", "wechat", "wechat id", "weixin"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"),
    "card": ("卡号", "储值卡号", "card", "card no", "card number"),
    "store": ("门店", "门店编码", "所属门店", "门店名称", "店铺", "店名", "归属门店", "store", "store code", "shop"),
    "guide_phone": ("导购手机", "导购手机号", "导购电话", "guide_phone", "guide phone"),
    "guide": ("导购", "负责导购", "专属导购", "顾问", "服务顾问", "所属导购", "guide", "looked after by", "advisor"),
    "gender": ("性别", "客户性别", "gender", "sex"),
    "birthday": ("生日", "出生日期", "客户生日", "会员生日", "birthday", "birth date", "date of birth", "dob"),
    "level": ("等级", "会员等级", "客户等级", "级别", "level", "tier", "member level"),
    "tags": ("标签", "客户标签", "会员标签", "tags", "tag", "labels"),
    "source": ("来源", "客户来源", "获客渠道", "source", "channel"),
    "note": ("备注", "客户备注", "说明", "note", "notes", "remark", "remarks"),
    "created_at": (
        *("建档时间", "入会时间", "建档日期", "入会日期", "注册时间", "注册日期", "开卡日期", "创建时间", "登记日期"),
        *("created_at", "created at", "filed at", "member since", "join date", "registered at"),
    ),
    "created_by": ("建档人", "登记人", "创建人", "录入人", "created by", "filed by"),
    "follow_up": (
        "跟进记录",
        "跟进内容",
        "沟通记录",
        "回访记录",
        "回访内容",
        "follow up",
        "follow-up",
        "follow up note",
    ),
    "follow_up_at": ("记录时间", "跟进时间", "跟进日期", "回访时间", "回访日期", "follow up at", "follow up date"),
    "follow_up_by": ("记录人", "跟进人", "回访人", "follow up by"),
    "child_name": ("孩子姓名", "宝宝姓名", "宝宝名字", "宝宝小名", "宝宝昵称", "孩子名字", "child name", "baby name"),
    "child_birthday": (
        *(
            "孩子生日",
            "宝宝生日",
            "宝宝出生日期",
            "孩子出生日期",
            "child birthday",
            "baby birthday",
            "child birth date",
        ),
    ),
    "child_due": ("预产期", "due date", "expected date"),
    "child_gender": ("孩子性别", "宝宝性别", "child gender", "baby gender"),
    "import_ref": ("导入批次", "import batch"),
}
"""Field -> headings under which it is found when no mapping says, the surest first."""

PHONES = ("phone", "phone_2", "phone_3")
IDENTITIES = (*PHONES, "member_no", "wechat", "email", "card")
"""Any of these columns makes a table one of customers."""
IGNORED = ("问题", "怎么改", "problem", "what to do", "序号", "no", "no.", "#", "编号")
"""Headings that tell nothing of a customer."""
GROUPS = ("孩子", "宝宝", "宝贝", "小孩", "娃", "child", "baby")
"""What stands above columns that are not about the customer herself."""
CUSTOM = "custom:"
"""What the name of a field of head office's own begins with, its key behind."""
EDGES = " :'\""
BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


def label(name: str, locale: str) -> str:
    """What people call a field: a heading under which it is found again."""
    return i18n.say(locale, f"heading_{name}")


def plain(heading: str) -> str:
    """A heading as it is compared: without blanks' and letters' width, case, stars, colons."""
    text = unicodedata.normalize("NFKC", heading).lower()
    return re.sub(r"\s+", " ", text.replace("*", "")).strip(EDGES)


def forms(heading: str) -> list[str]:
    """The heading as it may be known: as it stands, then without what is bracketed (必填), then without blanks."""
    whole = plain(heading)
    bare = BRACKETS.sub("", whole).strip(EDGES)
    return list(dict.fromkeys(form for form in (whole, bare, bare.replace(" ", ""), bare.replace("_", " ")) if form))
