"""The first sync to an empty Xero: everything goes up."""

from tests.bench.bench import Bench, per_10_000
from tests.bench.processes import Figures
from tests.bench.schedule import most_in_a_window, shortest_seconds
from tests.bench.table import Row, compared, limited

TITLE = "First sync, Xero empty"


def rows(bench: Bench) -> list[Row]:
    stage, sizes = bench.ours_is_full, bench.sizes
    stage.calls()
    figures = bench.figures["push"] = stage.run("a_run", which="first")
    calls = stage.calls()
    assert figures["sent"] == sizes.records, figures
    assert len(calls) == figures["reads"] + figures["writes"]
    refused = sum(status == 429 for _, status in calls)
    cpu = figures["cpu"]
    schedule = shortest_seconds(sizes.minimal_push) / 60
    planned = per_10_000(cpu["observed"] + cpu["planned"], sizes.records)
    pushed = per_10_000(cpu["applied"], sizes.records)
    busiest = most_in_a_window([moment for moment, _ in calls])
    return [
        compared(
            f"{TITLE}: calls", len(calls), sizes.minimal_push, at_most=1.02, form=",d"
        ),
        compared(
            f"{TITLE}: virtual minutes", figures["seconds"] / 60, schedule, at_most=1.05
        ),
        limited(f"{TITLE}: 429 of our own making", refused, at_most=0),
        limited(f"{TITLE}: most calls in any 60 s", busiest, at_most=60),
        limited(
            f"{TITLE}: CPU per 10,000 observed and planned",
            planned,
            at_most=2.0,
            unit="s",
        ),
        limited(f"{TITLE}: CPU per 10,000 pushed", pushed, at_most=2.5, unit="s"),
        *memory_row(f"{TITLE}: peak memory over the idle process", figures),
    ]


def memory_row(measure: str, figures: Figures) -> list[Row]:
    """Nothing on a system that does not tell of a process's memory."""
    if figures["idle"] is None:
        return []
    more = figures["peak"] - figures["idle"]
    return [limited(measure, more, at_most=80, unit="MiB")]
