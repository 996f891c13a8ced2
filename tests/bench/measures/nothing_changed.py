"""A sync when nothing has changed, and the first one of a day, which reads all anew."""

from tests.bench.bench import Bench, per_10_000
from tests.bench.processes import Figures
from tests.bench.table import Row, limited

TITLE = "Nothing changed"


def rows(bench: Bench) -> list[Row]:
    stage, records = bench.theirs_is_full, bench.sizes.records
    found = []
    for which, name in (("next", TITLE), ("full", f"{TITLE}, first sync of the day")):
        figures = bench.figures[which] = stage.run("a_run", which=which)
        assert (figures["writes"], figures["done"]) == (0, 0), figures
        found += _rows(name, figures, records, judged=which == "next")
    return found


def _rows(name: str, figures: Figures, records: int, *, judged: bool) -> list[Row]:
    calls = int(figures["reads"])
    cpu = per_10_000(figures["total"], records)
    if judged:
        return [
            limited(f"{name}: calls", calls, at_most=3),
            limited(f"{name}: CPU per 10,000", cpu, at_most=0.5, unit="s"),
        ]
    return [
        Row(f"{name}: calls", f"{calls:,}"),
        Row(f"{name}: CPU per 10,000", f"{cpu:.2f} s"),
    ]
