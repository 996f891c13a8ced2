"""Books brought in from outside in wire shape, as an accountant would have kept them:
archived contacts, suppliers without a bill and paid invoices included."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from xero_sync.sandbox.contacts import create_contact
from xero_sync.sandbox.errors import ElementRefused
from xero_sync.sandbox.invoices import create_invoice
from xero_sync.sandbox.items import create_item
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.payments import create_payment
from xero_sync.sandbox.submission import flag, many, number, text
from xero_sync.sandbox.wire import Element

BANK = "090"
ENDED = ("VOIDED", "DELETED")


class BooksRefused(Exception):
    """A row of the books breaks a rule of the ledger."""


def load_books(org: XeroOrganisation, books: Mapping[str, object]) -> None:
    """Contacts, then Items, then Invoices; BooksRefused names the first bad row."""
    archived = []
    for sent in many(books, "Contacts") or ():
        contact_id = _loaded(sent, "Name", lambda row: _contact(org, row))
        if text(sent, "ContactStatus") == "ARCHIVED":
            archived.append(contact_id)
    for sent in many(books, "Items") or ():
        _loaded(sent, "Code", lambda row: create_item(org, row, places=4).item_id)
    for sent in many(books, "Invoices") or ():
        _loaded(sent, "InvoiceNumber", lambda row: _invoice(org, row))
    for contact_id in archived:
        contact = org.contacts.get(contact_id)
        if contact is not None:
            org.contacts.put(
                contact_id, msgspec.structs.replace(contact, status="ARCHIVED")
            )


def _loaded(sent: Element, name: str, load: Callable[[Element], str]) -> str:
    try:
        return load(sent)
    except ElementRefused as refusal:
        reasons = " ".join(refusal.messages)
        raise BooksRefused(f"{sent.get(name)}: {reasons}") from refusal


def _contact(org: XeroOrganisation, sent: Element) -> str:
    fields = {name: value for name, value in sent.items() if name != "ContactStatus"}
    contact = create_contact(org, fields)
    flagged = msgspec.structs.replace(
        contact,
        is_customer=flag(sent, "IsCustomer") or False,
        is_supplier=flag(sent, "IsSupplier") or False,
        website=text(sent, "Website") or "",
    )
    org.contacts.put(flagged.contact_id, flagged)
    return flagged.contact_id


def _invoice(org: XeroOrganisation, sent: Element) -> str:
    """PAID and part-paid invoices get the payment that AmountPaid (or PAID) tells of."""
    status = (text(sent, "Status") or "DRAFT").upper()
    fields = dict(sent)
    if status not in ("DRAFT", "SUBMITTED"):
        fields["Status"] = "AUTHORISED"
    invoice = create_invoice(org, fields, places=4)
    if status in ENDED:
        ended = msgspec.structs.replace(invoice, status=status)
        org.invoices.put(invoice.invoice_id, ended)
        return invoice.invoice_id
    paid = number(sent, "AmountPaid") or Decimal(0)
    if status == "PAID":
        paid = invoice.total
    if paid:
        create_payment(
            org,
            {
                "Invoice": {"InvoiceID": invoice.invoice_id},
                "Account": {"Code": BANK},
                "Amount": paid,
                "Date": sent.get("FullyPaidOnDate") or sent.get("DueDate"),
            },
        )
    return invoice.invoice_id
