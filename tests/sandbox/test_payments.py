"""Payments and credit notes: what they settle, reopen and block."""

from typing import Any

import pytest

from tests.sandbox.conftest import Books
from tests.sandbox.documents import invoice, line

NOT_MODIFIABLE = "Invoice not of valid status for modification"
SETTLED = (
    "This document cannot be edited as it has a payment or credit note allocated to it."
)


def pay(books: Books, made: dict[str, Any], amount: float) -> dict[str, Any]:
    return books.made(
        "/Payments",
        {
            "Invoice": {"InvoiceID": made["InvoiceID"]},
            "Account": {"Code": "090"},
            "Date": "2026-05-20",
            "Amount": amount,
        },
    )


def test_payments_settle_and_their_deletion_reopens(books: Books) -> None:
    made = books.made("/Invoices", invoice())
    pay(books, made, 20)
    last = pay(books, made, 100)

    (paid,) = books.rows(f"/Invoices/{made['InvoiceID']}")
    assert (paid["Status"], paid["AmountPaid"], paid["AmountDue"]) == ("PAID", 120, 0)
    assert paid["FullyPaidOnDate"] == "/Date(1779235200000+0000)/"
    assert [row["Amount"] for row in paid["Payments"]] == [20, 100]

    books.changed(f"/Payments/{last['PaymentID']}", {"Status": "DELETED"})

    (reopened,) = books.rows(f"/Invoices/{made['InvoiceID']}")
    assert (reopened["Status"], reopened["AmountDue"]) == ("AUTHORISED", 100.00)
    assert "FullyPaidOnDate" not in reopened


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"Amount": 121},
            "Payment amount exceeds the amount outstanding on this document",
        ),
        (
            {"Account": {}},
            "You must specify an Account code or Account ID for the payment",
        ),
    ],
)
def test_payments_refused(books: Books, changes: dict[str, Any], message: str) -> None:
    made = books.made("/Invoices", invoice())
    payment = {
        "Invoice": {"InvoiceID": made["InvoiceID"]},
        "Account": {"Code": "090"},
        "Amount": 120,
    }

    assert books.refused("PUT", "/Payments", {**payment, **changes}) == [message]


def test_a_draft_cannot_be_paid(books: Books) -> None:
    made = books.made("/Invoices", invoice(Status="DRAFT"))
    payment = {
        "Invoice": {"InvoiceID": made["InvoiceID"]},
        "Account": {"Code": "090"},
        "Amount": 10,
    }

    assert books.refused("PUT", "/Payments", payment) == [
        "Payments can only be made against authorised documents"
    ]


def test_a_credit_note_is_allocated_and_taken_back(books: Books) -> None:
    made = books.made("/Invoices", invoice())
    note = books.made(
        "/CreditNotes",
        {
            "Type": "ACCRECCREDIT",
            "Contact": {"ContactID": made["Contact"]["ContactID"]},
            "Status": "AUTHORISED",
            "LineItems": [line(50)],
        },
    )
    assert (note["CreditNoteNumber"], note["RemainingCredit"]) == ("CN-0001", 60.00)

    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations"
    status, body = books.call(
        "PUT", path, {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": 60}
    )

    assert status == 200
    (allocation,) = body["Allocations"]
    (credited,) = books.rows(f"/Invoices/{made['InvoiceID']}")
    assert (credited["AmountCredited"], credited["AmountDue"]) == (60.00, 60.00)
    assert credited["CreditNotes"][0]["AppliedAmount"] == 60.00
    (used,) = books.rows(f"/CreditNotes/{note['CreditNoteID']}")
    assert (used["Status"], used["RemainingCredit"]) == ("PAID", 0)

    status, gone = books.call("DELETE", f"{path}/{allocation['AllocationID']}")
    assert (status, gone["IsDeleted"]) == (200, True)
    (free,) = books.rows(f"/Invoices/{made['InvoiceID']}")
    assert (free["AmountCredited"], free["AmountDue"]) == (0, 120.00)


def test_a_paid_part_blocks_what_matters_only(books: Books) -> None:
    made = books.made("/Invoices", invoice())
    identity = {"InvoiceID": made["InvoiceID"]}
    pay(books, made, 20)

    assert books.refused("POST", "/Invoices", {**identity, "LineItems": [line(5)]}) == [
        NOT_MODIFIABLE,
        SETTLED,
    ]
    assert books.refused("POST", "/Invoices", {**identity, "Status": "VOIDED"}) == [
        NOT_MODIFIABLE,
        SETTLED,
    ]
    changed = books.changed("/Invoices", {**identity, "Reference": "PO 9"})
    assert (changed["Reference"], changed["AmountDue"]) == ("PO 9", 100.00)
