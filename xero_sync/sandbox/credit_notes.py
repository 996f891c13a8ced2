"""Credit notes: created, approved, voided, and allocated to invoices."""

from decimal import Decimal

import msgspec

from xero_sync.sandbox.contact_wire import contact_reference
from xero_sync.sandbox.documents import (
    DOCUMENT_STATUSES,
    LINE_AMOUNT_TYPES,
    currency_problem,
    document_contact,
    kind_of_new,
    lock_problems,
    mark_used,
)
from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.invoice_wire import invoice_contact, invoice_reference
from xero_sync.sandbox.invoices import NOT_MODIFIABLE, TRANSITIONS
from xero_sync.sandbox.lines import Document, sent_lines, totals, wire_line
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.payments import settle
from xero_sync.sandbox.records import Allocation, CreditNote, Invoice
from xero_sync.sandbox.submission import (
    choice,
    day,
    enumeration,
    guid,
    limited_text,
    many,
    number,
    one,
    text,
)
from xero_sync.sandbox.wire import (
    ZERO,
    Element,
    JsonObject,
    date_string,
    date_time,
    iso_string,
    money,
    plain_date,
    present,
)

TYPES = enumeration("ACCRECCREDIT", "ACCPAYCREDIT")
INVOICE_TYPE = {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}


def create_credit_note(
    org: XeroOrganisation, element: Element, *, places: int
) -> CreditNote:
    kind = kind_of_new(element, TYPES, noun="Credit note")
    problems: list[str] = []
    contact = document_contact(org, element, problems)
    blank = CreditNote(
        credit_note_id=org.new_id(),
        type=kind,
        contact_id=contact.contact_id if contact else "",
        date=org.today(),
        updated=org.now(),
        currency_code=org.profile.base_currency,
    )
    note = _changed(org, blank, element, places, problems)
    problems += _refusals(org, note)
    if problems:
        raise ElementRefused(*dict.fromkeys(problems))
    if kind == "ACCRECCREDIT" and not note.credit_note_number:
        note = msgspec.structs.replace(note, credit_note_number=_next_number(org))
    mark_used(org, note.contact_id, is_sale=kind == "ACCRECCREDIT")
    return org.credit_notes.put(note.credit_note_id, note)


def save_credit_note(
    org: XeroOrganisation, element: Element, *, places: int
) -> CreditNote:
    note_id = guid(element, "CreditNoteID")
    if note_id is None:
        known = _by_number(org, text(element, "CreditNoteNumber") or "")
    else:
        known = org.credit_notes.get(note_id)
        if known is None:
            raise NotFound(note_id)
    if known is None:
        return create_credit_note(org, element, places=places)
    status = choice(element, "Status", DOCUMENT_STATUSES) or known.status
    if status not in TRANSITIONS[known.status] or known.allocations:
        raise ElementRefused(NOT_MODIFIABLE, record_id=known.credit_note_id)
    problems: list[str] = []
    changed = _changed(org, known, element, places, problems)
    problems += _refusals(org, changed) + lock_problems(org, known.date)
    if problems:
        raise ElementRefused(*dict.fromkeys(problems), record_id=known.credit_note_id)
    return org.credit_notes.put(changed.credit_note_id, changed)


def allocate(org: XeroOrganisation, note_id: str, element: Element) -> Allocation:
    """Part of an approved credit note set against an approved invoice of its contact."""
    note = org.credit_notes.get(note_id)
    if note is None:
        raise NotFound(note_id)
    invoice = org.invoices.get(guid(one(element, "Invoice"), "InvoiceID") or "")
    amount = number(element, "Amount") or number(element, "AppliedAmount") or ZERO
    on = day(element, "Date") or org.today()
    problems = _allocation_refusals(note, invoice, amount)
    if problems or invoice is None:
        raise ElementRefused(*problems)
    allocation = Allocation(
        allocation_id=org.new_id(),
        invoice_id=invoice.invoice_id,
        amount=money(amount),
        date=on,
    )
    _store(org, note, (*note.allocations, allocation))
    settle(org, invoice)
    return allocation


def delete_allocation(
    org: XeroOrganisation, note_id: str, allocation_id: str
) -> Allocation:
    note = org.credit_notes.get(note_id)
    gone = next(
        (
            a
            for a in (note.allocations if note else ())
            if a.allocation_id == allocation_id
        ),
        None,
    )
    if note is None or gone is None:
        raise NotFound(allocation_id)
    _store(org, note, tuple(a for a in note.allocations if a is not gone))
    invoice = org.invoices.get(gone.invoice_id)
    if invoice is not None:
        settle(org, invoice)
    return gone


def credit_note_by_key(org: XeroOrganisation, key: str) -> CreditNote | None:
    return org.credit_notes.get(key.lower()) or _by_number(org, key)


def _store(
    org: XeroOrganisation, note: CreditNote, allocations: tuple[Allocation, ...]
) -> None:
    changed = msgspec.structs.replace(note, allocations=allocations, updated=org.now())
    is_used_up = changed.remaining_credit == 0
    status = "PAID" if is_used_up and allocations else "AUTHORISED"
    org.credit_notes.put(
        note.credit_note_id, msgspec.structs.replace(changed, status=status)
    )


def _allocation_refusals(
    note: CreditNote, invoice: Invoice | None, amount: Decimal
) -> list[str]:
    if note.status != "AUTHORISED":
        return ["Allocations can only be made from authorised credit notes"]
    if invoice is None or invoice.contact_id != note.contact_id:
        return ["The invoice to allocate to could not be found for this contact"]
    if invoice.status != "AUTHORISED" or invoice.type != INVOICE_TYPE[note.type]:
        return ["Allocations can only be made against authorised documents"]
    if amount <= 0 or amount > min(note.remaining_credit, invoice.amount_due):
        return ["Allocation amount exceeds the amount outstanding on this document"]
    return []


def _changed(
    org: XeroOrganisation,
    known: CreditNote,
    element: Element,
    places: int,
    problems: list[str],
) -> CreditNote:
    changes: dict[str, object] = {
        "credit_note_number": limited_text(element, "CreditNoteNumber", 255, problems),
        "reference": limited_text(element, "Reference", 255, problems),
        "status": choice(element, "Status", DOCUMENT_STATUSES),
        "date": day(element, "Date"),
        "line_amount_types": choice(element, "LineAmountTypes", LINE_AMOUNT_TYPES),
    }
    if currency := currency_problem(org, element):
        problems.append(currency)
    kept = {name: value for name, value in changes.items() if value is not None}
    note = msgspec.structs.replace(known, updated=org.now(), **kept)
    document = Document(
        note.type, note.line_amount_types, places, is_draft=note.status == "DRAFT"
    )
    sent = many(element, "LineItems")
    lines = known.lines
    if sent is not None:
        lines = sent_lines(org, document, sent, known.lines, problems)
    sums = totals(lines, note.line_amount_types)
    return msgspec.structs.replace(
        note,
        lines=lines,
        sub_total=sums.sub_total,
        total_tax=sums.total_tax,
        total=sums.total,
    )


def _refusals(org: XeroOrganisation, note: CreditNote) -> list[str]:
    problems = lock_problems(org, note.date)
    if note.status != "DRAFT" and not note.lines:
        problems.append("One or more line items must be specified")
    twin = _by_number(org, note.credit_note_number)
    is_sale = note.type == "ACCRECCREDIT"
    if is_sale and twin is not None and twin.credit_note_id != note.credit_note_id:
        problems.append("Credit note # must be unique.")
    return problems


def _by_number(org: XeroOrganisation, note_number: str) -> CreditNote | None:
    found = org.credit_notes.find("number", note_number.casefold())
    return next((row for row in found if row.type == "ACCRECCREDIT"), None)


def _next_number(org: XeroOrganisation) -> str:
    following = org.profile.next_credit_note_number
    while _by_number(org, f"CN-{following:04d}"):
        following += 1
    org.change_profile(next_credit_note_number=following + 1)
    return f"CN-{following:04d}"


def wire_credit_note(
    org: XeroOrganisation, note: CreditNote, *, places: int, lines: bool = True
) -> JsonObject:
    contact = invoice_contact(org, note.contact_id)
    return {
        "CreditNoteID": note.credit_note_id,
        **present(CreditNoteNumber=note.credit_note_number, Reference=note.reference),
        "Type": note.type,
        "Payments": [],
        "RemainingCredit": note.remaining_credit,
        "Allocations": [wire_allocation(org, row) for row in note.allocations],
        "HasAttachments": False,
        "HasErrors": False,
        "CurrencyRate": 1,
        "Contact": contact_reference(contact),
        "DateString": date_string(note.date),
        "Date": plain_date(note.date),
        "Status": note.status,
        "LineAmountTypes": note.line_amount_types,
        "LineItems": [wire_line(org, line, places=places) for line in note.lines]
        if lines
        else [],
        "SubTotal": note.sub_total,
        "TotalTax": note.total_tax,
        "Total": note.total,
        "UpdatedDateUTC": date_time(note.updated),
        "UpdatedDateUTCString": iso_string(note.updated),
        "CurrencyCode": note.currency_code,
    }


def wire_allocation(
    org: XeroOrganisation, allocation: Allocation, *, is_deleted: bool = False
) -> JsonObject:
    invoice = org.invoices.get(allocation.invoice_id)
    return {
        "AllocationID": allocation.allocation_id,
        "Amount": allocation.amount,
        "Date": plain_date(allocation.date),
        **({"Invoice": invoice_reference(org, invoice)} if invoice else {}),
        "IsDeleted": is_deleted,
    }
