"""Tries the offline promises in a real browser against the mock: `python testing/trial.py [http://127.0.0.1:8399]`.

The end-to-end tests with the real backend live elsewhere; this one is for working on the PWA alone.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8399"
sent: list[tuple[str, str]] = []


def on_request(request) -> None:  # type: ignore[no-untyped-def]
    if request.url.endswith("/graphql"):
        body = json.loads(request.post_data or "{}")
        if "input" in body.get("variables", {}):
            sent.append((body["operationName"], body["variables"]["input"]["operationId"]))


def weather(page: Page, **wish: object) -> None:
    page.request.post(BASE + "/__mock", data=json.dumps(wish))


def entries(page: Page) -> list[str]:
    return page.evaluate(
        """() => new Promise(done => { const open = indexedDB.open('shuke'); open.onsuccess = () => {
          const all = open.result.transaction('outbox').objectStore('outbox').getAll();
          all.onsuccess = () => { open.result.close(); done(all.result.filter(e => e.state !== 'sent').map(e => e.op + ' ' + e.state)) } } })"""
    )


def sign_in(page: Page) -> None:
    page.goto(BASE + "/")
    page.get_by_label("手机号").fill("13800000001")
    page.get_by_label("密码", exact=True).fill("right")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="还有 4 位要联系")).to_be_visible()
    state = page.evaluate("navigator.serviceWorker.ready.then(r => r.active.state)")
    assert state in ("activating", "activated"), state
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def record(page: Page, outcome: str) -> None:
    page.get_by_role("button", name="记结果").click()
    page.get_by_role("button", name=outcome).click()


def push(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["notifications"], origin=BASE)
    session = context.new_cdp_session(page)
    found: list[str] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(r["registrationId"] for r in e["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    data = json.dumps({"id": "d1", "kind": "TASKS_DUE", "count": 2, "url": "/tasks/" + page.evaluate("btoa('Task:00000000-0000-7000-8000-000000000004')")})
    session.send("ServiceWorker.deliverPushMessage", {"origin": BASE, "registrationId": found[0], "data": data})
    session.send("ServiceWorker.deliverPushMessage", {"origin": BASE, "registrationId": found[0], "data": data})
    page.wait_for_timeout(500)
    shown = page.evaluate("navigator.serviceWorker.ready.then(r => r.getNotifications()).then(l => l.map(n => n.body + ' ' + n.tag))")
    assert shown == ["2 位在等您联系 d1"], shown
    context.service_workers[0].evaluate(
        "self.registration.getNotifications().then(([n]) => self.dispatchEvent(new NotificationEvent('notificationclick', {notification: n})))"
    )
    expect(page.get_by_role("article", name="吴晓燕")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("article", name="陈静怡")).to_be_visible()
    print("ok  a pushed reminder shows once in fixed words and opens its card")


def trial(context: BrowserContext) -> None:
    page = context.new_page()
    context.on("requestfinished", on_request)
    page.on("pageerror", lambda error: print("PAGE ERROR", error))
    weather(page, reset=True)
    sign_in(page)
    page.goto(BASE + "/customers/00000000-0000-7000-8000-000000000001")
    expect(page.get_by_role("heading", name="周雨桐")).to_be_visible()
    page.goto(BASE + "/today")
    expect(page.get_by_role("article")).to_be_visible()
    sent.clear()

    context.set_offline(True)
    record(page, "约到店")
    expect(page.get_by_text("已记「约到店」，待同步")).to_be_visible()
    page.get_by_role("button", name="明天 10:00").click()
    page.get_by_role("button", name="下一位").click()
    expect(page.get_by_role("heading", name="还有 3 位要联系")).to_be_visible()
    record(page, "未接")
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="关上").click()
    expect(page.get_by_role("heading", name="还有 3 位要联系")).to_be_visible()
    assert entries(page) == ["RecordOutcome pending"], entries(page)
    print("ok  two taps offline, amended in place, undo leaves no trace")

    page.reload()
    expect(page.get_by_role("heading", name="还有 3 位要联系")).to_be_visible()
    expect(page.get_by_role("link", name="1 条待同步")).to_be_visible()
    page.goto(BASE + "/customers/00000000-0000-7000-8000-000000000001")
    expect(page.get_by_role("heading", name="周雨桐")).to_be_visible()
    page.get_by_role("button", name="记一笔").click()
    page.get_by_label("记什么").fill("下周要奶粉")
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="记一笔").click()
    expect(page.get_by_label("记什么")).to_have_value("下周要奶粉")
    page.get_by_role("button", name="存好").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("下周要奶粉")).to_be_visible()
    print("ok  opens offline after a reload, back closes the sheet, a half-typed note is kept")

    page.goto(BASE + "/customers/new")
    page.get_by_label("手机号").fill("13911112222")
    page.get_by_label("姓名").fill("沈佳宁")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.get_by_label("姓名")).to_have_value("沈佳宁")
    page.get_by_role("button", name="存好").click()
    expect(page.get_by_role("heading", name="沈佳宁")).to_be_visible()
    page.get_by_role("button", name="记一笔").click()
    page.get_by_label("记什么").fill("第一次来")
    page.get_by_role("button", name="存好").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(BASE + "/customers/new")
    page.get_by_label("手机号").fill("13812342047")
    page.get_by_role("button", name="存好").click()
    expect(page.get_by_text("存在手机里了")).to_be_visible()
    assert entries(page) == ["RecordOutcome pending", "AddNote pending", "CreateCustomer pending", "AddNote pending", "CreateCustomer pending"]
    print("ok  new customers offline, the form survives a reload")

    other = context.new_page()
    other.goto(BASE + "/outbox")
    expect(other.get_by_text("5 条记在这台手机里")).to_be_visible()
    sent.clear()
    context.set_offline(False)
    expect(other.get_by_text("1 条没收下")).to_be_visible(timeout=15_000)
    page.bring_to_front()
    counts = Counter(key for _, key in sent)
    assert [op for op, _ in sent] == ["RecordOutcome", "AddNote", "CreateCustomer", "AddNote", "CreateCustomer"], sent
    assert max(counts.values()) == 1, counts
    assert entries(page) == ["CreateCustomer rejected"], entries(page)
    expect(other.get_by_text("这个号码已经有档案了")).to_be_visible()
    print("ok  each write received once, in order, with two tabs open; the refused one is kept with its reason")

    expect(page.get_by_text("这个号码已经有档案了")).to_be_visible()
    page.get_by_role("button", name="用原来的档案").click()
    expect(page.get_by_role("heading", name="周雨桐")).to_be_visible()
    assert entries(page) == []
    other.close()
    print("ok  a duplicate is given to the customer who was there")

    page.goto(BASE + "/today")
    expect(page.get_by_role("heading", name="还有 3 位要联系")).to_be_visible()
    weather(page, status=503)
    record(page, "接通")
    page.get_by_role("button", name="下一位").click()
    expect(page.get_by_role("link", name="1 条待同步")).to_be_visible()
    weather(page, status=0)
    expect(page.get_by_text("都发出了")).to_be_visible(timeout=20_000)
    print("ok  server trouble while 'online': sent by the timer alone")

    page.wait_for_timeout(2500)
    record(page, "拒绝")
    page.wait_for_timeout(600)
    assert entries(page) == []
    sent.clear()
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="关上").click()
    expect(page.get_by_role("heading", name="还有 2 位要联系")).to_be_visible()
    page.wait_for_timeout(500)
    assert [op for op, _ in sent] == ["UndoOutcome"], sent
    expect(page.get_by_role("heading", name="还有 2 位要联系")).to_be_visible()
    print("ok  undo of a sent outcome asks the server")

    page.goto(BASE + "/tasks/" + page.evaluate("btoa('Task:00000000-0000-7000-8000-000000000003')"))
    expect(page.get_by_role("article", name="陈静怡")).to_be_visible()
    page.get_by_role("button", name="记结果").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    print("ok  a reminder's address opens the card with its sheet")

    push(context, page)
    context.clear_cookies()
    record(page, "接通")
    page.wait_for_url("**/sign-in**")
    assert entries(page) == ["RecordOutcome pending"]
    expect(page.get_by_text("这台手机里还存着 1 条没发出的")).to_be_visible()
    page.get_by_label("手机号").fill("13800000001")
    page.get_by_label("密码", exact=True).fill("right")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/tasks/**")
    page.wait_for_timeout(500)
    assert entries(page) == [], entries(page)
    print("ok  a lost session keeps the write, asks to sign in, then sends it")

    page.goto(BASE + "/me")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in**")
    left = page.evaluate(
        """() => new Promise(done => { const open = indexedDB.open('shuke'); open.onsuccess = () => {
          const tx = open.result.transaction(['snapshots','drafts','outbox','meta']); const out = {};
          for (const name of ['snapshots','drafts','outbox']) tx.objectStore(name).count().onsuccess = e => out[name] = e.target.result;
          tx.objectStore('meta').get('staff').onsuccess = e => out.staff = e.target.result ?? null;
          tx.oncomplete = () => { open.result.close(); done(out) } } })"""
    )
    assert left == {"snapshots": 0, "drafts": 0, "outbox": 0, "staff": None}, left
    expect(page.get_by_role("button", name="小雨")).to_be_visible()
    print("ok  signing out leaves nothing but a first name")
    names = page.evaluate("caches.keys()")
    assert len(names) == 1 and not page.evaluate("caches.match('/graphql').then(Boolean)"), names
    print("ok  the worker's cache holds the shell only")


with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
    context = play.chromium.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox"],
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(8000)
    try:
        trial(context)
    finally:
        if context.pages:
            context.pages[0].screenshot(path="/tmp/pwa-trial.png")
            context.pages[-1].screenshot(path="/tmp/pwa-trial2.png")
        context.close()
