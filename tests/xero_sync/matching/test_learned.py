"""What the lists themselves teach, and what holds whatever they hold."""

import random
from dataclasses import replace

import pytest

from tests.lists.candidates import our_candidate, their_candidate
from tests.lists.contacts import make_lists
from xero_sync.matching.contacts import ContactCandidate, Match, match_contacts
from xero_sync.outcomes.drafts import ContactDraft

Side = list[ContactCandidate]
RECORDS = 250


@pytest.fixture(scope="module", params=[True, False], ids=["shared", "independent"])
def sides(request: pytest.FixtureRequest) -> tuple[Side, Side]:
    lists = make_lists(5, RECORDS, shared_numbering=request.param)
    ours = [our_candidate(row) for row in lists.ours]
    return ours, [their_candidate(row) for row in lists.theirs]


def certain(found: list[Match]) -> set[tuple[str, str]]:
    return {(str(one.local_id), one.xero_id) for one in found if one.certain}


def test_the_order_of_the_lists_does_not_matter(sides: tuple[Side, Side]) -> None:
    chance = random.Random(1)  # noqa: S311 - a repeatable order
    ours, theirs = sides
    shuffled = chance.sample(ours, len(ours)), chance.sample(theirs, len(theirs))

    assert match_contacts(*shuffled) == match_contacts(ours, theirs)


def test_the_sides_change_places(sides: tuple[Side, Side]) -> None:
    ours, theirs = ([one for one in side if not one.is_archived] for side in sides)
    swapped = match_contacts(
        [replace(one, local_id=one.xero_id, xero_id="") for one in theirs],
        [replace(one, xero_id=str(one.local_id), local_id=0) for one in ours],
    )

    assert {(here, there) for there, here in certain(swapped)} == certain(
        match_contacts(ours, theirs)
    )


def test_a_stranger_more_unlinks_nobody(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    stranger = ContactCandidate(
        ContactDraft(name="Zyxwvut Qqq", email="z@zyxwvut.example"), xero_id="Z"
    )

    assert certain(match_contacts(ours, [*theirs, stranger])) == certain(
        match_contacts(ours, theirs)
    )


def test_each_is_linked_once_and_the_reasons_add_up(sides: tuple[Side, Side]) -> None:
    found = match_contacts(*sides)

    links = certain(found)
    assert len({here for here, _ in links}) == len({there for _, there in links})
    assert len(links) == len({here for here, _ in links}) > 100
    assert all(len(one.bits) == len(one.reasons) for one in found)
    prior = {round(one.score - sum(one.bits)) for one in found}
    assert prior == {-10}  # what it takes to find one among a thousand


def numbered(name: str, place: int, number: str) -> ContactDraft:
    return ContactDraft(name=name, phone=f"01632 9601{place:02}", account_number=number)


FIRMS = (
    "Baker Lifts", "Cooper Roofing", "Draper Motors", "Fletcher Print",
    "Glover Dental", "Hooper Glass", "Mason Joinery", "Potter Kitchens",
    "Sawyer Security", "Turner Grounds",
)  # fmt: skip


@pytest.mark.parametrize("shared", [True, False])
def test_what_an_account_number_is_worth_is_learned(shared: bool) -> None:
    """The same pair, known by its number alone, among lists that number alike or not."""
    here = [numbered(name, at, str(at)) for at, name in enumerate(FIRMS)]
    shift = 0 if shared else 1
    there = [
        numbered(name, at, str((at + shift) % len(FIRMS)))
        for at, name in enumerate(FIRMS)
    ]
    pair = ContactDraft(name="Wheeler Cycles", account_number="99")

    found = match_contacts(
        [ContactCandidate(one, at) for at, one in enumerate([*here, pair])],
        [
            ContactCandidate(one, xero_id=str(at))
            for at, one in enumerate([*there, pair])
        ],
    )

    same = (len(FIRMS), str(len(FIRMS)))
    assert [(one.local_id, one.xero_id) for one in found if one.certain] == [
        (at, str(at)) for at in range(len(FIRMS))
    ] + [same] * shared
    if not shared:
        assert found[-1].reasons == ("same name", "nothing else in common")
