"""What the rows say of the sync at a moment: one query, no worker needed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.xero_sync.rows import bad_email_issue, make_connection, make_run
from xero_sync.models import SyncRun, SyncSettings, SyncStep, XeroConnection
from xero_sync.outcomes.kinds import Step
from xero_sync.report.heartbeat import (
    Pulse,
    alarm_of,
    late_since,
    pulse_of,
    read_signs,
)

pytestmark = pytest.mark.django_db

STATE = SyncRun.State


def ago(**length: float) -> datetime:
    return timezone.now() - timedelta(**length)


def long_ago(values: dict[str, Any]) -> dict[str, Any]:
    """Lengths of time become moments when the test runs, not when it is collected."""
    return {
        name: ago(seconds=value.total_seconds())
        if isinstance(value, timedelta)
        else value
        for name, value in values.items()
    }


def pulse() -> Pulse:
    return pulse_of(read_signs(), timezone.now())


def cause() -> str:
    alarm = alarm_of(read_signs(), timezone.now())
    return alarm.cause if alarm else ""


def open_run(state: str, **values: Any) -> SyncRun:
    created = values.pop("created_at", None)
    run = make_run(
        XeroConnection.objects.get(), state=state, finished_at=None, **values
    )
    if created:
        SyncRun.objects.filter(pk=run.pk).update(created_at=created)
    return run


def waits(until: datetime, problem: str = "day_limit") -> None:
    details = {"until": until.isoformat()}
    open_run(STATE.WAITING, problem=problem, problem_details=details)


def test_without_a_connection_there_is_nothing_to_tell() -> None:
    assert (read_signs(), pulse(), cause()) == (None, Pulse.OFF, "")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Pulse.GOOD),
        ({"last_good_sync_at": None}, Pulse.NEVER),
        ({"state": "disconnected"}, Pulse.OFF),
        ({"state": "broken"}, Pulse.BROKEN),
        ({"state": "choosing"}, Pulse.CHOOSING),
        ({"next_due_at": timedelta(minutes=14)}, Pulse.GOOD),
        ({"next_due_at": timedelta(minutes=16)}, Pulse.LATE),
        ({"next_due_at": timedelta(minutes=16), "state": "broken"}, Pulse.BROKEN),
        (
            {"next_due_at": timedelta(minutes=16), "first_sync_done_at": None},
            Pulse.NEVER,
        ),
        (
            {"next_due_at": timedelta(minutes=16), "worked_at": timedelta(minutes=1)},
            Pulse.GOOD,
        ),
    ],
)
def test_of_a_connection(values: dict[str, Any], expected: Pulse) -> None:
    make_connection(**long_ago(values))
    assert pulse() is expected


def test_the_interval_is_the_chosen_one_and_manual_is_never_due() -> None:
    make_connection(next_due_at=ago(minutes=50))
    SyncSettings.current()
    assert pulse() is Pulse.LATE
    SyncSettings.objects.update(frequency=60)
    assert pulse() is Pulse.GOOD
    SyncSettings.objects.update(frequency=5, mode="manual")
    assert pulse() is Pulse.GOOD


def test_a_run_under_way_says_how_far() -> None:
    make_connection(lease_expires_at=timezone.now() + timedelta(seconds=60))
    run = open_run(STATE.APPLYING, created_at=ago(hours=3))
    for place, name in enumerate((Step.CUSTOMERS_TO_XERO, Step.INVOICES_TO_XERO), 1):
        SyncStep.objects.create(
            run=run, position=place, name=name, total=50, done=20, failed=1, held=1
        )

    signs = read_signs()

    assert signs is not None
    assert (pulse(), signs.done, signs.total) == (Pulse.RUNNING, 44, 100)


def test_between_two_slices_a_run_is_still_at_work() -> None:
    make_connection(worked_at=ago(seconds=30), next_due_at=ago(hours=2))
    open_run(STATE.APPLYING, created_at=ago(hours=2))
    assert pulse() is Pulse.RUNNING


def test_what_was_asked_for_a_moment_ago_starts() -> None:
    make_connection()
    open_run(STATE.QUEUED)
    assert (pulse(), cause()) == (Pulse.STARTING, "")


def test_what_nobody_takes_up_is_late_whoever_asked_for_it() -> None:
    make_connection()
    SyncSettings.current()
    SyncSettings.objects.update(mode="manual")
    run = open_run(STATE.QUEUED, created_at=ago(minutes=6))
    run.refresh_from_db()
    signs = read_signs()
    assert signs is not None
    assert pulse() is Pulse.LATE
    assert late_since(signs, timezone.now()) == run.created_at


def test_waiting_for_xero_is_named_and_becomes_the_cause_once_a_run_is_missed() -> None:
    make_connection()
    until = timezone.now() + timedelta(hours=1)
    waits(until)
    assert (pulse(), cause()) == (Pulse.WAITING, "")
    XeroConnection.objects.update(next_due_at=ago(minutes=20))
    assert pulse() is Pulse.WAITING
    assert cause().startswith("Today's limit is used up. It goes on by itself at ")


def test_a_wait_that_is_long_over_is_no_wait() -> None:
    make_connection(next_due_at=ago(minutes=20))
    waits(ago(minutes=6))
    assert pulse() is Pulse.LATE


def test_a_question_comes_before_what_else_is_open() -> None:
    make_connection(next_due_at=ago(minutes=20))
    open_run(STATE.QUEUED, reason=SyncRun.Reason.RECORDS)
    open_run(STATE.ASKING)
    assert pulse() is Pulse.ASKING
    assert cause() == "It waits for an answer: look at its question on the sync page."


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ({}, "The background service (worker and beat) never reported."),
        (
            {"ticked_at": timedelta(minutes=40), "worked_at": timedelta(minutes=40)},
            "The background service (worker and beat) has not reported since",
        ),
        (
            {"ticked_at": timedelta(minutes=40), "worked_at": timedelta(minutes=10)},
            "The timer (beat) has not reported since",
        ),
        (
            {"ticked_at": timedelta(seconds=20)},
            "is running, but does not get on with it.",
        ),
    ],
)
def test_who_is_missing(signs: dict[str, Any], words: str) -> None:
    make_connection(next_due_at=ago(minutes=20), **long_ago(signs))
    assert words in cause()


def test_all_of_it_is_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    connection = make_connection()
    for _ in range(3):
        bad_email_issue(make_run(connection))
    open_run(STATE.APPLYING)
    open_run(STATE.QUEUED, reason=SyncRun.Reason.RECORDS)

    with django_assert_num_queries(1):
        signs = read_signs()

    assert signs is not None
    assert (signs.to_fix, signs.run_state) == (3, STATE.APPLYING)
