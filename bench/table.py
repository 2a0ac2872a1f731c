"""How results are shown: in the terminal and in docs/performance.md."""

from dataclasses import dataclass


@dataclass(slots=True)
class Row:
    """One measurement: ours, the floor of the same run, their ratio, the goal for it, and whether it is met."""

    what: str
    ours: str
    floor: str
    ratio: float | None
    goal: str
    met: bool


def markdown(rows: list[Row]) -> str:
    lines = ["| what | ours | floor | ratio | goal | met |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        met = ("yes" if row.met else "**no**") if row.goal else ""
        lines.append(f"| {row.what} | {row.ours} | {row.floor} | {ratio} | {row.goal} | {met} |")
    return "\n".join(lines)
