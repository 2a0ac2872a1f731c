"""`shuke migrate`."""

import click

from shuke.app.console import prepared


@click.command()
def command() -> None:
    """Bring the database to this program's version; does nothing when it is there already."""
    with prepared():
        click.echo("The database has this program's version.")
