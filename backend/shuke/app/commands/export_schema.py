"""`shuke export-schema`."""

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--breaking-since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Print nothing but what would break clients of this older schema; exit status 1 if there is any.",
)
def command(breaking_since: Path | None) -> None:
    """Print the GraphQL schema in SDL, as it stands in schema.graphql."""
    from shuke.api.schema import schema

    if breaking_since is None:
        click.echo(schema.as_str())
        return
    from shuke.app.compatible import breaking_changes

    found = breaking_changes(breaking_since.read_text(), schema.as_str())
    for words in found:
        click.echo(words)
    sys.exit(bool(found))
