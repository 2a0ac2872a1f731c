"""`shuke worker`."""

import click


@click.command()
def command() -> None:
    """Start the worker alone: timers, events, nightly jobs. Several may run side by side."""
    from shuke.app.processes import work
    from shuke.app.settings import Settings

    work(Settings.load())
