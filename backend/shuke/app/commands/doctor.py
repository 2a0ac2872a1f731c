"""`shuke doctor`."""

import sys

import click


@click.command()
def command() -> None:
    """Look at everything Shuke needs here; exit status 1 when something is wrong."""
    from shuke.app.doctor import examine
    from shuke.app.settings import Settings

    well = True
    for finding in examine(Settings.load()):
        click.echo(f"{'ok     ' if finding.well else 'PROBLEM'}  {finding.words}")
        well = well and finding.well
    sys.exit(0 if well else 1)
