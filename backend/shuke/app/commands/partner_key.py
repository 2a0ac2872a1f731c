"""`shuke partner-key create`, `list`, `rotate`, `revoke`."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from shuke.domains.identity.types import PartnerKey

BRAND = click.option("--brand", help="Name of the brand; the only one when left out.")
DAYS = click.IntRange(1, 3650)


@click.group()
def command() -> None:
    """Make, list, rotate and revoke keys for partners' programs."""


@command.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(["read", "ingest", "leads", "links"]),
    help="May be repeated.",
)
@click.option("--store", "stores", multiple=True, metavar="CODE", help="Limit the key to this store; may be repeated.")
@click.option("--expires", type=DAYS, metavar="DAYS", help="After so many days the key stops working.")
@click.option("--per-minute", type=click.IntRange(1, 60_000), default=600, show_default=True, help="Calls allowed.")
@BRAND
def create(
    name: str, scopes: Sequence[str], stores: Sequence[str], expires: int | None, per_minute: int, brand: str | None
) -> None:
    """Print a bearer key, this once: only its hash is kept."""
    from shuke.app.console import run_with_database
    from shuke.app.keys import listed, make
    from shuke.domains.identity.types import PartnerScope

    wanted = [PartnerScope(scope) for scope in scopes]

    async def made() -> tuple[str, bool]:
        twin = any(key.name == name.strip() and key.revoked_at is None for key in await listed(brand))
        return await make(name, wanted, stores, expires, per_minute, brand), twin

    bearer, twin = run_with_database(made)
    click.echo(bearer)
    if twin:
        click.echo(f"There is another key called {name}: rotate and revoke need their ids (see list).", err=True)


@command.command("list")
@BRAND
def list_(brand: str | None) -> None:
    """Show the keys: what they may do, when they end, when they were last used."""
    from shuke.app.console import run_with_database
    from shuke.app.keys import listed

    for key in run_with_database(lambda: listed(brand)):
        click.echo(_line(key))


@command.command()
@click.argument("key")
@click.option(
    "--overlap",
    type=click.IntRange(0, 720),
    default=168,
    show_default=True,
    metavar="HOURS",
    help="So long the present bearer key works beside the new one.",
)
@click.option("--expires", type=DAYS, metavar="DAYS", help="A new end for the key, from now.")
@BRAND
def rotate(key: str, overlap: int, expires: int | None, brand: str | None) -> None:
    """Print a new bearer key for KEY (name or id), this once."""
    from shuke.app import keys
    from shuke.app.console import run_with_database

    click.echo(run_with_database(lambda: keys.rotate(key, overlap, expires, brand)))


@command.command()
@click.argument("key")
@BRAND
def revoke(key: str, brand: str | None) -> None:
    """End KEY (name or id) at once."""
    from shuke.app import keys
    from shuke.app.console import run_with_database

    click.echo(f"{run_with_database(lambda: keys.revoke(key, brand))} works no more.")


def _line(key: "PartnerKey") -> str:
    stores = "all stores" if key.stores is None else "stores " + ", ".join(store.code for store in key.stores)
    scopes = " ".join(scope.value for scope in key.scopes)
    parts = [str(key.id), key.name, scopes, stores, f"{key.per_minute}/min", f"used {_moment(key.last_used_at)}"]
    if key.previous_until:
        used = f", used {_moment(key.previous_used_at)}"
        parts.append(f"previous bearer key until {_moment(key.previous_until)}{used}")
    if key.revoked_at:
        parts.append(f"revoked {_moment(key.revoked_at)}")
    elif key.expires_at:
        parts.append(f"until {_moment(key.expires_at)}")
    return "  ".join(parts)


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%MZ") if at else "never"
