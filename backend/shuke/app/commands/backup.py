"""`shuke backup`."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def command(file: Path, force: bool) -> None:
    """Write everything into one FILE, readable by you alone; Shuke may run on meanwhile."""
    import asyncio

    from shuke.app.backup import back_up
    from shuke.app.embedded import running
    from shuke.app.settings import Settings

    with running(Settings.load()) as urls:
        asyncio.run(back_up(urls.database, file.absolute(), force))
    click.echo(f"Backed up to {file} ({file.stat().st_size / 1e6:.1f} MB). It holds personal data: keep it safe.")
