"""Invoices of a file that are refused: why, where, and nothing is left behind."""

from decimal import Decimal
from typing import Any

import pytest

from customers.models import Contact
from customers.services import archive_contact
from fieldops.common.importing.sheet import FileRefused
from invoicing.models import Invoice, TaxRate
from tests.builders import TESTER, make_contact
from tests.imports.files import (
    counts,
    csv_text,
    do_import,
    errors,
    invoice_row,
    table_sizes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ada(db: None) -> Contact:
    return make_contact("Ada Lovelace", email="ada@example.com")


def only_invoice() -> Invoice:
    return Invoice.objects.get()


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


def test_an_invoice_without_customer_or_date_is_refused() -> None:
    report = do_import("invoices", [invoice_row(ContactName="", InvoiceDate="")])
    assert errors(report) == [
        (2, "ContactName", "is blank"),
        (2, "InvoiceDate", "is blank"),
    ]


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
