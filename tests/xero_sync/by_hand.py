"""Invoices that somebody keys into Xero by hand."""

from customers.models import Contact
from tests.ledger import PracticeLedger

DAY = "2026-11-02"


def of(customer: Contact) -> dict[str, str]:
    return {"ContactID": customer.xero_links.get().xero_id}


def key_in(
    ledger: PracticeLedger,
    contact: dict[str, str],
    number: str = "HAND-1",
    *,
    total: int = 10,
    day: str = DAY,
    status: str = "AUTHORISED",
    reference: str = "",
) -> None:
    """``total`` is net, as the line says it."""
    work = {"Description": "by hand", "Quantity": 1, "UnitAmount": total}
    invoice = {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Reference": reference,
        "Contact": contact,
        "Date": day,
        "DueDate": "2026-12-01",
        "Status": status,
        "LineItems": [work | {"AccountCode": "200", "TaxType": "OUTPUT2"}],
    }
    ledger.load_books({"Invoices": [invoice]})
