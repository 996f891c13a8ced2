"""What Xero's plan does not include is refused here, and never sent to be refused there."""

from typing import Any

import pytest

from invoicing.models import Invoice
from tests.builders import TESTER, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    a_new_day,
    assert_silent,
    connect,
    first_sync,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.models import SyncIssue, SyncSettings, XeroConnection
from xero_sync.report.fields import message_of
from xero_sync.report.fixing import try_again
from xero_sync.runs.choices import change_settings

pytestmark = pytest.mark.django_db


def forbid(ledger: PracticeLedger, *names: str) -> None:
    ledger.control("actions", forbidden=list(names))


def paths(ledger: PracticeLedger) -> dict[str, Any]:
    found: dict[str, Any] = ledger.state()["calls"]["by_path"]
    return found


def test_it_is_asked_once_a_day(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()
    before = paths(ledger)["GET /Organisation/Actions"]

    next_sync()
    assert paths(ledger)["GET /Organisation/Actions"] == before
    a_new_day()
    next_sync()

    assert paths(ledger)["GET /Organisation/Actions"] == before + 1
    assert XeroConnection.objects.get().forbidden_actions == ["UseMulticurrency"]


def test_invoices_that_may_not_be_made_are_not_sent(ledger: PracticeLedger) -> None:
    forbid(ledger, "CreateApprovedInvoice")
    invoice = make_invoice()
    connect(ledger)

    run = first_sync()

    issue = SyncIssue.objects.get()
    assert (run.state, issue.code, issue.invoice) == (
        "finished",
        "not_in_xero_plan",
        invoice,
    )
    assert issue.details == {"what": "approved invoices"}
    assert "PUT /Invoices" not in paths(ledger)
    assert ledger.state()["contacts"] == 1
    assert_silent()


def test_a_larger_plan_lets_them_go(ledger: PracticeLedger) -> None:
    forbid(ledger, "CreateApprovedInvoice")
    make_invoice()
    connect(ledger)
    first_sync()
    forbid(ledger)

    next_sync()
    assert open_codes() == ["not_in_xero_plan"]
    a_new_day()
    next_sync()

    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)


def test_another_status_may_be_allowed(ledger: PracticeLedger) -> None:
    forbid(ledger, "CreateApprovedInvoice")
    make_invoice()
    connect(ledger)
    change_settings({"arrival_status": SyncSettings.ArrivalStatus.DRAFT}, by=TESTER)

    in_step()

    assert ledger.state()["invoices_by_status"] == {"DRAFT": 1}
    assert Invoice.objects.get().is_approved
    assert open_codes() == []


@pytest.mark.parametrize(
    ("action", "status", "code", "says"),
    [
        (
            "CreateApprovedInvoice",
            SyncSettings.ArrivalStatus.APPROVED,
            "invoice_limit",
            "Your Xero plan takes no more invoices this month",
        ),
        (
            "CreateDraftInvoice",
            SyncSettings.ArrivalStatus.DRAFT,
            "not_in_xero_plan",
            "Your Xero plan does not include this",
        ),
    ],
)
def test_what_was_forbidden_since_is_refused_by_xero_and_said_in_plain_words(
    ledger: PracticeLedger, action: str, status: str, code: str, says: str
) -> None:
    connect(ledger)
    change_settings({"arrival_status": status}, by=TESTER)
    in_step()
    forbid(ledger, action)
    invoice = make_invoice()

    run = next_sync()

    issue = SyncIssue.objects.get()
    assert (run.state, issue.code, issue.invoice) == ("finished", code, invoice)
    assert message_of(issue) == says + "."
    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (1, 0)
    assert_silent()

    forbid(ledger)
    try_again(issue, by=TESTER)
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)


def test_a_draft_may_not_be_approved_beyond_the_limit(ledger: PracticeLedger) -> None:
    connect(ledger)
    change_settings({"arrival_status": SyncSettings.ArrivalStatus.DRAFT}, by=TESTER)
    make_invoice()
    in_step()
    forbid(ledger, "CreateApprovedInvoice")
    path = f"{ledger.url}/api.xro/2.0/Invoices"
    (there,) = ledger.session().get(path, timeout=10).json()["Invoices"]

    answer = ledger.session().post(
        path,
        json={"Invoices": [{"InvoiceID": there["InvoiceID"], "Status": "AUTHORISED"}]},
        timeout=10,
    )

    assert answer.status_code == 400
    (refused,) = answer.json()["Elements"]
    assert [one["Message"] for one in refused["ValidationErrors"]] == [
        "You have reached the limit of invoices you can approve"
    ]
    assert ledger.state()["invoices_by_status"] == {"DRAFT": 1}
