"""Takes the extract out of the whole file: `python make_extract.py online_retail_lines.csv online_retail_extract.csv`.

Chosen by rule, never by chance, so that everybody gets the same lines.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable

SIZE = 2000
NUMBER, STOCK, TEXT, QUANTITY, MOMENT, PRICE, CUSTOMER = range(7)
Row = list[str]


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    invoices: dict[str, list[int]] = defaultdict(list)
    of_customer: dict[str, list[str]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row[NUMBER] not in invoices and row[CUSTOMER]:
            of_customer[row[CUSTOMER]].append(row[NUMBER])
        invoices[row[NUMBER]].append(place)
    chosen = dict.fromkeys(odd_ones(rows, invoices, of_customer))
    lines = sum(len(invoices[number]) for number in chosen)
    # whole customers, every seventh by number, as long as there is room: their histories are what segments need
    for customer in sorted(of_customer)[::7]:
        size = sum(len(invoices[number]) for number in of_customer[customer])
        if size <= 40 and lines + size <= SIZE:
            chosen.update(dict.fromkeys(of_customer[customer]))
            lines += size
    places = sorted(place for number in chosen for place in invoices[number])
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows[place] for place in places)


def odd_ones(rows: list[Row], invoices: dict[str, list[int]], of_customer: dict[str, list[str]]) -> list[str]:
    """The first few invoices of each oddity."""

    def first(count: int, most: int, holds: Callable[[list[int]], bool]) -> list[str]:
        fits = (number for number, places in invoices.items() if len(places) <= most and holds(places))
        return [number for number, _ in zip(fits, range(count), strict=False)]

    def anywhere(holds: Callable[[Row], bool]) -> Callable[[list[int]], bool]:
        return lambda places: any(holds(rows[place]) for place in places)

    torn = next(places for places in invoices.values() if places[-1] - places[0] >= len(places))
    between = {rows[place][NUMBER] for place in range(torn[0], torn[-1] + 1)}
    nothing_paid = [
        customer
        for customer, numbers in of_customer.items()
        if all(float(rows[place][PRICE]) == 0 for number in numbers for place in invoices[number])
    ]
    return [
        *sorted(between),
        *(number for number in invoices if number.startswith("A")),
        *of_customer["17448"],
        *(number for customer in nothing_paid for number in of_customer[customer]),
        *first(6, 60, lambda places: len({rows[place][MOMENT] for place in places}) > 1),
        *first(6, 60, lambda places: len({tuple(rows[place]) for place in places}) < len(places)),
        *first(4, 60, anywhere(lambda row: len(row[PRICE].partition(".")[2]) > 2)),
        *first(8, 20, anywhere(lambda row: int(row[QUANTITY]) < 0 and row[NUMBER].isdigit())),
        *first(8, 20, anywhere(lambda row: float(row[PRICE]) == 0 and row[CUSTOMER] != "")),
        *first(20, 12, anywhere(lambda row: not row[CUSTOMER] and float(row[PRICE]) > 0)),
        *first(15, 12, anywhere(lambda row: row[NUMBER].startswith("C"))),
        *first(3, 40, anywhere(lambda row: '"' in row[TEXT])),
        *first(3, 40, anywhere(lambda row: "£" in row[TEXT])),
        *first(3, 40, anywhere(lambda row: not row[TEXT])),
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
