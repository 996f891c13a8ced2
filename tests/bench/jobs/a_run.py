"""One run of the engine, first or next, with all that it costs."""

from typing import Any

from tests.bench.driving import first_sync, next_sync, virtual_clock
from tests.bench.memory import own_memory
from tests.bench.metering import Meter
from xero_sync.models import PlannedChange, SyncIssue, SyncRun, XeroConnection

MADE = {"action": "create", "kind__in": ["contact", "item", "invoice"]}


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
    issues = SyncIssue.objects.open()
    assert not issues.exists(), list(issues[:5])
    return {
        "cpu": dict(meter.cpu),
        "total": sum(meter.cpu.values()),
        "statements": dict(meter.statements),
        "seconds": clock.monotonic() - start,
        # The next run begins when this one's calls are forgotten.
        "moment": clock.monotonic() + 120,
        "idle": idle,
        "reads": ended.reads,
        "writes": ended.writes,
        "done": done(ended),
        "sent": done(ended, direction="to_xero", **MADE),
        "created": done(ended, direction="to_us", **MADE),
    }


def done(run: SyncRun, **which: Any) -> int:
    return run.changes.filter(state=PlannedChange.State.DONE, **which).count()
