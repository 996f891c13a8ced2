"""The traps of real lists: households, branches, chains, copies, second names."""

from dataclasses import replace
from typing import Any

import pytest

from xero_sync.matching.contacts import ContactCandidate, Match, Place, match_contacts
from xero_sync.outcomes.drafts import ContactDraft

HOME = {
    "phone": "01632 960001",
    "email": "thesmiths@mail.example",
    "address_line1": "1 Elm Close",
    "address_postcode": "LS1 1AA",
}


def candidate(name: str, **values: Any) -> ContactCandidate:
    flags = {
        key: values.pop(key)
        for key in ("is_company", "company_number", "other_places", "is_archived")
        if key in values
    }
    return ContactCandidate(
        ContactDraft(name=name, **values), local_id="ours", xero_id="theirs", **flags
    )


def match(one: ContactCandidate, other: ContactCandidate) -> Match | None:
    found = match_contacts([one], [other])
    return found[0] if found else None


def is_certain(one: ContactCandidate, other: ContactCandidate) -> bool:
    found = match(one, other)
    return found is not None and found.certain


# --- people ---


def test_two_of_a_household_are_not_even_asked_about() -> None:
    assert (
        match(candidate("Anna Smith", **HOME), candidate("John Smith", **HOME)) is None
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("William Smith", "Bill Smith"),
        ("Smith, William", "Mr William Smith"),
        ("William Smith", "William J Smith"),
        ("Sean O'Brien", "O Brien Sean"),
    ],
)
def test_ways_to_write_one_person(one: str, other: str) -> None:
    assert is_certain(candidate(one, **HOME), candidate(other, **HOME))


def test_two_who_are_both_called_short_for_one_name_are_two() -> None:
    assert is_certain(
        candidate("William Smith", **HOME), candidate("Liam Smith", **HOME)
    )
    assert (
        match(candidate("Billy Smith", **HOME), candidate("Liam Smith", **HOME)) is None
    )


def test_an_initial_with_a_full_stop_is_no_part_of_the_name() -> None:
    assert is_certain(
        candidate("O. Neill", **HOME), candidate("Neill, O.", **HOME)
    ) is (is_certain(candidate("P. Neill", **HOME), candidate("Neill, P.", **HOME)))
    assert (
        match(candidate("Anna Neill", **HOME), candidate("Mr O. Neill", **HOME)) is None
    )


def test_an_initial_may_be_another_of_the_house() -> None:
    found = match(candidate("William Smith", **HOME), candidate("W Smith", **HOME))

    assert found is not None
    assert not found.certain
    assert "the name says too little" in found.reasons


def test_an_initial_with_the_first_name_beside_it_is_none() -> None:
    spelled = candidate("W Smith", first_name="William", last_name="Smith", **HOME)

    assert is_certain(candidate("William Smith", **HOME), spelled)


def test_an_initial_with_the_first_name_in_the_e_mail_is_none() -> None:
    home = HOME | {"email": "william.smith@mail.example"}
    full = candidate("William Smith", first_name="William", last_name="Smith", **home)

    assert is_certain(full, candidate("W Smith", **home))


def test_the_first_name_in_the_email_may_stand_in_the_name_alone() -> None:
    home = HOME | {"email": "william76@mail.example"}

    assert is_certain(candidate("W Smith", **home), candidate("William Smith", **home))


def test_father_and_son() -> None:
    found = match(candidate("John Smith", **HOME), candidate("John Smith Jnr", **HOME))

    assert found is not None
    assert not found.certain
    assert "one of two generations" in found.reasons


# --- companies ---


OFFICE = {"email": "accounts@brennan.example", "tax_number": "GB123456789"}


def test_a_branch_named_after_its_town_is_not_the_head_office() -> None:
    head = candidate("Brennan Glass Ltd", address_city="Leeds", **OFFICE)
    branch = candidate("Brennan Glass Ltd Hull", address_city="Hull", **OFFICE)

    found = match(head, branch)

    assert found is not None
    assert not found.certain


def test_branches_of_one_name_need_a_place_in_common() -> None:
    one = candidate("Brennan Glass Ltd", phone="01632 960001", **OFFICE)
    other = candidate("Brennan Glass Ltd", phone="01482 960002", **OFFICE)

    found = match(one, other)

    assert found is not None
    assert not found.certain
    assert "may be two places of one name" in found.reasons


def test_shops_of_a_chain_have_nothing_in_common() -> None:
    one = candidate("Spar Leeds", phone="01632 960001")

    assert match(one, candidate("Spar Hull", phone="01482 960002")) is None


def test_a_company_under_its_contact_s_name_is_asked_about() -> None:
    firm = candidate(
        "Brennan Glass", first_name="Ada", last_name="Quick", phone="01632 960001",
        email="ada@brennan.example", is_company=True,
    )  # fmt: skip
    person = candidate("Ada Quick", phone="01632 960001", email="ada@brennan.example")

    found = match(firm, person)

    assert found is not None
    assert not found.certain
    assert found.likely


def test_either_half_of_a_trading_name() -> None:
    both = candidate("Ada Quick Ltd t/a Corner Glass", phone="01632 960001")

    found = match(both, candidate("Corner Glass", phone="01632 960001"))

    assert found is not None


@pytest.mark.parametrize("known", ["company_number", "tax_number"])
def test_two_numbers_are_two_companies(known: str) -> None:
    same = {"email": "a@brennan.example", "phone": "01632 960001"}
    one = candidate("Brennan Glass", **same, **{known: "12345678"})
    other = candidate("Brennan Glass", **same, **{known: "87654321"})

    assert not is_certain(one, other)


def test_the_second_address_counts() -> None:
    here = candidate(
        "Brennan Glass", address_line1="1 Quay", address_postcode="HU1 1AA"
    )
    there = candidate(
        "Brennan Glass",
        address_line1="PO Box 9",
        address_postcode="LS9 9ZZ",
        other_places=(Place(line1="1 Quay", postcode="HU1 1AA"),),
    )

    assert is_certain(here, there)


def test_a_placeholder_is_no_second_thing_in_common() -> None:
    phone = "00000 000000"
    names = [
        f"{word} Glass"
        for word in ["Abel", "Bond", "Cole", "Dunn", "Eden", "Ford", "Gale"]
    ]
    names += [
        f"{word} Lifts" for word in ["Hart", "Iver", "Judd", "Kemp", "Lane", "Mann"]
    ]
    ours = [
        ContactCandidate(ContactDraft(name=name, phone=phone), at)
        for at, name in enumerate(names)
    ]
    theirs = [
        ContactCandidate(ContactDraft(name=name, phone=phone), xero_id=str(at))
        for at, name in enumerate(names)
    ]

    found = match_contacts(ours, theirs)

    assert [one for one in found if one.certain] == []
    assert {(str(one.local_id), one.xero_id) for one in found} == {
        (str(at), str(at)) for at in range(len(names))
    }


@pytest.mark.parametrize(("town", "certain"), [("Whitby", True), ("York", False)])
def test_a_name_with_its_own_town_in_it_is_one_place(town: str, certain: bool) -> None:
    """Of branches that share an email."""
    email = "all@rushbrook.example"
    names = ("Rushbrook Haulage (Whitby)", "Rushbrook Haulage (Selby)")
    ours = [ContactDraft(name=name, email=email) for name in names]
    theirs = [replace(one, address_city=town) for one in ours]

    found = match_contacts(
        [ContactCandidate(one, at, is_company=True) for at, one in enumerate(ours)],
        [ContactCandidate(one, xero_id=str(at)) for at, one in enumerate(theirs)],
    )

    linked = [one.local_id for one in found if one.certain]
    assert linked == [0] * certain
