"""`shuke segments refresh`."""

from datetime import date, datetime

import click


@click.group()
def command() -> None:
    """Recompute segments."""


@command.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Count orders up to the end of this day (today).")
@click.option(
    "--cuts",
    help="High is: at most r calendar days since the last order, at least f orders, at least m money in the currency's "
    "main unit. Each is a number, median, or a quantile like q0.8; as r=90,f=2,m=median, where what is left out has "
    "these values.",
)
@click.option(
    "--refunds",
    type=click.Choice(["net", "ignore"]),
    help="net: money net of refunds, sales refunded whole count nothing. ignore: priced sales as they were rung up.",
)
@click.option("--brand", help="Name of the brand; the only one when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def refresh(as_of: datetime | None, cuts: str | None, refunds: str | None, brand: str | None, as_json: bool) -> None:
    """Put every customer with a priced sale into one of eight cells: high or low in recency, frequency, money.

    Without --cuts or --refunds, those of the nightly run: r=90,f=2,m=median and net until somebody said otherwise. What
    head office says on screen beside these (the window, articles, visits, the band) stays as it is.

    A run as of today also says what the nightly run does from now on. A run as of a day before the latest one
    only reports.
    """
    from shuke.app.console import run_with_database

    day = as_of.date() if as_of else None
    click.echo(run_with_database(lambda: _refreshed(day, cuts, refunds, brand, as_json)))


async def _refreshed(day: date | None, cuts: str | None, refunds: str | None, brand: str | None, as_json: bool) -> str:
    from dataclasses import replace

    from shuke.app.founding import chosen_brand
    from shuke.domains.identity.queries import system_actor
    from shuke.domains.segments.queries import standing_options
    from shuke.domains.segments.rules import note_text, parse_cuts
    from shuke.domains.segments.service import refresh as refresh_segments
    from shuke.domains.segments.types import Refunds
    from shuke.kit import codec

    actor = await system_actor((await chosen_brand(brand)).id)
    standing = await standing_options(actor.brand_id, actor.timezone)
    options = replace(
        standing,
        cuts=standing.cuts if cuts is None else parse_cuts(cuts),
        refunds=standing.refunds if refunds is None else Refunds(refunds),
    )
    found = await refresh_segments(actor, day, None if options == standing else options)
    if as_json:
        return codec.dumps({"asOf": found.as_of, "customers": found.customers, "cells": found.cells})
    rows = [f"{cell.value}  {count:>9,}" for cell, count in found.cells.items()]
    effect = (
        "" if found.config.applied else "\nA later day has been computed already: the memberships stay as they are."
    )
    notes = [note_text(note, "en") for note in found.config.notes]
    return "\n".join([f"As of {found.as_of}: {found.customers:,} customers", *rows, *notes]) + effect
