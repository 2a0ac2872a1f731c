"""Photographs every screen of the built PWA against the mock, and runs axe on each.

    node testing/mock.ts 8399 &
    ../.venv/bin/python testing/look.py OUTPUT [http://127.0.0.1:8399]

Prints each axe violation and each target smaller than 44 px; exits non-zero where there is any.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

OUT = Path(sys.argv[1])
BASE = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8399"
AXE = (Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js").read_text()
CUSTOMER = "/customers/00000000-0000-7000-8000-000000000001"
SIZES = {"phone": (390, 844), "tablet": (1024, 768), "between": (800, 900), "small": (360, 640)}
SMALL = """() => [...document.querySelectorAll('button, a[href], input, summary, [role=switch]')].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || !e.checkVisibility({visibilityProperty: true}) || e.closest('.field') || e.type === 'radio') return false;
  if (document.querySelector('dialog[open]') && !e.closest('dialog')) return false;
  const after = getComputedStyle(e, '::after');
  const grow = after.content !== 'none' && after.position === 'absolute' ? [-parseFloat(after.left) || 0, -parseFloat(after.top) || 0] : [0, 0];
  return box.width + 2 * grow[0] < 43.5 || box.height + 2 * grow[1] < 43.5;
}).map(e => `${e.textContent.trim() || e.getAttribute('aria-label')} ${e.offsetWidth}x${e.offsetHeight}`)"""

problems: list[str] = []


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(350)
    page.screenshot(path=OUT / f"{name}.png")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa','best-practice']})")
    for violation in found["violations"]:
        nodes = [f"{node['target']} {node['failureSummary'][:160]!r}" for node in violation["nodes"][:3]]
        problems.append(f"{name}: axe {violation['id']} ({len(violation['nodes'])}) {nodes}")
    for small in page.evaluate(SMALL):
        problems.append(f"{name}: small target {small}")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        problems.append(f"{name}: {wide} px wider than the screen")


def tour(page: Page, tag: str, zh: bool) -> None:
    page.request.post(BASE + "/__mock", data=json.dumps({"reset": True}))
    word = (lambda a, b: a) if zh else (lambda a, b: b)
    page.goto(BASE + "/sign-in")
    page.get_by_label(word("手机号", "Phone number")).wait_for()
    shoot(page, f"{tag}-1-sign-in")
    page.get_by_label(word("手机号", "Phone number")).fill("13800000001")
    page.get_by_label(word("密码", "Password"), exact=True).fill("wrong")
    page.get_by_role("button", name=word("登录", "Sign in")).click()
    page.get_by_role("alert").wait_for()
    shoot(page, f"{tag}-1-sign-in-wrong")
    page.get_by_label(word("密码", "Password"), exact=True).fill("right")
    page.get_by_role("button", name=word("登录", "Sign in")).click()
    page.get_by_role("article").wait_for()
    shoot(page, f"{tag}-2-today")
    page.get_by_role("button", name=word("记结果", "Outcome")).click()
    page.get_by_role("dialog").wait_for()
    shoot(page, f"{tag}-3-outcome")
    page.get_by_role("button", name=word("约到店", "Visit booked")).click()
    shoot(page, f"{tag}-3-outcome-chosen")
    page.get_by_role("button", name=word("下一位", "Next")).click()
    page.get_by_role("dialog").wait_for(state="detached")
    shoot(page, f"{tag}-2-today-after")
    for _ in range(3):
        page.get_by_role("button", name=word("记结果", "Outcome")).click()
        page.get_by_role("button", name=word("接通", "Reached")).click()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        page.wait_for_timeout(300)
    page.locator(".drawing").wait_for()
    shoot(page, f"{tag}-2-today-done")
    page.goto(BASE + "/customers")
    page.get_by_role("searchbox").wait_for()
    page.locator(".customer").first.wait_for()
    shoot(page, f"{tag}-4-customers")
    page.goto(BASE + CUSTOMER)
    page.locator(".hero").wait_for()
    shoot(page, f"{tag}-5-customer")
    page.locator(".page.detail").screenshot(path=OUT / f"{tag}-5-customer-full.png")
    page.get_by_role("button", name=word("记一笔", "Note")).click()
    shoot(page, f"{tag}-5-note")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=word("单", "orders")).click()
    page.locator(".orders").wait_for()
    shoot(page, f"{tag}-5-orders")
    page.goto(BASE + "/customers/new")
    page.get_by_label(word("手机号", "Phone number")).fill("13812342047")
    page.locator(".existing").wait_for()
    shoot(page, f"{tag}-6-new")
    page.goto(BASE + CUSTOMER + "/edit")
    page.get_by_label(word("等级", "Level")).fill("钻石")
    shoot(page, f"{tag}-6-edit")
    page.get_by_role("button", name=word("存好", "Save")).click()
    page.get_by_role("radiogroup").first.wait_for()
    page.locator("form.card").wait_for()
    shoot(page, f"{tag}-6-conflict")
    page.goto(BASE + "/outbox")
    page.locator(".waiting").first.wait_for()
    shoot(page, f"{tag}-9-outbox")
    page.goto(BASE + "/inbox")
    page.locator(".message").first.wait_for()
    shoot(page, f"{tag}-7-inbox")
    page.goto(BASE + "/me")
    page.locator(".setting").first.wait_for()
    page.wait_for_timeout(200)
    shoot(page, f"{tag}-8-me")
    page.screenshot(path=OUT / f"{tag}-8-me-full.png", full_page=True)
    page.get_by_role("button", name=word("退出登录", "Sign out"), exact=True).click()
    page.get_by_role("dialog").wait_for()
    shoot(page, f"{tag}-8-signout")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("LOOK", "phone-light-zh,phone-dark-en,tablet-light-en,tablet-dark-zh,small-light-en").split(",")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for tag in wanted:
            size, theme, language = tag.split("-")
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height},
                device_scale_factor=1.5,
                color_scheme=theme,  # type: ignore[arg-type]
                locale="zh-CN" if language == "zh" else "en-GB",
                timezone_id="Asia/Shanghai",
                bypass_csp=True,
                service_workers="block",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.on("console", lambda m, tag=tag: m.type == "error" and "401" not in m.text and problems.append(f"{tag}: console {m.text}"))
            page.on("pageerror", lambda error, tag=tag: problems.append(f"{tag}: error {error}"))
            try:
                tour(page, tag, language == "zh")
            except Exception as error:
                page.screenshot(path=OUT / f"{tag}-stuck.png")
                problems.append(f"{tag}: stuck {str(error)[:600]}")
            context.close()
        browser.close()
    print("\n".join(problems) or "nothing found")
    sys.exit(1 if problems else 0)


main()
