"""What is forgotten, when, and that nobody misses it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import ours, undone, xeros
from tests.xero_sync.world import (
    a_new_day,
    assert_silent,
    connect,
    in_step,
    next_sync,
    next_sync_of_the_day,
)
from xero_sync.models import (
    Intent,
    PlannedChange,
    Report,
    SyncIssue,
    SyncRun,
    SyncStep,
    XeroConnection,
)
from xero_sync.report.render import render_report
from xero_sync.store.retention import forget_old

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def connection() -> XeroConnection:
    return XeroConnection.objects.create(
        tenant_name="Harbour Trading", state=XeroConnection.State.CONNECTED
    )


def days_ago(days: int) -> datetime:
    return timezone.now() - days * DAY


def ended_run(connection: XeroConnection, days: int, **columns: object) -> SyncRun:
    """With a step and a report, as every sync leaves them."""
    values = {"reason": SyncRun.Reason.AUTOMATIC, "state": SyncRun.State.FINISHED}
    run = SyncRun.objects.create(
        connection=connection, finished_at=days_ago(days), **values | columns
    )
    SyncStep.objects.create(run=run, position=1, name="customers_to_xero")
    render_report(run)
    return run


def planned(run: SyncRun, state: str) -> PlannedChange:
    return PlannedChange.objects.create(
        run=run, step="customers_to_xero", kind="contact", state=state
    )


def request(run: SyncRun, days: int, **columns: object) -> Intent:
    values = {"state": Intent.State.SETTLED, "settled_at": days_ago(days)}
    return Intent.objects.create(
        connection=run.connection,
        run=run,
        kind="contact",
        method="PUT",
        path="Contacts",
        key=f"key {Intent.objects.count()}",
        body=b'{"Contacts":[]}',
        members=[{"title": "Castle"}],
        prepared_at=days_ago(days),
        **values | columns,
    )


def test_a_settled_request_loses_its_body_after_90_days_and_keeps_its_row(
    connection: XeroConnection,
) -> None:
    run = ended_run(connection, 200)
    old, young = request(run, 91), request(run, 89)
    unknown = request(run, 91, state=Intent.State.UNKNOWN, settled_at=None)
    sent = request(run, 91, state=Intent.State.SENT, settled_at=None)

    rows = Intent.objects.order_by("pk")
    before = list(rows.values())

    forget_old(connection.pk, now=timezone.now())

    emptied = before[0] | {"body": b"", "members": []}
    assert list(rows.values()) == [emptied, *before[1:]]
    assert [one["id"] for one in before] == [old.pk, young.pk, unknown.pk, sent.pk]


def test_what_was_forgotten_takes_no_undo_away(ledger: PracticeLedger) -> None:
    make_customer("Castle", phone="1")
    make_customer("Hotel", email="hotel@example.com")
    here = ours()
    connect(ledger)
    run = in_step()
    assert Intent.objects.exclude(body=b"").exists()
    Intent.objects.update(settled_at=days_ago(400))
    SyncRun.objects.update(finished_at=days_ago(400), reason="automatic")
    a_new_day()
    next_sync()

    assert not Intent.objects.exclude(body=b"").exists()
    assert SyncRun.objects.filter(pk=run.pk).exists()
    assert_silent()
    undone(run)

    assert ours() == here
    assert xeros(ledger)["contacts"] == {}


def test_an_automatic_sync_that_did_nothing_goes_after_two_weeks(
    connection: XeroConnection,
) -> None:
    old, young = ended_run(connection, 15), ended_run(connection, 13)
    failed = planned(old, "failed")
    issue = SyncIssue.objects.create(
        connection=connection,
        code="email_invalid",
        kind="contact",
        subject="contact:1",
        run=old,
        first_seen_at=days_ago(20),
        last_seen_at=days_ago(15),
    )

    forget_old(connection.pk, now=timezone.now())

    assert list(SyncRun.objects.all()) == [young]
    assert list(SyncStep.objects.values_list("run", flat=True)) == [young.pk]
    assert list(Report.objects.values_list("run", flat=True)) == [young.pk]
    assert not PlannedChange.objects.filter(pk=failed.pk).exists()
    issue.refresh_from_db()
    assert (issue.run, issue.resolved_at) == (None, None)


def test_what_did_or_sent_something_or_was_asked_for_stays(
    connection: XeroConnection,
) -> None:
    did = ended_run(connection, 400)
    changes = [planned(did, "done"), planned(did, "failed")]
    sent = ended_run(connection, 400)
    request(sent, 1)
    wrote = ended_run(connection, 400, writes=1)
    asked = ended_run(connection, 400, reason=SyncRun.Reason.ASKED)
    preview = ended_run(connection, 400, reason=SyncRun.Reason.PREVIEW)
    at_work = ended_run(connection, 400, state="applying")
    SyncRun.objects.filter(pk=at_work.pk).update(finished_at=None)
    elsewhere = XeroConnection.objects.create(is_current=False)
    other = ended_run(elsewhere, 400)

    forget_old(connection.pk, now=timezone.now())

    stay = [did, sent, wrote, asked, preview, at_work, other]
    assert list(SyncRun.objects.order_by("pk")) == stay
    assert list(PlannedChange.objects.order_by("pk")) == changes


def test_only_the_first_sync_of_a_day_forgets(ledger: PracticeLedger) -> None:
    make_customer("Castle")
    connect(ledger)
    in_step()
    Intent.objects.update(settled_at=days_ago(91))

    next_sync_of_the_day()
    assert Intent.objects.exclude(body=b"").exists()

    a_new_day()
    next_sync()
    assert not Intent.objects.exclude(body=b"").exists()


def test_many_cost_no_more_statements_than_few(connection: XeroConnection) -> None:
    def cost(count: int) -> int:
        for _ in range(count):
            planned(ended_run(connection, 15), "failed")
            request(ended_run(connection, 100), 100)
        with CaptureQueriesContext(database) as queries:
            forget_old(connection.pk, now=timezone.now())
        assert not SyncStep.objects.filter(run__writes=0, run__intents=None).exists()
        return len(queries)

    assert cost(3) == cost(40)
