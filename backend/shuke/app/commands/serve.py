"""`shuke serve`."""

import click


@click.command()
@click.option("--gate", type=int, hidden=True, help="A pipe on which `up` says where the servers are.")
@click.option("--fd", type=int, hidden=True, help="A listening socket handed down by `up`.")
def command(fd: int | None, gate: int | None) -> None:
    """Start the API alone. Several may run side by side behind a proxy; none keeps state of its own."""
    from shuke.app.processes import serve
    from shuke.app.settings import Settings

    serve(Settings.load(), fd, gate)
