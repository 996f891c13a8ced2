"""Invoices from a file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, PaymentTerms
from customers.services import archive_contact, change_contact
from fieldops.common.importing.sheet import FileRefused
from fieldops.common.money import AmountsAre
from invoicing.models import Invoice, TaxRate
from invoicing.services.cancel_invoice import cancel_invoice
from stock.models import StockMovement
from tests.builders import TESTER, make_contact, make_customer, make_invoice, make_item
from tests.imports.files import (
    counts,
    csv_text,
    do_import,
    errors,
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


def test_an_invoice_that_is_here_is_never_changed() -> None:
    do_import("invoices", [invoice_row()])
    before = table_sizes()
    report = do_import("invoices", [invoice_row(UnitAmount="11", DueDate="3/12/2026")])
    assert errors(report) == [
        (
            2,
            "InvoiceNumber",
            "INV-1 is already here with another content (DueDate, lines); an invoice "
            "that is here is never changed",
        )
    ]
    assert only_invoice().total == Decimal("12.00")
    assert table_sizes() == before


def test_a_cancelled_invoice_stays_cancelled() -> None:
    do_import("invoices", [invoice_row()])
    cancel_invoice(only_invoice(), by=TESTER)
    assert counts(do_import("invoices", [invoice_row()])) == (0, 0, 1, 0)
    assert only_invoice().is_cancelled


def test_one_bad_line_refuses_its_whole_invoice_and_no_other() -> None:
    report = do_import(
        "invoices",
        [
            invoice_row("INV-1"),
            invoice_row("INV-1", Quantity="two", AccountCode=""),
            invoice_row("INV-1"),
            invoice_row("INV-2"),
        ],
    )
    assert counts(report) == (1, 0, 0, 1)
    assert report.entries[0].lines == (2, 3, 4)
    assert errors(report) == [
        (3, "Quantity", '"two" is not a number (write it like 1,234.50)'),
        (3, "AccountCode", "is blank"),
    ]
    assert report.reasons_by_line()[4] == "refused with line 3"
    assert only_invoice().number == "INV-2"


def test_a_line_that_cannot_be_read_refuses_the_invoice_it_names() -> None:
    text = csv_text([invoice_row("INV-1"), invoice_row("INV-2")])
    head, first, second = text.splitlines()
    spoiled = first.replace("Labour", '"Labour" and more"')
    report = do_import("invoices", "\n".join([head, first, spoiled, second]))
    assert counts(report) == (1, 0, 0, 1)
    assert report.entries[0].lines == (2, 3)
    assert only_invoice().number == "INV-2"


def test_a_row_without_a_number_refuses_the_invoice_it_follows() -> None:
    report = do_import(
        "invoices",
        [
            invoice_row("INV-1"),
            invoice_row(""),
            invoice_row("", ContactName="Bert"),
            invoice_row("INV-2"),
        ],
    )
    assert [entry.lines for entry in report.entries] == [(2, 3), (4,), (5,)]
    assert counts(report) == (1, 0, 0, 2)
    assert only_invoice().number == "INV-2"


def test_rows_of_one_invoice_must_agree() -> None:
    report = do_import(
        "invoices",
        [
            invoice_row(),
            invoice_row(ContactName="ADA  lovelace", InvoiceDate="2026-11-02"),
            invoice_row(ContactName="Bert", InvoiceDate="3/11/2026"),
        ],
    )
    assert errors(report) == [
        (4, "InvoiceDate", "differs from line 2 of the same invoice"),
        (4, "ContactName", "differs from line 2 of the same invoice"),
    ]
    assert not Invoice.objects.exists()


def test_later_rows_may_leave_the_head_to_the_first() -> None:
    blank = {"ContactName": "", "InvoiceDate": "", "DueDate": ""}
    do_import("invoices", [invoice_row(), invoice_row(**blank)])
    assert only_invoice().total == Decimal("24.00")


def test_an_invoice_without_customer_or_date_is_refused() -> None:
    report = do_import("invoices", [invoice_row(ContactName="", InvoiceDate="")])
    assert errors(report) == [
        (2, "ContactName", "is blank"),
        (2, "InvoiceDate", "is blank"),
    ]


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
        (2, "EmailAddress", '"bert at home" is not a valid e-mail address'),
    ]
    bert = Contact.objects.get(name="Bert")
    assert bert.group == "Customer"
    assert bert.billing_address == ["1 Mill Lane", "LS1 1AA"]
    assert bert.invoices.count() == 2


def test_a_refused_invoice_leaves_no_new_customer_behind() -> None:
    report = do_import(
        "invoices", [invoice_row(ContactName="Bert", DueDate="1/11/2026")]
    )
    assert errors(report) == [
        (2, "DueDate", "The due date is before the invoice date.")
    ]
    assert not Contact.objects.filter(name="Bert").exists()


def test_a_name_that_several_carry_is_refused_unless_the_email_decides() -> None:
    twin = make_contact("ADA Lovelace", email="Other@example.com")
    report = do_import("invoices", [invoice_row()])
    assert counts(report) == (0, 0, 0, 1)
    assert errors(report)[0][2].startswith("2 contacts are called Ada Lovelace.")
    do_import("invoices", [invoice_row(EmailAddress="other@example.com")])
    assert only_invoice().customer == twin


def test_an_archived_customer_gets_no_invoice(ada: Contact) -> None:
    archive_contact(ada, by=TESTER)
    report = do_import("invoices", [invoice_row()])
    assert errors(report) == [(2, "", "Ada Lovelace is archived. Restore it first.")]
    assert not Invoice.objects.exists()


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


def test_an_unknown_vat_rate_is_refused_with_those_that_are_known() -> None:
    report = do_import("invoices", [invoice_row(TaxType="VAT 20")])
    [(line, field, reason)] = errors(report)
    assert (line, field) == (2, "TaxType")
    assert reason.startswith('"VAT 20" is not known; known are: ')
    assert "20% (VAT on Income), 5% (VAT on Expenses)" in reason


def test_a_name_of_two_vat_rates_is_refused_with_their_codes() -> None:
    TaxRate.objects.filter(tax_type="RROUTPUT").update(name="20% (VAT on Income)")
    report = do_import("invoices", [invoice_row()])
    assert "write OUTPUT2, RROUTPUT" in errors(report)[0][2]


def test_a_vat_rate_that_does_not_go_with_the_account_names_the_line() -> None:
    report = do_import(
        "invoices", [invoice_row(), invoice_row(TaxType="20% (VAT on Expenses)")]
    )
    assert errors(report) == [
        (3, "TaxType", '"20% (VAT on Expenses)" cannot be used with account 200')
    ]


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


@pytest.mark.parametrize(
    ("cells", "field", "says"),
    [
        ({"Type": "Sales credit note"}, "Type", "only sales invoices"),
        ({"Status": "Voided"}, "Status", "only approved invoices"),
        ({"Discount": "101"}, "Discount", "between 0 and 100"),
        ({"UnitAmount": "1.00005"}, "UnitAmount", "more than 4 decimal places"),
        ({"InvoiceDate": "12/25/2026"}, "InvoiceDate", "no day 12 in month 25"),
        ({"AccountCode": "12345678901"}, "AccountCode", "longer than 10 characters"),
        ({"Quantity": "-1"}, "", "total is below zero"),
        ({"UnitAmount": "999999999999", "Quantity": "9"}, "", "amount is over"),
        ({"Description": ""}, "Description", "is blank"),
        ({"Currency": "pounds"}, "Currency", "not a currency"),
    ],
)
def test_what_cannot_be_an_invoice_is_refused(
    cells: dict[str, Any], field: str, says: str
) -> None:
    before = table_sizes()
    report = do_import("invoices", [invoice_row(**cells)])
    [(line, named, reason)] = errors(report)
    assert (line, named) == (2, field)
    assert says in reason
    assert table_sizes() == before


def test_a_file_without_a_column_it_needs_is_refused() -> None:
    row = invoice_row()
    del row["*AccountCode"], row["*TaxType"]
    with pytest.raises(FileRefused, match="columns are missing: AccountCode, TaxType"):
        do_import("invoices", [row])


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
