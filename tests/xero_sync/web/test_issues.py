"""Putting records right from their rows: with htmx and without, and the list as CSV."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from tests.builders import make_customer
from tests.pages import main_of
from tests.xero_sync.rows import (
    bad_email_issue,
    make_connection,
    make_issue,
    make_run,
    mirror_contact,
)
from xero_sync.models import PairDecision, SyncIssue, SyncRun, XeroConnection
from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.heartbeat import at

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TWIN = "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"


@pytest.fixture
def run() -> SyncRun:
    return make_run(make_connection())


@pytest.fixture
def issue(run: SyncRun) -> SyncIssue:
    return bad_email_issue(run)


def fix(client: Client, issue: SyncIssue, value: str) -> tuple[int, str]:
    answer = client.post(
        f"/xero/issues/{issue.pk}/fix/", {"value": value}, headers=HTMX
    )
    return answer.status_code, answer.content.decode()


def test_a_bad_value_stays_in_its_row_with_the_reason(
    office_client: Client, issue: SyncIssue
) -> None:
    status, row = fix(office_client, issue, "still@bad")
    assert status == 422
    assert 'value="still@bad"' in row
    assert "still@bad is not a full address." in row
    assert Contact.objects.get().email == "accounts@castle"
    assert SyncRun.objects.count() == 1


def test_a_good_value_is_saved_and_the_row_waits_for_its_run(
    office_client: Client, issue: SyncIssue
) -> None:
    status, row = fix(office_client, issue, "info@castle.example")
    assert status == 200
    assert Contact.objects.get().email == "info@castle.example"
    run = SyncRun.objects.open().get()
    assert f'hx-get="/xero/issues/{issue.pk}/?run={run.pk}"' in row
    assert run.scope == {"contact": [issue.contact_id]}


def test_the_row_ends_its_polling_with_the_result(
    office_client: Client, issue: SyncIssue
) -> None:
    fix(office_client, issue, "info@castle.example")
    run = SyncRun.objects.open().get()
    address = f"/xero/issues/{issue.pk}/?run={run.pk}"

    def row() -> str:
        return office_client.get(address, headers=HTMX).content.decode()

    assert "every 2s" in row()
    SyncRun.objects.filter(pk=run.pk).update(state=SyncRun.State.FINISHED)
    assert "Save and try again" in row()
    SyncIssue.objects.update(resolved_at=timezone.now())
    assert "Castle Bakery is in step with Xero now." in row()
    assert "every 2s" not in row()


def test_what_is_put_right_no_longer_counts(office_client: Client) -> None:
    run = make_run(make_connection())
    first, second, third = (
        make_issue(run, make_customer(name, email="x@"), IssueCode.EMAIL_INVALID)
        for name in ("Castle", "Dunes", "Eden")
    )
    page = main_of(office_client, "/xero/")
    assert "3 records need a fix" in page
    assert 'id="issues-email_invalid-contact">3 customers<' in page

    assert counts_after(office_client, first) == (
        "2 records need a fix",
        "2 customers",
        "Try these 2 again",
    )
    assert counts_after(office_client, second) == (
        "1 record needs a fix",
        "1 customer",
        "",
    )
    assert counts_after(office_client, third) == (
        "Nothing needs a fix any more",
        "All put right",
        "",
    )


def test_who_meets_another_trouble_is_not_called_in_step(
    office_client: Client, twin: SyncIssue, run: SyncRun
) -> None:
    SyncIssue.objects.update(resolved_at=timezone.now())
    row = office_client.get(f"/xero/issues/{twin.pk}/", headers=HTMX).content.decode()
    assert "Castle Hotel is in step with Xero now." in row

    code = IssueCode.NAME_TAKEN_IN_XERO
    other = make_issue(run, Contact.objects.get(), code, "name", other="Castle Hotel")

    row = office_client.get(f"/xero/issues/{twin.pk}/", headers=HTMX).content.decode()
    assert "in step with Xero now" not in row
    assert "Name is already used in Xero." in row
    assert f'href="/xero/?issue={other.pk}#issues"' in row


def test_what_is_not_put_right_leaves_the_counts_alone(
    office_client: Client, issue: SyncIssue
) -> None:
    _, row = fix(office_client, issue, "still@bad")
    assert "hx-swap-oob" not in row


def counts_after(client: Client, issue: SyncIssue) -> tuple[str, str, str]:
    """Of the list, of its group, and the button for what is left of the group."""
    SyncIssue.objects.filter(pk=issue.pk).update(resolved_at=timezone.now())
    path = f"/xero/issues/{issue.pk}/"
    assert "hx-swap-oob" not in client.get(path, headers=HTMX).content.decode()
    here = HTMX | {"HX-Current-URL": "http://testserver/xero/?issue=1"}
    answer = client.get(path, headers=here).content.decode()
    count = re.search(
        r'id="issues-email_invalid-contact" hx-swap-oob="true">([^<]*)<', answer
    )
    title = re.search(r'id="issues-head" hx-swap-oob="true">.*?<h2>([^<]*)<', answer)
    again = re.search(r"Try these \d+ again", answer)
    assert count
    assert title
    return title[1], count[1], again[0] if again else ""


def test_a_row_whose_run_waits_says_so(office_client: Client, issue: SyncIssue) -> None:
    fix(office_client, issue, "info@castle.example")
    run = SyncRun.objects.open().get()
    until = timezone.now() + timedelta(minutes=4)
    details = {"until": until.isoformat(), "attempts": 1}
    SyncRun.objects.filter(pk=run.pk).update(
        state=SyncRun.State.WAITING, problem="unavailable", problem_details=details
    )

    address = f"/xero/issues/{issue.pk}/?run={run.pk}"
    row = office_client.get(address, headers=HTMX).content.decode()

    assert f"We try again at {at(until)}." in row
    assert f'action="/xero/runs/{run.pk}/go-on/"' in row
    assert "every 2s" in row


def test_what_was_corrected_elsewhere_is_no_longer_called_bad(
    office_client: Client, issue: SyncIssue
) -> None:
    assert "Not a full address" in main_of(office_client, "/xero/")
    Contact.objects.update(email="info@castle.example")
    page = main_of(office_client, "/xero/")
    assert "Not a full address" not in page
    assert "corrected since, not sent yet" in page
    _, row = fix(office_client, issue, "still@bad")
    assert "still@bad is not a full address." in row
    assert "corrected since" not in row


def test_without_scripts_the_form_comes_back_to_the_list(
    office_client: Client, issue: SyncIssue
) -> None:
    path = f"/xero/issues/{issue.pk}/fix/"
    bad = office_client.post(path, {"value": "bad"}, follow=True)
    assert bad.redirect_chain == [(f"/xero/?issue={issue.pk}", 302)]
    assert "Castle Bakery: bad is not a full address." in bad.content.decode()
    good = office_client.post(path, {"value": "info@castle.example"}, follow=True)
    assert "Castle Bakery is on its way to Xero." in good.content.decode()


def test_before_the_first_sync_it_is_saved_for_then(office_client: Client) -> None:
    issue = bad_email_issue(make_run(make_connection(first_sync_done_at=None)))
    _, row = fix(office_client, issue, "info@castle.example")
    assert "Saved. It goes with the first sync." in row
    assert SyncRun.objects.open().count() == 0


def test_while_disconnected_it_is_saved_for_when_xero_is_back(
    office_client: Client, issue: SyncIssue
) -> None:
    XeroConnection.objects.update(state=XeroConnection.State.BROKEN)
    status, row = fix(office_client, issue, "info@castle.example")
    assert (status, "Saved. It goes once Xero is connected again." in row) == (
        200,
        True,
    )
    assert Contact.objects.get().email == "info@castle.example"
    assert SyncRun.objects.open().count() == 0


@pytest.fixture
def twin(run: SyncRun) -> SyncIssue:
    mirror_contact(run.connection, TWIN, Name="Castle Hotel Ltd")
    return make_issue(
        run,
        make_customer("Castle Hotel"),
        IssueCode.POSSIBLE_TWIN,
        xero_id=TWIN,
        other="Castle Hotel Ltd",
        other_xero_id=TWIN,
        candidates=TWIN,
        reasons="name differs by 'Ltd'",
    )


@pytest.mark.parametrize(
    ("answer", "about"), [("same", TWIN), ("new", ""), ("different", TWIN)]
)
def test_a_pair_is_decided_in_its_row(
    office_client: Client, twin: SyncIssue, answer: str, about: str
) -> None:
    page = office_client.get("/xero/").content.decode()
    assert "Looks like Castle Hotel Ltd: name differs by" in page
    office_client.post(
        f"/xero/issues/{twin.pk}/decide/",
        {"answer": answer, "xero_id": TWIN},
        headers=HTMX,
    )
    decision = PairDecision.objects.get()
    assert (decision.answer, decision.xero_id) == (answer, about)
    assert SyncRun.objects.open().get().scope == {"contact": [twin.contact_id]}


def test_a_refused_decision_says_so_and_starts_nothing(
    office_client: Client, twin: SyncIssue
) -> None:
    answer = office_client.post(
        f"/xero/issues/{twin.pk}/decide/",
        {"answer": "same", "xero_id": "nobody"},
        follow=True,
    )
    assert "Xero has no such record any more." in answer.content.decode()
    assert PairDecision.objects.count() == 0
    assert SyncRun.objects.open().count() == 0


def test_a_refusal_in_a_row_loads_the_page_anew_and_says_why(
    office_client: Client, twin: SyncIssue
) -> None:
    answer = office_client.post(
        f"/xero/issues/{twin.pk}/decide/",
        {"answer": "same", "xero_id": "nobody"},
        headers=HTMX,
    )
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
    assert "Xero has no such record any more." in main_of(office_client, "/xero/")


def test_what_a_try_finds_next_stands_in_the_row_with_its_fix(
    office_client: Client, issue: SyncIssue
) -> None:
    fix(office_client, issue, "info@castle.example")
    tried = SyncRun.objects.open().get()
    tried.state = SyncRun.State.FINISHED
    tried.save()
    SyncIssue.objects.filter(pk=issue.pk).update(resolved_at=timezone.now())
    contact = Contact.objects.get()
    next_one = make_issue(
        tried, contact, IssueCode.ACCOUNT_NUMBER_USED_IN_XERO, "account_number"
    )

    def row() -> str:
        headers = HTMX | {"HX-Current-URL": "http://testserver/xero/"}
        address = f"/xero/issues/{issue.pk}/?run={tried.pk}"
        return office_client.get(address, headers=headers).content.decode()

    text = row()
    assert "Account number is already used in Xero. " in text
    assert "<b>Fix:</b>" in text
    assert f'action="/xero/issues/{next_one.pk}/fix/"' in text
    assert text.count(f'id="issue-{next_one.pk}"') == 1
    assert "1 record needs a fix" in text
    assert "Look at it" not in text

    # Known before that try, it has a row of its own.
    SyncIssue.objects.filter(pk=next_one.pk).update(
        first_seen_at=tried.created_at - timedelta(hours=1)
    )
    text = row()
    assert f'href="/xero/?issue={next_one.pk}#issues">Look at it</a>' in text
    assert "/fix/" not in text


def test_a_cause_is_tried_again_as_a_whole(
    office_client: Client, run: SyncRun, issue: SyncIssue
) -> None:
    other = make_issue(run, make_customer(), IssueCode.REFUSED, sent_revision=1)
    SyncIssue.objects.filter(pk=issue.pk).update(sent_revision=1)
    office_client.post(
        "/xero/issues/try-again/", {"code": "email_invalid", "kind": "contact"}
    )
    issue.refresh_from_db()
    other.refresh_from_db()
    assert (issue.sent_revision, other.sent_revision) == (None, 1)
    assert SyncRun.objects.open().get().reason == SyncRun.Reason.ASKED


def test_the_list_can_be_downloaded(office_client: Client, issue: SyncIssue) -> None:
    SyncIssue.objects.update(title="=HYPERLINK(1)")
    answer = office_client.get("/xero/issues/export/")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(StringIO(text))
    assert head[:5] == ["Cause", "Kind", "Record", "What is wrong", "Fix"]
    assert row[:5] == [
        "Email address is not valid",
        "customers",
        "'=HYPERLINK(1)",
        "Email address is not valid. accounts@castle is not a full address.",
        "Correct the address, or clear it.",
    ]


def test_closed_issues_are_not_on_the_list(
    office_client: Client, issue: SyncIssue
) -> None:
    SyncIssue.objects.update(resolved_at=timezone.now())
    answer = office_client.get("/xero/issues/export/")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 1
