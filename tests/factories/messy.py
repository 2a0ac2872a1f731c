"""A workbook of customers as shops have them, with every trap that we know of, and what is to become of each row; and
workbooks of the old kind.
"""

import struct
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

SERIAL = (date(1990, 3, 8) - date(1899, 12, 30)).days
UPPER = [
    "序号",
    "姓名",
    "联系方式",
    "",
    "",
    "性别",
    "生日",
    "",
    "孩子",
    "",
    "门店",
    "建档人",
    "建档日期",
    "跟进记录",
    "记录人",
    "记录时间",
]
LOWER = ["", "", "手机号*\n(必填)", "备用手机", "会员号", "", "", "", "姓名", "生日", "", "", "", "", "", ""]
NAME, PHONE, PHONE_2, MEMBER, GENDER, BIRTHDAY, STORE = 1, 2, 3, 4, 5, 6, 10
AUTHOR, FILED, NOTE, NOTE_BY, NOTE_AT = 11, 12, 13, 14, 15

ROWS: list[tuple[dict[int, Any], tuple[str, str]]] = [
    (
        {
            NAME: "王若溪",
            PHONE: "'138 0000 0001",
            MEMBER: "00123",
            GENDER: "女",
            BIRTHDAY: "1990年3月8日",
            8: "小满",
            9: date(2023, 3, 1),
            AUTHOR: "guide",
            FILED: date(2020, 5, 1),
        },
        ("created", ""),
    ),
    ({}, ("skipped", "row_blank")),
    ({NAME: "科学", PHONE: "1.38E+10"}, ("rejected", "number_scientific")),
    ({NAME: "全角", PHONE: "１３８０００００００４", PHONE_2: 13900000004}, ("created", "")),
    ({NAME: "序列号", PHONE: 13800000005, BIRTHDAY: SERIAL}, ("created", "")),
    ({NAME: "丢零", MEMBER: 124}, ("rejected", "number_zeros")),
    ({NAME: "座机", PHONE: 1062345678}, ("rejected", "phone_zeros")),
    ({NAME: "两个", PHONE: "13800000006/13800000007"}, ("rejected", "phone_several")),
    ({NAME: "没有号"}, ("rejected", "identity_missing")),
    ({NAME: "王若溪", PHONE: 13900000008, BIRTHDAY: date(1990, 3, 8)}, ("duplicate", "twin_birthday")),
    ({NAME: "未来", PHONE: 13800000009, BIRTHDAY: "2090-01-01"}, ("rejected", "birthday_wrong")),
    (
        {
            NAME: "王若溪",
            PHONE: "+86 138-0000-0001",
            NOTE: "喜欢蓝色",
            NOTE_BY: "guide",
            NOTE_AT: datetime(2023, 6, 1, 10, 30),
        },
        ("updated", ""),
    ),
    ({place: text for place, text in enumerate(UPPER) if text and place != PHONE}, ("skipped", "row_heading")),
    (
        {NAME: "离职", PHONE: 13800000010, NOTE: "问了推车", NOTE_BY: "早已离开的人", NOTE_AT: date(2023, 5, 1)},
        ("created", ""),
    ),
    ({NAME: "=HYPERLINK(1)", PHONE: 13800000011}, ("created", "")),
    ({NAME: "身份证", MEMBER: 330102199003081234}, ("rejected", "number_scientific")),
    ({0: "合计", 2: 12}, ("skipped", "row_total")),
    ({0: "注：本表由总部整理"}, ("skipped", "row_note")),
]
FIRST = 5
ENGLISH: list[tuple[list[Any], tuple[str, str]]] = [
    (["", "Anna", "13800000020", "S2", date(1991, 1, 1)], ("created", "")),
    (["", "", "", "", ""], ("skipped", "row_blank")),
    (["", "Anna", 13800000020, "S2", date(1991, 1, 1)], ("unchanged", "")),
    (["", "Nobody", 13800000021, "S99", ""], ("rejected", "store_unknown")),
    (["", "Total", 4, "", ""], ("skipped", "row_total")),
]
MESSY: dict[tuple[str, int], tuple[str, str]] = {
    ("空表", 0): ("skipped", "sheet_empty"),
    ("旧的", 0): ("skipped", "sheet_hidden"),
    ("说明", 0): ("skipped", "file_no_identity"),
    **{("一店", row): fate for row, (_, fate) in enumerate(ROWS, FIRST)},
    **{("Store two", row): fate for row, (_, fate) in enumerate(ENGLISH, 3)},
}
"""(sheet, row as a spreadsheet shows it) -> verdict and reason; row 0: the whole sheet."""


def messy(path: Path) -> Path:
    """Writes the workbook."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day, moment = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

        def put(sheet: Any, row: int, column: int, cell: Any) -> None:
            if isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell)

        sheet = book.add_worksheet("一店")
        sheet.merge_range(0, 0, 0, 15, "好孕来 2023 年客户档案")
        for column, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True)):
            if upper and not lower:
                sheet.merge_range(2, column, 3, column, upper)
            elif lower:
                sheet.write_string(3, column, lower)
        sheet.merge_range(2, 2, 2, 4, "联系方式")
        sheet.merge_range(2, 8, 2, 9, "孩子")
        for row, (cells, _) in enumerate(ROWS, FIRST - 1):
            for column, cell in cells.items():
                put(sheet, row, column, cell)
            if NAME in cells and cells[NAME] != "姓名":
                sheet.write_string(row, STORE, "S1")
        english = book.add_worksheet("Store two")
        for column, heading in enumerate(["", "Name", "Mobile ", "Store Code", "Date of Birth"]):
            put(english, 1, column, heading)
        for row, (line, _) in enumerate(ENGLISH, 2):
            for column, cell in enumerate(line):
                if cell != "":
                    put(english, row, column, cell)
        book.add_worksheet("空表")
        hidden = book.add_worksheet("旧的")
        hidden.write_string(0, 0, "手机号")
        hidden.hide()
        notes = book.add_worksheet("说明")
        notes.write_string(0, 0, "一月")
        notes.write_string(1, 0, "销售额")
    return path


def write_xls(path: Path, rows: Sequence[Sequence[str | float]]) -> Path:
    """A workbook as Excel 97 wrote it: BIFF8 records in a compound file ([MS-XLS], [MS-CFB]), one sheet."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(of: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, of, 0x0DBB, 0x07CC, 0, 6))

    def cell(row: int, column: int, value: str | float) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        return record(0x0203, place + struct.pack("<d", value))

    name = "Sheet1"
    head = begin(5) + record(0x0042, struct.pack("<H", 1200))
    bound = struct.pack("<IBBBB", len(head) + 4 + 8 + len(name) + 4, 0, 0, len(name), 0) + name.encode()
    stream = head + record(0x0085, bound) + record(0x000A, b"") + begin(16)
    stream += b"".join(cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    stream = (stream + record(0x000A, b"")).ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    free, end = 0xFFFFFFFF, 0xFFFFFFFE

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        label = title.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(label), kind, 1, free, free, child)
        return label.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    fat = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    table = struct.pack(f"<{len(fat)}I", *fat) + struct.pack("<I", free) * (128 - len(fat))
    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header = magic + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    path.write_bytes(header + table + folder.ljust(512, b"\0") + stream)
    return path
