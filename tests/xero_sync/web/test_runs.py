"""A run on the pages: its progress, its end, what it did, the preview of the first."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.builders import make_invoice
from tests.pages import main_of
from tests.xero_sync.rows import (
    bad_email_issue,
    make_connection,
    make_run,
)
from xero_sync.models import SyncRun, SyncStep, XeroConnection
from xero_sync.outcomes.kinds import Step
from xero_sync.report.heartbeat import at
from xero_sync.report.render import render_report

pytestmark = pytest.mark.django_db

SYNC = "/xero/"


def progress_of(client: Client, run: SyncRun, heard: str = "") -> str:
    return client.get(
        f"/xero/runs/{run.pk}/progress/?heard={heard}", headers={"HX-Request": "true"}
    ).content.decode()


def test_progress_is_polled_until_the_run_has_ended(office_client: Client) -> None:
    run = make_run(
        make_connection(),
        state=SyncRun.State.APPLYING,
        finished_at=None,
        started_at=timezone.now() - timedelta(minutes=2, seconds=30),
    )
    state = SyncStep.State
    for place, (name, total, done, now) in enumerate(
        [
            (Step.CUSTOMERS_FROM_XERO, 40, 40, state.DONE),
            (Step.CUSTOMERS_TO_XERO, 118, 64, state.ACTIVE),
            (Step.INVOICES_TO_XERO, 50, 0, state.WAITING),
        ],
        start=1,
    ):
        SyncStep.objects.create(
            run=run, position=place, name=name, total=total, done=done, state=now
        )
    panel = progress_of(office_client, run)
    assert 'hx-trigger="every 2s"' in panel
    assert "104 of 208 records. Sending customers to Xero. You can leave" in panel
    assert "64 of 118" in panel
    assert "about 3 minutes left" in panel
    assert "Stop after this step" in panel
    assert 'role="status"' in panel
    assert 'role="status"' not in progress_of(office_client, run, heard="2")


@pytest.mark.parametrize(
    ("reason", "state", "said"),
    [
        (
            SyncRun.Reason.FIRST,
            SyncRun.State.FINISHED,
            "First sync: finished. 1 record brought in step, 1 needs a fix.",
        ),
        (SyncRun.Reason.ASKED, SyncRun.State.STOPPED, "Sync: stopped. Stopped after"),
        (
            SyncRun.Reason.PREVIEW,
            SyncRun.State.FINISHED,
            "Preview of the first sync: finished.",
        ),
    ],
)
def test_when_a_run_has_ended_the_page_is_loaded_anew(
    office_client: Client, reason: str, state: str, said: str
) -> None:
    run = make_run(make_connection(), reason=reason, state=state)
    SyncStep.objects.create(
        run=run, position=1, name=Step.CUSTOMERS_TO_XERO, done=1, state="done"
    )
    bad_email_issue(run, "Castle")
    answer = office_client.get(f"/xero/runs/{run.pk}/progress/")
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
    assert said in office_client.get(SYNC).content.decode()


def test_a_run_that_ends_before_the_page_could_show_it_is_told_once(
    office_client: Client,
) -> None:
    connection = make_connection(first_sync_done_at=timezone.now())
    office_client.post("/xero/now/")
    run = SyncRun.objects.get()
    assert "Sync: finished." not in page_text(office_client)

    office_client.post("/xero/now/")
    SyncRun.objects.update(state=SyncRun.State.FINISHED, finished_at=timezone.now())
    assert "Sync: finished. 0 records brought in step." in page_text(office_client)
    office_client.get(f"/xero/runs/{run.pk}/progress/")
    assert "Sync: finished." not in page_text(office_client)

    office_client.post("/xero/now/")
    SyncRun.objects.update(state=SyncRun.State.FINISHED, finished_at=timezone.now())
    make_run(connection, state=SyncRun.State.FINISHED)
    assert "Sync: finished." not in page_text(office_client)


def page_text(client: Client) -> str:
    return client.get(SYNC).content.decode()


def test_once_the_first_sync_is_done_a_preview_is_a_run_like_others(
    office_client: Client,
) -> None:
    run = make_run(make_connection(), reason=SyncRun.Reason.PREVIEW)
    answer = office_client.get("/xero/preview/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        run.get_absolute_url(),
    )


def test_a_waiting_run_says_when_it_goes_on(office_client: Client) -> None:
    until = timezone.localtime() + timedelta(minutes=3)
    run = waiting_run("minute_limit", until)
    panel = progress_of(office_client, run)
    assert (
        "Xero asked us to slow down. It allows 60 requests a minute. It goes on by "
        f"itself at {at(until)}; nothing needs doing."
    ) in panel
    assert "<h2>Sync waits for Xero</h2>" in panel
    assert "Stop this sync" in panel
    assert "/go-on/" not in panel
    page = main_of(office_client, run.get_absolute_url())
    assert "banner-bad" not in page


def test_a_wait_into_tomorrow_names_the_day(office_client: Client) -> None:
    until = timezone.now() + timedelta(hours=20)
    run = waiting_run("day_limit", until)
    with time_machine.travel(until - timedelta(hours=18)):
        assert f"by itself at {at(until)};" in progress_of(office_client, run)
    with time_machine.travel(until + timedelta(seconds=1)):
        assert "by itself in a moment;" in progress_of(office_client, run)


def test_what_does_not_answer_may_be_tried_now(office_client: Client) -> None:
    until = timezone.now() + timedelta(minutes=4)
    run = waiting_run("unavailable", until, attempts=2)
    XeroConnection.objects.update(not_before=until)

    panel = progress_of(office_client, run)
    assert "Xero did not answer (try 2 of 6). It may be down. We try again at" in panel
    assert "Try now" in panel
    office_client.post(f"/xero/runs/{run.pk}/go-on/")

    run.refresh_from_db()
    assert XeroConnection.objects.get().not_before is None
    assert (run.state, run.problem_details["attempts"]) == ("waiting", 1)


def test_a_run_in_the_queue_says_what_it_waits_with(office_client: Client) -> None:
    until = timezone.now() + timedelta(minutes=4)
    first = waiting_run("unavailable", until, attempts=1)
    SyncRun.objects.update(reason=SyncRun.Reason.RECORDS)
    run = make_run(first.connection, state=SyncRun.State.QUEUED, finished_at=None)

    panel = progress_of(office_client, run)

    assert "<h2>Sync waits for Xero</h2>" in panel
    assert "Xero did not answer (try 1 of 6)." in panel
    assert f'action="/xero/runs/{first.pk}/go-on/"' in panel


def test_as_long_as_xero_asked_for_is_waited(office_client: Client) -> None:
    until = timezone.now() + timedelta(minutes=4)
    run = waiting_run("unavailable", until, attempts=2, asked_to=True)
    XeroConnection.objects.update(not_before=until)

    assert "/go-on/" not in progress_of(office_client, run)
    office_client.post(f"/xero/runs/{run.pk}/go-on/")

    run.refresh_from_db()
    assert XeroConnection.objects.get().not_before == until
    assert run.problem_details["attempts"] == 2


def waiting_run(problem: str, until: datetime, **details: object) -> SyncRun:
    return make_run(
        make_connection(),
        state=SyncRun.State.WAITING,
        finished_at=None,
        problem=problem,
        problem_details={"until": until.isoformat(), **details},
    )


def test_stopping_is_asked_for(office_client: Client) -> None:
    run = make_run(make_connection(), state=SyncRun.State.APPLYING, finished_at=None)
    office_client.post(f"/xero/runs/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.stop_asked


def test_a_run_under_way_says_nothing_of_changes_before_there_are_any(
    office_client: Client,
) -> None:
    run = make_run(make_connection(), state=SyncRun.State.OBSERVING, finished_at=None)
    assert 'id="changes"' not in main_of(office_client, run.get_absolute_url())
    SyncRun.objects.update(state=SyncRun.State.FINISHED, finished_at=timezone.now())
    assert "Nothing had changed" in main_of(office_client, run.get_absolute_url())


def test_a_run_shows_its_changes_and_its_report(office_client: Client) -> None:
    run = make_run(make_connection())
    bad_email_issue(run)
    SyncStep.objects.create(run=run, position=1, name=Step.CUSTOMERS_FROM_XERO)
    run.changes.create(
        step=Step.CUSTOMERS_FROM_XERO,
        kind="contact",
        direction="to_us",
        action="update",
        title="Foyle Hotel",
        reason="changed in Xero",
        fields=[{"name": "phone", "before": "1", "after": "2"}],
        losers=[{"name": "email", "before": "a@b.example", "after": "c@d.example"}],
        state="done",
    )
    render_report(run)
    run.issues.all().delete()
    page = main_of(office_client, f"/xero/runs/{run.pk}/")
    for text in (
        "Foyle Hotel",
        "Changed here",
        "Changed in Xero",
        "<del>1</del>",
        "ours was “a@b.example”",
        "Email address is not valid",
        "As it was when the run ended",
    ):
        assert text in page, text


def test_a_failed_run_says_why(office_client: Client) -> None:
    make_run(
        make_connection(),
        state=SyncRun.State.FAILED,
        problem="internal",
        problem_details={"reference": "R7"},
    )
    page = main_of(office_client, SYNC)
    assert "The sync stopped because of a fault" in page
    assert "Reference: R7." in page


def test_the_preview_counts_what_will_happen(office_client: Client) -> None:
    run = make_run(
        make_connection(first_sync_done_at=None),
        reason=SyncRun.Reason.PREVIEW,
        left_out={"invoice: cancelled": 6},
    )
    SyncStep.objects.create(run=run, position=1, name=Step.INVOICES_TO_XERO)
    invoice = make_invoice()
    for action, code in (("create", ""), ("hold", "customer_not_in_xero")):
        run.changes.create(
            step=Step.INVOICES_TO_XERO,
            kind="invoice",
            direction="to_xero",
            action=action,
            title=str(invoice),
            reason="not in Xero yet",
            local_id=invoice.pk,
            code=code,
        )
    run.changes.create(
        step=Step.CUSTOMERS_TO_XERO,
        kind="contact",
        direction="to_xero",
        action="refuse",
        title="Dunes Bar",
        local_id=invoice.customer_id,
        code="email_invalid",
    )
    page = main_of(office_client, "/xero/preview/")
    for text in (
        f'<a href="/customers/{invoice.customer_id}/">Dunes Bar</a>',
        "1 new in Xero, 1 held back",
        "1 Oct 2026 to 31 Dec 2026",
        "1 invoice will be sent, £12.00 in all.",
        "Cancelled invoices",
        "Sign off and start",
    ):
        assert text in page, text
