"""Paper cards photographed where there is no network: kept on the phone, sent when there is one, in the queue once."""

from playwright.async_api import Browser, Route, expect

from tests.e2e.conftest import PHONE, Guide, Site, phone, sign_in
from tests.e2e.looking import TABLET, Eyes
from tests.e2e.steps import all_sent, kept, ready_for_no_network, waiting

QUEUE = """SELECT p.media, length(p.photo) FROM paper_card p JOIN staff s ON s.id = p.staff_id
WHERE s.phone = $1 AND p.state = 'waiting'"""
# A card larger than any screen, as a camera takes it.
LARGE = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 4000, height: 3000 })
  const draw = canvas.getContext('2d')
  draw.fillStyle = '#f4ead8'
  draw.fillRect(0, 0, 4000, 3000)
  draw.fillStyle = '#222'
  draw.font = '300px sans-serif'
  draw.fillText('周小棠 138 0000 2047', 200, 800)
  const photo = await new Promise(done => canvas.toBlob(done, 'image/png'))
  const files = new DataTransfer()
  files.items.add(new File([photo], 'card.png', { type: 'image/png' }))
  const input = document.querySelector('.camera input')
  input.files = files.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}"""


async def test_a_photo_taken_without_a_network_is_in_the_queue_once(browser: Browser, shop: Site, guide: Guide) -> None:
    async with phone(browser, shop) as page:
        eyes = Eyes(page, "zh", [("light", PHONE), ("dark", TABLET)])
        await sign_in(page, guide.phone)
        await ready_for_no_network(page)
        await page.context.set_offline(True)
        await page.goto("/paper")
        await page.locator(".camera").wait_for()
        await page.evaluate(LARGE)
        await expect(page.get_by_text("1 张存在手机里，连上就发")).to_be_visible()
        await eyes.look("paper-offline")
        assert await waiting(page) == ["TakePaperCard pending"]
        await page.reload()
        await expect(page.get_by_text("1 张存在手机里，连上就发")).to_be_visible()
        assert await shop.fetch(QUEUE, "+86" + guide.phone) == []
        sent = 0

        async def lose_the_first_answer(route: Route) -> None:
            nonlocal sent
            sent += 1
            if sent > 1:
                return await route.continue_()
            await route.fetch()
            await route.abort("connectionreset")

        await page.route("**/paper-cards", lose_the_first_answer)
        await page.context.set_offline(False)
        await all_sent(page)
        await expect(page.locator(".paper img")).to_be_visible()
        await expect(page.get_by_text("1 张存在手机里")).to_have_count(0)
        assert sent == 2
        ((media, size),) = await shop.fetch(QUEUE, "+86" + guide.phone)
        assert media == "image/jpeg" and 5_000 < size < 400_000
        (row,) = [row for row in await kept(page, "outbox") if row["op"] == "TakePaperCard"]
        assert "upload" not in row  # the photo is not kept twice
        wide = await page.locator(".paper img").evaluate("one => one.naturalWidth")
        assert wide == 1600
        await eyes.look("paper-arrived")
        assert not eyes.troubles, "\n".join(eyes.troubles)
