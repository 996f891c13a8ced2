"""Invoices and bills: creation, changes, status transitions, and what blocks them."""

from dataclasses import asdict

import msgspec

from xero_sync.sandbox.documents import (
    DOCUMENT_STATUSES,
    LINE_AMOUNT_TYPES,
    currency_problem,
    document_contact,
    kind_of_new,
    lock_problems,
    mark_used,
    plan_problems,
)
from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.lines import Document, sent_lines, taxed_again, totals
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Invoice
from xero_sync.sandbox.submission import (
    choice,
    day,
    enumeration,
    flag,
    guid,
    limited_text,
    many,
    one,
    text,
)
from xero_sync.sandbox.wire import Element

TYPES = enumeration("ACCREC", "ACCPAY")
NOT_MODIFIABLE = "Invoice not of valid status for modification"
SETTLED = (
    "This document cannot be edited as it has a payment or credit note allocated to it."
)
TRANSITIONS = {
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
    "PAID": ("PAID",),
    "VOIDED": (),
    "DELETED": (),
}


def create_invoice(org: XeroOrganisation, element: Element, *, places: int) -> Invoice:
    """PUT: a new document; a sales invoice without a number gets the next one."""
    kind = kind_of_new(element, TYPES, noun="Invoice")
    problems: list[str] = []
    contact = document_contact(org, element, problems)
    blank = Invoice(
        invoice_id=org.new_id(),
        type=kind,
        contact_id=contact.contact_id if contact else "",
        date=org.today(),
        updated=org.now(),
        currency_code=org.profile.base_currency,
    )
    invoice = _changed(org, blank, element, places, problems)
    problems += _refusals(org, invoice)
    problems += plan_problems(org, kind, "", invoice.status)
    if problems:
        raise ElementRefused(*dict.fromkeys(problems))
    if kind == "ACCREC" and not invoice.invoice_number:
        invoice = msgspec.structs.replace(invoice, invoice_number=_next_number(org))
    mark_used(org, invoice.contact_id, is_sale=kind == "ACCREC")
    return org.invoices.put(invoice.invoice_id, invoice)


def save_invoice(org: XeroOrganisation, element: Element, *, places: int) -> Invoice:
    """POST: updates the document named by InvoiceID or sales number, or creates one."""
    known = _named_invoice(org, element)
    if known is None:
        return create_invoice(org, element, places=places)
    try:
        return _update(org, known, element, places)
    except ElementRefused as refusal:
        raise ElementRefused(
            *dict.fromkeys(refusal.messages), record_id=known.invoice_id
        ) from None


def _named_invoice(org: XeroOrganisation, element: Element) -> Invoice | None:
    invoice_id = guid(element, "InvoiceID")
    if invoice_id is not None:
        known = org.invoices.get(invoice_id)
        if known is None:
            raise NotFound(invoice_id)
        return known
    if choice(element, "Type", TYPES) == "ACCPAY":
        return None
    return sale_by_number(org, text(element, "InvoiceNumber") or "")


def sale_by_number(org: XeroOrganisation, invoice_number: str) -> Invoice | None:
    found = org.invoices.find("number", invoice_number.casefold())
    return next((row for row in found if row.type == "ACCREC"), None)


def invoice_by_key(org: XeroOrganisation, key: str) -> Invoice | None:
    """By InvoiceID or, as Xero also allows, by number."""
    if found := org.invoices.get(key.lower()):
        return found
    numbered = org.invoices.find("number", key.casefold())
    return numbered[0] if numbered else None


def _update(
    org: XeroOrganisation, known: Invoice, element: Element, places: int
) -> Invoice:
    status = choice(element, "Status", DOCUMENT_STATUSES) or known.status
    if status not in TRANSITIONS[known.status]:
        raise ElementRefused(NOT_MODIFIABLE)
    if status in ("VOIDED", "DELETED"):
        return _end(org, known, status)
    problems: list[str] = []
    changed = _changed(org, known, element, places, problems)
    if _names_another_contact(element, known):
        contact = document_contact(org, element, problems)
        if contact is not None:
            changed = msgspec.structs.replace(changed, contact_id=contact.contact_id)
    if known.is_settled_in_part and _substance(changed) != _substance(known):
        problems += [NOT_MODIFIABLE, SETTLED]
    problems += lock_problems(org, known.date)
    problems += _refusals(org, changed)
    problems += plan_problems(org, known.type, known.status, changed.status)
    if problems:
        raise ElementRefused(*problems)
    mark_used(org, changed.contact_id, is_sale=changed.type == "ACCREC")
    return org.invoices.put(changed.invoice_id, changed)


def _names_another_contact(element: Element, known: Invoice) -> bool:
    sent = one(element, "Contact")
    return bool(sent) and (len(sent) > 1 or guid(sent, "ContactID") != known.contact_id)


def _end(org: XeroOrganisation, known: Invoice, status: str) -> Invoice:
    """Void or delete: the contact is a customer no more if nothing else is left."""
    if known.is_settled_in_part:
        raise ElementRefused(NOT_MODIFIABLE, SETTLED)
    if problems := lock_problems(org, known.date):
        raise ElementRefused(*problems)
    ended = msgspec.structs.replace(known, status=status, updated=org.now())
    org.invoices.put(ended.invoice_id, ended)
    others = org.invoices.find("contact", known.contact_id)
    contact = org.contacts.get(known.contact_id)
    if contact and not any(row.is_live and row.type == known.type for row in others):
        field = "is_customer" if known.type == "ACCREC" else "is_supplier"
        org.contacts.put(
            contact.contact_id, msgspec.structs.replace(contact, **{field: False})
        )
    return ended


def _changed(
    org: XeroOrganisation,
    known: Invoice,
    element: Element,
    places: int,
    problems: list[str],
) -> Invoice:
    """The document as the element leaves it; left-out fields keep their value."""
    changes: dict[str, object] = {
        "invoice_number": limited_text(element, "InvoiceNumber", 255, problems),
        "reference": limited_text(element, "Reference", 255, problems),
        "url": text(element, "Url"),
        "status": choice(element, "Status", DOCUMENT_STATUSES),
        "date": day(element, "Date"),
        "due_date": day(element, "DueDate"),
        "line_amount_types": choice(element, "LineAmountTypes", LINE_AMOUNT_TYPES),
        "sent_to_contact": flag(element, "SentToContact"),
    }
    if currency := currency_problem(org, element):
        problems.append(currency)
    kept = {name: value for name, value in changes.items() if value is not None}
    invoice = msgspec.structs.replace(known, updated=org.now(), **kept)
    document = Document(
        type=invoice.type,
        line_amount_types=invoice.line_amount_types,
        places=places,
        is_draft=invoice.status == "DRAFT",
    )
    sent = many(element, "LineItems")
    if sent is not None:
        lines = sent_lines(org, document, sent, known.lines, problems)
    elif invoice.line_amount_types != known.line_amount_types:
        lines = taxed_again(org, invoice.line_amount_types, known.lines)
    else:
        lines = known.lines
    sums = asdict(totals(lines, invoice.line_amount_types))
    return msgspec.structs.replace(invoice, lines=lines, **sums)


def _refusals(org: XeroOrganisation, invoice: Invoice) -> list[str]:
    problems = lock_problems(org, invoice.date)
    if invoice.status != "DRAFT":
        if not invoice.lines:
            problems.append("One or more line items must be specified")
        if invoice.due_date is None:
            problems.append("The document DueDate field must be specified")
        if any(
            line.unit_amount is not None and not line.account_code
            for line in invoice.lines
        ):
            problems.append("The account code or ID must be specified")
    if invoice.total < 0:
        problems.append("The document total must not be negative.")
    if "xero" in invoice.url.lower():
        problems.append("The Url must not contain the word xero.")
    if invoice.type == "ACCREC" and invoice.invoice_number:
        twin = sale_by_number(org, invoice.invoice_number)
        if twin is not None and twin.invoice_id != invoice.invoice_id:
            problems.append("Invoice # must be unique.")
    return problems


def _substance(invoice: Invoice) -> tuple[object, ...]:
    """What a document with a payment on it may not change any more."""
    lines = tuple(
        (line.line_item_id, line.quantity, line.unit_amount, line.line_amount)
        for line in invoice.lines
    )
    return (
        invoice.date,
        invoice.line_amount_types,
        invoice.currency_code,
        lines,
        invoice.total_tax,
        invoice.total,
    )


def _next_number(org: XeroOrganisation) -> str:
    following = org.profile.next_invoice_number
    while sale_by_number(org, f"INV-{following:04d}"):
        following += 1
    org.change_profile(next_invoice_number=following + 1)
    return f"INV-{following:04d}"
