"""Names as they are typed: pinyin and initials from any syllable on, surnames read as such, and no end of readings."""

import pytest

from shuke.domains.customers import rules
from shuke.kit import pinyin


@pytest.mark.parametrize(
    ("name", "found_by", "not_by"),
    [
        ("周雨桐", "zhouyutong yutong tong zyt yt", "houyutong ytong z"),
        ("单雪", "shanxue danxue sx", "chanxue"),
        ("曾子墨", "zengzimo zzm zimo", "cengmo"),
        ("解晓东", "xiexiaodong xxd", "xiaojie"),
        ("朴恩惠", "piaoenhui peh", "poenhui"),
        ("尉迟恭", "yuchigong ycg", "weichigong"),
        ("吕燕", "lvyan luyan ly", "lüyan"),
        ("王曾", "wangceng wangzeng wz wc", ""),
        ("小满妈妈", "xiaomanmama xmmm mama mm", "xmm"),
        ("Anna李", "li", "annali"),
        ("Lee", "", "lee"),
    ],
)
def test_a_name_is_written_as_it_is_read(name: str, found_by: str, not_by: str) -> None:
    found = pinyin.spelled(name, 40)
    assert set(found_by.split()) <= found and not set(not_by.split()) & found


def test_a_name_of_many_readings_is_written_in_a_few_ways() -> None:
    assert len(pinyin.spelled("曾单乐长行朝", 40)) <= 6 * pinyin.MOST_READINGS * 2
    assert all(len(word) <= 40 for word in pinyin.spelled("长" * 120, 40))


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("Zhou Yu'tong", ["zhou yu'tong", "zhouyutong"]),
        ("LÜ", ["lü", "lv"]),
        ("na lee 2", ["na lee 2"]),
        ("周 雨", ["周 雨"]),
    ],
)
def test_pinyin_is_found_however_it_is_divided(typed: str, sought: list[str]) -> None:
    found = rules.sought(typed)
    assert found and found.terms == sought


def test_tokens_hold_every_part_of_a_name_and_the_beginning_of_a_number() -> None:
    assert rules.tokens(["Na 周", None], ["VIP１"]) == ["a 周", "na 周", "vip1", "zhou", "周"]
    assert rules.tokens([None], []) == []


def test_the_beginning_of_a_longer_token_is_none_of_its_own() -> None:
    found = rules.tokens(["王若溪", "若溪妈妈"], [])
    assert "若溪妈妈" in found and "若溪" not in found
    assert "ruoximama" in found and "ruoxi" not in found
    for typed in ("若溪", "溪", "ruoxi", "rx", "wangruoxi", "mama"):
        assert any(token.startswith(typed) for token in found)
