"""Contacts as Xero writes them, and as we write them to Xero."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.xero_sync.mappers.payloads import CONTACT_ID, OTHER_ID, contact
from xero_sync.mappers.contacts import (
    archive_contact_to_wire,
    contact_from_wire,
    contact_to_wire,
)
from xero_sync.mappers.errors import Unreadable
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact

DRAFT = ContactDraft(
    name="Rushworth Heating Ltd",
    first_name="Frank",
    last_name="Rushworth",
    email="frank@rushworth.example",
    account_number="C1001",
    tax_number="GB123456789",
    website="https://rushworth.example",
    phone="44 01632 960627",
    mobile="07700 900123",
    address_attention="Accounts",
    address_line1="107 Park Row",
    address_city="Leeds",
    address_postcode="LS1 1PR",
    address_country="United Kingdom",
    payment_terms="DAYSAFTERBILLDATE",
    payment_days=30,
)


def test_reads_a_contact_with_the_chosen_address() -> None:
    payload = contact()

    assert contact_from_wire(payload, address_slot="POBOX") == RemoteContact(
        xero_id=CONTACT_ID,
        updated_at=datetime(2026, 9, 14, 9, 29, 53, 493000, UTC),
        draft=DRAFT,
        contact_number="our-own-id",
        is_customer=True,
    )
    assert payload == contact(), "the payload was edited"


def test_reads_the_other_address_when_that_one_is_chosen() -> None:
    draft = contact_from_wire(contact(), address_slot="STREET").draft

    assert (draft.address_line1, draft.address_city) == ("Unit 4", "Hull")
    assert draft.address_postcode == ""


def test_a_contact_may_lack_all_but_its_id_and_its_moment() -> None:
    bare = {"ContactID": CONTACT_ID, "UpdatedDateUTC": "/Date(0)/"}

    read = contact_from_wire(bare, address_slot="POBOX")

    assert read.draft == ContactDraft()
    assert not read.is_archived


@pytest.mark.parametrize(
    ("status", "archived"),
    [("ACTIVE", False), ("ARCHIVED", True), ("GDPRREQUEST", True), ("NEW", True)],
)
def test_only_active_contacts_are_open(status: str, archived: bool) -> None:
    read = contact_from_wire(contact(ContactStatus=status), address_slot="POBOX")

    assert read.is_archived is archived


def test_follows_a_merge_and_ignores_the_zero_id() -> None:
    zero = "00000000-0000-0000-0000-000000000000"

    merged = contact_from_wire(
        contact(MergedToContactID=OTHER_ID), address_slot="POBOX"
    )
    alone = contact_from_wire(contact(MergedToContactID=zero), address_slot="POBOX")

    assert merged.merged_into == OTHER_ID
    assert alone.merged_into == ""


def test_a_name_longer_than_xero_promises_is_read_in_full() -> None:
    read = contact_from_wire(contact(Name="N" * 263), address_slot="POBOX")

    assert read.draft.name == "N" * 263


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ContactID": None}, "ContactID"),
        ({"ContactID": "7"}, "ContactID"),
        ({"UpdatedDateUTC": None}, "UpdatedDateUTC"),
        ({"UpdatedDateUTC": "soon"}, "UpdatedDateUTC"),
        ({"Name": 7}, "Name"),
        ({"Phones": "none"}, "Phones"),
        ({"Phones": [None]}, "Phones"),
        ({"Addresses": {"AddressType": "POBOX"}}, "Addresses"),
        ({"PaymentTerms": []}, "PaymentTerms"),
        ({"PaymentTerms": {"Sales": {"Day": "30"}}}, "Day"),
        ({"IsCustomer": "yes"}, "IsCustomer"),
    ],
)
def test_names_the_field_it_cannot_read(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        contact_from_wire(contact(**changes), address_slot="POBOX")

    assert refusal.value.field == field


def test_a_create_says_all_that_is_not_blank() -> None:
    draft = ContactDraft(name="Ada", phone="1", address_city="Leeds")

    body = contact_to_wire(
        draft, address_slot="STREET", fields=None, contact_number="our-id"
    )

    assert body == {
        "ContactNumber": "our-id",
        "Name": "Ada",
        "Phones": [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": "1",
                "PhoneAreaCode": "",
                "PhoneCountryCode": "",
            }
        ],
        "Addresses": [
            {
                "AddressType": "STREET",
                "AttentionTo": "",
                "AddressLine1": "",
                "AddressLine2": "",
                "AddressLine3": "",
                "AddressLine4": "",
                "City": "Leeds",
                "Region": "",
                "PostalCode": "",
                "Country": "",
            }
        ],
    }


def test_an_update_says_only_what_it_changes_blanks_included() -> None:
    draft = replace(DRAFT, email="", website="elsewhere")

    body = contact_to_wire(
        draft,
        address_slot="POBOX",
        fields=["email", "website", "mobile"],
        xero_id=CONTACT_ID,
    )

    assert body == {
        "ContactID": CONTACT_ID,
        "EmailAddress": "",
        "Phones": [
            {
                "PhoneType": "MOBILE",
                "PhoneNumber": "07700 900123",
                "PhoneAreaCode": "",
                "PhoneCountryCode": "",
            }
        ],
    }


def test_one_changed_part_sends_the_whole_address_and_both_terms() -> None:
    body = contact_to_wire(
        DRAFT,
        address_slot="POBOX",
        fields={"address_city", "payment_days"},
        xero_id=CONTACT_ID,
    )

    assert body == {
        "ContactID": CONTACT_ID,
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AttentionTo": "Accounts",
                "AddressLine1": "107 Park Row",
                "AddressLine2": "",
                "AddressLine3": "",
                "AddressLine4": "",
                "City": "Leeds",
                "Region": "",
                "PostalCode": "LS1 1PR",
                "Country": "United Kingdom",
            }
        ],
        "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
    }


def test_archiving_says_nothing_else() -> None:
    assert archive_contact_to_wire(CONTACT_ID) == {
        "ContactID": CONTACT_ID,
        "ContactStatus": "ARCHIVED",
    }
