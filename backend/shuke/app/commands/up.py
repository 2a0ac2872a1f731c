"""`shuke up`."""

import click


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty database with the demo chain and print its sign-ins.")
@click.option("--lan", is_flag=True, help="Listen on every address of this computer, for phones in the same network.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the process that started this one ends.")
def command(demo: bool, lan: bool, with_parent: bool) -> None:
    """Start everything on this computer and keep it running until Ctrl-C."""
    from shuke.app.children import end_with_parent
    from shuke.app.settings import Settings
    from shuke.app.up import up

    if with_parent:
        end_with_parent()

    up(Settings.load(), demo=demo, lan=lan)
