"""Invoices on their way: sent, paid, cancelled, voided, waiting, kept back, and as the
settings say."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import change_contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.by_hand import key_in, of
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import InvoiceLink
from xero_sync.runs.choices import change_settings

pytestmark = pytest.mark.django_db


def test_an_invoice_paid_in_xero_is_paid_here(ledger: PracticeLedger) -> None:
    invoice = make_invoice(lines=[line("100.00")])
    connect(ledger)
    in_step()

    ledger.control("invoice/pay", invoice=invoice.number, Amount="50.00")
    next_sync()

    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_due) == (
        Decimal("50.00"),
        Decimal("70.00"),
    )


def test_an_invoice_cancelled_here_is_voided_there(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()

    cancel_invoice(invoice, by=TESTER)
    next_sync()

    assert xero(ledger, "Invoices", invoice)["Status"] == "VOIDED"
    assert InvoiceLink.objects.get().status == "VOIDED"
    assert (next_sync().writes, open_codes()) == (0, [])


def test_an_invoice_voided_there_is_cancelled_here(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()

    ledger.control("invoice/void", invoice=invoice.number)
    next_sync()

    invoice.refresh_from_db()
    assert invoice.is_cancelled


def test_cancelled_invoices_drafts_and_leads_stay_here(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    make_contact("Mary Doyle")
    cancel_invoice(make_invoice(customer), by=TESTER)
    make_draft(customer)
    connect(ledger)

    run = in_step()

    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (1, 0)
    assert run.left_out == {
        "contact: a lead: goes with its first invoice": 1,
        "invoice: cancelled": 1,
        "invoice: a draft": 1,
    }


def test_an_invoice_waits_for_its_customer_and_follows_it(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", email="office@castle")
    make_invoice(customer)
    connect(ledger)

    run = in_step()

    assert open_codes() == ["email_invalid"]
    assert run.steps.get(name="invoices_to_xero").held == 1
    assert ledger.state()["invoices"] == 0
    change_contact(customer, {"email": "office@castle.example"}, by=TESTER)
    next_sync()
    assert open_codes() == []
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (1, 1)


def test_invoices_of_a_locked_period_are_reported_and_not_sent(
    ledger: PracticeLedger,
) -> None:
    make_invoice(issued_on=date(2026, 3, 1))
    ledger.control("lock", date="2026-03-31")
    connect(ledger)

    in_step()

    assert open_codes() == ["period_locked"]
    assert ledger.state()["invoices"] == 0


def test_a_number_that_xero_has_already_is_never_updated(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    key_in(ledger, of(customer), "INV-1001", total=5)
    approve_invoice(make_draft(customer, [line("99.00")]), by=TESTER)

    next_sync()

    assert open_codes() == ["invoice_number_in_xero"]
    assert ledger.state()["sales_total"] == "6.00"


def test_a_lost_answer_creates_nothing_twice(ledger: PracticeLedger) -> None:
    for number in range(3):
        make_invoice(make_customer(f"Customer {number}"))
    connect(ledger)
    ledger.control("faults", kind="lose_answer", times=2, method="PUT")

    in_step()

    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (3, 3)
    assert (Invoice.objects.count(), InvoiceLink.objects.count()) == (3, 3)
    assert open_codes() == []


@pytest.mark.parametrize("status", ["SUBMITTED", "DRAFT"])
def test_invoices_arrive_as_the_settings_say(
    ledger: PracticeLedger, status: str
) -> None:
    change_settings({"arrival_status": status}, by=TESTER)
    invoice = make_invoice()
    make_invoice()
    connect(ledger)
    in_step()
    assert ledger.state()["invoices_by_status"] == {status: 2}

    cancel_invoice(invoice, by=TESTER)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {status: 1, "DELETED": 1}
    assert_silent()
    assert open_codes() == []


def test_fifty_invoices_cost_hardly_more_statements_than_one(
    ledger: PracticeLedger,
) -> None:
    customers = [make_customer() for _ in range(51)]
    connect(ledger)
    in_step()
    statements = []
    for some in (customers[:1], customers[1:]):
        for customer in some:
            make_invoice(customer)
        with CaptureQueriesContext(connection) as captured:
            next_sync()
        statements.append(len(captured))

    assert InvoiceLink.objects.count() == 51
    assert statements[1] - statements[0] < 10
