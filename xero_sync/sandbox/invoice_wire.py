"""How an invoice looks on the wire: written, single, in a page, in a list, in a summary."""

from xero_sync.sandbox.contact_wire import contact_reference, full_contact
from xero_sync.sandbox.lines import wire_line
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Contact, Invoice
from xero_sync.sandbox.wire import (
    JsonObject,
    date_string,
    date_time,
    iso_string,
    plain_date,
    present,
)


def invoice_contact(org: XeroOrganisation, contact_id: str) -> Contact:
    contact = org.contacts.get(contact_id)
    if contact is None:
        raise LookupError(contact_id)
    return contact


def listed_invoice(org: XeroOrganisation, invoice: Invoice) -> JsonObject:
    """One row of an unpaged list: a contact summary, no lines."""
    return {
        **_head(invoice),
        **_settlements(org, invoice),
        **_body(org, invoice),
        "LineItems": [],
        **_tail(invoice),
    }


def summarised_invoice(org: XeroOrganisation, invoice: Invoice) -> JsonObject:
    """summaryOnly=true: neither lines nor payments nor attachments."""
    row = {**_head(invoice), **_body(org, invoice), **_tail(invoice)}
    return {name: value for name, value in row.items() if name != "HasAttachments"}


def full_invoice(org: XeroOrganisation, invoice: Invoice, *, places: int) -> JsonObject:
    """A row of a page, or a single invoice."""
    return {
        **listed_invoice(org, invoice),
        "LineItems": [wire_line(org, line, places=places) for line in invoice.lines],
    }


def single_invoice(
    org: XeroOrganisation, invoice: Invoice, *, places: int
) -> JsonObject:
    contact = invoice_contact(org, invoice.contact_id)
    return {
        **full_invoice(org, invoice, places=places),
        "Contact": full_contact(org, contact),
        "Attachments": [],
    }


def written_invoice(
    org: XeroOrganisation, invoice: Invoice, *, places: int
) -> JsonObject:
    """The answer to a write embeds the whole contact."""
    contact = invoice_contact(org, invoice.contact_id)
    return {
        **full_invoice(org, invoice, places=places),
        "Contact": full_contact(org, contact),
        "HasErrors": False,
    }


def invoice_reference(org: XeroOrganisation, invoice: Invoice) -> JsonObject:
    """The short form inside payments and allocations."""
    return {
        "Type": invoice.type,
        "InvoiceID": invoice.invoice_id,
        **present(InvoiceNumber=invoice.invoice_number),
        "CurrencyCode": invoice.currency_code,
        "Contact": contact_reference(invoice_contact(org, invoice.contact_id)),
        "IsDiscounted": False,
        "HasErrors": False,
    }


def _head(invoice: Invoice) -> JsonObject:
    return {
        "Type": invoice.type,
        "InvoiceID": invoice.invoice_id,
        **present(InvoiceNumber=invoice.invoice_number),
        "Reference": invoice.reference,
        **present(Url=invoice.url),
    }


def _settlements(org: XeroOrganisation, invoice: Invoice) -> JsonObject:
    payments = [
        {
            "PaymentID": row.payment_id,
            "Date": plain_date(row.date),
            "Amount": row.amount,
            **present(Reference=row.reference),
            "CurrencyRate": 1,
            "HasAccount": False,
            "HasValidationErrors": False,
        }
        for row in org.payments.find("invoice", invoice.invoice_id)
        if row.status == "AUTHORISED"
    ]
    credit_notes = [
        {
            "CreditNoteID": note.credit_note_id,
            "CreditNoteNumber": note.credit_note_number,
            "ID": note.credit_note_id,
            "HasErrors": False,
            "AppliedAmount": allocation.amount,
            "DateString": date_string(allocation.date),
            "Date": plain_date(allocation.date),
            "LineItems": [],
            "Total": note.total,
        }
        for note in org.credit_notes.find("contact", invoice.contact_id)
        for allocation in note.allocations
        if allocation.invoice_id == invoice.invoice_id
    ]
    return {
        "Payments": payments,
        "CreditNotes": credit_notes,
        "Prepayments": [],
        "Overpayments": [],
    }


def _body(org: XeroOrganisation, invoice: Invoice) -> JsonObject:
    due = invoice.due_date
    return {
        "AmountDue": invoice.amount_due if invoice.is_live else invoice.total * 0,
        "AmountPaid": invoice.amount_paid,
        "AmountCredited": invoice.amount_credited,
        "CurrencyRate": 1,
        "IsDiscounted": bool(invoice.total_discount),
        "HasAttachments": False,
        "InvoiceAddresses": [],
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "Contact": contact_reference(invoice_contact(org, invoice.contact_id)),
        "DateString": date_string(invoice.date),
        "Date": plain_date(invoice.date),
        **present(
            DueDateString=date_string(due) if due else None,
            DueDate=plain_date(due) if due else None,
        ),
        "Status": invoice.status,
        "LineAmountTypes": invoice.line_amount_types,
    }


def _tail(invoice: Invoice) -> JsonObject:
    paid_on = invoice.fully_paid_on
    return {
        "SubTotal": invoice.sub_total,
        "TotalTax": invoice.total_tax,
        "Total": invoice.total,
        **present(TotalDiscount=invoice.total_discount or None),
        "UpdatedDateUTC": date_time(invoice.updated),
        "UpdatedDateUTCString": iso_string(invoice.updated),
        "CurrencyCode": invoice.currency_code,
        "SentToContact": invoice.sent_to_contact,
        **present(FullyPaidOnDate=plain_date(paid_on) if paid_on else None),
    }
