"""With nobody logged in: beat finds what is due, a worker does it."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from fieldops.celery import app
from tests.builders import make_customer
from tests.ledger import PracticeLedger
from tests.services import CeleryProcesses
from tests.xero_sync.world import connect, first_sync
from xero_sync.models import Report, SyncRun, XeroConnection

pytestmark = pytest.mark.workers


def test_a_new_customer_reaches_xero_by_itself(
    celery_processes: CeleryProcesses, ledger: PracticeLedger
) -> None:
    celery_processes.environment = {
        **celery_processes.environment,
        "XERO_TICK_SECONDS": "1",
    }
    connect(ledger)
    first_sync()
    make_customer("Castle Hotel")
    due = timezone.now() - timedelta(seconds=1)
    XeroConnection.objects.update(next_due_at=due)

    worker = celery_processes.start_worker(concurrency=1)
    assert_takes_from_both_queues()
    celery_processes.start_beat()

    deadline = time.monotonic() + 60
    automatic = Report.objects.filter(run__reason=SyncRun.Reason.AUTOMATIC)
    while not automatic.exists():
        assert time.monotonic() < deadline, "nothing happened by itself"
        time.sleep(0.1)
    run = SyncRun.objects.get(reason=SyncRun.Reason.AUTOMATIC)
    assert run.state == SyncRun.State.FINISHED
    assert run.started_by is None
    assert ledger.state()["contacts"] == 1
    connection = XeroConnection.objects.get()
    assert connection.next_due_at is not None
    assert connection.next_due_at > timezone.now() + timedelta(minutes=9)
    celery_processes.end_all()
    assert worker.exit_code == 0


def assert_takes_from_both_queues() -> None:
    """The real worker that other tests lean on."""
    answer = app.control.inspect(timeout=10, limit=1).active_queues()
    assert answer is not None
    (queues,) = answer.values()
    assert sorted(queue["name"] for queue in queues) == ["fieldops", "xero"]
