"""Stock items told by code and name: certain, for a person, or nobody."""

import pytest

from xero_sync.matching.items import ItemCandidate, Match, match_items
from xero_sync.outcomes.drafts import ItemDraft


def matches(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list[Match]:
    return match_items(
        [
            ItemCandidate(ItemDraft(code=code, name=name), local_id=number)
            for number, (code, name) in enumerate(ours, start=1)
        ],
        [
            ItemCandidate(ItemDraft(code=code, name=name), xero_id=f"x{number}")
            for number, (code, name) in enumerate(theirs, start=1)
        ],
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "reasons"),
    [
        (("A1", "Chai"), ("A1", "Chai"), ("same code", "same name")),
        (("A1", "Chai"), ("A1", "CHAI TEA"), ("same code", "name differs by 'TEA'")),
        (
            ("a1", "Tofu"),
            ("A1", "Tofu"),
            ("same code but for its case", "same name"),
        ),
        (
            ("A1", "Chai Tea"),
            ("A1", "Tea Chai"),
            ("same code", "same name in another order"),
        ),
        (("A1", "Boiler"), ("A1", ""), ("same code", "name differs by 'Boiler'")),
        (("A1", "Boiler"), ("A1", "a1"), ("same code", "name differs by 'Boiler'")),
    ],
)
def test_a_code_confirmed_by_the_name_is_certain(
    ours: tuple[str, str], theirs: tuple[str, str], reasons: tuple[str, ...]
) -> None:
    (match,) = matches([ours], [theirs])

    assert (match.local_id, match.xero_id, match.certain) == (1, "x1", True)
    assert match.reasons == reasons


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("A1", "Chai"), ("A1", "Boiler")),
        (("A1", "Pipe 15mm"), ("A1", "Pipe 22mm")),
        (("A1", "Chai"), ("B2", "Chai")),
        (("", "Chai"), ("B2", "Chai")),
    ],
)
def test_one_without_the_other_is_for_a_person_to_decide(
    ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    (match,) = matches([ours], [theirs])

    assert not match.certain


def test_an_equal_name_is_no_sign_when_the_code_has_its_own_twin() -> None:
    found = matches(
        [("A1", "Washer"), ("A2", "Washer")], [("A1", "Washer"), ("A2", "Washer")]
    )

    assert [(one.local_id, one.xero_id, one.certain) for one in found] == [
        (1, "x1", True),
        (2, "x2", True),
    ]


def test_the_code_letter_by_letter_comes_before_another_case() -> None:
    found = matches([("a1", "Washer"), ("A1", "Washer")], [("A1", "Washer")])

    assert [(one.local_id, one.certain) for one in found] == [(2, True), (1, False)]


def test_two_of_one_code_are_not_guessed() -> None:
    found = matches([("A1", "Washer"), ("A1", "Washer")], [("A1", "Washer")])

    assert [one.certain for one in found] == [False, False]


def test_letters_that_companies_end_with_tell_items_apart() -> None:
    assert matches([("1", "Fuse AB")], [("2", "Fuse")]) == []


def test_blank_codes_and_names_match_nothing() -> None:
    assert matches([("", "")], [("", "")]) == []
    assert matches([("A1", "Chai")], []) == []
