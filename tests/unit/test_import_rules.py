"""From rows of text to receipts: keys, times, and readings that hold only so much."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from shuke.domains.records.reading import Receipt, last_rows, receipts
from shuke.domains.records.rules import Cells, CustomerReader, OrderReader, day, headings
from shuke.domains.records.rules.customers import NotTaken, Person
from shuke.domains.records.rules.house import House
from shuke.domains.records.rules.tables import Choice, find_header
from shuke.domains.records.types import Mapping
from shuke.kit.sheets import Sheet, columns, safe

FIELDS = ("receipt_no", "placed_at", "quantity", "unit_price")


def reader(mapping: Mapping | None = None, zone: str = "Asia/Shanghai") -> OrderReader:
    places = {field: place for place, field in enumerate(FIELDS)}
    return OrderReader(mapping or Mapping(), Cells(mapping or Mapping(), places, 4, zone), "S1")


def test_a_receipts_day_is_the_shops_and_its_moment_utc() -> None:
    for zone, text, at, local in (
        ("Asia/Shanghai", "2026-03-01 00:30", datetime(2026, 2, 28, 16, 30, tzinfo=UTC), date(2026, 3, 1)),
        ("Europe/London", "2011-07-01 00:30:00", datetime(2011, 6, 30, 23, 30, tzinfo=UTC), date(2011, 7, 1)),
        ("Asia/Shanghai", "2026-03-01T20:00:00Z", datetime(2026, 3, 1, 20, tzinfo=UTC), date(2026, 3, 2)),
    ):
        chosen = reader(zone=zone)
        row = ["7", text, "1", "2"]
        key = chosen.key(row)
        assert key == ("7", local, "S1", "") and not isinstance(key, str)
        assert chosen.order(key, [row]).placed_at == at


def test_the_mappings_formats_come_before_iso() -> None:
    mapping = Mapping(datetime=["%d/%m/%Y %H:%M"])
    assert reader(mapping).key(["7", "03/02/2026 10:00", "1", "2"]) == ("7", date(2026, 2, 3), "S1", "")
    assert reader().key(["7", "03/02/2026 10:00", "1", "2"]) == "moment_wrong"


def test_times_that_begin_with_the_year_need_no_mapping() -> None:
    cells = Cells(Mapping(), {}, 0, "Asia/Shanghai")
    nine = datetime(2026, 3, 8, 1, 5, tzinfo=UTC), date(2026, 3, 8)
    for text in ("2026-3-8 9:05", "2026/03/08 09:05", "2026/3/8  9:05:00", "2026.03.08 09:05", "2026年3月8日 9:05"):
        assert cells.moment(text) == nine
    for text in ("2026/13/08 09:05", "2026/3/89:05", "8/3/2026 09:05", "2026/3/8 25:00"):
        assert cells.moment(text) is None


def test_a_row_without_a_store_is_told_apart_from_one_with_a_wrong_store() -> None:
    cells = Cells(Mapping(), {"member_no": 0, "store": 1}, 2, "Asia/Shanghai")
    reader = CustomerReader(cells, House({"S1": UUID(int=1)}, None, {}, {}, date(2026, 3, 8)))
    assert reader.customer(["V1", ""]) == NotTaken("store_missing", {"member_no": "V1"})
    assert reader.customer(["V1", "S9"]) == NotTaken("store_unknown", {"member_no": "V1", "store": "S9"})
    assert isinstance(reader.customer(["V1", "S1"]), Person)


def test_dates_are_read_as_people_write_them() -> None:
    for text in ("2026-03-08", "2026/3/8", "2026.03.08", "2026年3月8日", "20260308"):
        assert day(text) == date(2026, 3, 8)
    assert day("08.03.2026") is None


def test_a_mapping_that_names_columns_says_it_all() -> None:
    assert headings({"a": ("甲", "a"), "b": ("乙",)}, Mapping(columns={"a": "x"})) == {"a": ("x",)}


def test_cells_never_compute() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\tx"):
        assert safe(text) == f"'{text}"
    assert safe("第 3 行") == "第 3 行"


@settings(max_examples=60, deadline=None)
@given(numbers=some.lists(some.sampled_from(["1", "2", "3", "4", "", "bad"]), max_size=40), held=some.integers(0, 12))
def test_every_row_comes_once_and_receipts_are_whole(numbers: list[str], held: int, tmp_path_factory: object) -> None:
    path = Path(str(tmp_path_factory.getbasetemp())) / "rows.csv"  # type: ignore[attr-defined]
    times = {"bad": "never"}
    lines = [f"{number},{times.get(number, '2026-03-02 10:00')},1,1" for number in numbers]
    path.write_text("\n".join([",".join(FIELDS), *lines]) + "\n", encoding="utf-8")
    sheet, chosen = Sheet(path), reader()
    last: dict[int, int] = {}
    assert list(last_rows(sheet, chosen, last)) == ([len(numbers) + 1] if numbers else [])
    found = list(receipts(sheet, chosen, last, max(held, 1)))
    whole = {one.key[0]: one.numbers for one in found if isinstance(one, Receipt)}
    loose = {one[0]: one[1] for one in found if isinstance(one, tuple)}
    assert len(found) == len(whole) + len(loose)
    for number in {"1", "2", "3", "4"} & set(numbers):
        assert whole[number] == [row for row, said in enumerate(numbers, 2) if said == number]
    reasons = {"": "receipt_missing", "bad": "moment_wrong"}
    assert loose == {row: reasons[said] for row, said in enumerate(numbers, 2) if said in reasons}


def test_headings_are_found_whatever_stands_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeff 单号 ,x,单号\r\n1,2,3\r\n\r\n4,5,6".encode())
    sheet = Sheet(path)
    assert columns(sheet.header, {"receipt_no": ("小票号", "单号")}, ["receipt_no"]) == {"receipt_no": 0}
    with sheet.reading() as rows:
        assert list(rows) == [(2, ["1", "2", "3"]), (3, []), (4, ["4", "5", "6"])]


def test_a_title_above_the_headings_is_no_line_of_them() -> None:
    top = [["好孕来客户档案", "", ""], [], ["客人", "手机号", "门店"], ["小满", "13800138000", "S1"]]
    found = find_header(top, [], Choice({}))
    assert found and (found.first, found.headings) == (3, ["客人", "手机号", "门店"])
    assert found.places == {"phone": 1, "store": 2}
