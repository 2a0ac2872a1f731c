"""`shuke import`."""

import errno
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

POLICIES = ("own", "fill", "take", "keep")
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


def _overwriting(context: click.Context, option: click.Parameter, said: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """POLICY or FIELD=POLICY, as (field or "", policy)."""
    found = []
    for one in said:
        field, _, policy = one.rpartition("=")
        if policy not in POLICIES:
            raise click.BadParameter(f"{policy!r} is none of {', '.join(POLICIES)}.")
        found.append((field.strip(), policy))
    return tuple(found)


@command.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE…")
@_options
@click.option(
    "--overwrite",
    multiple=True,
    metavar="[FIELD=]POLICY",
    callback=_overwriting,
    help="What becomes of a field where the customer is known: own (as above), fill (only what is blank), take (the "
    "file's holds), keep (what stands stays). Of all fields, or of one; may be repeated.",
)
def customers(files: tuple[Path, ...], **options: Any) -> None:
    """Customers, one a row, known by member number or phone.

    Of a customer on file, what a row says fills what is blank, and replaces what an earlier file had said; what
    somebody has changed in the shop since stays. --overwrite says otherwise: of name, alias, gender, birthday, level,
    source, note, or values.KEY of a field of head office's own.

    The last line names the batch, by which all of it can be undone for 30 days (shuke import undo).
    """
    from shuke.domains.customers.types import Policy
    from shuke.kit.ids import new_id

    options["overwrite"] = tuple((field, Policy(policy)) for field, policy in options["overwrite"])
    _run("import_customers", file=files[0], more=files[1:], batch_id=new_id(), **options)


@command.command()
@click.argument("batch", type=click.UUID)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write who stayed, and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def undo(batch: UUID, report: Path | None, as_json: bool) -> None:
    """Take back all that an import of customers did, within 30 days.

    BATCH is what the import printed, or the id of an import in the app. Who came by it goes, what it changed becomes
    what it was; what somebody has changed since stays, and so does who has bought or come since. May be stopped and
    started again.
    """
    from msgspec.structs import asdict

    from shuke.app.console import run_with_database
    from shuke.domains.records import service
    from shuke.domains.records.types import Undo
    from shuke.kit import codec

    async def work() -> Undo:
        done = await service.undo_batch(batch, _Progress())
        if report:
            await service.report_stayed(batch, report)
        return done

    counts = asdict(run_with_database(work))
    if as_json:
        click.echo(codec.dumps(counts))
    else:
        click.echo(", ".join(f"{name} {count:,}" for name, count in counts.items()) + " customers")


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

    gc.disable()
    warm("shuke.domains.records.reading")  # loads, and reads, while this process loads and connects
    if use_case == "import_orders":
        from shuke.domains.records.reading import begin_orders

        begin_orders(options["file"], options["mapping"])
    elif not options["more"]:
        from shuke.domains.records.reading import begin_customers

        begin_customers(options["file"], options["mapping"])

    from shuke.app.console import run_with_database
    from shuke.app.trouble import CannotRun, about_folder
    from shuke.domains.records import service
    from shuke.domains.records.types import Tally, Wish
    from shuke.kit import codec

    gc.freeze()  # what is loaded stays to the end, and need not be looked through even there
    gc.set_threshold(1_000_000)  # rows come and go by the million and never in circles
    gc.enable()

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
    changed = not options["dry_run"] and tally.created + tally.updated + tally.duplicates
    batch = options.get("batch_id") if changed else None
    if as_json:
        click.echo(codec.dumps(counts | ({"batch": batch} if batch else {})))
    else:
        click.echo(", ".join(f"{name} {count:,}" for name, count in counts.items()) + " rows")
        if batch:
            click.echo(f"To take it back: shuke import undo {batch}")


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
