"""One run of the engine, first or next, with all that it costs."""

from typing import Any

from tests.bench.driving import first_sync, next_sync, virtual_clock
from tests.bench.memory import own_memory
from tests.bench.metering import Meter
from tests.bench.sizes import Sizes
from xero_sync.models import SyncIssue, SyncRun, XeroConnection
from xero_sync.models.runs import PlannedChange


def run(options: dict[str, Any]) -> dict[str, Any]:
    """``which``: first, next, or full (the first one of a day)."""
    clock = virtual_clock(options["moment"])
    if options["which"] == "full":
        XeroConnection.objects.update(full_compare_on=None)
    XeroConnection.current()
    idle, start = own_memory(), clock.monotonic()
    meter = Meter(counts_statements=options.get("counts_statements", False))
    go = first_sync if options["which"] == "first" else next_sync
    with meter.running():
        ended = go(clock)
    return {
        "cpu": dict(meter.cpu),
        "statements": dict(meter.statements),
        "seconds": clock.monotonic() - start,
        "moment": clock.monotonic() + 120,
        "idle": idle,
        "reads": ended.reads,
        "writes": ended.writes,
        "done": done(ended),
        "issues": [str(issue) for issue in SyncIssue.objects.open()[:5]],
        "records": Sizes(options["contacts"]).records,
    }


def done(run: SyncRun) -> int:
    return run.changes.filter(state=PlannedChange.State.DONE).count()
