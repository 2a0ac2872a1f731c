"""`shuke restore`."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
def command(file: Path, force: bool) -> None:
    """Read a backup FILE into this database: all of it or nothing, and not over a brand that is there already."""
    import asyncio

    from shuke.app.backup import restore
    from shuke.app.embedded import running
    from shuke.app.settings import Settings

    with running(Settings.load()) as urls:
        manifest = asyncio.run(restore(urls.database, file, force))
    click.echo(f"Restored the backup of {manifest.made_at}.")
