"""Invoices: drafts to Xero's JSON, and what comes back: status, totals, what is due."""

from decimal import Decimal
from typing import Any

import msgspec

from xero_sync.mappers import wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.wire import MONEY, Payload
from xero_sync.outcomes.drafts import InvoiceDraft, LineDraft, RemoteInvoice

ZERO = Decimal("0.00")


class _Head(msgspec.Struct, rename="pascal"):
    status: Any = ""
    total: Any = None


_heads = msgspec.json.Decoder(_Head)


def invoice_from_wire(payload: object) -> RemoteInvoice:
    invoice = wire.payload_of(payload)
    contact = wire.nested(invoice, "Contact")
    return RemoteInvoice(
        xero_id=wire.required_guid(invoice, "InvoiceID"),
        updated_at=wire.required_moment(invoice, "UpdatedDateUTC"),
        type=wire.required_text(invoice, "Type"),
        number=wire.text(invoice, "InvoiceNumber"),
        status=wire.required_text(invoice, "Status"),
        contact_id=wire.required_guid(contact, "ContactID"),
        contact_name=wire.text(contact, "Name"),
        issued_on=wire.day(invoice, "Date"),
        due_on=wire.day(invoice, "DueDate"),
        reference=wire.text(invoice, "Reference"),
        currency=wire.text(invoice, "CurrencyCode"),
        subtotal=wire.required_number(invoice, "SubTotal", MONEY),
        tax=wire.required_number(invoice, "TotalTax", MONEY),
        total=wire.required_number(invoice, "Total", MONEY),
        amount_due=wire.required_number(invoice, "AmountDue", MONEY),
        amount_paid=_amount(invoice, "AmountPaid"),
        amount_credited=_amount(invoice, "AmountCredited"),
    )


def status_and_total(text: msgspec.Raw) -> tuple[str, Decimal | None]:
    """Of an invoice as it is kept: the rest, which is long, is not made into objects.
    None for a total that cannot be understood."""
    head = _heads.decode(text)
    try:
        total = wire.number({"Total": head.total}, "Total", MONEY)
    except Unreadable:
        total = None
    return str(head.status or ""), total


def _amount(invoice: Payload, field: str) -> Decimal:
    amount = wire.number(invoice, field, MONEY)
    return ZERO if amount is None else amount


def invoice_to_wire(draft: InvoiceDraft) -> dict[str, object]:
    """For a create. The contact goes by its id alone: any other field of it would
    change the contact."""
    body: dict[str, object] = {
        "Type": "ACCREC",
        "InvoiceNumber": draft.number,
        "Contact": {"ContactID": draft.contact_id},
        "Date": draft.issued_on.isoformat(),
        "DueDate": draft.due_on.isoformat(),
        "LineAmountTypes": draft.amounts_are,
        "CurrencyCode": draft.currency,
        "Status": draft.status,
        "LineItems": [_line_to_wire(line) for line in draft.lines],
    }
    if draft.reference:
        body["Reference"] = draft.reference
    return body


def _line_to_wire(line: LineDraft) -> dict[str, object]:
    body: dict[str, object] = {
        "Description": line.description,
        "Quantity": line.quantity,
        "UnitAmount": line.unit_price,
    }
    if line.discount_percent:
        body["DiscountRate"] = line.discount_percent
    if line.account_code:
        body["AccountCode"] = line.account_code
    if line.tax_type:
        body["TaxType"] = line.tax_type
    if line.item_code:
        body["ItemCode"] = line.item_code
    return body


def invoice_number_to_wire(xero_id: str, number: str) -> dict[str, object]:
    return {"InvoiceID": xero_id, "InvoiceNumber": number}


def invoice_status_to_wire(xero_id: str, status: str) -> dict[str, object]:
    return {"InvoiceID": xero_id, "Status": status}
