"""Rows of the made-up lists as the matcher takes them."""

from typing import Any

from tests.lists.contacts import Lists
from tests.lists.score import Score, score
from xero_sync.matching.contacts import ContactCandidate, Place, match_contacts
from xero_sync.matching.pairing import Match
from xero_sync.outcomes.drafts import ContactDraft

Row = dict[str, Any]


def our_candidate(row: Row) -> ContactCandidate:
    return ContactCandidate(
        ContactDraft(
            name=row["name"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            email=row["email"],
            account_number=row["account_no"],
            tax_number=row["tax_number"],
            phone=row["phone"],
            mobile=row["mobile"],
            address_line1=row["address1"],
            address_city=row["town"],
            address_postcode=row["postcode"],
        ),
        local_id=row["id"],
        is_archived=row["archived"],
        is_company=row["is_company"],
        company_number=row["company_number"],
        title=row["title"],
    )


def their_candidate(contact: Row) -> ContactCandidate:
    address, *others = contact["Addresses"]
    phones = {one["PhoneType"]: _number(one) for one in contact["Phones"]}
    return ContactCandidate(
        ContactDraft(
            name=contact["Name"],
            first_name=contact["FirstName"],
            last_name=contact["LastName"],
            email=contact["EmailAddress"],
            account_number=contact["AccountNumber"],
            tax_number=contact["TaxNumber"],
            phone=phones.get("DEFAULT", ""),
            mobile=phones.get("MOBILE", ""),
            address_line1=address["AddressLine1"],
            address_city=address["City"],
            address_postcode=address["PostalCode"],
        ),
        xero_id=contact["ContactID"],
        is_archived=contact["ContactStatus"] == "ARCHIVED",
        company_number=contact["CompanyNumber"],
        other_places=tuple(map(_place, others)),
    )


def _place(address: Row) -> Place:
    return Place(
        line1=address["AddressLine1"],
        town=address["City"],
        postcode=address["PostalCode"],
    )


def _number(phone: Row) -> str:
    parts = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
    return " ".join(filter(None, (phone.get(part, "") for part in parts)))


def matches(lists: Lists) -> list[Match]:
    ours = [our_candidate(row) for row in lists.ours]
    return match_contacts(ours, [their_candidate(row) for row in lists.theirs])


def scored(found: list[Match], lists: Lists) -> Score:
    decisions = (
        (str(one.local_id), one.xero_id, "auto" if one.certain else "review")
        for one in found
    )
    return score(decisions, lists.party_here, lists.party_there)
