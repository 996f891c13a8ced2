"""Of lists that are nearly the same people: who is left on either side, and how alike two
must be whom nobody could tell for certain otherwise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.xero_sync.matching.test_garbled import matches, people
from xero_sync.matching.comparing import compare
from xero_sync.matching.contacts import ContactCandidate
from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.reasons import NOBODY_ELSE
from xero_sync.matching.records import record_of
from xero_sync.matching.strangers import Strangers
from xero_sync.matching.weights import Weights
from xero_sync.outcomes.drafts import ContactDraft

Garble = Callable[[ContactDraft], ContactDraft]


def another_number(one: ContactDraft) -> ContactDraft:
    return replace(one, tax_number="999999999")


def another_name_and_number(one: ContactDraft) -> ContactDraft:
    return replace(one, name=f"zora {one.name.split()[1]}", tax_number="999999999")


def mistyped_all_over(one: ContactDraft) -> ContactDraft:
    """Shares no key with what it was."""
    last = one.name.split()[1]
    return replace(
        one,
        name=f"zora {last[:-1]}q{last[-1]}",
        tax_number="999999999",
        address_line1=one.address_line1.replace("street", "").rstrip() + "q street",
        address_city=f"q{one.address_city}",
        address_postcode="x",
    )


GARBLED = pytest.mark.parametrize("garble", [another_number, another_name_and_number])


@GARBLED
def test_no_two_others_are_so_much_alike(garble: Garble) -> None:
    here = people()

    found = matches(here, [garble(here[0]), *here[1:]])[0]

    assert found.certain
    assert found.reasons[-1] == NOBODY_ELSE


@GARBLED
def test_where_families_are_they_may_be_two(garble: Garble) -> None:
    here = people(with_families=True)

    assert not matches(here, [garble(here[0]), *here[1:]])[0].certain


def test_where_flatmates_are_they_may_be_two() -> None:
    """Two customers of one address, each of whom has his twin."""
    here = people()
    for at in range(1, 40):
        here[-at] = replace(here[-at], **address_of(here[at]))
    there = [
        replace(here[0], name="zora quirke", tax_number="999999999"),
        *here[1:],
    ]

    found = matches(here, there)

    assert not found[0].certain
    assert all(found[at].certain for at in range(1, len(here)))


def address_of(one: ContactDraft) -> dict[str, Any]:
    return {
        field: getattr(one, field)
        for field in (
            "address_line1",
            "address_line2",
            "address_city",
            "address_postcode",
        )
    }


def test_where_many_have_no_twin_it_may_be_chance() -> None:
    here = people()
    strangers = [
        ContactDraft(
            name=one.name[::-1],
            address_line1=one.address_line1[::-1],
            address_city=one.address_city[::-1],
        )
        for one in people()
    ]
    there = [another_number(here[0]), *here[1:]]

    mine, others = [*here, *strangers[:550]], [*there, *strangers[550:]]

    assert not matches(mine, others)[0].certain


def test_the_last_one_is_found_where_no_key_leads_to_it() -> None:
    here = people()

    found = matches(here, [mistyped_all_over(here[0]), *here[1:]])[0]

    assert found.certain
    assert found.reasons[-1] == NOBODY_ELSE


def test_of_the_last_two_who_are_alike_neither_is_linked() -> None:
    here = people()
    here[1] = replace(here[0], name=f"pia {here[0].name.split()[1]}", tax_number="7")
    there = [mistyped_all_over(here[0]), mistyped_all_over(here[0]), *here[2:]]

    found = matches(here, there)

    assert 0 not in found or not found[0].certain
    assert 1 not in found or not found[1].certain


def test_a_name_that_a_space_took_apart() -> None:
    here = people()
    first, last = here[0].name.split()
    there = [replace(here[0], name=f"{first} {last[:-1]} {last[-1]}"), *here[1:]]

    assert matches(here, there)[0].certain


def test_counts_those_who_are_as_alike_in_each_thing() -> None:
    ann = ContactDraft(name="Ann Lee", phone="01632 960001", email="a@b.example")
    records = [
        record_of(ContactCandidate(one))
        for one in (ann, replace(ann, phone="01632 960999"), replace(ann, email=""))
    ]
    weights = Weights(Frequencies(records))
    same, other_phone, no_email = (
        compare(records[0], other, weights) for other in records
    )

    found = Strangers([other_phone, other_phone, same], known=1000)

    assert found.as_alike(other_phone) == 3
    assert found.as_alike(same) == 1
    assert found.as_alike(no_email) == 1
    assert found.expected(no_email, ours=50, share=0.1) == pytest.approx(0.01)
    # Too many for "hardly anybody".
    assert found.expected(other_phone, ours=50, share=0.1) == 50


@pytest.mark.parametrize(
    ("name", "phone", "certain"),
    [
        ("N Rushbrook", "01632 960701", True),
        ("N Rushbrook", "", False),
        ("Mrs Rushbrook", "01632 960701", False),
    ],
)
def test_where_families_are_an_initial_wants_two_things_that_nobody_else_has(
    name: str, phone: str, certain: bool
) -> None:
    here = people(with_families=True)
    nancy = replace(here[0], name="Nancy Rushbrook", tax_number="", phone=phone)

    found = matches([nancy, *here[1:]], [replace(nancy, name=name), *here[1:]])

    assert found[0].certain is certain
