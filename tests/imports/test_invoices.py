"""Invoices from a file."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, PaymentTerms
from customers.services import change_contact
from fieldops.common.money import AmountsAre
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from stock.models import StockMovement
from tests.builders import TESTER, make_contact, make_customer, make_invoice, make_item
from tests.imports.files import (
    counts,
    do_import,
    invoice_row,
    table_sizes,
    warnings,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ada(db: None) -> Contact:
    return make_contact("Ada Lovelace", email="ada@example.com")


def only_invoice() -> Invoice:
    return Invoice.objects.get()


def lines_of(invoice: Invoice) -> list[tuple[str, Decimal]]:
    return list(invoice.lines.values_list("description", "amount"))


def test_rows_of_one_number_make_one_approved_invoice(ada: Contact) -> None:
    pipe = make_item("H0101")
    report = do_import(
        "invoices",
        [
            invoice_row(Quantity="2", UnitAmount="£1,000.0050", Reference="PO 7"),
            invoice_row(
                Description="Pipe\nby the metre",
                Quantity="3.5",
                UnitAmount="9.8",
                Discount="12.5%",
                InventoryItemCode="h0101",
                Reference="PO 7",
            ),
        ],
    )
    assert counts(report) == (1, 0, 0, 0)
    assert warnings(report) == []
    assert report.entries[0].lines == (2, 3)
    invoice = only_invoice()
    assert invoice.is_approved
    assert (invoice.number, invoice.reference) == ("INV-1", "PO 7")
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 2), date(2026, 12, 2))
    assert lines_of(invoice) == [
        ("Labour", Decimal("2000.01")),
        ("Pipe\nby the metre", Decimal("30.01")),
    ]
    assert invoice.lines.all()[1].item == pipe
    assert invoice.total == Decimal("2436.02")
    ada.refresh_from_db()
    assert invoice.customer == ada
    assert ada.group == "Customer"
    assert not StockMovement.objects.exists()


def test_rows_of_an_invoice_may_stand_apart() -> None:
    rows = [
        invoice_row("INV-1"),
        invoice_row("INV-2"),
        invoice_row("INV-1", Quantity="2"),
    ]
    report = do_import("invoices", rows)
    assert [entry.lines for entry in report.entries] == [(2, 4), (3,)]
    assert Invoice.objects.get(number="INV-1").total == Decimal("36.00")


def test_the_same_file_again_changes_nothing() -> None:
    rows = [
        invoice_row("INV-1"),
        invoice_row("INV-1", Quantity="2", InventoryItemCode="GONE"),
        invoice_row("INV-2", ContactName="Bert", DueDate=""),
        invoice_row("INV-3", ContactName="bert "),
    ]
    assert counts(do_import("invoices", rows)) == (3, 0, 0, 0)
    before = table_sizes()
    again = do_import("invoices", rows[::-1])
    assert counts(again) == (0, 0, 3, 0)
    assert warnings(again) == []
    assert table_sizes() == before


def test_a_cancelled_invoice_stays_cancelled() -> None:
    do_import("invoices", [invoice_row()])
    cancel_invoice(only_invoice(), by=TESTER)
    assert counts(do_import("invoices", [invoice_row()])) == (0, 0, 1, 0)
    assert only_invoice().is_cancelled


def test_later_rows_may_leave_the_head_to_the_first() -> None:
    blank = {"ContactName": "", "InvoiceDate": "", "DueDate": ""}
    do_import("invoices", [invoice_row(), invoice_row(**blank)])
    assert only_invoice().total == Decimal("24.00")


def test_an_unknown_customer_is_made_from_the_row() -> None:
    row = invoice_row(
        ContactName="Bert",
        EmailAddress="bert at home",
        POAddressLine1="1 Mill Lane",
        POPostalCode="LS1 1AA",
    )
    report = do_import("invoices", [row, row | {"*InvoiceNumber": "INV-2"}])
    assert warnings(report) == [
        (2, "ContactName", 'no contact is called "Bert": a new one is made'),
        (2, "EmailAddress", '"bert at home" is not a valid email address'),
    ]
    bert = Contact.objects.get(name="Bert")
    assert bert.group == "Customer"
    assert bert.billing_address == ["1 Mill Lane", "LS1 1AA"]
    assert bert.invoices.count() == 2


def test_a_missing_due_date_comes_from_the_customers_terms(ada: Contact) -> None:
    terms = {"payment_terms": PaymentTerms.DAYS_AFTER_INVOICE, "payment_days": 7}
    change_contact(ada, terms, by=TESTER)
    do_import("invoices", [invoice_row(DueDate="")])
    assert only_invoice().due_on == date(2026, 11, 9)


@pytest.mark.parametrize(
    "cell", ["20% (VAT on Income)", "20% (vat on  income)", "OUTPUT2"]
)
def test_a_vat_rate_is_named_or_given_by_its_code(cell: str) -> None:
    do_import("invoices", [invoice_row(TaxType=cell)])
    assert only_invoice().lines.get().tax_type == "OUTPUT2"


def test_unknown_accounts_items_and_currencies_are_warnings() -> None:
    report = do_import(
        "invoices",
        [invoice_row(AccountCode="999", InventoryItemCode="GONE", Currency="eur")],
    )
    assert counts(report) == (1, 0, 0, 0)
    assert warnings(report) == [
        (2, "AccountCode", "there is no account 999 in your chart"),
        (
            2,
            "InventoryItemCode",
            "no stock item has the code GONE; the line is kept without",
        ),
        (2, "Currency", "EUR: only GBP can go to the books"),
    ]
    assert only_invoice().currency == "EUR"
    assert only_invoice().lines.get().account_code == "999"


def test_amounts_may_include_vat() -> None:
    do_import(
        "invoices", [invoice_row(UnitAmount="12", LineAmountTypes="Tax inclusive")]
    )
    invoice = only_invoice()
    assert invoice.amounts_are == AmountsAre.INCLUSIVE
    assert (invoice.total, invoice.tax) == (Decimal("12.00"), Decimal("2.00"))


def test_totals_of_the_file_that_differ_are_warnings() -> None:
    report = do_import("invoices", [invoice_row(Total="12.01", TaxAmount="2.01")])
    assert warnings(report) == [
        (2, "Total", "12.01 in the file, 12.00 by its lines"),
        (2, "TaxAmount", "2.01 in the file, 2.00 by its rate"),
    ]
    assert (
        warnings(do_import("invoices", [invoice_row("B", Total="12", TaxAmount="2")]))
        == []
    )


def test_xeros_own_export_is_read() -> None:
    row = invoice_row(
        POAddressLine1="x",
        PlannedDate="",
        Total="12.00",
        TaxTotal="2.00",
        InvoiceAmountPaid="0",
        InvoiceAmountDue="12.00",
        LineAmount="10.00",
        TrackingName1="",
        TrackingOption1="",
        Type="Sales invoice",
        Sent="Sent",
        Status="Awaiting Payment",
    )
    report = do_import("invoices", [row])
    assert counts(report) == (1, 0, 0, 0)
    assert [field for _, field, _ in warnings(report)] == [
        "TaxTotal",
        "InvoiceAmountPaid",
        "InvoiceAmountDue",
        "LineAmount",
        "Sent",
    ]


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    make_invoice(make_customer("Cleo"), number="INV-3")
    rows = [
        invoice_row("INV-1", ContactName="Bert"),
        invoice_row("INV-2", ContactName="Bert"),
        invoice_row("INV-3"),
        invoice_row("INV-4", Quantity="x"),
    ]
    before = table_sizes()
    planned = do_import("invoices", rows, dry_run=True)
    assert table_sizes() == before
    assert do_import("invoices", rows) == planned
    assert counts(planned) == (2, 0, 0, 2)


def test_an_invoice_costs_the_same_however_many_there_are() -> None:
    def queries(number_of_invoices: int, prefix: str) -> int:
        rows = [invoice_row(f"{prefix}{n}") for n in range(number_of_invoices)]
        with CaptureQueriesContext(connection) as captured:
            do_import("invoices", rows)
        return len(captured)

    do_import("invoices", [invoice_row("FIRST")])
    one, three, nine = queries(1, "A"), queries(3, "B"), queries(9, "C")
    assert nine - three == 3 * (three - one)
