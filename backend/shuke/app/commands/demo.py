"""`shuke demo`."""

import json
from collections.abc import Callable

import click


@click.command()
@click.option("--customers", type=click.IntRange(min=1, max=5_000_000), default=5000, show_default=True)
@click.option("--brand", default=None, help="Name of the brand.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins, one per role, as JSON.")
def command(customers: int, brand: str | None, as_json: bool) -> None:
    """Fill an empty data folder (SHUKE_DATA) with a mother-and-baby chain, and print its sign-ins.

    17 shops, 60 people, 5,000 customers with 8 receipts each, visits and leads of the last weeks, the same for everyone
    on the same day. Where the demo chain stands already, only the sign-ins are printed; a folder with a real brand is
    left alone.
    """
    from shuke.app.console import run_with_database
    from shuke.app.demo.people import BRAND
    from shuke.app.demo.seed import seed, sign_ins
    from shuke.domains.identity import queries

    async def seeded() -> tuple[bool, str]:
        is_new = await seed(customers, brand or BRAND, _teller(customers))
        return is_new, (await queries.brands())[0].name

    is_new, name = run_with_database(seeded)
    if not is_new:
        click.echo(f"The demo chain {name} stands in this data folder already: nothing was added.", err=True)
    people = sign_ins(name)
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False))
        return
    for person in people:
        who = f"{person['name']} · {person['store']}"
        click.echo(f"{person['role']:<18} {person['phone']:<14} {person['password']:<16} {who}")


def seed_if_empty(database_url: str) -> list[dict[str, str]]:
    """The demo chain for `up --demo`: seeded unless it stands; its sign-ins. Raises CannotRun."""
    from shuke.app.demo import seed

    return seed.seed_if_empty(database_url, _teller(seed.CUSTOMERS))


def _teller(customers: int) -> Callable[[int], None]:
    """Says on stderr how far the seeding is."""
    return lambda done: click.echo(f"Making the demo chain: {done:,} of {customers:,} customers", err=True)
