"""Asking for a run: who may, when, and how often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.runs.choices import change_settings
from xero_sync.runs.errors import (
    FirstSyncDone,
    FirstSyncNotDone,
    NotConfirmed,
    NotConnected,
)
from xero_sync.runs.requests import (
    request_automatic_run,
    send_records,
    start_first_sync,
    sync_now,
)

pytestmark = pytest.mark.django_db

NOBODY = Actor.system("test")
CONFIRMED = {
    "email_confirmed": True,
    "address_confirmed": True,
    "invoices_confirmed": True,
}


def connected(*, synced: bool) -> XeroConnection:
    change_settings(CONFIRMED, by=NOBODY)
    return XeroConnection.objects.create(
        state=XeroConnection.State.CONNECTED,
        tenant_id="t",
        tenant_name="Harbour Trading",
        first_sync_done_at=timezone.now() if synced else None,
        next_due_at=timezone.now() - timedelta(seconds=1) if synced else None,
    )


def assert_refused(error: type[DomainError], ask: object) -> None:
    with pytest.raises(error):
        ask()  # type: ignore[operator]
    assert not SyncRun.objects.exists()


def test_twenty_presses_are_one_run() -> None:
    connected(synced=True)

    runs = {sync_now(by=NOBODY).pk for _ in range(20)}

    assert len(runs) == 1
    assert SyncRun.objects.count() == 1


def test_sending_a_record_twice_is_one_run_until_a_worker_comes() -> None:
    connected(synced=True)

    runs = {send_records("invoice", [2, 1, 2], by=NOBODY).pk for _ in range(5)}
    other = send_records("invoice", [3], by=NOBODY)
    SyncRun.objects.filter(pk__in=runs).update(state=SyncRun.State.OBSERVING)
    again = send_records("invoice", [1, 2], by=NOBODY)

    assert len(runs) == 1
    assert len({*runs, other.pk, again.pk}) == 3


def test_nothing_runs_before_xero_is_connected() -> None:
    assert_refused(NotConnected, lambda: sync_now(by=NOBODY))


def test_the_first_sync_waits_for_every_confirmation() -> None:
    connected(synced=False)
    change_settings({"email_confirmed": False}, by=NOBODY)

    with pytest.raises(NotConfirmed, match="the email address to use"):
        start_first_sync(by=NOBODY)

    assert not SyncRun.objects.exists()


def test_sync_now_and_the_button_wait_for_the_first_sync() -> None:
    connected(synced=False)

    assert_refused(FirstSyncNotDone, lambda: sync_now(by=NOBODY))
    assert_refused(FirstSyncNotDone, lambda: send_records("invoice", [1], by=NOBODY))


def test_the_first_sync_is_made_once() -> None:
    connected(synced=True)

    assert_refused(FirstSyncDone, lambda: start_first_sync(by=NOBODY))


def test_only_a_person_starts_the_first_sync() -> None:
    connection = connected(synced=False)
    connection.next_due_at = timezone.now() - timedelta(hours=1)

    assert request_automatic_run(connection, timezone.now()) is None
    assert not SyncRun.objects.exists()


def test_a_due_connection_gets_one_automatic_run() -> None:
    connection = connected(synced=True)

    runs = [request_automatic_run(connection, timezone.now()) for _ in range(3)]

    assert {run and run.reason for run in runs} == {SyncRun.Reason.AUTOMATIC}
    assert SyncRun.objects.count() == 1


def test_manual_means_that_nothing_starts_by_itself() -> None:
    connection = connected(synced=True)
    change_settings({"mode": SyncSettings.Mode.MANUAL}, by=NOBODY)

    assert request_automatic_run(connection, timezone.now()) is None


def test_a_new_frequency_counts_from_now() -> None:
    connection = connected(synced=True)
    before = timezone.now()

    change_settings({"frequency": SyncSettings.Frequency.HOUR_1}, by=NOBODY)

    connection.refresh_from_db()
    assert connection.next_due_at is not None
    assert connection.next_due_at - before >= timedelta(minutes=60)
