"""Contacts in files: a row of ours or a contact of Xero's as a candidate."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from xero_sync.matching.contacts import ContactCandidate, Place
from xero_sync.matching.files.reading import (
    FileRefused,
    Ids,
    Loose,
    RecordId,
    flag,
    often,
    rows_of_document,
    rows_of_lines,
    text,
)
from xero_sync.outcomes.drafts import ContactDraft

PHONE, MOBILE, DIRECT_DIAL, FAX = "DEFAULT", "MOBILE", "DDI", "FAX"
IN_DRAFT_OR_NONE = frozenset([PHONE, MOBILE, DIRECT_DIAL, FAX])


class OurContact(msgspec.Struct, gc=False):
    id: RecordId | None = None
    account_no: Loose = None
    is_company: Loose = None
    name: Loose = None
    title: Loose = None
    first_name: Loose = None
    last_name: Loose = None
    email: Loose = None
    phone: Loose = None
    mobile: Loose = None
    address1: Loose = None
    address2: Loose = None
    town: Loose = None
    county: Loose = None
    postcode: Loose = None
    country: Loose = None
    tax_number: Loose = None
    company_number: Loose = None
    archived: Loose = None
    # Only items have these.
    part_number: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    mpn: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Phone(msgspec.Struct, rename="pascal"):
    phone_type: Loose = None
    phone_country_code: Loose = None
    phone_area_code: Loose = None
    phone_number: Loose = None


class Address(msgspec.Struct, rename="pascal"):
    address_type: Loose = None
    address_line1: Loose = None
    address_line2: Loose = None
    address_line3: Loose = None
    address_line4: Loose = None
    city: Loose = None
    region: Loose = None
    postal_code: Loose = None
    country: Loose = None


class Person(msgspec.Struct, rename="pascal"):
    first_name: Loose = None
    last_name: Loose = None
    email_address: Loose = None


class XeroContact(msgspec.Struct, rename="pascal"):
    contact_id: RecordId | None = msgspec.field(default=None, name="ContactID")
    contact_status: Loose = None
    merged_to: Loose = msgspec.field(default=None, name="MergedToContactID")
    name: Loose = None
    first_name: Loose = None
    last_name: Loose = None
    email_address: Loose = None
    account_number: Loose = None
    tax_number: Loose = None
    company_number: Loose = None
    phones: list[Phone | None] | None = None
    addresses: list[Address | None] | None = None
    contact_persons: list[Person | None] | None = None


def our_contacts(path: Path) -> Iterator[ContactCandidate]:
    ids = Ids(path, "id", "line")
    for number, row in rows_of_lines(path, OurContact):
        if row.part_number is not msgspec.UNSET or row.mpn is not msgspec.UNSET:
            raise FileRefused(f"{path}, line {number}: an item, not a contact.")
        yield _of_ours(row, ids.add(row.id, number))


def xero_contacts(path: Path) -> Iterator[ContactCandidate]:
    """Without those that were merged into others: they are nobody's twin."""
    ids = Ids(path, "ContactID", "contact")
    rows = rows_of_document(path, "Contacts", XeroContact)
    for number, row in enumerate(rows, start=1):
        xero_id = ids.add(row.contact_id, number)
        if not text(row.merged_to).strip("0-"):
            yield _of_xero(row, str(xero_id))


def _of_ours(row: OurContact, local_id: RecordId) -> ContactCandidate:
    draft = ContactDraft(
        name=text(row.name) or _person(row),
        first_name=often(row.first_name),
        last_name=often(row.last_name),
        email=text(row.email),
        account_number=text(row.account_no),
        tax_number=text(row.tax_number),
        phone=text(row.phone),
        mobile=text(row.mobile),
        address_line1=text(row.address1),
        address_line2=text(row.address2),
        address_city=often(row.town),
        address_region=often(row.county),
        address_postcode=text(row.postcode),
        address_country=often(row.country),
    )
    return ContactCandidate(
        draft,
        local_id=local_id,
        is_archived=flag(row.archived),
        title=often(row.title),
        is_company=None if row.is_company is None else flag(row.is_company),
        company_number=text(row.company_number),
    )


def _of_xero(row: XeroContact, xero_id: str) -> ContactCandidate:
    numbers = [
        (text(one.phone_type), _whole_number(one)) for one in row.phones or () if one
    ]
    phones = {kind: number for kind, number in reversed(numbers) if number}
    places = [one for one in row.addresses or () if one and _says_something(one)]
    first = places[0] if places else Address()
    people = [one for one in row.contact_persons or () if one]
    # A company may name its people beside its own contact, or only there.
    person = row if text(row.last_name) or not people else people[0]
    draft = ContactDraft(
        name=text(row.name) or _person(row),
        first_name=often(person.first_name),
        last_name=often(person.last_name),
        email=text(row.email_address),
        account_number=text(row.account_number),
        tax_number=text(row.tax_number),
        address_line1=text(first.address_line1),
        address_line2=_lines(first),
        address_city=often(first.city),
        address_region=often(first.region),
        address_postcode=text(first.postal_code),
        address_country=often(first.country),
        phone=phones.get(PHONE, ""),
        mobile=phones.get(MOBILE, ""),
        direct_dial=phones.get(DIRECT_DIAL, ""),
    )
    return ContactCandidate(
        draft,
        xero_id=xero_id,
        is_archived=text(row.contact_status).upper() not in ("", "ACTIVE"),
        company_number=text(row.company_number),
        other_emails=_filled(text(one.email_address) for one in people),
        other_phones=_filled(n for kind, n in numbers if kind not in IN_DRAFT_OR_NONE),
        other_places=tuple(map(_place, places[1:])),
    )


def _person(row: OurContact | XeroContact) -> str:
    return f"{text(row.first_name)} {text(row.last_name)}".strip()


def _whole_number(phone: Phone) -> str:
    parts = (phone.phone_country_code, phone.phone_area_code, phone.phone_number)
    # Country and area are often filled in before there is a number.
    return " ".join(_filled(map(text, parts))) if text(phone.phone_number) else ""


def _lines(address: Address) -> str:
    """All but the first."""
    lines = (address.address_line2, address.address_line3, address.address_line4)
    return ", ".join(_filled(map(text, lines)))


def _says_something(address: Address) -> bool:
    return any(map(text, (address.address_line1, address.city, address.postal_code)))


def _place(address: Address) -> Place:
    return Place(
        line1=text(address.address_line1),
        line2=_lines(address),
        town=text(address.city),
        postcode=text(address.postal_code),
    )


def _filled(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, values))
