"""kill -9 of the worker in the middle of the first sync: the same end, nothing twice."""

import os
import signal
import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from customers.models import Contact
from fieldops.common.actor import Actor
from invoicing.models import Invoice
from tests.acceptance.northwind import books, import_northwind, needs_northwind
from tests.ledger import PracticeLedger
from tests.services import CeleryProcesses
from tests.xero_sync.world import connect, next_sync_of_the_day
from xero_sync.models import Intent, SyncIssue, SyncRun
from xero_sync.runs.requests import start_first_sync
from xero_sync.tasks import sync_tick, work_on_sync

pytestmark = [pytest.mark.workers, needs_northwind]

PATIENCE = 120


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.parametrize("kills", [1])
def test_a_killed_first_sync_ends_as_if_nothing_had_happened(
    celery_processes: CeleryProcesses, kills: int
) -> None:
    import_northwind()
    shortened = {"XERO_LEASE_SECONDS": "2", "XERO_SLICE_SECONDS": "20"}
    celery_processes.environment = {**celery_processes.environment, **shortened}
    with PracticeLedger("--empty", "--tier", "unlimited") as ledger:
        ledger.load_books(books(customers=45, suppliers=15, items=50))
        ledger.control("faults", kind="delay", delay_ms=150, times=-1)
        connect(ledger)
        worker = celery_processes.start_worker(concurrency=1)
        run = start_first_sync(by=Actor.system("test"))
        work_on_sync.delay()

        for number in range(kills):
            sent = 5 + 4 * number
            wait_for(lambda sent=sent: Intent.objects.count() >= sent)  # type: ignore[misc]
            assert worker.process is not None
            os.killpg(worker.process.pid, signal.SIGKILL)
            worker.process.wait()
            assert SyncRun.objects.get().is_open
            worker = celery_processes.start_worker(concurrency=1)
        time.sleep(2)  # what is left of the dead worker's lease
        sync_tick.delay()

        def has_ended() -> bool:
            run.refresh_from_db()
            return not run.is_open

        wait_for(has_ended)
        ledger.control("faults/clear")
        state = ledger.state()
        assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
        assert [str(issue) for issue in SyncIssue.objects.open()] == []
        assert (state["contacts"], state["customers"]) == (118, 89)
        assert (state["items"], state["invoices"]) == (77, 830)
        assert Decimal(state["sales_total"]) == sum(
            (invoice.total for invoice in Invoice.objects.all()), Decimal(0)
        )
        assert Contact.objects.count() == 120
        assert not Intent.objects.exclude(state=Intent.State.SETTLED).exists()
        second = next_sync_of_the_day()
        assert (second.writes, second.reads) == (0, 3)
