"""A run is never left to nobody, a paused worker writes nothing, a broken commit is a kill,
and a changed setting is obeyed whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.three_customers import THREE, assert_in_step
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    build,
    connect,
    in_step,
    one_slice,
    work_on,
    xero,
)
from xero_sync.models import (
    ContactLink,
    Intent,
    PlannedChange,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind, Step
from xero_sync.runs import runner
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import (
    send_records,
    start_first_sync,
    stop_after_this_step,
    sync_now,
)
from xero_sync.runs.runner import Slice, Worker
from xero_sync.steps import carrying_out
from xero_sync.steps.context import Context, SliceOver

pytestmark = pytest.mark.django_db

DROPPED = OperationalError("connection dropped at commit")


def before_step(
    monkeypatch: pytest.MonkeyPatch, step: Step, happens: Callable[[], object]
) -> None:
    real = carrying_out.carry_out_step

    def carry_out_step(ctx: Any, now: Step) -> None:
        if now is step:
            happens()
        real(ctx, now)

    monkeypatch.setattr(runner, "carry_out_step", carry_out_step)


# --- the lease ---


def rows_of_the_run(run: SyncRun) -> list[Any]:
    """All that a worker could leave half done."""
    return [
        list(SyncRun.objects.values().filter(pk=run.pk)),
        list(run.steps.values()),
        list(PlannedChange.objects.order_by("pk").values()),
        list(SyncIssue.objects.order_by("pk").values()),
        list(Intent.objects.order_by("pk").values("pk", "state", "settled_at")),
        list(ContactLink.objects.order_by("pk").values()),
        list(Contact.objects.order_by("pk").values()),
    ]


def test_a_commit_without_the_lease_changes_nothing(company: PracticeLedger) -> None:
    run = start_first_sync(by=TESTER)
    connection = XeroConnection.objects.get()
    seen: list[Any] = []

    def taken_over() -> None:
        past = timezone.now() - timedelta(seconds=1)
        XeroConnection.objects.update(lease_expires_at=past)
        other = SyncRun.objects.get(pk=run.pk)
        assert one_slice(other) is Slice.ENDED
        seen.append(rows_of_the_run(run))

    with pytest.MonkeyPatch.context() as patch:
        done: list[bool] = []

        def once() -> None:
            if not done:
                done.append(True)
                taken_over()

        before_step(patch, Step.INVOICES_TO_XERO, once)
        outcome, _ = Worker(owner="paused", build=build).work(connection)

    assert outcome is Slice.BUSY
    now = rows_of_the_run(run)
    costs = {"reads", "writes"}
    assert [
        {name: value for name, value in row.items() if name not in costs}
        for row in now[0]
    ] == [
        {name: value for name, value in row.items() if name not in costs}
        for row in seen[0][0]
    ]
    assert now[1:] == seen[0][1:]
    run.refresh_from_db()
    assert_in_step(company, run)


# --- the database, the time limit ---


@contextmanager
def broken_commit(
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    *,
    is_kept: bool = False,
    error: Exception = DROPPED,
) -> Iterator[list[int]]:
    """The commit of that number fails; whether it was kept nobody can tell. Yields the
    numbers of those that failed."""
    real = Context.commit
    count = iter(range(1, 10_000))
    failed: list[int] = []

    @contextmanager
    def commit(ctx: Context) -> Iterator[datetime]:
        breaks = next(count) == number
        with real(ctx) as now:
            yield now
            failed.extend([number] * breaks)
            if breaks and not is_kept:
                raise error
        if breaks:
            raise error

    with monkeypatch.context() as patch:
        patch.setattr(Context, "commit", commit)
        yield failed


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize("number", [1, 8, 15, 20, 25])
def test_a_commit_of_unknown_outcome_is_a_kill(
    company: PracticeLedger,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    is_kept: bool,
) -> None:
    run = start_first_sync(by=TESTER)

    with (
        broken_commit(monkeypatch, number, is_kept=is_kept) as failed,
        pytest.raises(OperationalError),
    ):
        work_on(run)

    assert failed == [number]
    assert XeroConnection.objects.get().lease_expires_at is None
    assert_in_step(company, work_on(run))


def test_a_soft_time_limit_inside_a_transaction_is_the_end_of_a_slice(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_first_sync(by=TESTER)
    worker = Worker(owner="test", build=build, cut_off_by=(SoftTimeLimitExceeded,))

    with broken_commit(monkeypatch, 25, error=SoftTimeLimitExceeded()) as failed:
        outcome, _ = worker.work(XeroConnection.objects.get())

    assert failed == [25]

    run.refresh_from_db()
    assert (outcome, run.is_open) == (Slice.MORE, True)
    assert_in_step(company, work_on(run))


# --- nobody is left waiting ---


def test_what_waits_while_xero_is_disconnected_is_not_used_up(
    company: PracticeLedger,
) -> None:
    """One run finds out; those behind it wait for the reconnect."""
    in_step()
    contact = Contact.objects.get(name="Customer 0")
    change_contact(contact, {"phone": "028 1"}, by=TESTER)
    first = sync_now(by=TESTER)
    second = send_records(Kind.CONTACT, [contact.pk], by=TESTER)
    company.control("tokens/expire", refresh=True)
    assert one_slice(first) is Slice.ENDED

    assert one_slice(second) is Slice.NOTHING

    assert (first.state, second.state) == ("failed", "queued")
    connect(company)
    work_on(second)
    assert second.state == SyncRun.State.FINISHED
    phones = xero(company, "Contacts", contact)["Phones"]
    assert "028 1" in [phone["PhoneNumber"] for phone in phones]


def test_the_command_gives_up_on_a_run_that_nobody_can_work_on(
    company: PracticeLedger,
) -> None:
    in_step()
    sync_now(by=TESTER)
    # A worker has found out that the permission is gone a moment after the request.
    real = Worker.work

    def broken(worker: Worker, connection: XeroConnection) -> Any:
        XeroConnection.objects.update(state=XeroConnection.State.BROKEN)
        connection.refresh_from_db()
        return real(worker, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "work", broken)
        with pytest.raises(SystemExit) as exit_:
            call_command("sync", json=True, max_wait=0.5)

    assert exit_.value.code == 75


@pytest.mark.parametrize("state", ["queued", "waiting"])
def test_stopping_a_run_that_nobody_is_at_ends_it(
    company: PracticeLedger, state: str
) -> None:
    run = start_first_sync(by=TESTER)
    SyncRun.objects.update(state=state)
    far = timezone.now() + timedelta(hours=18)
    XeroConnection.objects.update(not_before=far)

    stop_after_this_step(run, by=TESTER)

    run.refresh_from_db()
    assert (run.state, run.finished_at is None) == (SyncRun.State.STOPPED, False)
    assert XeroConnection.objects.get().first_sync_done_at is None


# --- a setting is changed meanwhile ---


def test_another_address_slot_mid_run_is_obeyed_whole(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line of an address is planned for the one slot; then the other is chosen."""
    street = {
        "billing_line1": "1 Quay Street",
        "billing_city": "Belfast",
        "billing_postcode": "BT1 1AA",
    }
    customer = make_customer("Castle Hotel", **street)
    connect(ledger)
    in_step()
    change_contact(customer, {"billing_city": "Derry"}, by=TESTER)
    run = sync_now(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", _cut_off)
        assert one_slice(run) is Slice.MORE

    change_settings({"address_slot": SyncSettings.AddressSlot.DELIVERY}, by=TESTER)
    work_on(run)
    successor = SyncRun.objects.open().get()
    assert (run.state, run.problem) == (SyncRun.State.STOPPED, "settings_changed")
    assert (successor.reason, run.writes) == (run.reason, 0)
    assert_accounted_for(run)
    work_on(successor)

    slots = {
        one["AddressType"]: one
        for one in xero(ledger, "Contacts", customer)["Addresses"]
    }
    assert slots["STREET"]["AddressLine1"] == "1 Quay Street"
    assert (slots["STREET"]["City"], slots["POBOX"]["City"]) == ("Derry", "Belfast")
    customer.refresh_from_db()
    assert customer.billing_postcode == "BT1 1AA"
    assert_silent()


def test_settings_that_a_plan_does_not_stand_on_do_not_disturb_it(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", _cut_off)
        one_slice(run)

    change_settings({"frequency": SyncSettings.Frequency.HOUR_1}, by=TESTER)

    assert_in_step(company, work_on(run))


def test_a_first_sync_whose_settings_changed_is_still_to_be_done(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", _cut_off)
        one_slice(run)
    change_settings({"arrival_status": SyncSettings.ArrivalStatus.DRAFT}, by=TESTER)

    work_on(run)

    assert XeroConnection.objects.get().first_sync_done_at is None
    successor = SyncRun.objects.open().get()
    assert successor.reason == SyncRun.Reason.FIRST
    assert_in_step(company, work_on(successor))
    assert company.state()["invoices_by_status"] == {"DRAFT": THREE}


def test_a_run_that_nobody_came_back_to_for_a_day_looks_again(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its plan was to send our phone number; meanwhile Xero has a newer one."""
    in_step()
    customer = Contact.objects.get(name="Customer 1")
    change_contact(customer, {"phone": "028 1111 1111"}, by=TESTER)
    run = sync_now(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", _cut_off)
        one_slice(run)
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "028 2222 2222"}]
    company.control("contact/change", contact="Customer 1", Phones=phones)

    one_slice(run, later=timedelta(days=1))
    work_on(run)
    work_on(sync_now(by=TESTER))

    customer.refresh_from_db()
    assert customer.phone == "028 2222 2222"
    numbers = [
        one["PhoneNumber"] for one in xero(company, "Contacts", customer)["Phones"]
    ]
    assert "028 2222 2222" in numbers
    assert "028 1111 1111" not in numbers


def _cut_off(ctx: Context, step: Step) -> None:
    raise SliceOver
