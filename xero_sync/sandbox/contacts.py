"""Contacts: which record a write means, what may be written, and what must be unique."""

import re
from collections.abc import Mapping

import msgspec

from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Address, Contact, ContactPerson, Phone, Terms
from xero_sync.sandbox.submission import (
    choice,
    enumeration,
    flag,
    guid,
    limited_text,
    many,
    number,
    one,
    text,
)
from xero_sync.sandbox.wire import Element

ARCHIVED_MATCH = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
NO_IDENTITY = (
    "The Contact must contain at least 1 of the following elements to identify the "
    "contact: Name, ContactID, ContactNumber"
)
TEXT_FIELDS: Mapping[str, tuple[str, int]] = {
    "ContactNumber": ("contact_number", 50),
    "AccountNumber": ("account_number", 50),
    "FirstName": ("first_name", 255),
    "LastName": ("last_name", 255),
    "EmailAddress": ("email_address", 255),
    "CompanyNumber": ("company_number", 50),
    "TaxNumber": ("tax_number", 50),
    "BankAccountDetails": ("bank_account_details", 255),
    "DefaultCurrency": ("default_currency", 3),
    "SalesDefaultAccountCode": ("sales_default_account_code", 10),
    "PurchasesDefaultAccountCode": ("purchases_default_account_code", 10),
    "AccountsReceivableTaxType": ("accounts_receivable_tax_type", 50),
    "AccountsPayableTaxType": ("accounts_payable_tax_type", 50),
}
ADDRESS_FIELDS: Mapping[str, tuple[str, int]] = {
    "AddressLine1": ("address_line1", 500),
    "AddressLine2": ("address_line2", 500),
    "AddressLine3": ("address_line3", 500),
    "AddressLine4": ("address_line4", 500),
    "City": ("city", 255),
    "Region": ("region", 255),
    "PostalCode": ("postal_code", 50),
    "Country": ("country", 50),
    "AttentionTo": ("attention_to", 255),
}
PHONE_FIELDS: Mapping[str, tuple[str, int]] = {
    "PhoneNumber": ("phone_number", 50),
    "PhoneAreaCode": ("phone_area_code", 10),
    "PhoneCountryCode": ("phone_country_code", 20),
}
ADDRESS_TYPES = enumeration("POBOX", "STREET")
PHONE_TYPES = enumeration("DEFAULT", "DDI", "MOBILE", "FAX")
STATUSES = enumeration("ACTIVE", "ARCHIVED", "GDPRREQUEST")
TERMS = enumeration(
    "DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"
)
MOST_PERSONS = 5
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def create_contact(org: XeroOrganisation, element: Element) -> Contact:
    """PUT: always a new contact; an id the client chose is not honoured."""
    if not text(element, "Name"):
        if text(element, "ContactNumber"):
            raise ElementRefused("The contact name must be specified.")
        raise ElementRefused(NO_IDENTITY)
    blank = Contact(contact_id=org.new_id(), name="", updated=org.now())
    return _save(org, blank, element, is_new=True)


def save_contact(org: XeroOrganisation, element: Element) -> Contact:
    """POST: updates the contact the element names, or creates one."""
    known = named_contact(org, element)
    if known is None:
        return create_contact(org, element)
    return update_contact(org, known, element)


def named_contact(org: XeroOrganisation, element: Element) -> Contact | None:
    """By ContactID, else by ContactNumber, else by the Name of an active contact."""
    contact_id = guid(element, "ContactID")
    if contact_id is not None:
        known = org.contacts.get(contact_id)
        if known is None:
            raise NotFound(contact_id)
        return known
    contact_number = text(element, "ContactNumber") or ""
    name = normal_name(text(element, "Name") or "")
    for index, value in (
        ("contact_number", contact_number),
        ("active_name", name),
        ("archived_name", name),
    ):
        if value and (found := org.contacts.find(index, value.casefold())):
            return found[0]
    return None


def update_contact(org: XeroOrganisation, known: Contact, element: Element) -> Contact:
    if not known.is_active:
        raise ElementRefused(ARCHIVED_MATCH, record_id=known.contact_id)
    return _save(org, known, element, is_new=False)


def normal_name(name: str) -> str:
    return " ".join(name.split())


def is_email(address: str) -> bool:
    return _EMAIL.fullmatch(address) is not None


def _save(
    org: XeroOrganisation, known: Contact, element: Element, *, is_new: bool
) -> Contact:
    problems: list[str] = []
    changed = msgspec.structs.replace(
        known, updated=org.now(), **_changes(known, element, problems)
    )
    if is_new and not changed.is_active:
        problems.append("The status 'ARCHIVED' is not valid for contacts")
    problems += _clashes(org, known, changed)
    problems += _unknown_codes(org, known, changed)
    if problems:
        raise ElementRefused(*problems, record_id=None if is_new else known.contact_id)
    return org.contacts.put(changed.contact_id, changed)


def _changes(
    known: Contact, element: Element, problems: list[str]
) -> dict[str, object]:
    """What the element sets. Left out or null keeps; an empty text clears."""
    changes: dict[str, object] = {}
    if name := normal_name(limited_text(element, "Name", 255, problems) or ""):
        if "<" in name or ">" in name:
            problems.append("The contact name must not contain < or >.")
        changes["name"] = name
    for wire_name, (field, limit) in TEXT_FIELDS.items():
        value = limited_text(element, wire_name, limit, problems)
        if value is not None:
            changes[field] = value
    if (email := changes.get("email_address")) and not is_email(str(email)):
        problems.append("Email address must be valid.")
    if status := choice(element, "ContactStatus", STATUSES):
        changes["status"] = status
    changes |= _slots(known, element, problems)
    if (persons := many(element, "ContactPersons")) is not None:
        changes["persons"] = _persons(persons, problems)
    return changes | _terms(element)


def _slots(known: Contact, element: Element, problems: list[str]) -> dict[str, object]:
    """Addresses and phones are slots by type: one sent leaves the others alone."""
    addresses = dict(known.addresses)
    for sent in many(element, "Addresses") or ():
        kind = choice(sent, "AddressType", ADDRESS_TYPES) or "POBOX"
        parts = _parts(sent, ADDRESS_FIELDS, problems)
        addresses[kind] = msgspec.structs.replace(
            addresses.get(kind, Address()), **parts
        )
    phones = dict(known.phones)
    for sent in many(element, "Phones") or ():
        kind = choice(sent, "PhoneType", PHONE_TYPES) or "DEFAULT"
        parts = _parts(sent, PHONE_FIELDS, problems)
        phones[kind] = msgspec.structs.replace(phones.get(kind, Phone()), **parts)
    return {"addresses": addresses, "phones": phones}


def _parts(
    sent: Element, fields: Mapping[str, tuple[str, int]], problems: list[str]
) -> dict[str, str]:
    parts: dict[str, str] = {}
    for wire_name, (field, limit) in fields.items():
        value = limited_text(sent, wire_name, limit, problems)
        if value is not None:
            parts[field] = value
    if any(not (c.isalpha() or c in " .,'()&-") for c in parts.get("country", "")):
        problems.append("Country must only contain letters.")
    return parts


def _persons(sent: list[Element], problems: list[str]) -> tuple[ContactPerson, ...]:
    if len(sent) > MOST_PERSONS:
        problems.append(f"A contact can have at most {MOST_PERSONS} contact persons.")
    persons = tuple(
        ContactPerson(
            first_name=text(row, "FirstName") or "",
            last_name=text(row, "LastName") or "",
            email_address=text(row, "EmailAddress") or "",
            include_in_emails=flag(row, "IncludeInEmails") or False,
        )
        for row in sent
    )
    if any(row.email_address and not is_email(row.email_address) for row in persons):
        problems.append("Email address must be valid.")
    return persons


def _terms(element: Element) -> dict[str, object]:
    sent = one(element, "PaymentTerms")
    terms: dict[str, object] = {}
    for wire_name, field in (("Sales", "sales_terms"), ("Bills", "bills_terms")):
        row = one(sent, wire_name)
        day, kind = number(row, "Day"), choice(row, "Type", TERMS)
        if day is not None and kind is not None:
            terms[field] = Terms(day=int(day), type=kind)
    return terms


def _clashes(org: XeroOrganisation, known: Contact, changed: Contact) -> list[str]:
    """Name is unique among active contacts, both numbers among all of them."""
    problems = []
    if changed.is_active and _taken(org, changed, "active_name", changed.name):
        problems.append(
            f"The contact name {changed.name} is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        )
    new_number = changed.contact_number != known.contact_number
    if new_number and _taken(org, changed, "contact_number", changed.contact_number):
        problems.append(
            "Another contact has this contact number. "
            "Please enter a different contact number."
        )
    new_account = changed.account_number != known.account_number
    if new_account and _taken(org, changed, "account_number", changed.account_number):
        problems.append(
            "The Account Number already exists. "
            "Please enter a different Account Number."
        )
    return problems


def _taken(org: XeroOrganisation, contact: Contact, index: str, value: str) -> bool:
    found = org.contacts.find(index, value.casefold())
    return any(row.contact_id != contact.contact_id for row in found)


def _unknown_codes(
    org: XeroOrganisation, known: Contact, changed: Contact
) -> list[str]:
    problems = []
    for field in ("sales_default_account_code", "purchases_default_account_code"):
        code = getattr(changed, field)
        if code and code != getattr(known, field) and not org.account_by_code(code):
            problems.append(f"Account code '{code}' is not a valid code.")
    for field in ("accounts_receivable_tax_type", "accounts_payable_tax_type"):
        tax_type = getattr(changed, field)
        if tax_type and not org.tax_rate(tax_type):
            problems.append(f"TaxType code '{tax_type}' does not exist.")
    currency = changed.default_currency
    if currency and currency != org.profile.base_currency:
        problems.append(f"Users Organisation is not subscribed to currency {currency}")
    return problems
