"""`shuke init`."""

import click


@click.command()
@click.option("--brand", prompt="Name of the brand", help="As customers know it.")
@click.option("--admin", prompt="Name of the first administrator", help="Who may do everything.")
@click.option("--phone", prompt="Her mobile number", help="What she signs in with.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="SHUKE_INIT_PASSWORD",
    help="Asked for when left out; or from SHUKE_INIT_PASSWORD.",
)
@click.option("--store", default="", help="Name of the first store; none when left out.")
@click.option("--timezone", help="IANA zone of head office.  [default: Asia/Shanghai]")
@click.option("--currency", help="ISO 4217.  [default: CNY]")
@click.option("--locale", type=click.Choice(["zh-CN", "en"]), default="zh-CN", show_default=True)
def command(
    brand: str,
    admin: str,
    phone: str,
    password: str,
    store: str,
    timezone: str | None,
    currency: str | None,
    locale: str,
) -> None:
    """Begin a real brand with its first administrator.

    A brand that an import has begun under this name gets its administrator, and is otherwise left as it is.
    """
    from shuke.app.console import run_with_database
    from shuke.app.founding import Founding, found

    wish = Founding(brand, admin, phone, password, store, timezone, currency, locale)
    run_with_database(lambda: found(wish))
    click.echo(f"{brand} is ready. Start it with `shuke up`; {admin} signs in with {phone}.")
