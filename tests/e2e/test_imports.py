"""Head office brings a spreadsheet in: tries it, sees which rows cannot be taken and why, imports it for real."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from shuke.domains.records.reading import FIRST_ORDERS
from shuke.kit import db
from tests.e2e.conftest import PHONE, PICTURES, Site, environment_on, phone, sign_in, site_on
from tests.e2e.looking import TABLET, Eyes
from tests.factories import PASSWORD, World, make_world
from tests.factories.customers import make_customer
from tests.factories.workbooks import write_xlsx
from tests.servers import fresh_database

VIEWS = {"zh": [("light", PHONE), ("dark", TABLET)], "en": [("dark", PHONE), ("light", TABLET)]}
ALL = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET)]


@pytest.fixture
async def chain(browser: Browser, migrated: str, tmp_path: Path) -> AsyncIterator[tuple[Site, World]]:
    async with fresh_database(migrated) as url:
        await db.connect(url)
        world = await make_world()
        await db.disconnect()
        build = os.environ.get("SHUKE_PWA")
        environment = environment_on(url, datetime.now(UTC)) | ({"SHUKE_PWA": build} if build else {})
        async with site_on(environment, tmp_path) as site:
            yield site, world


def workbook(folder: Path) -> Path:
    """40 good receipts on two sheets, three rows that cannot be taken, and a sheet that is none."""
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=40)
    header = ("单号", "时间", "门店", "会员号", "商品", "数量", "单价")
    first = [(1000 + n, at, "S1", f"M{n}", "奶粉", 1, 299.0) for n in range(30)]
    wrong = [
        (2001, at, "S9", "M1", "奶粉", 1, 299),
        (None, at, "S1", "M1", "奶粉", 1, 299),
        (2003, at, "S1", "", "", "一", 9),
    ]
    second = [(3000 + n, at, "S2", f"M{n}", "尿裤", 2, 89.5) for n in range(10)]
    return write_xlsx(
        folder / "三月销售.xlsx", {"文三路": [header, *first, *wrong], "滨江": [header, *second], "说明": [("好",)]}
    )


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_head_office_tries_a_workbook_and_then_imports_it(
    browser: Browser, chain: tuple[Site, World], tmp_path: Path, language: str
) -> None:
    site, world = chain
    chinese = language == "zh"

    def word(zh: str, en: str) -> str:
        return zh if chinese else en

    async def press(page: Page, name: str) -> None:
        await page.get_by_role("button", name=name, exact=True).tap()

    await site.fetch("UPDATE staff SET locale = $1", "zh-CN" if chinese else "en")
    async with phone(browser, site, locale="zh-CN" if chinese else "en-GB", accept_downloads=True) as page:
        eyes = Eyes(page, language, ALL if PICTURES else VIEWS[language])
        await sign_in(page, world.phones["hq"].removeprefix("+86"), PASSWORD)
        await page.get_by_role("link", name=word("我的", "Me"), exact=True).tap()
        await page.get_by_role("link", name=word("导入表格", "Import spreadsheets")).tap()
        await expect(page.get_by_text(word("还没有导入过", "Nothing imported yet"))).to_be_visible()
        await page.locator("input[type=file]").set_input_files(workbook(tmp_path))
        await eyes.look("imports-form")
        await press(page, word("试一遍", "Try it"))
        await expect(page.get_by_role("heading", name=word("有 3 行收不了", "3 rows cannot be taken"))).to_be_visible()
        await expect(page.get_by_text(word("没有这个门店编码", "There is no store with this code"))).to_be_visible()
        await expect(page.locator(".job")).to_contain_text("说明")
        await eyes.look("imports-tried")
        assert await site.value('SELECT count(*) FROM "order"') == 0
        await press(page, word("正式导入", "Import for real"))
        await expect(page.get_by_role("heading", name=word("有 3 行没收", "3 rows were not taken"))).to_be_visible()
        assert await site.value('SELECT count(*) FROM "order"') == 40
        await eyes.look("imports-done")
        async with page.expect_download() as saving:
            await press(page, word("下载每一行的结果", "Download every row"))
        report = Path(await (await saving.value).path()).read_text("utf-8-sig").splitlines()
        assert len(report) == 1 + 43 + 1 and (await saving.value).suggested_filename == "三月销售-report.csv"
        await page.locator("button.icon-btn").first.tap()
        assert not eyes.troubles, "\n".join(eyes.troubles)


@asynccontextmanager
async def held(site: Site, store: str) -> AsyncIterator[None]:
    """Nothing can be stored of this store meanwhile: whoever wants to waits."""
    connection = await asyncpg.connect(site.environment["SHUKE_DATABASE_URL"])
    try:
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM store WHERE code = $1 FOR UPDATE", store)
            yield
    finally:
        await connection.close()


async def test_the_bar_says_how_far_an_import_is(browser: Browser, chain: tuple[Site, World], tmp_path: Path) -> None:
    site, world = chain
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=40)
    header = ("单号", "时间", "门店", "会员号", "商品", "数量", "单价")
    rows = [(n, at, "S1" if n < FIRST_ORDERS else "S2", f"M{n}", "奶粉", 1, 299.0) for n in range(2 * FIRST_ORDERS)]
    file = write_xlsx(tmp_path / "四月销售.xlsx", {"四月": [header, *rows]})
    async with phone(browser, site) as page:
        await sign_in(page, world.phones["hq"].removeprefix("+86"), PASSWORD)
        await page.goto("/imports")
        await page.locator("input[type=file]").set_input_files(file)
        await page.get_by_role("button", name="试一遍", exact=True).tap()
        await expect(page.get_by_role("heading", name="试完了")).to_be_visible()
        bar = page.get_by_role("progressbar", name="进行中")
        await expect(bar).to_have_count(0)
        async with held(site, "S2"):
            await page.get_by_role("button", name="正式导入", exact=True).tap()
            said = page.get_by_role("status").filter(has_text=f"{FIRST_ORDERS} / {2 * FIRST_ORDERS} 行")
            await expect(said).to_be_visible()
            assert await bar.evaluate("bar => bar.position") == 0.5
            await page.wait_for_timeout(1500)
            assert await bar.evaluate("bar => bar.position") == 0.5
        await expect(page.get_by_role("heading", name="都搬进来了")).to_be_visible()
        await expect(bar).to_have_count(0)
    assert await site.value('SELECT count(*) FROM "order"') == 2 * FIRST_ORDERS


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_head_office_says_field_by_field_what_a_file_may_overwrite(
    browser: Browser, chain: tuple[Site, World], tmp_path: Path, language: str
) -> None:
    site, world = chain
    await db.connect(site.environment["SHUKE_DATABASE_URL"])
    await make_customer(world, phone="13900000100", name="甲", alias="小甲", note="旧话")
    await db.disconnect()
    rows = [("姓名", "称呼", "手机号", "门店", "备注"), ("甲新", "阿甲", 13900000100, "S1", "新话")]
    file = write_xlsx(tmp_path / "客户档案.xlsx", {"一店": rows})
    zh = language == "zh"
    await site.fetch("UPDATE staff SET locale = $1", "zh-CN" if zh else "en")
    async with phone(browser, site, locale="zh-CN" if zh else "en-GB") as page:
        eyes = Eyes(page, language, ALL if PICTURES else VIEWS[language])
        await sign_in(page, world.phones["hq"].removeprefix("+86"), PASSWORD)
        await page.goto("/imports")
        await page.get_by_role("button", name="客户" if zh else "Customers", exact=True).tap()
        await page.locator("input[type=file]").set_input_files(file)
        of_all = page.get_by_label("客人已有档案时" if zh else "Where she is on file")
        await of_all.select_option(label="以表格为准" if zh else "The file holds")
        await page.get_by_text("一项一项选" if zh else "Choose field by field").tap()
        each = page.locator(".overwriting details")
        await each.get_by_label("备注" if zh else "Note", exact=True).select_option(
            label="一项都不改" if zh else "Change nothing"
        )
        await each.get_by_label("称呼" if zh else "Alias", exact=True).select_option(
            label="只补空的" if zh else "Fill blanks only"
        )
        await eyes.look("imports-overwrite")
        await page.get_by_role("button", name="试一遍" if zh else "Try it", exact=True).tap()
        was = "已有档案：以表格为准 · 一项一项选 · 2 项另选" if zh else "On file: The file holds"
        await expect(page.locator(".job header")).to_contain_text(was)
        await eyes.look("imports-overwrite-tried")
        await page.get_by_role("button", name="正式导入" if zh else "Import for real", exact=True).tap()
        await expect(page.get_by_role("heading", name="都搬进来了" if zh else "Everything is in")).to_be_visible()
        row = (await site.fetch("SELECT name, alias, note FROM customer"))[0]
        assert tuple(row) == ("甲新", "小甲", "旧话")
        await page.goto("/customers")
        await page.get_by_role("button", name="导出" if zh else "Export", exact=True).tap()
        await page.get_by_label("用来做什么" if zh else "What it is for").fill("三月门店盘点")
        await page.get_by_role("button", name="职业" if zh else "Occupation", exact=True).tap()
        await page.get_by_role("button", name="备注" if zh else "Note", exact=True).tap()
        await eyes.look("exports-columns")
        await page.get_by_role("button", name="导出" if zh else "Export", exact=True).last.tap()
        await expect(page.get_by_role("button", name="下载" if zh else "Download", exact=True)).to_be_visible()
        fields = str(await site.value("SELECT wish->>'fields' FROM export_job"))
        assert '"values.occupation"' in fields and '"name"' in fields and '"note"' not in fields
        assert not eyes.troubles, "\n".join(eyes.troubles)


async def test_a_guide_sees_no_way_in_and_is_told_nothing(browser: Browser, chain: tuple[Site, World]) -> None:
    site, world = chain
    async with phone(browser, site) as page:
        await sign_in(page, world.phones["guide"].removeprefix("+86"), PASSWORD)
        await page.get_by_role("link", name="我的", exact=True).tap()
        await expect(page.get_by_role("heading", name="语言")).to_be_visible()
        await expect(page.get_by_role("link", name="导入表格")).to_have_count(0)


async def test_head_office_brings_people_in_puts_columns_right_and_takes_them_back(
    browser: Browser, chain: tuple[Site, World], tmp_path: Path
) -> None:
    site, world = chain
    header = ("客人", "手机号", "门店", "生日")
    rows = [(f"第{n}位", 13900000100 + n, "S1", "1990-03-08") for n in range(8)]
    twin = [("王若溪", 13900000201, "S1", "1990-03-08"), ("王若溪", 13700000202, "S1", "1990-03-08")]
    wrong = [("谷雨", "1.38E+10", "S1", ""), ("立夏", 13900000302, "S9", "")]
    file = write_xlsx(tmp_path / "客户档案.xlsx", {"一店": [("好孕来客户档案",), header, *rows, *twin, *wrong]})
    async with phone(browser, site, accept_downloads=True) as page:
        eyes = Eyes(page, "zh", ALL if PICTURES else [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, world.phones["hq"].removeprefix("+86"), PASSWORD)
        await page.goto("/imports")
        await page.get_by_role("button", name="客户", exact=True).tap()
        await page.locator("input[type=file]").set_input_files(file)
        await eyes.look("imports-people-form")
        await page.get_by_role("button", name="试一遍", exact=True).tap()
        await expect(page.get_by_role("heading", name="有 2 行收不了")).to_be_visible()
        await page.get_by_text("哪一列是什么").tap()
        await page.get_by_label("客人", exact=True).select_option(label="姓名")
        await eyes.look("imports-people-columns")
        await page.get_by_role("button", name="按这样再试一遍").tap()
        await expect(page.get_by_text("按上次选的")).to_be_visible()
        await page.get_by_role("button", name="正式导入", exact=True).tap()
        await expect(page.get_by_role("heading", name="有 2 行没收")).to_be_visible()
        assert await site.value("SELECT count(*) FROM customer WHERE name = '王若溪'") == 2
        await page.get_by_role("button", name="疑似重复 1").tap()
        await expect(page.get_by_text("≈")).to_be_visible()
        await eyes.look("imports-people-done")
        await page.get_by_role("button", name="撤销整次导入").tap()
        await page.get_by_role("button", name="确定撤销").tap()
        await expect(page.get_by_text("拿掉 10 位，还原 0 位，留下 0 位")).to_be_visible()
        await eyes.look("imports-people-undone")
        assert await site.value("SELECT count(*) FROM customer") == 0
        await page.goto("/customers")
        await page.get_by_role("button", name="导出", exact=True).tap()
        await page.get_by_label("用来做什么").fill("三月门店盘点")
        await page.get_by_role("button", name="导出", exact=True).last.tap()
        await expect(page.get_by_role("button", name="下载", exact=True)).to_be_visible()
        await eyes.look("exports-sheet")
        assert not eyes.troubles, "\n".join(eyes.troubles)
