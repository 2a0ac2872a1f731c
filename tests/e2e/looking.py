"""Looks at a screen as axe, a ruler and a thumb do: in light and dark, on a phone and on a tablet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page

from tests.e2e.conftest import PHONE, PICTURES, ROOT, Site

TABLET = {"width": 1024, "height": 768}
AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async tags => {
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
  return violations.map(({ id, nodes }) =>
    `axe ${id}: ${nodes.slice(0, 3).map(node => `${node.target} (${node.failureSummary})`).join('; ')}`)
}"""
# A finger 44 px wide, laid on the middle of a control, touches nothing else: what the browser would hit is what counts.
SMALL = """() => {
  const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
  const controls = top.querySelectorAll('a[href], button, input, select, textarea, summary, [role=switch]')
  const small = []
  const scrolls = e => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth
  const scrolled = [...document.querySelectorAll('*')].filter(scrolls).map(e => [e, e.scrollLeft, e.scrollTop])
  for (const control of controls) {
    if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: false }) || control.disabled) continue
    const area = control.labels?.[0] && ['radio', 'checkbox'].includes(control.type) ? control.labels[0] : control
    area.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
    const box = area.getBoundingClientRect()
    if (box.width < 2 || box.height < 2) continue
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const reach = 21.5
    const misses = (dx, dy) => {
      const hit = document.elementFromPoint(x + dx, y + dy)
      const own = hit && (area.contains(hit) || control.contains(hit) || hit.closest('label')?.control === control ||
        hit.closest('.field')?.contains(control) || hit.closest('.toast'))  // a toast goes by itself
      return !own && `${dx},${dy} hits ${hit?.tagName}.${hit?.className}`
    }
    const missed = [[-reach, 0], [reach, 0], [0, -reach], [0, reach]].map(at => misses(...at)).filter(Boolean)
    if (missed.length) small.push(`small target ${control.outerHTML.slice(0, 90)} at ${box.x},${box.y}: ${missed}`)
  }
  for (const [element, left, top] of scrolled) element.scrollTo({ left, top, behavior: 'instant' })
  return small
}"""
WIDE = """() => {
  const over = document.documentElement.scrollWidth - innerWidth
  return over > 0 ? [`${over} px wider than the screen`] : []
}"""


Views: TypeAlias = list[tuple[str, dict[str, int]]]
"""The theme and size of each look."""
VIEWS: Views = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET)]


@dataclass(slots=True)
class Eyes:
    """What was found wrong so far."""

    page: Page
    tag: str
    views: Views
    troubles: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    sheets: set[str] = field(default_factory=set)
    """Where it was looked, and which sheets were open."""

    async def look(self, name: str) -> None:
        at = urlsplit(self.page.url)
        self.paths.add(at.path)
        if await self.page.get_by_role("dialog").count():
            self.sheets |= set(parse_qs(at.query).get("sheet", []))
        for theme, size in self.views:
            await self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            await self.page.set_viewport_size(size)  # type: ignore[arg-type]
            await self.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
            where = f"{name}-{self.tag}-{theme}-{size['width']}"
            if PICTURES:
                await self.page.screenshot(path=PICTURES / f"{where}.png")
            if not await self.page.evaluate("'axe' in window"):
                await self.page.evaluate(AXE.read_text())
            found: list[Any] = await self.page.evaluate(RUN_AXE, RULES)
            found += await self.page.evaluate(SMALL)
            found += await self.page.evaluate(WIDE)
            self.troubles += [f"{where}: {trouble}" for trouble in found]
        await self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]


SPEAKS = "UPDATE staff SET locale = $2 WHERE phone = $1"


@asynccontextmanager
async def in_english(page: Page, site: Site, phone: str, views: Views) -> AsyncIterator[Eyes]:
    """The same person reads English from the next page that she opens, as long as this lasts."""
    eyes = Eyes(page, "en", views)
    for locale in ("en", "zh-CN"):
        await site.fetch(SPEAKS, "+86" + phone, locale)
        await page.evaluate("locale => localStorage.setItem('shuke.locale', locale)", locale)
        if locale == "en":
            yield eyes
    assert not eyes.troubles, "\n".join(eyes.troubles)
