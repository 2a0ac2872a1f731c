"""`shuke import`."""

import errno
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Take over customers or orders from CSV files or Excel workbooks (.xlsx, .xls).

    May be stopped and started again at any time: what is there already is not taken twice.
    """


def _options(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON."),
        click.option("--brand", help="Name of the brand; the only one when left out, begun when there is none."),
        click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a verdict a row."),
        click.option("--dry-run", is_flag=True, help="Give every verdict and write nothing."),
        click.option("--mapping", type=FILE, help="TOML file that says which column is what."),
    ):
        function = option(function)
    return function


@command.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE…")
@_options
def customers(files: tuple[Path, ...], **options: Any) -> None:
    """Customers, one a row, known by member number or phone.

    Of a customer on file, what a row says fills what is blank, and replaces what an earlier file had said; what
    somebody has changed in the shop since stays.
    """
    _run("import_customers", file=files[0], more=files[1:], **options)


@command.command()
@click.argument("file", type=FILE)
@_options
@click.option("--follow-ups", is_flag=True, help="Thank for first purchases and wake who is silent already.")
def orders(**options: Any) -> None:
    """Orders, one line a row; rows with the same receipt number and day make one order.

    Without --follow-ups they are history: nobody is contacted for what is past already; who will have bought nothing
    for 90 days only after the import gets her card on that day. The same file may be imported again with it later.
    """
    _run("import_orders", **options)


def _run(use_case: str, as_json: bool, **options: Any) -> None:
    from dataclasses import asdict

    from shuke.kit.aside import warm

    warm("shuke.domains.records.reading")  # loads, and reads, while this process loads and connects
    if use_case == "import_orders":
        from shuke.domains.records.reading import begin_orders

        begin_orders(options["file"], options["mapping"])

    from shuke.app.console import run_with_database
    from shuke.app.trouble import CannotRun, about_folder
    from shuke.domains.records import service
    from shuke.domains.records.types import Tally, Wish
    from shuke.kit import codec

    gc.set_threshold(1_000_000)  # rows come and go by the million and never in circles

    async def work() -> Tally:
        tally: Tally = await getattr(service, use_case)(Wish(**options), _Progress())
        return tally

    try:
        tally = run_with_database(work)
    except OSError as error:
        where = error.filename or options["report"] or options["file"]
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise about_folder(Path(where), error) from error
        raise CannotRun(f"Cannot use {where}: {error.strerror or error}.") from error
    counts = {name: rows for name, rows in asdict(tally).items() if rows or name != "duplicates"}
    if as_json:
        click.echo(codec.dumps(counts))
    else:
        click.echo(", ".join(f"{name} {count:,}" for name, count in counts.items()) + " rows")


class _Progress:
    """Rows and speed on stderr: one line that moves on a terminal, else a line every few seconds."""

    def __init__(self) -> None:
        self._begin = self._shown = time.monotonic()
        self._moves = sys.stderr.isatty()
        self._every = 0.2 if self._moves else 5.0

    def __call__(self, what: str, rows: int) -> None:
        now = time.monotonic()
        if now - self._shown < self._every:
            return
        self._shown = now
        text = f"{what}: {rows:,} rows, {rows / (now - self._begin):,.0f} a second"
        click.echo(f"\r{text}\x1b[K" if self._moves else text, err=True, nl=not self._moves)
