"""Long lists full of common names: few pairs are compared, and no two strangers made one."""

import gc
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from xero_sync.matching import comparing, contacts
from xero_sync.matching.comparing import Comparison
from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.matching.memory import without_looking_for_cycles
from xero_sync.outcomes.drafts import ContactDraft

RECORDS, BOTH = 3000, 2000
# What it costs: most pairs are blocked out.
MOST_COMPARED = 60_000

FIRST = [
    "Ann",
    "Ben",
    "Cat",
    "Dan",
    "Eve",
    "Fay",
    "Gus",
    "Hal",
    "Ida",
    "Jim",
    "Kay",
    "Leo",
    "Mia",
    "Ned",
    "Oda",
    "Pat",
    "Roy",
    "Sue",
]
LAST = [
    "Baker",
    "Carter",
    "Draper",
    "Fisher",
    "Glover",
    "Hooper",
    "Mason",
    "Potter",
    "Sawyer",
    "Turner",
]
TRADE = [
    "Lifts",
    "Roofing",
    "Joinery",
    "Estates",
    "Motors",
    "Dental",
    "Lettings",
    "Heating",
]
STREET = [
    "Elm",
    "Oak",
    "Mill",
    "Church",
    "Station",
    "Victoria",
    "Park",
    "Chapel",
    "School",
    "Queen",
]


def record(number: int, chance: random.Random) -> ContactDraft:
    last = chance.choice(LAST)
    person = f"{chance.choice(FIRST)} {last}"
    firm = f"{last} {chance.choice(TRADE)} {chance.choice(['Ltd', 'Services', 'LLP'])}"
    return ContactDraft(
        name=chance.choice([person, firm]),
        account_number=f"C{number:05d}",
        phone=f"01{chance.randrange(10**9):09d}",
        email=f"office{number}@mail.example",
        address_line1=f"{chance.randrange(200)} {chance.choice(STREET)} Street",
        address_postcode=f"LS{chance.randrange(30)} {chance.randrange(10)}AB",
    )


def as_the_bookkeeper_writes_it(
    draft: ContactDraft, chance: random.Random
) -> ContactDraft:
    name = chance.choice([draft.name.upper(), f"{draft.name} Limited", draft.name])
    lost = chance.sample(["account_number", "phone", "email"], chance.randrange(3))
    return replace(draft, name=name, **dict.fromkeys(lost, ""))  # type: ignore[arg-type]


class Counted:
    """The comparison of two records, and how often it was asked for."""

    def __init__(self, compare: Callable[..., Comparison]) -> None:
        self._compare = compare
        self.calls = 0

    def __call__(self, *records: Any) -> Comparison:
        self.calls += 1
        return self._compare(*records)


def test_three_thousand_by_three_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(11)  # noqa: S311 - a repeatable list
    drafts = [record(number, chance) for number in range(2 * RECORDS - BOTH)]
    ours = [
        ContactCandidate(one, local_id=place)
        for place, one in enumerate(drafts[:RECORDS])
    ]
    theirs = [
        ContactCandidate(
            as_the_bookkeeper_writes_it(drafts[place], chance), xero_id=str(place)
        )
        for place in range(RECORDS - BOTH, len(drafts))
    ]

    compared = Counted(comparing.compare)
    monkeypatch.setattr(contacts, "compare", compared)
    found = match_contacts(ours, theirs)

    certain = [match for match in found if match.certain]
    wrong = [match for match in certain if str(match.local_id) != match.xero_id]
    assert wrong == []
    assert len(certain) >= 0.98 * BOTH
    # Of nine million pairs.
    assert compared.calls < MOST_COMPARED


@pytest.mark.parametrize("enabled", [True, False])
def test_cycles_are_looked_for_afterwards_as_before(*, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        with without_looking_for_cycles():
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
    finally:
        gc.enable() if before else gc.disable()
