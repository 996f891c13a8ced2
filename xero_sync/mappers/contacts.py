"""Contacts: Xero's JSON to a draft with the chosen address slot, and back."""

from collections.abc import Collection
from dataclasses import replace

from xero_sync.mappers import wire
from xero_sync.mappers.wire import Payload
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.outcomes.people import Person, fitting, people_of, people_text

TEXTS = {
    "name": "Name",
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "EmailAddress",
    "account_number": "AccountNumber",
    "tax_number": "TaxNumber",
}
PHONES = {
    "phone": "DEFAULT",
    "mobile": "MOBILE",
    "direct_dial": "DDI",
    "fax": "FAX",
}
ADDRESS = {
    "address_attention": "AttentionTo",
    "address_line1": "AddressLine1",
    "address_line2": "AddressLine2",
    "address_line3": "AddressLine3",
    "address_line4": "AddressLine4",
    "address_city": "City",
    "address_region": "Region",
    "address_postcode": "PostalCode",
    "address_country": "Country",
}
PERSON = {
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "EmailAddress",
    "gets_copies": "IncludeInEmails",
}
TERMS = frozenset({"payment_terms", "payment_days"})
# The website Xero shows and does not take.
SHOWN_TEXTS = TEXTS | {"website": "Website"}

PHONE_PARTS = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")


def contact_from_wire(payload: object, *, address_slot: str) -> RemoteContact:
    contact = wire.payload_of(payload)
    return RemoteContact(
        xero_id=wire.required_guid(contact, "ContactID"),
        updated_at=wire.required_moment(contact, "UpdatedDateUTC"),
        draft=_draft(contact, address_slot),
        contact_number=wire.text(contact, "ContactNumber"),
        is_customer=wire.flag(contact, "IsCustomer"),
        is_supplier=wire.flag(contact, "IsSupplier"),
        # GDPRREQUEST is closed for us as well.
        is_archived=wire.text(contact, "ContactStatus") not in ("", "ACTIVE"),
        merged_into=wire.guid(contact, "MergedToContactID"),
    )


def _draft(contact: Payload, address_slot: str) -> ContactDraft:
    texts = {ours: wire.text(contact, theirs) for ours, theirs in SHOWN_TEXTS.items()}
    terms = wire.nested(wire.nested(contact, "PaymentTerms"), "Sales")
    return ContactDraft(
        **texts,
        **_phones(contact),
        **_address(contact, address_slot),
        payment_terms=wire.text(terms, "Type"),
        payment_days=wire.whole_number(terms, "Day"),
        people=_people(contact),
    )


def _people(contact: Payload) -> str:
    if not contact.get("ContactPersons"):
        return ""
    return people_text(
        Person(
            wire.text(row, PERSON["first_name"]),
            wire.text(row, PERSON["last_name"]),
            wire.text(row, PERSON["email"]),
            wire.flag(row, PERSON["gets_copies"]),
        )
        for row in wire.rows(contact, "ContactPersons")
    )


def _phones(contact: Payload) -> dict[str, str]:
    numbers = {
        wire.text(slot, "PhoneType"): _whole_number(slot)
        for slot in wire.rows(contact, "Phones")
    }
    return {ours: numbers.get(theirs, "") for ours, theirs in PHONES.items()}


def _whole_number(slot: Payload) -> str:
    parts = (wire.text(slot, part) for part in PHONE_PARTS)
    return " ".join(part for part in parts if part)


def _address(contact: Payload, address_slot: str) -> dict[str, str]:
    for address in wire.rows(contact, "Addresses"):
        if wire.text(address, "AddressType") == address_slot:
            return {
                ours: wire.text(address, theirs) for ours, theirs in ADDRESS.items()
            }
    return {}


def contact_to_wire(
    draft: ContactDraft,
    *,
    address_slot: str,
    fields: Collection[str] | None,
    contact_number: str = "",
    xero_id: str = "",
) -> dict[str, object]:
    """``fields`` None says all that is not blank, for a create; an update names what
    it changes, blanks included."""
    named = _filled(draft) if fields is None else set(fields)
    body: dict[str, object] = {}
    if xero_id:
        body["ContactID"] = xero_id
    if contact_number:
        body["ContactNumber"] = contact_number
    for ours, theirs in TEXTS.items():
        if ours in named:
            body[theirs] = getattr(draft, ours)
    phones = [_phone_slot(draft, ours) for ours in PHONES if ours in named]
    if phones:
        body["Phones"] = phones
    if named & ADDRESS.keys():
        body["Addresses"] = [_address_slot(draft, address_slot)]
    if named & TERMS:
        body["PaymentTerms"] = {"Sales": _terms(draft)}
    if "people" in named:
        body["ContactPersons"] = [_person(one) for one in people_of(draft.people)]
    return body


def takeable(draft: ContactDraft) -> ContactDraft:
    """The draft of a new contact with the people that Xero has room for."""
    return replace(draft, people=fitting(draft.people)[0]) if draft.people else draft


def archive_contact_to_wire(xero_id: str) -> dict[str, object]:
    return {"ContactID": xero_id, "ContactStatus": "ARCHIVED"}


def given_up_contact_to_wire(
    xero_id: str, contact_number: str, undoing: int
) -> dict[str, object]:
    """Archived, and its numbers free: Xero keeps both for ever otherwise, and our record
    could never be sent again."""
    return archive_contact_to_wire(xero_id) | {
        "ContactNumber": f"{contact_number} u{undoing}",
        "AccountNumber": "",
    }


def _filled(draft: ContactDraft) -> set[str]:
    return {name for name in draft.__slots__ if getattr(draft, name) not in ("", None)}


def _phone_slot(draft: ContactDraft, ours: str) -> dict[str, object]:
    # The whole number stands in one part: the codes a person once typed must go.
    return {
        "PhoneType": PHONES[ours],
        "PhoneNumber": getattr(draft, ours),
        "PhoneAreaCode": "",
        "PhoneCountryCode": "",
    }


def _address_slot(draft: ContactDraft, address_slot: str) -> dict[str, object]:
    # Whole: Xero documents that a slot is filled, not what becomes of parts left out.
    parts = {theirs: getattr(draft, ours) for ours, theirs in ADDRESS.items()}
    return {"AddressType": address_slot, **parts}


def _person(person: Person) -> dict[str, object]:
    return {theirs: getattr(person, ours) for ours, theirs in PERSON.items()}


def _terms(draft: ContactDraft) -> dict[str, object]:
    terms: dict[str, object] = {}
    if draft.payment_days is not None:
        terms["Day"] = draft.payment_days
    if draft.payment_terms:
        terms["Type"] = draft.payment_terms
    return terms
