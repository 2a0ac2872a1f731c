"""`shuke partner-key create`."""

import click


@click.group()
def command() -> None:
    """Make keys for partners' programs."""


@command.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="read or ingest; may be repeated.")
@click.option("--brand", help="Name of the brand; the only one when left out.")
def create(name: str, scopes: tuple[str, ...], brand: str | None) -> None:
    """Print a bearer key, this once: only its hash is kept."""
    from shuke.app.console import run_with_database
    from shuke.app.founding import make_key

    click.echo(run_with_database(lambda: make_key(name, frozenset(scopes), brand)))
