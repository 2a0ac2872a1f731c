"""Every place of the app, read from its routers: a page that is added is looked at or makes a test fail."""

import re
from pathlib import Path

from tests.e2e.conftest import ROOT

APP = ROOT / "pwa" / "src" / "app"
PATH = re.compile(r"\bpath: '([^']+)'(?!, redirect)")
OFFICE_TOO = {"/imports/:id?"}
"""Places in the guides' router that only the office uses."""
SHEET = re.compile(r"\bshow\('([a-z]+)'")


def routes(*, managers: bool) -> set[str]:
    """The patterns of pages, as the routers write them; a child's with its parent's before it."""
    found: set[str] = set()
    for file in APP.glob("*.ts"):
        if (file.name != "router.ts") == managers:
            parent = ""
            for path in PATH.findall(file.read_text()):
                parent = path if path.startswith("/") else parent
                found.add(path if path.startswith("/") else f"{parent}/{path}")
    return found if managers else found - OFFICE_TOO


def route_of(path: str, known: set[str]) -> str:
    """The pattern that a path belongs to: of several the one with fewest parameters."""
    fitting = [route for route in known if re.fullmatch(_expression(route), path)]
    return min(fitting, key=lambda route: (":rest" in route, route.count(":")), default="")


def _expression(route: str) -> str:
    return "/.*" if ":rest" in route else re.sub(r":\w+", "[^/]+", re.sub(r"/:\w+\?", "(/[^/]+)?", route))


def sheets(*, managers: bool) -> set[str]:
    """The names of the sheets that pages open."""
    found: set[str] = set()
    for file in (ROOT / "pwa" / "src").rglob("*.vue"):
        if is_managers(file) == managers:
            found |= set(SHEET.findall(file.read_text()))
    return found


def is_managers(file: Path) -> bool:
    office = ("features/profile", "features/segments")
    return any(one in file.as_posix() for one in office) or bool(
        {"managers", "board", "people", "imports"} & set(file.parts)
    )
