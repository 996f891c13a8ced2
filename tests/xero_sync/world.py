"""A company connected to a practice ledger, and its syncs."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.prepared import prepared
from fieldops.users.models import User
from invoicing.models import Invoice
from stock.models import StockItem
from tests.ledger import PracticeLedger
from xero_sync.client.api import XeroApi
from xero_sync.client.exchange import SystemClock
from xero_sync.models import (
    CallBudget,
    Intent,
    PlannedChange,
    SyncIssue,
    SyncRun,
    XeroConnection,
)
from xero_sync.runs.choices import change_settings
from xero_sync.runs.practice import connect_practice_ledger
from xero_sync.runs.requests import preview_first_sync, start_first_sync, sync_now
from xero_sync.runs.runner import Slice, Worker
from xero_sync.runs.wiring import build_api

CONFIRMED = {
    "email_confirmed": True,
    "address_confirmed": True,
    "invoices_confirmed": True,
}
PATIENCE = timedelta(minutes=2)


class Restless(SystemClock):
    """Nobody waits between two tries."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds


def build(connection: XeroConnection, *, by_hand: bool) -> XeroApi:
    return build_api(connection, by_hand=by_hand, clock=Restless())


def connect(ledger: PracticeLedger, *, by: User | None = None) -> XeroConnection:
    actor = Actor(by, "test")
    connection = connect_practice_ledger(ledger.url, by=actor)
    change_settings(CONFIRMED, by=actor)
    return connection


def first_sync() -> SyncRun:
    return work_on(start_first_sync(by=Actor.system("test")))


def preview() -> SyncRun:
    run = work_on(preview_first_sync(by=Actor.system("test")))
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    return run


def next_sync() -> SyncRun:
    return work_on(sync_now(by=Actor.system("test")))


def next_sync_of_the_day() -> SyncRun:
    """As ``next_sync``, also when the test has run past midnight: the first run of a day
    reads everything once more, and is not what the caller asks about."""
    XeroConnection.objects.update(full_compare_on=timezone.localdate())
    return next_sync()


def a_new_day() -> None:
    """Whole lists are read anew, and everything is compared."""
    XeroConnection.objects.update(full_compare_on=None)
    for cursor in XeroConnection.objects.get().synccursor_set.all():
        cursor.full_read_on = None
        cursor.save()


def work_on(run: SyncRun) -> SyncRun:
    """Slice after slice until the run has ended."""
    deadline = timezone.now() + PATIENCE
    while run.is_open:
        if one_slice(run) is Slice.WAITING:
            wait_is_over()
        assert timezone.now() < deadline, f"run {run.pk} is still {run.state}"
    return run


def one_slice(run: SyncRun, *, later: timedelta = timedelta()) -> Slice:
    """``later``: by how much the worker's clock is ahead."""
    worker = Worker(owner="test", build=build, clock=lambda: timezone.now() + later)
    (connection,) = _connection(run.connection_id)
    outcome, _ = worker.work(connection)
    run.refresh_from_db()
    return outcome


@prepared
def _connection(pk: int) -> QuerySet[XeroConnection]:
    return XeroConnection.objects.filter(pk=pk)


def wait_is_over() -> None:
    XeroConnection.objects.update(not_before=None)
    CallBudget.objects.all().delete()


def in_step() -> SyncRun:
    run = first_sync()
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    return run


def open_codes() -> list[str]:
    return sorted(SyncIssue.objects.open().values_list("code", flat=True))


def xero(
    ledger: PracticeLedger, resource: str, record: Contact | StockItem | Invoice
) -> dict[str, Any]:
    """The record as Xero's API answers it."""
    return ledger.record(resource, record.xero_links.get().xero_id)


def contacts_there(ledger: PracticeLedger) -> list[str]:
    """The names of the active ones."""
    return sorted(one["Name"] for one in ledger.records("Contacts"))


def assert_accounted_for(run: SyncRun) -> None:
    """Every planned change of an ended run came to something, and is counted."""
    assert _still_planned(run.pk) == []
    assert _unsettled() == []
    for step in run.steps.all():
        assert step.done + step.failed + step.held == step.total, step.name


@prepared
def _still_planned(run_id: int) -> QuerySet[PlannedChange]:
    return PlannedChange.objects.filter(run=run_id, state=PlannedChange.State.PLANNED)


@prepared
def _unsettled() -> QuerySet[Intent]:
    return Intent.objects.exclude(state=Intent.State.SETTLED)


def assert_silent() -> SyncRun:
    """The next sync has nothing to write."""
    run = next_sync()
    assert (run.state, run.writes) == (SyncRun.State.FINISHED, 0)
    assert_accounted_for(run)
    return run


def outcome(run: SyncRun) -> dict[str, Any]:
    return {
        "state": run.state,
        "problem": run.problem,
        "steps": {
            step.name: (step.done, step.failed, step.held) for step in run.steps.all()
        },
    }
