"""The real worker that other tests lean on: it serves both queues of this project."""

import pytest

from fieldops.celery import app
from tests.services import CeleryProcesses

pytestmark = pytest.mark.workers


def test_a_worker_takes_from_both_queues(celery_processes: CeleryProcesses) -> None:
    worker = celery_processes.start_worker(concurrency=1)

    answer = app.control.inspect(timeout=10, limit=1).active_queues()
    assert answer is not None
    (queues,) = answer.values()
    assert sorted(queue["name"] for queue in queues) == ["fieldops", "xero"]
    celery_processes.end_all()
    assert worker.exit_code == 0
