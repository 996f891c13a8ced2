"""A thousand contacts on either side with known truth; and that the lists are what they
say they are."""

import pytest

from tests.lists.candidates import matches, scored
from tests.lists.contacts import RATES, make_lists
from tests.lists.parties import KINDS, World
from tests.lists.score import score

RECORDS = 1000
SEED = 4711


@pytest.mark.parametrize(
    ("shared", "recall", "with_review", "asked"),
    [(True, 0.85, 0.985, 0.15), (False, 0.78, 0.965, 0.19)],
    ids=["shared numbering", "each its own"],
)
def test_nearly_all_are_linked_and_none_wrongly(
    shared: bool, recall: float, with_review: float, asked: float
) -> None:
    lists = make_lists(SEED, RECORDS, shared_numbering=shared)

    found = scored(matches(lists), lists)

    assert found.wrong == 0
    assert found.recall >= recall
    assert found.recall_with_review >= with_review
    assert found.asked_share <= asked


def test_a_seed_makes_the_same_lists_again() -> None:
    one = make_lists(SEED, 100, shared_numbering=True)

    assert make_lists(SEED, 100, shared_numbering=True) == one
    assert make_lists(SEED + 1, 100, shared_numbering=True) != one


def test_all_kinds_of_party_and_all_faults_occur() -> None:
    lists = make_lists(SEED, RECORDS, shared_numbering=True)

    assert {party.kind for party in World(SEED).parties(RECORDS)} == set(KINDS)
    numbers = {"account number missing", "account number wrong"}
    assert {fault for fault, hits in lists.faults.items() if hits} == (
        RATES.keys() - numbers
    )
    named = sum(row["account_no"] != "" for row in lists.ours) / len(lists.ours)
    assert abs(1 - named - RATES["account number missing"]) < 0.05


def test_members_of_a_household_have_names_of_their_own() -> None:
    homes = [p for p in World(SEED).parties(RECORDS) if p.kind == "household"]

    assert len({(party.name, party.address) for party in homes}) == len(homes)


def test_counts_what_is_right_wrong_seen_and_asked() -> None:
    here = {"a": 1, "a2": 1, "b": 2, "c": 3, "d": 4}
    there = {"A": 1, "B": 2, "C": 3, "E": 5}

    found = score(
        [
            ("a", "A", "auto"),
            ("a2", "A", "review"),
            ("b", "C", "auto"),
            ("d", "E", "review"),
        ],
        here,
        there,
    )

    assert (found.records, found.findable, found.linkable) == (5, 4, 3)
    assert (found.right, found.wrong, found.seen, found.asked) == (1, 1, 2, 2)
    assert (found + found).right == 2
    assert found.precision == 0.5
    assert found.recall_with_review == 0.5
