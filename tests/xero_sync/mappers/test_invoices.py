"""Invoices as Xero writes them, and as we write them to Xero."""

from datetime import date
from decimal import Decimal

import pytest

from tests.xero_sync.mappers.payloads import CONTACT_ID, OTHER_ID, invoice
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import (
    invoice_from_wire,
    invoice_status_to_wire,
    invoice_to_wire,
)
from xero_sync.outcomes.drafts import InvoiceDraft, LineDraft


def test_reads_status_totals_and_what_is_due() -> None:
    read = invoice_from_wire(invoice())

    assert (read.xero_id, read.contact_id) == (CONTACT_ID, OTHER_ID)
    assert (read.type, read.number, read.status) == ("ACCREC", "INV-1", "AUTHORISED")
    assert (read.issued_on, read.due_on) == (date(2026, 9, 14), date(2026, 10, 14))
    amounts = (
        read.subtotal,
        read.tax,
        read.total,
        read.amount_due,
        read.amount_paid,
        read.amount_credited,
    )
    assert [str(amount) for amount in amounts] == [
        "100.00",
        "20.00",
        "120.00",
        "20.00",
        "100.00",
        "0.00",
    ]


def test_a_status_we_do_not_know_is_kept_as_it_is() -> None:
    assert invoice_from_wire(invoice(Status="REOPENED")).status == "REOPENED"


def test_a_draft_may_have_no_dates() -> None:
    read = invoice_from_wire(invoice(Date=None, DueDate=""))

    assert (read.issued_on, read.due_on) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"InvoiceID": None}, "InvoiceID"),
        ({"Type": None}, "Type"),
        ({"Status": ""}, "Status"),
        ({"Contact": None}, "ContactID"),
        ({"Total": None}, "Total"),
        ({"Total": 12.5}, "Total"),
        ({"AmountDue": None}, "AmountDue"),
        ({"Date": "14 September"}, "Date"),
    ],
)
def test_names_the_field_it_cannot_read(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        invoice_from_wire(invoice(**changes))

    assert refusal.value.field == field


def test_writes_an_invoice_with_the_contact_by_its_id_alone() -> None:
    lines = (
        LineDraft(
            "Boiler", Decimal(2), Decimal("10.1234"), Decimal(5), "200", "OUTPUT2", "B1"
        ),
        LineDraft("A remark", Decimal(0), Decimal(0), Decimal(0), "", ""),
    )
    draft = InvoiceDraft(
        number="INV-1",
        contact_id=OTHER_ID,
        issued_on=date(2026, 9, 14),
        due_on=date(2026, 10, 14),
        reference="",
        amounts_are="Exclusive",
        currency="GBP",
        status="AUTHORISED",
        lines=lines,
    )

    assert invoice_to_wire(draft) == {
        "Type": "ACCREC",
        "InvoiceNumber": "INV-1",
        "Contact": {"ContactID": OTHER_ID},
        "Date": "2026-09-14",
        "DueDate": "2026-10-14",
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": "GBP",
        "Status": "AUTHORISED",
        "LineItems": [
            {
                "Description": "Boiler",
                "Quantity": Decimal(2),
                "UnitAmount": Decimal("10.1234"),
                "DiscountRate": Decimal(5),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
                "ItemCode": "B1",
            },
            {
                "Description": "A remark",
                "Quantity": Decimal(0),
                "UnitAmount": Decimal(0),
            },
        ],
    }


def test_a_change_of_status_leaves_the_lines_out() -> None:
    assert invoice_status_to_wire(CONTACT_ID, "VOIDED") == {
        "InvoiceID": CONTACT_ID,
        "Status": "VOIDED",
    }
