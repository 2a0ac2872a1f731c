"""The demo chain's house: four regions, seventeen shops, sixty people. Every number is made up and of a range (134 9…)
that belongs to a satellite service, so that no shop's customer has it.
"""

from dataclasses import dataclass
from random import Random

from shuke.app.demo import names
from shuke.domains.identity.types import Role

BRAND = "好孕来母婴"
TIMEZONE = "Asia/Shanghai"
CURRENCY = "CNY"
PASSWORD = "haoyunlai-demo"
"""Everybody's in the demo chain, and nobody's anywhere else."""

SEED = "好孕来"
STAFF_PHONES = 13490000000
CUSTOMER_PHONES = 13491000000
_ROOM, _STRIDE = 9_000_000, 4_567_891  # coprime: every customer gets a number of her own, and neighbours look different

REGIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("湖西区", "HX", ("桂影路店", "柳浪坊店", "西谷广场店", "文渊路店", "翠微里店")),
    ("江南区", "JN", ("江岸荟店", "听潮里店", "星野广场店", "长汀街店")),
    ("城北区", "CB", ("拱月桥店", "运河湾店", "丰泉里店", "半山亭店")),
    ("东沙区", "DS", ("沙洲新城店", "下渚路店", "东篱荟店", "白鹭湾店")),
)
DEMO_GUIDE = "林晓禾"


@dataclass(slots=True, frozen=True)
class Shop:
    """`region` counts in REGIONS."""

    code: str
    name: str
    region: int


@dataclass(slots=True, frozen=True)
class Employee:
    """`shops` and `region` count in SHOPS and REGIONS; `phone` as it is typed."""

    name: str
    phone: str
    role: Role
    shops: tuple[int, ...] = ()
    region: int | None = None

    @property
    def serves(self) -> bool:
        """Has customers of her own."""
        return self.role in (Role.GUIDE, Role.ADVISOR)


def _shops() -> tuple[Shop, ...]:
    return tuple(
        Shop(f"{code}{n:02d}", name, region)
        for region, (_, code, shops) in enumerate(REGIONS)
        for n, name in enumerate(shops, 1)
    )


SHOPS = _shops()
ADVISED = (0, 3, 6, 9, 13, 15)
"""Shops whose second person is an advisor."""


def _posts() -> list[tuple[Role, tuple[int, ...], int | None]]:
    posts: list[tuple[Role, tuple[int, ...], int | None]] = [(Role.GUIDE, (0,), None)]  # the demo guide comes first
    posts += [(Role.ADVISOR if shop in ADVISED else Role.GUIDE, (shop,), None) for shop in range(len(SHOPS))]
    posts += [(Role.GUIDE, (shop,), None) for shop in range(1, len(SHOPS) - 1)]
    posts += [(Role.GUIDE, (16, 15), None), (Role.GUIDE, (5,), None), (Role.GUIDE, (10,), None)]
    posts += [(Role.STORE_MANAGER, (shop,), None) for shop in range(len(SHOPS))]
    posts += [(Role.REGIONAL_MANAGER, (), region) for region in range(len(REGIONS))]
    return [*posts, (Role.HQ, (), None), (Role.HQ, (), None), (Role.ADMIN, (), None)]


def _staff() -> tuple[Employee, ...]:
    rng, taken, staff = Random(f"{SEED}/staff"), {DEMO_GUIDE}, []
    for number, (role, shops, region) in enumerate(_posts(), 1):
        name = DEMO_GUIDE
        while number > 1 and name in taken:
            name = names.surname(rng) + names.pick(rng, names.STAFF_GIVEN)
        taken.add(name)
        staff.append(Employee(name, str(STAFF_PHONES + number), role, shops, region))
    return tuple(staff)


STAFF = _staff()


def counter_of(shop: int) -> list[int]:
    """Who of STAFF serves customers in this shop."""
    return [n for n, employee in enumerate(STAFF) if employee.serves and shop in employee.shops]


def customer_phone(number: int) -> str:
    """The n-th customer's number, as it is typed; unique below nine million."""
    return str(CUSTOMER_PHONES + number * _STRIDE % _ROOM)
