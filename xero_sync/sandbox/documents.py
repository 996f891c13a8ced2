"""What invoices and credit notes have in common: their contact, dates and currency."""

from collections.abc import Mapping
from datetime import date

import msgspec

from xero_sync.sandbox.contacts import create_contact, named_contact, update_contact
from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Contact
from xero_sync.sandbox.submission import choice, one, text
from xero_sync.sandbox.wire import Element

LINE_AMOUNT_TYPES = {
    "EXCLUSIVE": "Exclusive",
    "INCLUSIVE": "Inclusive",
    "NOTAX": "NoTax",
}
DOCUMENT_STATUSES = {
    status: status
    for status in ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
}
NEW_STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED")
ARCHIVED_CONTACT = (
    "The contact with the specified contact details has been archived. The contact "
    "must be un-archived before creating new invoices or credit notes."
)
_IDENTITY = ("ContactID", "ContactNumber", "Name")


def kind_of_new(element: Element, types: Mapping[str, str], *, noun: str) -> str:
    kind = choice(element, "Type", types)
    if kind is None:
        raise ElementRefused("The document Type must be specified")
    if (choice(element, "Status", DOCUMENT_STATUSES) or "DRAFT") not in NEW_STATUSES:
        raise ElementRefused(f"{noun} not of valid status for creation")
    return kind


def document_contact(
    org: XeroOrganisation, element: Element, problems: list[str]
) -> Contact | None:
    """The contact a document names. An unknown name makes a new contact; other fields
    beside the ContactID change the contact, and drop the contact persons not listed."""
    sent = one(element, "Contact")
    if not any(sent.get(name) for name in _IDENTITY):
        problems.append("A Contact must be specified for this type of transaction")
        return None
    try:
        known = named_contact(org, sent)
        if known is None:
            return create_contact(org, sent)
        if not known.is_active:
            problems.append(ARCHIVED_CONTACT)
            return None
        identity = ("ContactID",) if sent.get("ContactID") else _IDENTITY
        if any(value for name, value in sent.items() if name not in identity):
            return update_contact(org, known, {"ContactPersons": [], **sent})
    except ElementRefused as refusal:
        problems.extend(refusal.messages)
        return None
    except NotFound:
        problems.append("The contact with the specified ContactID could not be found.")
        return None
    return known


def mark_used(org: XeroOrganisation, contact_id: str, *, is_sale: bool) -> None:
    """The first document makes a customer or a supplier, without a new time stamp."""
    contact = org.contacts.get(contact_id)
    if contact is None:
        return
    flagged = (
        msgspec.structs.replace(contact, is_customer=True)
        if is_sale
        else msgspec.structs.replace(contact, is_supplier=True)
    )
    if flagged != contact:
        org.contacts.put(contact_id, flagged)


def currency_problem(org: XeroOrganisation, element: Element) -> str | None:
    currency = text(element, "CurrencyCode")
    if not currency or currency.upper() == org.profile.base_currency:
        return None
    return f"Users Organisation is not subscribed to currency {currency}"


def lock_problems(org: XeroOrganisation, *days: date) -> list[str]:
    """At most one message, for the first day that lies in a closed period."""
    messages = (org.lock_message(day) for day in days)
    return [message for message in messages if message][:1]


def plan_problems(org: XeroOrganisation, kind: str, old: str, new: str) -> list[str]:
    """What the organisation's plan does not let anybody do with a document. Xero's words
    about the limit are documented; of those about drafts only the sense is known."""
    what = "Invoice" if kind == "ACCREC" else "Bill"
    if new == "AUTHORISED" and old != new:
        if f"CreateApproved{what}" in org.profile.forbidden_actions:
            return [f"You have reached the limit of {what.lower()}s you can approve"]
    elif not old and f"CreateDraft{what}" in org.profile.forbidden_actions:
        return [f"You are not permitted to create a draft {what.lower()}"]
    return []
