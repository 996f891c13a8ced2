"""What differs without saying that two are not one, and what does say so."""

from typing import Any

import pytest

from xero_sync.matching.contacts import ContactCandidate, Match, match_contacts
from xero_sync.outcomes.drafts import ContactDraft

ADA = {"first_name": "Ada", "last_name": "Quick"}


def match(one: dict[str, str], other: dict[str, str]) -> Match | None:
    found = match_contacts(
        [ContactCandidate(draft(one), local_id=1)],
        [ContactCandidate(draft(other), xero_id="x")],
    )
    return found[0] if found else None


def draft(values: dict[str, Any]) -> ContactDraft:
    return ContactDraft(**({"name": "Brennan Glass"} | values))


def said(one: dict[str, str], other: dict[str, str]) -> tuple[str, ...]:
    found = match(one, other)
    assert found is not None
    return found.reasons


def is_certain(one: dict[str, str], other: dict[str, str]) -> bool:
    found = match(one, other)
    return found is not None and found.certain


# --- phones ---


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [
        ({"phone": "01632 960001"}, {"mobile": "07700 900002"}, False),
        ({"phone": "01632 960001"}, {"phone": "01632 960333"}, True),
        ({"mobile": "07700 900001"}, {"mobile": "07700 900222"}, True),
        ({"phone": "01632 960001"}, {"direct_dial": "01632 960333"}, True),
        (
            {"phone": "01632 960001", "mobile": "07700 900001"},
            {"mobile": "07700 900222"},
            True,
        ),
    ],
)
def test_a_mobile_does_not_contradict_the_number_of_an_office(
    mine: dict[str, str], theirs: dict[str, str], *, differ: bool
) -> None:
    email = {"email": "info@mail.example"}

    assert ("different phone numbers" in said(mine | email, theirs | email)) is differ


def test_one_number_is_the_same_in_whichever_box() -> None:
    reasons = said({"phone": "07700 900001"}, {"mobile": "+44 7700 900001"})

    assert "same phone number" in reasons


# --- email ---


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ("accounts@brennanglass.example", "same house in the email address"),
        ("accounts@brennanwood.example", "different email addresses"),
        ("accounts@mail.example", "different email addresses"),
    ],
)
def test_another_box_at_their_own_house(theirs: str, reason: str) -> None:
    phone = {"phone": "01632 960001"}
    mine = {"email": "ada@brennanglass.example"}

    assert reason in said(mine | phone, phone | {"email": theirs})


def test_a_box_at_a_house_of_everybody_s_is_another_email() -> None:
    one = {"email": "ada@mail.example", "phone": "01632 960001"}

    assert "different email addresses" in said(one, one | {"email": "bo@mail.example"})


def test_a_placeholder_contradicts_nothing() -> None:
    nobody = {"email": "none@none.example"}
    many = [
        ContactCandidate(
            draft(nobody | {"name": f"Firm {number} Ltd"}), local_id=number
        )
        for number in range(2, 20)
    ]
    phone = {"phone": "01632 960001"}
    ours = [ContactCandidate(draft(nobody | phone), local_id=1), *many]
    theirs = ContactCandidate(draft({"email": "ada@mail.example"} | phone), xero_id="x")

    found = match_contacts(ours, [theirs])

    assert [(one.local_id, one.certain) for one in found] == [(1, True)]
    assert "different email addresses" not in found[0].reasons


# --- contact persons ---


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("Ada", "same contact person"),
        ("A", "much the same contact person"),
        ("Adda", "much the same contact person"),
        ("Bo", "different contact persons"),
    ],
)
def test_a_contact_person_written_otherwise(first: str, reason: str) -> None:
    phone = {"phone": "01632 960001"}

    assert reason in said(ADA | phone, ADA | phone | {"first_name": first})


@pytest.mark.parametrize(("first", "certain"), [("Ada", True), ("Bo", False)])
def test_branches_have_contact_persons_of_their_own(first: str, certain: bool) -> None:
    """Where all that two of one name share is what branches share."""
    office = {"email": "info@mail.example", "tax_number": "GB123456789"}

    assert is_certain(ADA | office, ADA | office | {"first_name": first}) is certain


@pytest.mark.parametrize(
    "name",
    [
        "Brennan Glass (Ada Quick)",
        "Brennan Glass Ltd - Ada Quick",
        "Brennan Glass FAO Ada",
    ],
)
def test_a_company_with_its_contact_in_its_name(name: str) -> None:
    phone = {"phone": "01632 960001"}

    assert is_certain(phone, ADA | phone | {"name": name})
    # It is no other company's, nor the contact of another one.
    assert not is_certain(ADA | phone, phone | {"name": name.replace("Glass", "Wood")})


def test_a_first_name_more_is_no_contact_of_a_person() -> None:
    home = {"phone": "01632 960001", "address_line1": "1 Elm Close"}
    family = home | {"address_postcode": "LS1 1AA"}
    full = {"name": "Ada Quick", **ADA}

    assert not is_certain(full | family, {"name": "Mr O. Quick"} | family)


# --- couples and marks ---


@pytest.mark.parametrize(
    "name", ["Ada & Bob Quick", "Ada Quick - 204", "Ada Quick (958)"]
)
def test_more_than_a_person_s_name_needs_the_person_and_two_things(name: str) -> None:
    one = {"phone": "01632 960001", "name": "Ada Quick", **ADA}
    two = one | {"email": "quick@mail.example"}

    assert is_certain(two, two | {"name": name})
    assert not is_certain(one, one | {"name": name})
    assert not is_certain(
        two, two | {"name": name} | {"first_name": "", "last_name": ""}
    )


# --- towns and groups ---


@pytest.mark.parametrize(
    ("street", "certain"), [("12 Elm Street", True), ("7 Dock Road", False)]
)
def test_a_branch_has_a_door_of_its_own(street: str, certain: bool) -> None:
    head = {
        "phone": "01632 960001",
        "email": "info@mail.example",
        "address_line1": "12 Elm Street",
        "address_city": "Leeds",
        "address_postcode": "LS1 1AA",
    }
    other = head | {"name": "Brennan Glass Leeds", "address_line1": street}

    assert is_certain(head, other) is certain


@pytest.mark.parametrize(("first", "certain"), [("Ada", True), ("Bo", False)])
def test_services_may_be_a_sister_of_the_company(first: str, certain: bool) -> None:
    phone = {"phone": "01632 960001"}
    other = {
        "name": "Brennan Glass Services",
        "first_name": first,
        "last_name": "Quick",
    }

    assert is_certain(ADA | phone, phone | other) is certain


def test_a_trading_name_adds_no_place() -> None:
    office = {"tax_number": "GB123456789", "email": "info@mail.example"}

    assert is_certain(office, office | {"name": "Ada Quick t/a Brennan Glass"})
