"""`shuke export-schema`."""

import click


@click.command()
def command() -> None:
    """Print the GraphQL schema in SDL, as it stands in schema.graphql."""
    from shuke.api.schema import schema

    click.echo(schema.as_str())
