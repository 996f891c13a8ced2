"""The one table of the bench, and its place in the docs."""

import platform
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
_PLACE = re.compile(r"(<!-- table: bench -->\n).*?(<!-- end -->)", re.S)
HEAD = ("measure", "figure", "against", "ratio", "wanted", "reached")


@dataclass(frozen=True)
class Row:
    """``ratio`` is the figure over what stands against it; ``reached`` None: no target."""

    measure: str
    figure: str
    against: str = "-"
    ratio: str = "-"
    wanted: str = "-"
    reached: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {True: "yes", False: "**no**", None: "-"}[self.reached]
        return (
            self.measure,
            self.figure,
            self.against,
            self.ratio,
            self.wanted,
            verdict,
        )


def compared(
    measure: str, figure: float, against: float, *, at_most: float, form: str = ",.1f"
) -> Row:
    """A figure over the least it could be."""
    ratio = figure / against
    return Row(
        measure,
        format(figure, form),
        format(against, form),
        f"{ratio:.3f}",
        f"<= {at_most:g}",
        ratio <= at_most,
    )


def limited(measure: str, figure: float, *, at_most: float, unit: str = "") -> Row:
    """What is counted has no unit, what is measured has one and two places."""
    shown = f"{figure:,.2f}" if unit else f"{figure:,.0f}"
    unit = f" {unit}" if unit else ""
    wanted = f"<= {at_most:g}{unit}"
    return Row(
        measure,
        f"{shown}{unit}",
        wanted=wanted,
        reached=figure <= at_most,
    )


def rendered(rows: Sequence[Row]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def write_page(conditions: str, rows: Sequence[Row]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = f"{conditions}\n\n{rendered(rows)}\n"
    PAGE.write_text(
        _PLACE.sub(lambda place: place[1] + table + place[2], page), encoding="utf-8"
    )


def pace() -> float:
    """Processor seconds of a fixed piece of work: how fast this machine is just now."""
    start = time.process_time()
    counted: dict[int, int] = {}
    for number in range(1_000_000):
        counted[number % 1000] = counted.get(number % 1000, 0) + number
    return time.process_time() - start


def machine() -> str:
    return f"{processor()}, {platform.system()}, Python {platform.python_version()}"


def processor() -> str:
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()
