"""`shuke worker`."""

import click


@click.command()
@click.option("--gate", type=int, hidden=True, help="A pipe on which `up` says where the servers are.")
def command(gate: int | None) -> None:
    """Start the worker alone: timers, events, nightly jobs. Several may run side by side."""
    from shuke.app.processes import work
    from shuke.app.settings import Settings

    work(Settings.load(), gate)
