"""A planned run that has waited long looks at Xero once more before it writes, to the
end: whatever cuts that reading off, it is not taken for done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    wait_is_over,
    work_on,
    xero,
)
from xero_sync.client.errors import XeroUnavailable
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs import runner
from xero_sync.runs.requests import sync_now
from xero_sync.runs.runner import Slice
from xero_sync.steps.context import SliceOver

pytestmark = pytest.mark.django_db

LONG = timedelta(hours=1)
THEIRS = [{"PhoneType": "DEFAULT", "PhoneNumber": "theirs"}]


class Killed(BaseException):
    """As by kill -9."""


@pytest.fixture
def castle(ledger: PracticeLedger) -> Contact:
    """Changed here, planned to be sent, and changed in Xero since."""
    castle = make_customer("Castle", phone="1")
    connect(ledger)
    in_step()
    XeroConnection.objects.update(full_compare_on=timezone.localdate())
    change_contact(castle, {"phone": "ours"}, by=TESTER)
    return castle


def planned_and(ledger: PracticeLedger, **fault: object) -> SyncRun:
    """Cut off by Xero when it is about to write."""
    ledger.control("faults", kind="rate_limit", method="POST", **fault)
    run = sync_now(by=TESTER)
    assert one_slice(run) is Slice.WAITING
    ledger.control("contact/change", contact="Castle", Phones=THEIRS)
    wait_is_over()
    return run


def planned_and_killed(ledger: PracticeLedger, patch: pytest.MonkeyPatch) -> SyncRun:
    def kill(*_: object) -> None:
        raise Killed

    run = sync_now(by=TESTER)
    with patch.context() as context:
        context.setattr(runner, "carry_out_step", kill)
        with pytest.raises(Killed):
            one_slice(run)
    run.refresh_from_db()
    assert run.state == SyncRun.State.APPLYING
    ledger.control("contact/change", contact="Castle", Phones=THEIRS)
    return run


def reading_is_cut_off(
    run: SyncRun,
    patch: pytest.MonkeyPatch,
    by: type[BaseException],
    at: str = "observe",
) -> None:
    def cut_off(*_: object) -> None:
        raise by("no answer")

    with patch.context() as context:
        context.setattr(runner, at, cut_off)
        try:
            one_slice(run, later=LONG)
        except Killed:
            run.refresh_from_db()


def assert_theirs_stands(ledger: PracticeLedger, castle: Contact) -> None:
    next_sync()
    castle.refresh_from_db()
    assert castle.phone == "theirs"
    phones = {
        one["PhoneType"]: one["PhoneNumber"]
        for one in xero(ledger, "Contacts", castle)["Phones"]
    }
    assert phones["DEFAULT"] == "theirs"
    assert_silent()


@pytest.mark.parametrize("by", [XeroUnavailable, SliceOver, Killed])
def test_after_a_wait(
    ledger: PracticeLedger,
    castle: Contact,
    monkeypatch: pytest.MonkeyPatch,
    by: type[BaseException],
) -> None:
    run = planned_and(ledger, problem="day")
    reading_is_cut_off(run, monkeypatch, by)
    wait_is_over()

    one_slice(run, later=LONG + timedelta(minutes=2))
    work_on(run)

    assert_theirs_stands(ledger, castle)


@pytest.mark.parametrize("by", [XeroUnavailable, SliceOver, Killed])
def test_after_a_worker_was_killed_and_nobody_came_for_long(
    ledger: PracticeLedger,
    castle: Contact,
    monkeypatch: pytest.MonkeyPatch,
    by: type[BaseException],
) -> None:
    run = planned_and_killed(ledger, monkeypatch)
    reading_is_cut_off(run, monkeypatch, by)
    wait_is_over()

    one_slice(run, later=LONG + timedelta(minutes=2))
    work_on(run)

    assert_theirs_stands(ledger, castle)


@pytest.mark.parametrize("was_killed", [False, True])
@pytest.mark.parametrize("by", [XeroUnavailable, SliceOver, Killed])
def test_what_is_done_first_may_be_cut_off_too(
    ledger: PracticeLedger,
    castle: Contact,
    monkeypatch: pytest.MonkeyPatch,
    by: type[BaseException],
    was_killed: bool,
) -> None:
    """Settling what was left open: then nobody has waited long any more."""
    if was_killed:
        run = planned_and_killed(ledger, monkeypatch)
    else:
        run = planned_and(ledger, problem="day")
    reading_is_cut_off(run, monkeypatch, by, at="complete_open_intents")
    wait_is_over()

    one_slice(run, later=LONG + timedelta(minutes=2))
    work_on(run)

    assert_theirs_stands(ledger, castle)


def test_after_many_short_waits_without_anything_done(
    ledger: PracticeLedger, castle: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """15 s, 30 s, 1, 2, 4 and 5 minutes: each is short, all together are not."""

    def fail(*_: object) -> None:
        raise XeroUnavailable("no answer")

    run = sync_now(by=TESTER)
    with monkeypatch.context() as context:
        context.setattr(runner, "carry_out_step", fail)
        for minutes in (0, 1, 2, 4, 7, 11):
            wait_is_over()
            assert one_slice(run, later=timedelta(minutes=minutes)) is Slice.WAITING
            if not minutes:
                ledger.control("contact/change", contact="Castle", Phones=THEIRS)
    wait_is_over()

    one_slice(run, later=timedelta(minutes=13))
    work_on(run)

    assert_theirs_stands(ledger, castle)


def test_what_was_read_again_is_not_read_a_third_time(
    ledger: PracticeLedger, castle: Contact
) -> None:
    run = planned_and(ledger, problem="day")
    run.refresh_from_db()
    before = run.reads

    assert one_slice(run, later=LONG) is Slice.ENDED

    assert run.state == SyncRun.State.FINISHED
    assert run.reads - before == 3
    assert run.problem_details == {}
