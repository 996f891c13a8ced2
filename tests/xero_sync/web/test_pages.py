"""Who sees which page of the sync, what it says, what it costs."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldops.users.models import User
from tests.builders import make_contact, make_customer, make_invoice, make_item
from tests.conftest import SignIn
from tests.pages import main_of, queries_of
from tests.xero_sync.rows import (
    bad_email_issue,
    confirm_settings,
    link,
    make_connection,
    make_issue,
    make_run,
)
from xero_sync.models import CallBudget, SyncRun, SyncStep, XeroConnection
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Step
from xero_sync.report.render import render_report

pytestmark = pytest.mark.django_db

SYNC = "/xero/"
EVERYBODYS = ("/xero/", "/xero/issues/export/")
ADMINISTRATORS = ("/settings/xero/", "/settings/customers/")


@pytest.mark.parametrize(
    ("person", "sync", "settings"),
    [
        ("administrator", 200, 200),
        ("office", 200, 403),
        ("accountant", 200, 403),
        ("engineer", 403, 403),
    ],
)
def test_pages_open_by_role(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    person: str,
    sync: int,
    settings: int,
) -> None:
    user: User = request.getfixturevalue(person)
    client = sign_in(user)
    assert {client.get(path).status_code for path in EVERYBODYS} == {sync}
    assert {client.get(path).status_code for path in ADMINISTRATORS} == {settings}
    run = make_run(make_connection())
    assert client.get(f"/xero/runs/{run.pk}/").status_code == sync
    assert client.get(f"/xero/runs/{run.pk}/progress/").status_code == sync


def test_only_administrators_connect_and_disconnect(office_client: Client) -> None:
    make_connection()
    for name in ("connect", "organisation", "disconnect"):
        assert office_client.post(reverse(f"xero_sync:{name}")).status_code == 403
    assert office_client.get(reverse("xero_sync:callback")).status_code == 403
    assert XeroConnection.objects.get().state == XeroConnection.State.CONNECTED


def test_an_engineer_starts_nothing(engineer_client: Client) -> None:
    run = make_run(make_connection())
    issue = bad_email_issue(run)
    for path in (
        "/xero/now/",
        "/xero/first/",
        "/xero/preview/",
        "/xero/send/",
        "/xero/issues/try-again/",
        f"/xero/issues/{issue.pk}/fix/",
        f"/xero/issues/{issue.pk}/decide/",
        f"/xero/issues/{issue.pk}/accept/",
        f"/xero/runs/{run.pk}/stop/",
    ):
        assert engineer_client.post(path).status_code == 403, path
    assert SyncRun.objects.count() == 1


def test_before_connecting_the_page_shows_the_three_steps(
    administrator_client: Client, office_client: Client
) -> None:
    page = main_of(administrator_client, SYNC)
    assert "Not connected to Xero." in page
    assert "Connect to Xero" in page
    assert "Sync now" not in page
    theirs = main_of(office_client, SYNC)
    assert "An administrator does this." in theirs
    assert "Connect to Xero" not in theirs


def test_the_first_sync_is_offered_once_all_is_confirmed(
    office_client: Client,
) -> None:
    make_connection(first_sync_done_at=None)
    assert "Show what it will do" not in main_of(office_client, SYNC)
    confirm_settings()
    assert "Show what it will do" in main_of(office_client, SYNC)


def test_sync_now_starts_one_run(office_client: Client) -> None:
    make_connection()
    office_client.post("/xero/now/")
    office_client.post("/xero/now/")
    assert SyncRun.objects.get().reason == SyncRun.Reason.ASKED


def test_a_refusal_is_said_on_the_page(office_client: Client) -> None:
    answer = office_client.post(
        "/xero/now/", follow=True, headers={"Referer": "http://testserver/xero/"}
    )
    assert "Fieldops is not connected to Xero" in answer.content.decode()
    assert SyncRun.objects.count() == 0


def test_the_work_list_is_grouped_with_why_and_fix(office_client: Client) -> None:
    run = make_run(make_connection())
    bad_email_issue(run, "Castle Bakery")
    bad_email_issue(run, "Foyle Hotel")
    item = make_item(name="x" * 65)
    make_issue(run, item, IssueCode.NAME_TOO_LONG, "name", length="65")
    page = main_of(office_client, SYNC)
    for text in (
        "3 records need a fix",
        "in 2 groups",
        "2 customers",
        "Email address is not valid",
        "Xero only accepts a full address",
        "Correct the address, or clear it.",
        'value="accounts@castle"',
        "Not a full address",
        "This one has 65 characters.",
        "Try all 3 again",
    ):
        assert text in page, text


def test_a_row_says_how_many_invoices_follow(office_client: Client) -> None:
    issue = bad_email_issue(make_run(make_connection()))
    make_invoice(issue.contact)
    make_invoice(issue.contact)
    assert "2 invoices follow" in main_of(office_client, SYNC)


def test_a_long_group_shows_ten_and_all_on_demand(office_client: Client) -> None:
    run = make_run(make_connection())
    issues = [bad_email_issue(run, f"Customer {n:02}") for n in range(12)]
    page = main_of(office_client, SYNC)
    assert "Showing 10 of 12." in page
    assert f'id="issue-{issues[11].pk}"' not in page
    whole = main_of(office_client, f"{SYNC}?group=email_invalid-contact")
    assert f'id="issue-{issues[11].pk}"' in whole
    linked = main_of(office_client, f"{SYNC}?issue={issues[11].pk}")
    assert f'id="issue-{issues[11].pk}"' in linked


def test_the_page_costs_the_same_however_much_is_wrong(office_client: Client) -> None:
    run = make_run(make_connection())

    def some_more() -> None:
        for _ in range(4):
            bad_email_issue(run, "Castle")
            twin = make_customer("Foyle")
            make_issue(run, twin, IssueCode.POSSIBLE_TWIN, other_xero_id="x")
            make_issue(run, make_invoice(), IssueCode.REFUSED)
        make_run(run.connection)

    some_more()
    before = queries_of(office_client, SYNC)
    some_more()
    assert queries_of(office_client, SYNC) == before


def test_nothing_wrong_says_so(office_client: Client) -> None:
    make_connection()
    assert "Everything is in step with Xero" in main_of(office_client, SYNC)


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
    until = timezone.localtime().replace(hour=10, minute=47)
    run = make_run(
        make_connection(),
        state=SyncRun.State.WAITING,
        finished_at=None,
        problem="minute_limit",
        problem_details={"until": until.isoformat()},
    )
    panel = progress_of(office_client, run)
    assert "Xero asked us to slow down. We go on at 10:47." in panel


def test_stopping_is_asked_for(office_client: Client) -> None:
    run = make_run(make_connection(), state=SyncRun.State.APPLYING, finished_at=None)
    office_client.post(f"/xero/runs/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.stop_asked


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
    page = main_of(office_client, "/xero/preview/")
    for text in (
        "1 new in Xero, 1 held back",
        "1 invoice will be sent, £12.00 in all.",
        "Cancelled invoices",
        "Start first sync",
    ):
        assert text in page, text


def test_the_top_bar_says_how_xero_stands(
    office_client: Client, engineer_client: Client
) -> None:
    help_page = "/help/"

    def said(client: Client) -> str:
        return client.get(help_page).content.decode()

    assert "Xero: not connected" in said(office_client)
    connection = make_connection(
        last_good_sync_at=timezone.now() - timedelta(minutes=4, seconds=5)
    )
    bad_email_issue(make_run(connection))
    assert "Xero: last good sync 4 min ago" in said(office_client)
    assert 'nav-count">1<' in said(office_client)
    XeroConnection.objects.update(state=XeroConnection.State.BROKEN)
    assert "Xero is disconnected" in said(office_client)
    assert "Xero:" not in said(engineer_client)


def test_a_record_says_how_it_stands_and_offers_the_button(
    office_client: Client,
) -> None:
    connection = make_connection(short_code="!abc")
    customer = make_customer("Castle", email="bad")
    page = main_of(office_client, customer.get_absolute_url())
    assert "Not ready for Xero" in page
    assert "Email address is not valid." in page
    assert "Send to Xero" in page
    link(connection, customer, "11111111-2222-3333-4444-555555555555")
    page = main_of(office_client, customer.get_absolute_url())
    assert "In Xero" in page
    assert (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=%21abc&amp;"
        "redirecturl=%2FContacts%2FView%2F11111111-2222-3333-4444-555555555555"
    ) in page
    lead = main_of(office_client, make_contact().get_absolute_url())
    assert "A lead: goes with its first invoice" in lead
    assert "Send to Xero" not in lead


# --- the heartbeat ---


def heartbeat(client: Client) -> str:
    answer = client.get("/xero/state/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_heartbeat_renews_itself_in_both_its_places(office_client: Client) -> None:
    connection = make_connection(
        last_good_sync_at=timezone.now() - timedelta(minutes=3, seconds=5)
    )
    page = office_client.get("/help/").content.decode()
    assert page.count("Xero: last good sync 3 min ago") == 2
    assert 'hx-get="/xero/state/" hx-trigger="every 30s, refresh"' in page
    make_run(connection, state=SyncRun.State.APPLYING, finished_at=None)
    XeroConnection.objects.update(
        lease_expires_at=timezone.now() + timedelta(seconds=60)
    )
    anew = heartbeat(office_client)
    assert anew.count("Xero: syncing") == 2
    assert 'hx-trigger="every 5s, refresh"' in anew
    assert 'id="xero-state-menu" href="/xero/" hx-swap-oob="true"' in anew


def test_the_heartbeat_costs_a_page_one_query(
    office_client: Client, engineer_client: Client
) -> None:
    make_connection()
    with_it = queries_of(office_client, "/help/")
    assert with_it == queries_of(engineer_client, "/help/") + 1


def test_who_was_signed_out_is_left_alone(
    client: Client, engineer_client: Client
) -> None:
    """A page somebody types on must not be swapped for the sign-in page."""
    assert client.get("/xero/state/").status_code == 204
    assert engineer_client.get("/xero/state/").status_code == 403


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("minute_limit", "slowed down, goes on at 10:47"),
        ("day_limit", "day's limit used, goes on at 10:47"),
        ("unavailable", "no answer, tries again at 10:47"),
    ],
)
def test_the_heartbeat_says_what_is_waited_for(
    office_client: Client, problem: str, words: str
) -> None:
    connection = make_connection()
    until = timezone.localtime() + timedelta(days=1)
    until = until.replace(hour=10, minute=47)
    make_run(
        connection,
        state=SyncRun.State.WAITING,
        finished_at=None,
        problem=problem,
        problem_details={"until": until.isoformat()},
    )
    before, _, time = words.rpartition(" ")
    shown = unescape(heartbeat(office_client))
    assert f"Xero: {before} {until.day} {until:%b}, {time}" in shown


def test_a_sync_that_is_late_is_an_alarm_with_its_cause(
    office_client: Client,
) -> None:
    make_connection(next_due_at=timezone.now() - timedelta(minutes=20))
    make_customer()
    for path in ("/", SYNC):
        page = office_client.get(path).content.decode()
        assert "Xero: sync is late" in page
        assert "has not happened" in main_of(office_client, path)
        assert "(worker and beat) never reported" in page


def test_a_break_is_on_every_page_and_who_may_reconnects(
    administrator_client: Client, office_client: Client
) -> None:
    make_connection(state=XeroConnection.State.BROKEN, broken_at=timezone.now())
    make_customer()
    for path in ("/", "/customers/", SYNC):
        page = main_of(administrator_client, path)
        assert "Xero no longer lets Fieldops in." in page
        assert '<a class="btn btn-small" href="/settings/xero/">Reconnect</a>' in page
    theirs = main_of(office_client, "/")
    assert "An administrator reconnects it." in theirs
    assert ">Reconnect</a>" not in theirs
    settings = main_of(administrator_client, "/settings/xero/")
    assert "Waiting for Xero: 1 contact. They go by themselves once" in settings


@pytest.mark.parametrize(
    ("days", "on_settings", "elsewhere"),
    [
        (0.5, "The permission is renewed by itself every day, last ", ""),
        (20, "The permission ends on ", ""),
        (50, "9 days left", "The permission for Xero ends on "),
        (58.5, "1 day left", "The permission for Xero ends on "),
    ],
)
def test_the_permission_says_when_it_would_end(
    administrator_client: Client,
    office_client: Client,
    days: float,
    on_settings: str,
    elsewhere: str,
) -> None:
    make_connection(renewed_at=timezone.now() - timedelta(days=days))
    banner = "The permission for Xero ends on "
    assert on_settings in main_of(administrator_client, "/settings/xero/")
    assert (banner in main_of(administrator_client, "/help/")) == bool(elsewhere)
    assert banner not in main_of(office_client, "/help/")


# --- the day's calls ---


def test_the_days_calls_are_shown_and_slow_the_sync_down(
    office_client: Client,
) -> None:
    connection = make_connection()
    make_run(connection)
    assert "0 calls today." in main_of(office_client, SYNC)
    now = timezone.now()
    day = {
        "remaining": 688,
        "limit": 1000,
        "seen_at": now.timestamp() * 1000,
        "high": 998,
        "high_at": (now - timedelta(hours=18)).timestamp() * 1000,
    }
    budget = CallBudget.objects.create(connection=connection, state={"day": day})
    page = main_of(office_client, SYNC)
    assert "Used <b>312</b> of 1,000 calls today, as of " in page
    assert "Automatic syncs leave the last 50 to buttons that people press" in page
    assert "Automatic sync every 10 minutes." in page
    budget.state["day"]["remaining"] = 80
    budget.save()
    assert (
        "Automatic sync every 10 minutes; today every 36 minutes, because 80 of 1,000 "
        "calls are left."
    ) in main_of(office_client, SYNC)
