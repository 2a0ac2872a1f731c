"""`shuke predict export`."""

from datetime import date, datetime
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Foretell who buys again."""


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Know orders up to the end of this day and nothing later (the last day with an order).",
)
@click.option("--horizon", type=click.IntRange(7, 365), default=90, show_default=True, help="Days to look ahead.")
@click.option("--brand", help="Name of the brand; the only one when left out.")
def export(file: Path, as_of: datetime | None, horizon: int, brand: str | None) -> None:
    """Write everybody's chance of an order within the next days into FILE, as CSV: customer, member number, p_order,
    p_churn, tags (as head office names them). Who refused to be profiled is left out; so is who never bought.

    What the chances are worth, measured on the last days that were held back, is told beside it.
    """
    from shuke.app.console import run_with_database

    day = as_of.date() if as_of else None
    click.echo(run_with_database(lambda: _export(file, day, horizon, brand)), err=True)


async def _export(file: Path, as_of: date | None, horizon: int, brand: str | None) -> str:
    import csv

    from shuke.app.founding import chosen_brand
    from shuke.app.trouble import CannotRun
    from shuke.domains.identity.queries import system_actor
    from shuke.domains.predictions import service
    from shuke.domains.predictions.rules import label_name
    from shuke.domains.predictions.types import Label
    from shuke.domains.segments.queries import predicted_names
    from shuke.kit import i18n

    actor = await system_actor((await chosen_brand(brand)).id)
    called = await predicted_names(actor.brand_id)
    names = {label: called.get(label.value) or label_name(label, actor.locale.value) for label in Label}
    taken = await service.taken_out(actor, as_of, horizon)
    report = taken.order.report
    if report is None:
        assert taken.order.lack
        raise CannotRun(i18n.say("en", f"lack_{taken.order.lack.value}"))
    written = 0
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(("customer", "member_no", "p_order", "p_churn", "tags"))
        async for key, member, order, churn, labels in taken.rows:
            tags = "、".join(names[label] for label in labels)
            rows.writerow((key, member, f"{order:.4f}", f"{churn:.4f}", tags))
            written += 1
    sides = (("model", report.model), ("recency alone", report.recency), ("RFM sum", report.rfm))
    worth = [f"{name:14} AUC {one.auc:.3f}  Brier {one.brier:.3f}  ECE {one.ece:.3f}" for name, one in sides]
    decides = "the model decides" if taken.order.state.value == "live" else "recency alone decides"
    head = f"{written:,} customers as of {taken.as_of}, {horizon} days ahead; {decides}."
    held = f"Held back: {report.customers:,} customers of {report.features_on}, orders until {report.labels_to}:"
    return "\n".join([head, held, *worth])
