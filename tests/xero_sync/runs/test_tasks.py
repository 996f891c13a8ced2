"""Messages are wake-ups: one too many, one too late, one that is lost does no harm."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.rows import make_connection, make_run
from tests.xero_sync.world import assert_accounted_for, connect, first_sync, in_step
from xero_sync import tasks
from xero_sync.client.errors import RateLimited
from xero_sync.models import Report, SyncRun, XeroConnection
from xero_sync.runs import runner
from xero_sync.runs.requests import sync_now
from xero_sync.store.lease import acquire_lease

pytestmark = pytest.mark.django_db


class Queue:
    """The messages that wait in a real broker."""

    def __init__(self, url: str) -> None:
        self.server = redis.Redis.from_url(url)

    def __len__(self) -> int:
        return int(self.server.llen("xero"))

    def flush(self) -> None:
        self.server.flushdb()


@pytest.fixture
def queue(broker: str) -> Iterator[Queue]:
    queue = Queue(broker)
    yield queue
    queue.server.close()


@pytest.fixture
def due() -> XeroConnection:
    return make_connection(
        next_due_at=timezone.now() - timedelta(seconds=1), renewed_at=timezone.now()
    )


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


# --- the tick ---


def test_ten_ticks_in_one_moment_are_one_run_and_one_message(
    queue: Queue, due: XeroConnection
) -> None:
    for _ in range(10):
        tasks.sync_tick()

    assert len(queue) == 1
    assert SyncRun.objects.get().reason == SyncRun.Reason.AUTOMATIC


def test_after_a_lost_message_a_minute_passes_not_a_period(
    queue: Queue, due: XeroConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = timezone.now()
    tasks.sync_tick()
    queue.flush()

    sent = []
    for seconds in (30, 60, 90, 120):
        at(monkeypatch, start + timedelta(seconds=seconds))
        tasks.sync_tick()
        sent.append(len(queue))

    assert sent == [0, 0, 1, 1]
    due.refresh_from_db()
    assert due.next_due_at is not None
    assert due.next_due_at < start
    assert SyncRun.objects.count() == 1


def test_nobody_is_called_while_somebody_is_at_work_or_must_wait(
    queue: Queue, due: XeroConnection
) -> None:
    lease = acquire_lease(
        due, owner="w", now=timezone.now(), length=timedelta(seconds=90)
    )
    assert lease is not None
    tasks.sync_tick()
    assert len(queue) == 0
    lease.release()
    not_before = timezone.now() + timedelta(hours=1)
    XeroConnection.objects.update(not_before=not_before)
    tasks.sync_tick()
    assert len(queue) == 0
    XeroConnection.objects.update(not_before=timezone.now())
    tasks.sync_tick()
    assert len(queue) == 1


def test_a_disconnected_one_is_left_alone(queue: Queue, due: XeroConnection) -> None:
    XeroConnection.objects.update(state=XeroConnection.State.BROKEN)

    tasks.sync_tick()

    assert len(queue) == 0
    assert not SyncRun.objects.exists()
    due.refresh_from_db()
    assert due.ticked_at is not None


def test_the_tick_makes_up_for_a_report_that_nobody_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = make_connection(next_due_at=None, renewed_at=timezone.now())
    ended = make_run(connection)
    make_run(connection, state=SyncRun.State.APPLYING)
    monkeypatch.setattr(tasks.render_report_task, "delay", tasks.render_report_task)

    tasks.sync_tick()
    tasks.sync_tick()

    assert [report.run for report in Report.objects.all()] == [ended]


# --- the work ---


def test_a_hundred_messages_are_one_run(queue: Queue, ledger: PracticeLedger) -> None:
    make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    make_customer("Dunes Bar")
    XeroConnection.objects.update(next_due_at=timezone.now())
    tasks.sync_tick()

    for _ in range(100):
        tasks.work_on_sync()

    run = SyncRun.objects.get(reason=SyncRun.Reason.AUTOMATIC)
    assert run.state == SyncRun.State.FINISHED
    assert_accounted_for(run)
    assert ledger.state()["contacts"] == 2
    due_at = XeroConnection.objects.get().next_due_at
    assert due_at is not None
    assert due_at > timezone.now() + timedelta(minutes=9)
    assert SyncRun.objects.filter(reason=SyncRun.Reason.AUTOMATIC).count() == 1


def test_a_late_message_finds_nothing_to_do(
    queue: Queue, ledger: PracticeLedger
) -> None:
    connect(ledger)
    first_sync()
    before = ledger.state()["calls"]["reads"]

    tasks.work_on_sync()

    assert len(queue) == 0
    assert ledger.state()["calls"]["reads"] == before


@pytest.mark.parametrize(("seconds", "messages"), [(20, 1), (59, 1), (300, 0)])
def test_a_short_wait_ends_on_time_and_a_long_one_with_a_tick(
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    messages: int,
) -> None:
    connection = make_connection(renewed_at=timezone.now())
    run = sync_now(by=TESTER)

    def limited(ctx: object) -> None:
        raise RateLimited("minute", retry_after=seconds - 1.0)

    monkeypatch.setattr(runner, "advance", limited)
    tasks.work_on_sync()

    run.refresh_from_db()
    assert run.state == SyncRun.State.WAITING
    assert len(queue) == messages
    connection.refresh_from_db()
    assert connection.not_before is not None
    assert connection.not_before > timezone.now() + timedelta(seconds=seconds - 10)


def test_a_slice_that_is_cut_off_from_outside_goes_on(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The soft limit of a task: the run does not end by it, the lease is given back."""
    connection = make_connection(renewed_at=timezone.now())
    run = sync_now(by=TESTER)

    def hangs(ctx: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(runner, "advance", hangs)
    tasks.work_on_sync()

    run.refresh_from_db()
    connection.refresh_from_db()
    assert (run.is_open, run.problem, len(queue)) == (True, "", 1)
    assert connection.lease_expires_at is None


def test_a_broker_that_is_down_is_logged_and_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def down(**_: object) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.work_on_sync, "apply_async", down)
    run = make_run(make_connection(), state=SyncRun.State.QUEUED)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake_worker()

    assert "the next tick will" in caplog.text
    assert SyncRun.objects.get() == run
