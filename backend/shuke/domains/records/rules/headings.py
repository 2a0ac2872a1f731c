"""Where each field of an order stands in a file, and where a row of it came from."""

from bisect import bisect_right
from collections.abc import Sequence

from shuke.domains.records.types import Mapping, Spot
from shuke.kit.errors import ErrorCode, Refusal
from shuke.kit.sheets import columns

Headings = dict[str, Sequence[str]]

ORDERS: Headings = {
    "receipt_no": ("单号", "小票号", "订单号", "receipt_no"),
    "placed_at": ("时间", "下单时间", "销售时间", "placed_at"),
    "business_date": ("营业日", "business_date"),
    "store": ("门店", "门店编码", "store"),
    "terminal": ("收银台", "收银机", "terminal"),
    "kind": ("类型", "单据类型", "kind"),
    "status": ("状态", "status"),
    "member_no": ("会员号", "会员卡号", "member_no"),
    "phone": ("手机号", "手机", "电话", "phone"),
    "refund_of": ("原单号", "refund_of"),
    "sku": ("货号", "商品编码", "条码", "sku"),
    "name": ("商品", "品名", "商品名称", "name"),
    "quantity": ("数量", "quantity"),
    "unit_price": ("单价", "unit_price"),
    "total": ("金额", "小计", "total"),
}
"""Our field -> headings under which it is found when the mapping does not say."""


def headings(known: Headings, mapping: Mapping) -> Headings:
    """The headings to look for: the mapping's word first. Raises KeyError naming a field that does not exist."""
    for field in mapping.columns:
        if field not in known:
            raise KeyError(field)
    if mapping.columns:  # a mapping says it all: nothing is taken by a guess
        return {field: (heading,) for field, heading in mapping.columns.items()}
    return known


def place_orders(wanted: Headings, header: Sequence[str]) -> dict[str, int]:
    """Where each field of an order line stands. Raises Refusal INVALID when one that is needed is missing."""
    places = columns(header, wanted, ("receipt_no", "placed_at", "quantity"))
    if not {"unit_price", "total"} & places.keys():
        raise Refusal(ErrorCode.INVALID, reason="file_no_money")
    return places


def where(spots: Sequence[Spot], row: int) -> tuple[str, int]:
    """The sheet's name and the row's number in it."""
    spot = spots[bisect_right(spots, row, key=lambda one: one.row) - 1]
    return spot.sheet, row - spot.row + spot.number
