"""The real engine, from the request of a run to its end, in virtual time."""

import random
from datetime import UTC, datetime
from functools import partial

from django.utils import timezone

from fieldops.common.actor import Actor
from tests.bench.virtual import VirtualClock, VirtualLines
from xero_sync.client.api import XeroApi
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.runs.runner import Slice, Worker
from xero_sync.runs.wiring import build_api

MEASURED = Actor.system("measured")
MOST_SLICES = 10_000


def first_sync(clock: VirtualClock) -> SyncRun:
    return work_off(start_first_sync(by=MEASURED), clock)


def next_sync(clock: VirtualClock) -> SyncRun:
    return work_off(sync_now(by=MEASURED), clock)


def virtual_clock(start: float) -> VirtualClock:
    """Never before the present: tokens were given out in real time."""
    return VirtualClock(max(timezone.now(), datetime.fromtimestamp(start, UTC)))


def work_off(run: SyncRun, clock: VirtualClock) -> SyncRun:
    """Slice after slice; waits pass at once, as if somebody woke the worker in time."""
    worker = Worker(owner="bench", clock=clock.now, build=partial(_build, clock))
    for _ in range(MOST_SLICES):
        connection = XeroConnection.objects.get(pk=run.connection_id)
        outcome, _ = worker.work(connection)
        run.refresh_from_db()
        if not run.is_open:
            break
        if outcome is Slice.WAITING:
            connection.refresh_from_db()
            assert connection.not_before is not None
            clock.move_to(connection.not_before.timestamp())
    assert run.state == SyncRun.State.FINISHED, (run.state, run.problem_details)
    return run


def _build(
    clock: VirtualClock, connection: XeroConnection, *, by_hand: bool
) -> XeroApi:
    """The waits between tries are drawn from a seed, so that two runs are alike."""
    draw = random.Random(1).random  # noqa: S311
    lines = VirtualLines(clock)
    return build_api(connection, by_hand=by_hand, clock=clock, lines=lines, random=draw)
