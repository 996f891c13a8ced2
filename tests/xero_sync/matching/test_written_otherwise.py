"""What other programs, and other hands, make of the same customer."""

import pytest

from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.outcomes.drafts import ContactDraft

OFFICE = {
    "email": "office@vincent.example",
    "phone": "01632 960001",
    "address_line1": "12 Elm Street",
    "address_postcode": "LS1 1AA",
}


def is_certain(one: ContactDraft, other: ContactDraft) -> bool:
    found = match_contacts(
        [ContactCandidate(one, local_id=1)], [ContactCandidate(other, xero_id="x")]
    )
    return any(match.certain for match in found)


def named(name: str, **more: str) -> ContactDraft:
    return ContactDraft(name=name, **(OFFICE | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vincent Property Services Ltd", "Vincent Prop Serv Ltd"),
        ("Barton Facilities Management", "Barton Facilities Mgt"),
        ("Parkinson Construction Ltd", "Parkinson Constr. Ltd"),
    ],
)
def test_shortened_words(one: str, other: str) -> None:
    assert is_certain(named(one), named(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Holdings Ltd", "Acme Maintenance Ltd"),
        ("Acme Services Ltd", "Acme Property Ltd"),
        ("Noble Farm", "Stephanie Noble"),
        ("Höxter Nursing Home", "Höxter Nursing Home - Bergzabern"),
    ],
)
def test_siblings_of_one_group_and_one_house(one: str, other: str) -> None:
    elsewhere = {"address_line1": "1 Dorfplatz, Bergzabern", "phone": ""}
    there = elsewhere if "Bergzabern" in other else {}

    assert not is_certain(named(one), named(other, **there))


def test_a_title_stands_for_the_first_name_beside_it() -> None:
    person = {"first_name": "Pauline", "last_name": "Edwards"}
    home = {"email": "pe@mail.example"}

    assert is_certain(
        named("Miss Edwards", **person, **home),
        named("Pauline Edwards", **person, **home),
    )


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [
        ("email", "a@acme.example; pay@acme.example", "PAY@acme.example"),
        ("phone", "01632 960001 ext 2", "+44 1632 960 001"),
        ("phone", "(01632) 960001 (office)", "01632960001"),
    ],
)
def test_more_in_a_box_than_one_value(field: str, mine: str, theirs: str) -> None:
    one = ContactDraft(name="Acme Lifts", **{field: mine})  # type: ignore[arg-type]
    other = ContactDraft(name="Acme Lifts", **{field: theirs})  # type: ignore[arg-type]

    assert is_certain(one, other)
