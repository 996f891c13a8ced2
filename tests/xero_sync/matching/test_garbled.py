"""Lists of people without households, in which any field may have been mistyped: FEBRL's
kind. What holds two of a family apart must not hold one person apart."""

import random
from dataclasses import replace

import pytest

from xero_sync.matching.candidates import Place
from xero_sync.matching.contacts import ContactCandidate, Match, match_contacts
from xero_sync.matching.places import addresses
from xero_sync.outcomes.drafts import ContactDraft

PEOPLE = 1100
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su", "ta", "ve")


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=4))


def people(*, with_families: bool = False) -> list[ContactDraft]:
    chance = random.Random(3)  # noqa: S311
    found = [
        ContactDraft(
            name=f"{word(chance)} {word(chance)}",
            tax_number=f"{chance.randrange(10**8, 10**9)}",
            address_line1=f"{chance.randrange(1, 99)} {word(chance)} street",
            address_line2=word(chance),
            address_city=word(chance),
            address_postcode=f"{chance.randrange(1000, 9999)}",
        )
        for _ in range(PEOPLE)
    ]
    if with_families:
        for at in range(1, 60):
            first = found[at].name.split()[0]
            found[-at] = replace(
                found[at], name=f"{word(chance)} {found[at].name.split()[1]}",
                tax_number=f"9{at:08}",
            )  # fmt: skip
            assert first not in found[-at].name
    return found


def matches(here: list[ContactDraft], there: list[ContactDraft]) -> dict[int, Match]:
    found = match_contacts(
        [ContactCandidate(one, at) for at, one in enumerate(here)],
        [ContactCandidate(one, xero_id=str(at)) for at, one in enumerate(there)],
    )
    assert all(str(one.local_id) == one.xero_id for one in found if one.certain)
    return {int(one.local_id): one for one in found if str(one.local_id) == one.xero_id}


def test_another_first_name_with_number_and_address_is_the_same_person() -> None:
    here = people()
    there = [replace(here[0], name=f"zora {here[0].name.split()[1]}"), *here[1:]]

    assert matches(here, there)[0].certain


def test_where_families_are_it_is_another_of_the_house() -> None:
    here = people(with_families=True)
    there = [replace(here[0], name=f"zora {here[0].name.split()[1]}"), *here[1:]]

    assert not matches(here, there)[0].certain


@pytest.mark.parametrize(
    "changes", [{"address_postcode": "1"}, {"address_city": "elsewhere"}]
)
def test_one_field_that_is_quite_another(changes: dict[str, str]) -> None:
    here = people()
    there = [replace(here[0], **changes), *here[1:]]  # type: ignore[arg-type]

    assert matches(here, there)[0].certain


def test_one_without_anything_but_a_name_is_asked_about() -> None:
    """All the others have their partner: who else should it be?"""
    here = people()
    there = [ContactDraft(name=f"zora {here[0].name.split()[1]}"), *here[1:]]

    assert not matches(here, there)[0].certain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Place("12 Elm St", "", "Leeds", "LS1 1AA"), Place("12 Elm St, Leeds LS1 1AA")),
        (Place("Flat 2, 12 Elm Street", "", "", "LS1"), Place("12 Elm St", "", "", "LS1")),
    ],
)  # fmt: skip
def test_a_postcode_in_a_line_and_a_door_in_front(one: Place, other: Place) -> None:
    (here,), (there,) = addresses([one]), addresses([other])

    assert here.postcode == there.postcode
    assert set(here.words) == set(there.words)
    assert set(here.numbers) & set(there.numbers)
