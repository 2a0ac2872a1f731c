"""The app's own operations, taken from its sources: what a phone will really send."""

import re
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "pwa" / "src"
DOCUMENT = re.compile(r"\bgraphql\(\s*`([^`]*)`")
FRAGMENT = re.compile(r"^\s*fragment (\w+) on")
OPERATION = re.compile(r"^\s*(?:query|mutation) (\w+)")
SPREAD = re.compile(r"\.\.\.(\w+)")


@cache
def operations() -> dict[str, str]:
    """Operation name -> document with its fragments."""
    texts = [
        text
        for path in sorted(SOURCES.rglob("*.ts")) + sorted(SOURCES.rglob("*.vue"))
        if ".spec." not in path.name
        for text in DOCUMENT.findall(path.read_text())
    ]
    fragments = {found[1]: text for text in texts if (found := FRAGMENT.match(text))}
    return {found[1]: _whole(text, fragments) for text in texts if (found := OPERATION.match(text))}


def _whole(text: str, fragments: dict[str, str]) -> str:
    used: dict[str, str] = {}
    waiting = SPREAD.findall(text)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = fragments[name]
            waiting += SPREAD.findall(fragments[name])
    return "\n".join([text, *used.values()])
