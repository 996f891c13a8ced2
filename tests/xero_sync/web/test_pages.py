"""Who sees which page of the sync, what it says, what it costs."""

from datetime import timedelta

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
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.codes import IssueCode

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
        "65 characters; Xero takes 50, and nothing over 64 is sent.",
        "Try all 3 again",
    ):
        assert text in page, text


def test_where_the_automatic_sync_is_off_the_first_steps_say_so(
    office_client: Client,
) -> None:
    make_connection(first_sync_done_at=None)
    confirm_settings()
    assert "The automatic sync is off:" not in main_of(office_client, SYNC)
    SyncSettings.objects.update(mode=SyncSettings.Mode.MANUAL)
    assert "The automatic sync is off:" in main_of(office_client, SYNC)


def test_one_alone_is_tried_again_by_itself(office_client: Client) -> None:
    bad_email_issue(make_run(make_connection()))
    page = main_of(office_client, SYNC)
    assert "Try it again" in page
    assert "Try all" not in page


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
    edit = f"/customers/{customer.pk}/edit/#id_email"
    assert f'<a href="{edit}">Email address is not valid</a>.' in page
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
