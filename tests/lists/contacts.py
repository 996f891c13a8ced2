"""Two lists of contacts: ours as rows of an export, Xero's as its JSON, and the truth."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from tests.lists.parties import Address, Party, World
from tests.lists.spelling import (
    company_variant,
    person_variant,
    phone_variant,
    postcode_variant,
    street_variant,
    tax_variant,
    with_typo,
)

# Of all parties: on both sides, only here, only there.
BOTH, ONLY_HERE = 0.6, 0.2
# What goes wrong on its way into a list, for each record and side on its own.
RATES = {
    "name spelled another way": 0.35,
    "typo in the name": 0.06,
    "known by the contact's name": 0.02,
    "known by its trading name": 0.3,
    "typo in the email": 0.01,
    "typo in the phone": 0.01,
    "phone and mobile swapped": 0.05,
    "a second address": 0.1,
    "email missing": 0.12,
    "another email": 0.07,
    "phone missing": 0.15,
    "another phone": 0.06,
    "moved": 0.05,
    "address missing": 0.12,
    "postcode missing": 0.08,
    "tax number missing": 0.25,
    "account number missing": 0.15,
    "account number wrong": 0.005,
    "placeholder email": 0.02,
    "placeholder phone": 0.02,
    "archived": 0.04,
    "written down twice": 0.03,
}
PLACEHOLDER_EMAILS = ("none@none.com", "noemail@mail.example", "na@na.na")
PLACEHOLDER_PHONES = ("0000000000", "01234567890", "07000000000")


@dataclass(frozen=True)
class Lists:
    """``truth``: which parties a record is; a party may be several records."""

    ours: list[dict[str, Any]]
    theirs: list[dict[str, Any]]
    party_here: dict[str, int]
    party_there: dict[str, int]
    faults: Counter[str]


def make_lists(seed: int, records: int, *, shared_numbering: bool) -> Lists:
    """``records``: about as many on either side."""
    world = World(seed)
    chance = world.chance
    parties = world.parties(round(records / (BOTH + ONLY_HERE)))
    numbers = _Numbers(chance, parties, shared=shared_numbering)
    writer = _Writer(world)
    here: list[tuple[Party, bool]] = []
    there: list[tuple[Party, bool]] = []
    for party in parties:
        where = chance.random()
        if where < BOTH + ONLY_HERE:
            here.extend(writer.records(party))
        if where < BOTH or where >= BOTH + ONLY_HERE:
            there.extend(writer.records(party))
    chance.shuffle(here)
    chance.shuffle(there)
    ours = [
        _our_row(f"L{at}", writer, party, archived, numbers.here(party))
        for at, (party, archived) in enumerate(here)
    ]
    theirs = [
        _xero_contact(f"R{at}", writer, party, archived, numbers.there(party))
        for at, (party, archived) in enumerate(there)
    ]
    return Lists(
        ours,
        theirs,
        {row["id"]: party.key for row, (party, _) in zip(ours, here, strict=True)},
        {
            row["ContactID"]: party.key
            for row, (party, _) in zip(theirs, there, strict=True)
        },
        writer.faults,
    )


class _Numbers:
    """Account numbers: one scheme for both sides, or one for each, which look alike."""

    def __init__(
        self, chance: random.Random, parties: list[Party], *, shared: bool
    ) -> None:
        keys = [party.key for party in parties]
        self._chance = chance
        self._here = self._scheme(keys)
        self._there = self._here if shared else self._scheme(keys)

    def here(self, party: Party) -> str:
        return self._written(self._here, party)

    def there(self, party: Party) -> str:
        return self._written(self._there, party)

    def _scheme(self, keys: list[int]) -> dict[int, str]:
        order = keys[:]
        self._chance.shuffle(order)
        return {key: f"C{1000 + at}" for at, key in enumerate(order)}

    def _written(self, scheme: dict[int, str], party: Party) -> str:
        luck = self._chance.random()
        if luck < RATES["account number missing"]:
            return ""
        if luck < RATES["account number missing"] + RATES["account number wrong"]:
            return self._chance.choice(list(scheme.values()))
        return scheme[party.key]


def _spelled_another_way(party: Party, chance: random.Random) -> str:
    if party.is_company:
        return company_variant(party.name, chance)
    return person_variant(
        party.title, party.first_name, party.last_name, party.name, chance
    )


class _Writer:
    """Writes a party down as somebody would, and counts what went wrong."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.chance = world.chance
        self.faults: Counter[str] = Counter()

    def elsewhere(self) -> Address:
        return self._world.address()

    def happens(self, fault: str) -> bool:
        hit = self.chance.random() < RATES[fault]
        self.faults[fault] += hit
        return hit

    def records(self, party: Party) -> list[tuple[Party, bool]]:
        """One record, or two; each with whether it is archived."""
        found = [(self._as_written(party), self.happens("archived"))]
        if self.happens("written down twice"):
            found.append((self._as_written(party), False))
        return found

    def _as_written(self, party: Party) -> Party:
        phone, mobile = self._phone(party), party.mobile
        if self.happens("phone and mobile swapped"):
            phone, mobile = mobile, phone
        return replace(
            party,
            name=self._name(party),
            email=self._email(party),
            phone=phone,
            mobile=mobile,
            address=self._address(party),
            tax_number="" if self.happens("tax number missing") else party.tax_number,
        )

    def _name(self, party: Party) -> str:
        # Nobody could tell a sole trader's business from its owner.
        is_known = bool(party.is_company and party.last_name)
        is_known = is_known and party.kind != "sole_trader"
        if is_known and self.happens("known by the contact's name"):
            return f"{party.first_name} {party.last_name}"
        if party.trading_name and self.happens("known by its trading name"):
            both = f"{party.name} t/a {party.trading_name}"
            return self.chance.choice((both, party.trading_name))
        name = party.name
        if self.happens("name spelled another way"):
            name = _spelled_another_way(party, self.chance)
        return (
            with_typo(name, self.chance) if self.happens("typo in the name") else name
        )

    def _email(self, party: Party) -> str:
        if self.happens("email missing"):
            return ""
        if self.happens("placeholder email"):
            return self.chance.choice(PLACEHOLDER_EMAILS)
        if party.email and self.happens("another email"):
            return f"new{self.chance.randrange(10**6)}@other.example"
        if party.email and self.happens("typo in the email"):
            return with_typo(party.email, self.chance)
        return party.email

    def _phone(self, party: Party) -> str:
        if self.happens("phone missing"):
            return ""
        if self.happens("placeholder phone"):
            return self.chance.choice(PLACEHOLDER_PHONES)
        if party.phone and self.happens("another phone"):
            return self._world.phone()
        if party.phone and self.happens("typo in the phone"):
            at = self.chance.randrange(4, len(party.phone))
            digit = self.chance.choice("0123456789")
            return party.phone[:at] + digit + party.phone[at + 1 :]
        return party.phone

    def _address(self, party: Party) -> Address:
        address = self._world.address() if self.happens("moved") else party.address
        if self.happens("address missing"):
            return replace(address, line1="", town="", county="", postcode="")
        if self.happens("postcode missing"):
            return replace(address, postcode="")
        return address


def _our_row(
    record_id: str, writer: _Writer, party: Party, archived: bool, number: str
) -> dict[str, Any]:
    chance, address = writer.chance, party.address
    return {
        "id": record_id,
        "account_no": number,
        "is_company": party.is_company,
        "name": party.name,
        "title": party.title,
        "first_name": party.first_name,
        "last_name": party.last_name,
        "email": party.email,
        "phone": phone_variant(party.phone, party.dialling, chance),
        "mobile": phone_variant(party.mobile, party.dialling, chance),
        "address1": street_variant(address.line1, chance),
        "address2": "",
        "town": address.town,
        "county": address.county,
        "postcode": postcode_variant(address.postcode, chance),
        "country": address.country,
        "tax_number": tax_variant(party.tax_number, chance),
        "company_number": party.company_number,
        "archived": archived,
    }


def _xero_contact(
    record_id: str, writer: _Writer, party: Party, archived: bool, number: str
) -> dict[str, Any]:
    chance, address = writer.chance, party.address
    addresses = [_xero_address("POBOX", address, chance)]
    if writer.happens("a second address"):
        addresses.insert(0, _xero_address("STREET", writer.elsewhere(), chance))
    knows_person = chance.random() < 0.6
    phones = [
        _xero_phone("DEFAULT", party.phone, party.dialling, chance),
        _xero_phone("MOBILE", party.mobile, party.dialling, chance),
    ]
    return {
        "ContactID": record_id,
        "ContactStatus": "ARCHIVED" if archived else "ACTIVE",
        "Name": party.name,
        "FirstName": party.first_name if knows_person else "",
        "LastName": party.last_name if knows_person else "",
        "EmailAddress": party.email,
        "AccountNumber": number,
        "TaxNumber": tax_variant(party.tax_number, chance),
        "CompanyNumber": party.company_number if chance.random() < 0.3 else "",
        "Addresses": addresses,
        "Phones": [phone for phone in phones if phone["PhoneNumber"]],
        "IsCustomer": True,
        "IsSupplier": False,
    }


def _xero_address(kind: str, address: Address, chance: random.Random) -> dict[str, str]:
    return {
        "AddressType": kind,
        "AddressLine1": street_variant(address.line1, chance),
        "City": address.town,
        "Region": address.county,
        "PostalCode": postcode_variant(address.postcode, chance),
        "Country": address.country,
    }


def _xero_phone(
    kind: str, digits: str, dialling: str, chance: random.Random
) -> dict[str, str]:
    """Often in three parts, as Xero's screen asks for it."""
    if not digits or chance.random() < 0.4:
        number = phone_variant(digits, dialling, chance)
        return {"PhoneType": kind, "PhoneNumber": number}
    return {
        "PhoneType": kind,
        "PhoneCountryCode": dialling,
        "PhoneAreaCode": digits[:3],
        "PhoneNumber": digits[3:],
    }
