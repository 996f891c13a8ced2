"""The last calls of a day are for people: an automatic sync waits, and who presses "Sync
now" does not have to wait with it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.rows import bad_email_issue
from tests.xero_sync.world import connect, in_step, one_slice, work_on, xero
from xero_sync.models import CallBudget, SyncRun, XeroConnection
from xero_sync.runs.requests import request_automatic_run, sync_now
from xero_sync.runs.runner import Slice
from xero_sync.runs.waiting import go_on_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(ledger: PracticeLedger) -> SyncRun:
    """An automatic sync with a change to send, when 40 of 1,000 calls are left."""
    castle = make_customer("Castle", phone="1")
    connect(ledger)
    in_step()
    change_contact(castle, {"phone": "2"}, by=TESTER)
    _calls_are_left(40)
    connection = XeroConnection.objects.get()
    connection.next_due_at = timezone.now()
    run = request_automatic_run(connection, timezone.now())
    assert run is not None
    assert one_slice(run) is Slice.WAITING
    assert (run.problem, run.reads) == ("day_limit", 0)
    return run


def _calls_are_left(count: int, **more: object) -> None:
    now = int(timezone.now().timestamp() * 1000)
    day = {
        "remaining": count,
        "limit": 1000,
        "seen_at": now,
        "high": 1000,
        "high_at": now,
    }
    CallBudget.objects.update(state={"heard_at": now, "day": day, **more})


def test_who_presses_sync_now_does_not_wait(
    ledger: PracticeLedger, waiting: SyncRun
) -> None:
    run = sync_now(by=TESTER)

    assert (run.pk, run.reason) == (waiting.pk, SyncRun.Reason.ASKED)
    work_on(run)
    assert run.state == SyncRun.State.FINISHED
    phones = xero(ledger, "Contacts", Contact.objects.get())["Phones"]
    assert "2" in [phone["PhoneNumber"] for phone in phones]


def test_the_page_offers_the_calls_that_are_kept(
    administrator_client: Client, waiting: SyncRun
) -> None:
    page = main_of(administrator_client, "/xero/")
    assert "the last 40 are kept for people" in page
    assert "Go on now" in page

    administrator_client.post(f"/xero/runs/{waiting.pk}/go-on/")

    waiting.refresh_from_db()
    assert waiting.reason == SyncRun.Reason.ASKED
    assert waiting.started_by is not None
    assert XeroConnection.objects.get().not_before is None
    assert "Go on now" not in main_of(administrator_client, "/xero/")


def test_a_row_that_waits_for_it_names_the_button_that_it_has(
    office_client: Client, waiting: SyncRun
) -> None:
    issue = bad_email_issue(waiting)

    row = office_client.get(
        f"/xero/issues/{issue.pk}/?run={waiting.pk}", headers={"HX-Request": "true"}
    ).content.decode()

    assert "press Go on now." in row
    assert re.findall("<button[^>]*>([^<]*)<", row) == ["Go on now"]


def test_nobody_shortens_the_wait_of_a_run_that_somebody_is_at(
    waiting: SyncRun,
) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    XeroConnection.objects.update(lease_expires_at=soon)
    before = XeroConnection.objects.get().not_before

    assert not go_on_now(waiting, by=TESTER)

    waiting.refresh_from_db()
    assert waiting.reason == SyncRun.Reason.AUTOMATIC
    assert XeroConnection.objects.get().not_before == before


def test_what_xero_itself_asked_for_is_waited_for(waiting: SyncRun) -> None:
    now = int(timezone.now().timestamp() * 1000)
    hold = {"held_at": now, "held_for": 3_600_000, "held_by": "day"}
    _calls_are_left(0, **hold)

    run = sync_now(by=TESTER)

    assert one_slice(run) is Slice.WAITING
    assert (run.problem, run.reads) == ("day_limit", 0)
    until = XeroConnection.objects.get().not_before
    assert until is not None
    assert until > timezone.now() + timedelta(minutes=55)


def test_a_wait_for_anything_else_stays(waiting: SyncRun) -> None:
    SyncRun.objects.update(problem="unavailable")
    before = XeroConnection.objects.get().not_before

    run = sync_now(by=TESTER)

    assert run.reason == SyncRun.Reason.AUTOMATIC
    assert XeroConnection.objects.get().not_before == before
