"""A field app's day over the API alone, with a ledger at the other end: from signing in
to an invoice that has reached Xero, and what is refused on the way."""

from typing import Any

import pytest
from django.core.cache import cache

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from invoicing.models import Invoice
from tests.api.app import App
from tests.builders import make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync, next_sync
from xero_sync.models import SyncIssue, SyncRun

pytestmark = pytest.mark.django_db

NOBODY = "6b0b1f0e-4a0b-4d6e-9a4e-0b8f6f3f0001"


@pytest.fixture
def ledger(ledger: PracticeLedger) -> PracticeLedger:
    """Of a company that has done its first sync: a customer, an invoice, an item."""
    cache.clear()
    make_invoice(make_customer("Bridge Lifts", account_number="B-17"))
    make_item("PUMP-1", name="Circulation pump", sell_price="120.00")
    connect(ledger)
    assert first_sync().state == SyncRun.State.FINISHED
    return ledger


def test_a_lead_of_the_morning_is_in_xero_by_the_next_run(
    ledger: PracticeLedger, office: User, engineer: User
) -> None:
    van = App.signed_in(engineer, device="Van 3")
    desk = App.signed_in(office, device="Office tablet")

    the_known_customer_is_found(van)
    lead = a_lead_is_noted(van)
    draft = a_draft_is_written(van, lead)
    the_engineer_may_not_approve_it(van, desk, draft)
    the_office_approves_it(desk, draft)
    both_wait(van, lead, draft)
    run = next_sync()

    assert (run.state, run.writes) == (SyncRun.State.FINISHED, 2), run.problem_details
    both_are_in_xero(ledger, van, lead, draft)
    assert not SyncIssue.objects.open().exists()
    assert next_sync().writes == 0


def the_known_customer_is_found(van: App) -> None:
    [known] = van.got("contacts?group=customers&search=bridge")["results"]
    assert (known["name"], known["xero"]["state"]) == ("Bridge Lifts", "in_xero")


def a_lead_is_noted(van: App) -> Any:
    """It stays here until something is invoiced to it."""
    lead = van.made("contacts", {"name": "Mary Doyle", "phone": "01632 960001"})
    assert (lead["is_lead"], lead["is_customer"]) == (True, False)
    assert lead["xero"]["state"] == "left_out"
    assert lead["xero"]["reason"] == "A lead: goes with its first invoice"
    assert next_sync().writes == 0
    return lead


def a_draft_is_written(van: App, lead: Any) -> Any:
    [pump] = van.got("items?search=PUMP-1")["results"]
    lines = [
        {"item": pump["uid"], "quantity": "2"},
        {"description": "Labour", "quantity": "1.5", "unit_price": "45.00"},
    ]
    draft = van.made("invoices", {"customer": lead["uid"], "lines": lines})
    assert (draft["status"], draft["number"], draft["total"]) == ("draft", "", "369.00")
    return draft


def the_engineer_may_not_approve_it(van: App, desk: App, draft: Any) -> None:
    path = f"invoices/{draft['uid']}"
    assert van.error("post", f"{path}/approve") == (403, "permission_denied")
    refused = desk.got(path)
    assert (refused["status"], refused["revision"]) == ("draft", draft["revision"])


def the_office_approves_it(desk: App, draft: Any) -> None:
    status, approved = desk.call("post", f"invoices/{draft['uid']}/approve")
    assert (status, approved["status"]) == (200, "approved")
    assert approved["number"] == "INV-1002"


def both_wait(van: App, lead: Any, draft: Any) -> None:
    customer = van.got(f"contacts/{lead['uid']}")
    assert (customer["is_lead"], customer["is_customer"]) == (False, True)
    assert customer["xero"]["state"] == "waiting"
    assert van.got(f"invoices/{draft['uid']}")["xero"]["state"] == "waiting"


def both_are_in_xero(ledger: PracticeLedger, van: App, lead: Any, draft: Any) -> None:
    contact_state = van.got(f"contacts/{lead['uid']}")["xero"]
    invoice_state = van.got(f"invoices/{draft['uid']}")["xero"]
    assert (contact_state["state"], invoice_state["state"]) == ("in_xero", "in_xero")
    contact = ledger.record("Contacts", contact_state["xero_id"])
    assert (contact["Name"], contact["ContactNumber"]) == ("Mary Doyle", lead["uid"])
    invoice = ledger.record("Invoices", invoice_state["xero_id"])
    assert (invoice["InvoiceNumber"], invoice["Status"]) == ("INV-1002", "AUTHORISED")
    assert invoice["Contact"]["ContactID"] == contact["ContactID"]
    assert f"{invoice['Total']:.2f}" == "369.00"
    books = ledger.state()
    assert (books["contacts"], books["invoices"]) == (2, 2)
    assert books["sales_total"] == "381.00"


@pytest.mark.parametrize(
    "path",
    [f"contacts/{NOBODY}", f"invoices/{NOBODY}", "items/17", "wrong-turning", ""],
)
def test_what_is_not_there_answers_404(engineer: User, path: str) -> None:
    cache.clear()
    assert App.signed_in(engineer, device="Van 3").error("get", path) == (
        404,
        "not_found",
    )


def test_bad_input_is_refused_in_plain_words_and_nothing_is_written(
    engineer: User,
) -> None:
    cache.clear()
    customer = make_customer("Bridge Lifts")
    van = App.signed_in(engineer, device="Van 3")
    entries = ChangeEntry.objects.count()

    def refused(path: str, body: dict[str, Any]) -> Any:
        status, answer = van.call("post", path, body)
        assert (status, answer["error"]["code"]) == (400, "invalid")
        assert answer["error"]["message"]
        return answer["error"]["fields"]

    assert refused("contacts", {"name": "Mary Doyle", "e_mail": "m@example.com"}) == {
        "e_mail": ["This field is not known, or cannot be set here."]
    }
    bad_line = {"description": "Labour", "quantity": "1.23456", "unit_price": "ten"}
    assert refused(
        "invoices", {"customer": str(customer.uid), "lines": [bad_line]}
    ) == {
        "lines.0.quantity": ["Ensure that there are no more than 4 decimal places."],
        "lines.0.unit_price": ["A valid number is required."],
    }
    assert refused("invoices", {"customer": NOBODY}) == {
        "customer": ["There is no contact with this uid."]
    }
    assert van.error("post", f"contacts/{customer.uid}/archive") == (
        403,
        "permission_denied",
    )

    assert [contact.name for contact in Contact.objects.all()] == ["Bridge Lifts"]
    assert not Invoice.objects.exists()
    assert ChangeEntry.objects.count() == entries
