"""A company connected to a practice ledger, and its syncs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.users.models import User
from tests.ledger import PracticeLedger
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs.choices import change_settings
from xero_sync.runs.practice import connect_practice_ledger
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.runs.runner import Slice, Worker

CONFIRMED = {
    "email_confirmed": True,
    "address_confirmed": True,
    "invoices_confirmed": True,
}
PATIENCE = timedelta(minutes=2)


def connect(ledger: PracticeLedger, *, by: User | None = None) -> XeroConnection:
    actor = Actor(by, "test")
    connection = connect_practice_ledger(ledger.url, by=actor)
    change_settings(CONFIRMED, by=actor)
    return connection


def first_sync() -> SyncRun:
    return work_on(start_first_sync(by=Actor.system("test")))


def next_sync() -> SyncRun:
    return work_on(sync_now(by=Actor.system("test")))


def work_on(run: SyncRun) -> SyncRun:
    """Slice after slice until the run has ended."""
    worker = Worker(owner="test")
    deadline = timezone.now() + PATIENCE
    while run.is_open:
        connection = XeroConnection.objects.get(pk=run.connection_id)
        outcome, _ = worker.work(connection)
        run.refresh_from_db()
        if outcome is Slice.WAITING and connection.not_before:
            XeroConnection.objects.update(not_before=None)
        assert timezone.now() < deadline, f"run {run.pk} is still {run.state}"
    return run


def outcome(run: SyncRun) -> dict[str, Any]:
    return {
        "state": run.state,
        "problem": run.problem,
        "steps": {
            step.name: (step.done, step.failed, step.held) for step in run.steps.all()
        },
    }
