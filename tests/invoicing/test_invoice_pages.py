"""One invoice: its page, approval, cancellation and print, through the client."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from fieldops.common.models import Company
from invoicing.services.settle_invoice import record_settlement
from invoicing.services.write_draft import change_invoice
from stock.queries import level_of
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def test_shows_lines_sums_and_where_they_are_booked(office_client: Client) -> None:
    invoice = make_invoice(
        make_customer("Castle Hotel"),
        [
            line("18.50", "2", description="Boiler valve"),
            line("0.0125", "100", description="Washers", tax_type="ZERORATEDOUTPUT"),
        ],
    )

    page = main_of(office_client, f"/invoices/{invoice.pk}/")

    for text in ("£18.50", "£37.00", "£0.0125", "£1.25", "£38.25", "£7.40", "£45.65"):
        assert text in page
    assert "VAT 20% on £37.00" in page
    assert "200 Sales" in page
    assert "Zero Rated Income" in page


def test_the_cost_does_not_grow_with_the_lines(office_client: Client) -> None:
    few = make_invoice(lines=[line(item=make_item())])
    many = make_invoice(lines=[line(item=make_item()) for _ in range(12)])

    for page in ("", "print/"):
        costs = [
            queries_of(office_client, f"/invoices/{invoice.pk}/{page}")
            for invoice in (few, many)
        ]
        assert costs[0] == costs[1]
        assert costs[0] <= 20


def test_approves_a_draft(office_client: Client) -> None:
    draft = make_draft()

    answer = office_client.post(
        f"/invoices/{draft.pk}/approve/", {"revision": "1"}, follow=True
    )

    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("approved", "INV-1001")
    assert "Invoice INV-1001 approved." in answer.content.decode()


def test_does_not_approve_what_was_changed_meanwhile(office_client: Client) -> None:
    draft = make_draft()
    change_invoice(draft, {"reference": "Job 2"}, by=TESTER)

    answer = office_client.post(
        f"/invoices/{draft.pk}/approve/", {"revision": "1"}, follow=True
    )

    draft.refresh_from_db()
    assert draft.is_draft
    assert "Somebody changed this record" in answer.content.decode()


def test_says_what_cancelling_does_before_it_does_it(office_client: Client) -> None:
    item = make_item("VAL22", name="Boiler valve")
    draft = make_draft(lines=[line(quantity="3", item=item)])
    office_client.post(f"/invoices/{draft.pk}/approve/")
    assert level_of(item) == Decimal(-3)

    page = main_of(office_client, f"/invoices/{draft.pk}/cancel/")
    assert "3 x VAL22 Boiler valve goes back into stock." in page
    assert "INV-1001 stays used" in page
    draft.refresh_from_db()
    assert draft.is_approved

    office_client.post(f"/invoices/{draft.pk}/cancel/", {"revision": draft.revision})
    draft.refresh_from_db()
    assert draft.is_cancelled
    assert level_of(item) == Decimal(0)


def test_an_invoice_with_money_on_it_is_not_cancelled(office_client: Client) -> None:
    invoice = make_invoice()
    record_settlement(invoice, paid=Decimal(1), credited=Decimal(0), by=TESTER)

    assert "Cancel invoice" not in main_of(office_client, f"/invoices/{invoice.pk}/")
    answer = office_client.post(f"/invoices/{invoice.pk}/cancel/", follow=True)

    assert "Make a credit note instead." in answer.content.decode()
    invoice.refresh_from_db()
    assert invoice.is_approved


def test_prints_both_addresses_and_how_to_pay(office_client: Client) -> None:
    company = Company.current()
    company.name, company.address = "Harbour Heating Ltd", "4 Quay Street\nBelfast"
    company.vat_number = "GB 123 4567 89"
    company.payment_details = "Sort code 98-00-00"
    company.save()
    customer = make_customer(
        "Castle Hotel", billing_line1="1 High Street", delivery_line1="Back door"
    )
    invoice = make_invoice(
        customer, reference="Job 7", due_on=date(2026, 12, 2), notes="Thank you."
    )

    page = office_client.get(f"/invoices/{invoice.pk}/print/").content.decode()

    for text in (
        "<title>Harbour Heating Ltd, invoice INV-1001</title>",
        "4 Quay Street<br>Belfast",
        "VAT number GB 123 4567 89",
        "1 High Street",
        "Back door",
        "Job 7",
        "2 Dec 2026",
        "Sort code 98-00-00",
        "Please name invoice INV-1001.",
        "Thank you.",
    ):
        assert text in page


def test_a_paid_invoice_asks_for_no_money(office_client: Client) -> None:
    company = Company.current()
    company.payment_details = "Sort code 98-00-00"
    company.save()
    invoice = make_invoice()
    record_settlement(invoice, paid=invoice.total, credited=Decimal(0), by=TESTER)

    page = office_client.get(f"/invoices/{invoice.pk}/print/").content.decode()

    assert "How to pay" not in page


def test_an_engineer_reads_and_drafts_but_neither_approves_nor_cancels(
    engineer_client: Client,
) -> None:
    draft = make_draft()
    page = main_of(engineer_client, f"/invoices/{draft.pk}/")

    assert f"/invoices/{draft.pk}/edit/" in page
    assert "Approve" not in page
    assert "Booking" not in page
    assert engineer_client.post(f"/invoices/{draft.pk}/approve/").status_code == 403
    assert engineer_client.get(f"/invoices/{draft.pk}/cancel/").status_code == 403
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_accountant_approves_but_does_not_write(accountant_client: Client) -> None:
    draft = make_draft()

    assert accountant_client.get(f"/invoices/{draft.pk}/edit/").status_code == 403
    assert accountant_client.get("/invoices/new/").status_code == 403
    assert accountant_client.post(f"/invoices/{draft.pk}/approve/").status_code == 302


def test_what_is_not_there_is_404(office_client: Client) -> None:
    for page in ("", "edit/", "cancel/", "print/"):
        assert office_client.get(f"/invoices/99/{page}").status_code == 404
