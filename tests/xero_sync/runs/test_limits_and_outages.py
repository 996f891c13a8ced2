"""A run that Xero keeps waiting, or leaves alone for hours, loses nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.services import change_contact
from tests.builders import TESTER, make_customer, make_draft
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.three_customers import assert_in_step
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    wait_is_over,
    work_on,
)
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import send_records, start_first_sync, sync_now
from xero_sync.runs.runner import Slice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("problem", "seconds", "named"),
    [("minute", 30, "minute_limit"), ("day", 66_975, "day_limit")],
)
def test_a_limit_makes_the_run_wait_as_long_as_xero_says(
    company: PracticeLedger, problem: str, seconds: int, named: str
) -> None:
    company.control(
        "faults", kind="rate_limit", method="PUT", problem=problem, retry_after=seconds
    )
    run = start_first_sync(by=TESTER)

    assert one_slice(run) is Slice.WAITING
    assert (run.state, run.problem) == (SyncRun.State.WAITING, named)
    until = XeroConnection.objects.get().not_before
    assert until is not None
    assert until - timezone.now() > timedelta(seconds=seconds - 5)
    calls = company.state()["calls"]
    assert one_slice(run) is Slice.WAITING
    assert company.state()["calls"] == calls

    wait_is_over()
    assert_in_step(company, work_on(run))


def test_a_chosen_draft_is_sent_after_the_wait(ledger: PracticeLedger) -> None:
    """It was given its number before Xero said no: that is no edit of anybody's."""
    connect(ledger)
    in_step()
    draft = make_draft()
    ledger.control("faults", kind="rate_limit", path="Invoices", method="PUT")
    run = send_records(Kind.INVOICE, [draft.pk], by=TESTER)
    assert one_slice(run) is Slice.WAITING
    wait_is_over()

    work_on(run)

    draft.refresh_from_db()
    assert (draft.number, ledger.state()["invoices"]) == ("INV-1001", 1)


def test_after_a_day_of_waiting_xero_is_read_before_it_is_written_to(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    ledger.control("faults", kind="rate_limit", method="POST", problem="day")
    run = sync_now(by=TESTER)
    one_slice(run)
    since = (timezone.now() - timedelta(hours=18)).isoformat()
    SyncRun.objects.update(problem_details=run.problem_details | {"since": since})
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "028 3"}]
    ledger.control("contact/change", contact="Castle Hotel", Phones=phones)
    wait_is_over()

    work_on(run)
    next_sync()

    customer.refresh_from_db()
    assert customer.phone == "028 3"
    assert_accounted_for(run)
    assert_silent()


def test_an_outage_of_hours_ends_the_run_and_loses_nothing(
    company: PracticeLedger,
) -> None:
    company.control("offline", offline=True)
    run = work_on(start_first_sync(by=TESTER))
    assert (run.state, run.problem) == (SyncRun.State.FAILED, "unavailable")
    company.control("offline", offline=False)

    assert_in_step(company, work_on(start_first_sync(by=TESTER)))
