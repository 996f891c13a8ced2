"""The first sync of an empty Fieldops: everything comes from Xero."""

from tests.bench.bench import Bench, per_10_000
from tests.bench.measures.first_sync import memory_row
from tests.bench.table import Row, limited

TITLE = "First sync, Fieldops empty"


def rows(bench: Bench) -> list[Row]:
    stage, sizes = bench.theirs_is_full, bench.sizes
    stage.calls()
    figures = bench.figures["pull"] = stage.run("a_run", which="first")
    created = sizes.contacts + sizes.items
    assert figures["created"] == created, figures
    calls, cpu = stage.calls(), figures["cpu"]
    refused = sum(status == 429 for _, status in calls)
    planned = per_10_000(cpu["observed"] + cpu["planned"], sizes.records)
    return [
        Row(f"{TITLE}: calls", f"{len(calls):,}"),
        Row(f"{TITLE}: virtual minutes", f"{figures['seconds'] / 60:.1f}"),
        limited(f"{TITLE}: 429 of our own making", refused, at_most=0),
        limited(
            f"{TITLE}: CPU per 10,000 observed and planned",
            planned,
            at_most=2.0,
            unit="s",
        ),
        limited(
            f"{TITLE}: CPU per 10,000 created here",
            per_10_000(cpu["applied"], created),
            at_most=5.0,
            unit="s",
        ),
        *memory_row(f"{TITLE}: peak memory over the idle process", figures),
    ]
