"""`shuke staff add`."""

import click

ROLES = ("guide", "advisor", "store_manager", "regional_manager", "hq", "admin")


@click.group()
def command() -> None:
    """Give staff their roles and sign-ins."""


@command.command()
@click.argument("name")
@click.option("--phone", required=True, help="What she signs in with.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--store", "stores", multiple=True, help="Code of a store, for a role in stores; may be repeated.")
@click.option("--region", help="Name of the region, for a regional manager.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="SHUKE_STAFF_PASSWORD",
    help="Asked for when left out; or from SHUKE_STAFF_PASSWORD.",
)
@click.option("--brand", help="Name of the brand; the only one when left out.")
def add(
    name: str, phone: str, role: str, stores: tuple[str, ...], region: str | None, password: str, brand: str | None
) -> None:
    """Give a person a role and a sign-in."""
    from shuke.app.console import run_with_database
    from shuke.app.founding import Joining, join
    from shuke.domains.identity.types import Role

    wish = Joining(name, phone, password, Role(role), stores, region, brand)
    run_with_database(lambda: join(wish))
    click.echo(f"{name} signs in with {phone}.")
