"""What a family buys on a visit, by the age of its child and its habits."""

from dataclasses import dataclass
from random import Random

from shuke.app.demo.catalogue import FIRST_MONTH, LAST_MONTH, SHELVES, Product
from shuke.app.demo.shapes import Line

EXTRAS = (("care", 0.38), ("food", 0.30), ("wear", 0.14), ("toys", 0.12), ("feeding", 0.11), ("large", 0.03))


@dataclass(slots=True, frozen=True)
class Taste:
    """A family's habits: its brands of formula milk and nappies (places on the shelf), and if it buys them here."""

    formula: int
    nappies: int
    drinks_formula: bool
    buys_nappies: bool


def taste(rng: Random) -> Taste:
    return Taste(rng.choice((0, 0, 1, 2)), int(rng.random() < 0.4), rng.random() < 0.72, rng.random() < 0.6)


def basket(rng: Random, month: int, habits: Taste) -> list[Line]:
    """One to six lines. `month`: the child's age, negative before birth."""
    month = min(max(month, FIRST_MONTH), LAST_MONTH)
    lines = []
    if habits.drinks_formula and rng.random() < 0.9 and (shelf := SHELVES["formula", month]):
        lines.append(_line(rng, shelf, habits.formula, rng.choice((1, 2, 2, 3))))
    if habits.buys_nappies and rng.random() < 0.6 and (shelf := SHELVES["nappies", month]):
        lines.append(_line(rng, shelf, habits.nappies, rng.choice((1, 1, 2))))
    for kind, share in EXTRAS:
        if rng.random() < share and (shelf := SHELVES[kind, month]):
            lines.append(_line(rng, shelf, int(rng.random() * len(shelf)), 1 if rng.random() < 0.8 else 2))
    return lines or [_line(rng, SHELVES["care", month], int(rng.random() * 9), 1)]


def _line(rng: Random, shelf: tuple[Product, ...], place: int, quantity: int) -> Line:
    product = shelf[place % len(shelf)]
    price = product.price * 95 // 100 if rng.random() < 0.15 else product.price
    return Line(product.sku, product.name, quantity, price)


def taken_back(rng: Random, lines: list[Line]) -> list[Line]:
    """What of a sale is brought back: all of it, or one line."""
    back = lines if rng.random() < 0.45 else [rng.choice(lines)]
    return [Line(line.sku, line.name, -line.quantity, line.price) for line in back]
