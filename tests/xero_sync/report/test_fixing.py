"""Correcting the one bad value, and what may still not be saved."""

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.errors import DomainError
from fieldops.common.models import ChangeEntry
from tests.builders import TESTER, make_customer, make_draft, make_invoice, make_item
from tests.xero_sync.rows import (
    bad_email_issue,
    link,
    make_connection,
    make_issue,
    make_run,
    mirror_contact,
)
from xero_sync.models import SyncIssue, SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.errors import NothingToAccept, NothingToFix, StillBad
from xero_sync.report.fixing import (
    accept_xeros_value,
    fix_field,
    try_again,
    try_all_again,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection()


@pytest.fixture
def run(connection: XeroConnection) -> SyncRun:
    return make_run(connection)


def test_saves_through_the_domain(run: SyncRun) -> None:
    issue = bad_email_issue(run)
    fix_field(issue, " info@castle.example ", by=TESTER)
    contact = Contact.objects.get()
    assert contact.email == "info@castle.example"
    entry = ChangeEntry.objects.of(contact).first()
    assert entry is not None
    assert entry.before == {"email": "accounts@castle"}


def test_the_chosen_address_is_the_one_that_is_corrected(run: SyncRun) -> None:
    SyncSettings.current()
    SyncSettings.objects.update(email=SyncSettings.Email.ACCOUNTING)
    contact = make_customer(email="info@castle.example", accounting_email="bad")
    issue = make_issue(run, contact, IssueCode.EMAIL_INVALID, "email", value="bad")
    fix_field(issue, "", by=TESTER)
    contact.refresh_from_db()
    assert (contact.email, contact.accounting_email) == ("info@castle.example", "")


@pytest.mark.parametrize("typed", ["still@bad", "a@@b.example", "n/a"])
def test_a_value_that_is_still_bad_is_not_saved(run: SyncRun, typed: str) -> None:
    issue = bad_email_issue(run)
    before = ChangeEntry.objects.count()
    with pytest.raises(StillBad) as refusal:
        fix_field(issue, typed, by=TESTER)
    assert refusal.value.message == f"{typed} is not a full address."
    assert Contact.objects.get().email == "accounts@castle"
    assert ChangeEntry.objects.count() == before


def test_a_number_used_elsewhere_is_not_saved(
    connection: XeroConnection, run: SyncRun
) -> None:
    make_customer("Castle Hotel", account_number="C1")
    mirror_contact(connection, "x1", Name="Foyle", AccountNumber="C2")
    contact = make_customer("Ardmore", account_number="c1")
    issue = make_issue(
        run, contact, IssueCode.ACCOUNT_NUMBER_USED_HERE, "account_number"
    )
    for typed, holder in (("C1", "C1 belongs to Castle Hotel."), ("c2", "in Xero.")):
        with pytest.raises(StillBad, match=holder):
            fix_field(issue, typed, by=TESTER)
    fix_field(issue, "C3", by=TESTER)
    contact.refresh_from_db()
    assert contact.account_number == "C3"


def test_a_stock_name_is_held_to_xeros_limit_once_xero_refused_it(
    run: SyncRun,
) -> None:
    item = make_item(name="x" * 65)
    ours = make_issue(run, item, IssueCode.NAME_TOO_LONG, "name", length="65")
    with pytest.raises(StillBad, match="66 characters"):
        fix_field(ours, "x" * 66, by=TESTER)
    fix_field(ours, "x" * 55, by=TESTER)
    ours.details = {"xero": "Name is too long"}
    ours.save()
    with pytest.raises(StillBad, match="52 characters"):
        fix_field(ours, "x" * 52, by=TESTER)
    item.refresh_from_db()
    assert len(item.name) == 55


def test_a_code_used_here_is_not_saved(run: SyncRun) -> None:
    make_item("PIPE15", name="Pipe")
    item = make_item("", name="Nameless")
    type(item).objects.filter(pk=item.pk).update(code="")
    issue = make_issue(run, item, IssueCode.CODE_MISSING, "code")
    for typed in ("", "pipe15"):
        with pytest.raises(StillBad):
            fix_field(issue, typed, by=TESTER)
    fix_field(issue, "PIPE22", by=TESTER)
    item.refresh_from_db()
    assert item.code == "PIPE22"


def test_only_a_drafts_number_and_date_can_be_corrected(run: SyncRun) -> None:
    code = IssueCode.INVOICE_NUMBER_IN_XERO
    approved = make_issue(run, make_invoice(), code, "number", value="INV-1")
    with pytest.raises(NothingToFix):
        fix_field(approved, "INV-2", by=TESTER)
    draft = make_draft(number="INV-9")
    fix_field(make_issue(run, draft, code, "number"), "INV-10", by=TESTER)
    draft.refresh_from_db()
    assert draft.number == "INV-10"


def test_trying_again_sends_the_record_and_the_invoices_that_wait(
    run: SyncRun,
) -> None:
    issue = bad_email_issue(run)
    contact = issue.record
    assert isinstance(contact, Contact)
    invoice = make_invoice(contact)
    make_draft(contact)
    again = try_again(issue, by=TESTER)
    assert again is not None
    assert again.reason == SyncRun.Reason.RECORDS
    assert again.scope == {"invoice": [invoice.pk]}


def test_trying_again_forgets_that_xero_refused_it(run: SyncRun) -> None:
    issue = make_issue(run, make_item(), IssueCode.REFUSED, sent_revision=1)
    again = try_again(issue, by=TESTER)
    issue.refresh_from_db()
    assert issue.sent_revision is None
    assert again is not None
    assert again.scope == {"item": [issue.item_id]}


def test_a_value_put_back_to_what_was_agreed_closes_the_issue(
    connection: XeroConnection, run: SyncRun
) -> None:
    contact = make_customer(email="info@castle.example")
    link(connection, contact)
    contact = change_contact(contact, {"email": "bad"}, by=TESTER)
    issue = make_issue(run, contact, IssueCode.EMAIL_INVALID, "email", value="bad")
    fix_field(issue, "info@castle.example", by=TESTER)
    fresh = SyncIssue.objects.get()
    try_again(fresh, by=TESTER)
    fresh.refresh_from_db()
    assert fresh.resolved_at is not None


def test_before_the_first_sync_nothing_is_sent() -> None:
    run = make_run(make_connection(first_sync_done_at=None))
    issue = bad_email_issue(run)
    assert try_again(issue, by=TESTER) is None
    assert try_all_again([issue], by=TESTER) is None
    assert SyncRun.objects.count() == 1


def test_trying_all_again_is_one_run_over_everything(run: SyncRun) -> None:
    issues = [bad_email_issue(run, "Ardmore"), bad_email_issue(run, "Foyle")]
    again = try_all_again(issues, by=TESTER)
    assert again is not None
    assert again.reason == SyncRun.Reason.ASKED
    assert SyncRun.objects.open().count() == 1


def test_beside_a_run_under_way_they_get_runs_of_their_own(
    connection: XeroConnection, run: SyncRun
) -> None:
    make_run(connection, state=SyncRun.State.APPLYING, finished_at=None)
    issue = bad_email_issue(run)
    try_all_again([issue], by=TESTER)
    (sent,) = SyncRun.objects.filter(reason=SyncRun.Reason.RECORDS)
    assert sent.scope == {"contact": [issue.contact_id]}


def test_xeros_value_is_accepted_once(connection: XeroConnection, run: SyncRun) -> None:
    now = timezone.now()
    issue = SyncIssue.objects.create(
        connection=connection,
        run=run,
        code=IssueCode.ACCOUNT_DIFFERS,
        kind="account",
        subject="account:xero:200",
        title="200 Sales",
        details={"key": "200", "ours": "REVENUE", "theirs": "SALES"},
        first_seen_at=now,
        last_seen_at=now,
    )
    accept_xeros_value(issue, by=TESTER)
    accept_xeros_value(issue, by=TESTER)
    connection.refresh_from_db()
    assert connection.accepted_differences == ["200"]


def test_only_differences_can_be_accepted(
    connection: XeroConnection, run: SyncRun
) -> None:
    with pytest.raises(NothingToAccept):
        accept_xeros_value(bad_email_issue(run), by=TESTER)
    connection.refresh_from_db()
    assert connection.accepted_differences == []


def test_refusals_are_of_the_family_that_pages_show() -> None:
    assert issubclass(StillBad, DomainError)
