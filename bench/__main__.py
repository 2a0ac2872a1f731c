"""`python -m bench [PART…] [--write]`: the table, of all parts or some of PARTS; --write: into docs."""

import importlib
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Row, markdown

PARTS = ("today", "orders", "customers", "start", "pwa", "scale", "rules", "rfm", "predict")
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
MARK = "<!-- figures -->"


def main(words: list[str]) -> int:
    chosen = [word for word in words if word in PARTS] or list(PARTS)
    rows: list[Row] = []
    for part in chosen:
        rows += importlib.import_module(f"bench.{part}").run()
        print(markdown(rows), flush=True)
    if "--write" in words:
        head = PAGE.read_text().split(MARK)[0]
        when = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}"
        PAGE.write_text(f"{head}{MARK}\n\nMeasured {when}.\n\n{markdown(rows)}\n")
    return 0 if all(row.met for row in rows if row.goal) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
