"""What the demo chain sells: invented brands, prices in fen, and for which age of a child."""

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Product:
    """`price` in fen; for children from `since` to before `until` months (before birth: negative)."""

    sku: str
    name: str
    kind: str
    price: int
    since: int
    until: int


def _shelf(kind: str, code: str, *rows: tuple[str, int, int, int]) -> list[Product]:
    return [Product(f"{code}{n:02d}", name, kind, price, a, b) for n, (name, price, a, b) in enumerate(rows, 1)]


PRODUCTS: tuple[Product, ...] = (
    *_shelf(
        "formula",
        "NF",
        ("安芽 婴儿配方奶粉 1 段 800g", 29800, 0, 6),
        ("安芽 较大婴儿配方奶粉 2 段 800g", 28800, 6, 12),
        ("安芽 幼儿配方奶粉 3 段 800g", 26800, 12, 37),
        ("牧初 有机奶粉 1 段 700g", 36800, 0, 6),
        ("牧初 有机奶粉 2 段 700g", 35800, 6, 12),
        ("牧初 有机奶粉 3 段 700g", 33800, 12, 37),
        ("小羊倌 羊奶粉 1 段 800g", 39800, 0, 6),
        ("小羊倌 羊奶粉 2 段 800g", 38800, 6, 12),
        ("小羊倌 羊奶粉 3 段 800g", 35800, 12, 37),
        ("益成 儿童成长奶粉 4 段 800g", 23800, 30, 90),
    ),
    *_shelf(
        "nappies",
        "NK",
        ("云朵 纸尿裤 NB 84 片", 11900, -1, 1),
        ("云朵 纸尿裤 S 78 片", 12900, 1, 4),
        ("云朵 纸尿裤 M 68 片", 12900, 4, 9),
        ("云朵 纸尿裤 L 58 片", 13900, 9, 18),
        ("云朵 拉拉裤 XL 50 片", 14900, 18, 30),
        ("云朵 拉拉裤 XXL 44 片", 14900, 30, 48),
        ("软丘 薄柔纸尿裤 S 72 片", 9900, 1, 4),
        ("软丘 薄柔纸尿裤 M 64 片", 9900, 4, 9),
        ("软丘 薄柔拉拉裤 L 52 片", 10900, 9, 18),
        ("软丘 薄柔拉拉裤 XL 46 片", 10900, 18, 36),
    ),
    *_shelf(
        "food",
        "FS",
        ("禾苗 高铁米粉 原味 225g", 5900, 6, 18),
        ("禾苗 果泥 苹果胡萝卜 4 袋", 3980, 6, 36),
        ("禾苗 溶豆 草莓 20g", 2900, 8, 36),
        ("禾苗 磨牙饼 60g", 2680, 7, 24),
        ("禾苗 蝴蝶面 200g", 3280, 9, 36),
        ("益成 维生素 D 滴剂 30 粒", 6800, 0, 37),
        ("益成 DHA 藻油 60 粒", 16800, 0, 60),
        ("益成 孕妇复合维生素 60 片", 15800, -10, 6),
    ),
    *_shelf(
        "care",
        "XH",
        ("棉小屋 棉柔巾 100 抽 6 包", 5990, -3, 90),
        ("棉小屋 婴儿湿巾 80 抽 5 包", 4990, -3, 48),
        ("润禾 婴儿面霜 50g", 6800, 0, 60),
        ("润禾 洗发沐浴露 500ml", 7900, 0, 60),
        ("润禾 护臀膏 60g", 5800, 0, 24),
        ("润禾 洗衣液 2L", 4590, -3, 90),
        ("待产包 十八件", 39900, -4, 0),
        ("防溢乳垫 100 片", 4990, -2, 8),
    ),
    *_shelf(
        "feeding",
        "WY",
        ("圆果 宽口径奶瓶 240ml", 11800, -2, 14),
        ("圆果 奶嘴 M 2 只", 4900, 1, 14),
        ("圆果 学饮杯 200ml", 8900, 6, 30),
        ("圆果 辅食碗勺套装", 6900, 6, 30),
        ("圆果 保温杯 350ml", 12800, 18, 90),
    ),
    *_shelf(
        "toys",
        "WJ",
        ("木木匠 摇铃 五件", 8900, 0, 12),
        ("木木匠 布书 三本", 6900, 3, 18),
        ("木木匠 积木 60 块", 13900, 14, 60),
        ("木木匠 学步推车", 25900, 9, 20),
        ("纸飞机 绘本 认知十册", 7800, 12, 60),
        ("纸飞机 磁力片 48 片", 11900, 30, 90),
    ),
    *_shelf(
        "wear",
        "FZ",
        ("眠眠 连体衣 59-73", 8900, -2, 9),
        ("眠眠 秋衣套装 73-90", 10900, 9, 30),
        ("眠眠 睡袋", 19900, 0, 36),
        ("眠眠 小外套 90-110", 15900, 24, 90),
        ("走走 学步鞋", 16900, 10, 24),
    ),
    *_shelf(
        "large",
        "DJ",
        ("远行 婴儿推车", 129900, -2, 6),
        ("远行 安全座椅", 169900, -2, 30),
        ("远行 餐椅", 49900, 5, 18),
        ("远行 围栏 十四片", 45900, 6, 15),
    ),
)

FIRST_MONTH, LAST_MONTH = -10, 89
KINDS = tuple(dict.fromkeys(product.kind for product in PRODUCTS))


def _fitting(kind: str, month: int) -> tuple[Product, ...]:
    return tuple(p for p in PRODUCTS if p.kind == kind and p.since <= month < p.until)


SHELVES: dict[tuple[str, int], tuple[Product, ...]] = {
    (kind, month): _fitting(kind, month) for kind in KINDS for month in range(FIRST_MONTH, LAST_MONTH + 1)
}
"""(kind, age in months) -> what suits that age"""
