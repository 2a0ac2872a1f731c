"""`shuke store add`."""

import click


@click.group()
def command() -> None:
    """Open stores."""


@command.command()
@click.argument("code")
@click.argument("name")
@click.option("--region", help="Name of its region; a new one is made.")
@click.option("--timezone", help="IANA zone; the brand's when left out.")
@click.option("--brand", help="Name of the brand; the only one when left out.")
def add(code: str, name: str, region: str | None, timezone: str | None, brand: str | None) -> None:
    """Open a store, under the CODE by which tills and files call it."""
    from shuke.app.console import run_with_database
    from shuke.app.founding import open_store

    run_with_database(lambda: open_store(code, name, region, timezone, brand))
    click.echo(f"{name} ({code}) is open.")
