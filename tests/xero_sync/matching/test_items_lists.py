"""Items of whole lists: what is learned from them, and how well the truth is found."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.lists.items import make_item_lists
from tests.lists.measure_items import measure
from tests.xero_sync.matching.item_lists import about, changed, ours, theirs
from xero_sync.matching.item_evidence import Evidence
from xero_sync.matching.item_text import line
from xero_sync.matching.items import match_items


def test_codes_of_two_schemes_say_nothing() -> None:
    found = match_items(ours(), theirs(shift=5))

    certain = {(one.local_id, one.xero_id) for one in found if one.certain}
    assert certain == {(place, f"x{place}") for place in range(len(ours()))}
    assert not any("same code" in one.reasons for one in found)


def test_another_size_is_another_item_whatever_the_code() -> None:
    there = changed(theirs(), 3, name="Copper elbow 54mm")

    (match,) = about(match_items(ours(), there), 3)

    assert (match.xero_id, match.certain) == ("x3", False)
    assert "different sizes" in match.reasons


def test_another_maker_is_another_item_whatever_the_code() -> None:
    mine = ours()
    mine[0] = replace(mine[0], manufacturer="Norbeck")
    there = changed(theirs(), 1, name="Norbeck copper elbow 22mm")

    (match,) = about(match_items(mine, there), 1)

    assert not match.certain
    assert "different makers" in match.reasons


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"code": "HX-5003"}, "same maker's number"),
        ({"code": "Z1", "description": "EAN 5012345671003"}, "same barcode"),
        ({"code": "p-003"}, "same code, written another way"),
        ({"code": "Z1", "description": "was P003"}, "our code in its text"),
    ],
)
def test_numbers_are_found_wherever_they_stand(
    values: dict[str, object], reason: str
) -> None:
    (match,) = about(match_items(ours(), changed(theirs(), 3, **values)), 3)

    assert (match.xero_id, match.certain) == ("x3", True)
    assert reason in match.reasons


def test_a_name_cut_off_at_fifty_is_no_other_name() -> None:
    long = "Copper elbow 35mm for heating and domestic hot wat" + "er installations"
    mine = changed(ours(), 3, name=long)

    (match,) = about(match_items(mine, changed(theirs(), 3, name=long[:50])), 3)

    assert match.certain


@pytest.mark.parametrize(
    ("where", "last", "certain"),
    [
        ("description", "black", True),
        ("purchase_description", "black", True),
        ("description", "white", False),
    ],
)
def test_a_name_cut_off_at_fifty_goes_on_in_a_description(
    where: str, last: str, *, certain: bool
) -> None:
    long = "Copper elbow 35mm for heating and domestic hot water, "
    mine = changed(ours(), 3, name=f"{long}black")
    there = changed(theirs(), 3, name=long[:50], **{where: f"{long}{last}"})

    (match,) = about(match_items(mine, there), 3)

    assert match.certain is certain
    assert ("different kinds" in match.reasons) is not certain


def test_a_maker_called_like_a_size_is_looked_for_in_no_text() -> None:
    mine = ours()
    mine[0] = replace(mine[0], manufacturer="3M")
    pipe = replace(
        mine[1], draft=replace(mine[1].draft, name="Pipe 3m"), manufacturer=""
    )
    there = replace(theirs()[1], draft=replace(pipe.draft, code="X1"))

    found = Evidence([mine[0], pipe], [there])

    assert found.compare(pipe, there).maker is None
    assert found.makers_of(mine[0]) == {frozenset(line("3M").tokens)}


def test_to_be_written_letter_by_letter_the_same_is_never_worth_less() -> None:
    """Though most twins of these lists are not, and all namesakes of one side are."""
    mine = [
        *ours(codes=False),
        *(
            replace(one, local_id=100 + number, manufacturer="Norbeck", mpn="")
            for number, one in enumerate(ours(codes=False)[8:])
        ),
    ]
    there = [
        replace(one, draft=replace(one.draft, code="", name=one.draft.name.upper()))
        for one in theirs()
    ]
    there = changed(there, 0, name=mine[0].draft.name)
    found = match_items(mine, there)

    worth = {
        place: match.bits[match.reasons.index("same name")]
        for place in (0, 1)
        for match in about(found, place)
    }

    assert worth[0] == worth[1]


def test_a_second_copy_of_ours_is_asked_about() -> None:
    mine = ours()
    copy = replace(mine[3], draft=replace(mine[3].draft, code=""), local_id=99)

    found = match_items([*mine, copy], theirs())

    assert [(one.xero_id, one.certain) for one in about(found, 3)] == [("x3", True)]
    (asked,) = about(found, 99)
    assert (asked.xero_id, asked.certain) == ("x3", False)
    assert asked.reasons[-1] == "already matched with another record"


def test_two_alike_but_for_a_price_are_told_apart_by_it() -> None:
    mine = ours(codes=False)
    mine = changed(mine, 1, name="Copper elbow 15mm")
    there = changed(theirs(), 1, name="Copper elbow 15mm")

    found = match_items(mine, there)

    certain = {(one.local_id, one.xero_id) for one in found if one.certain}
    assert {(0, "x0"), (1, "x1")} <= certain


def test_two_alike_in_everything_are_not_guessed() -> None:
    mine = changed(ours(codes=False), 1, name="Copper elbow 15mm", sell_price=None)
    mine = changed(mine, 0, sell_price=None)
    there = changed(theirs(), 1, name="Copper elbow 15mm")

    found = match_items(mine, there)

    assert not any(one.certain for one in (*about(found, 0), *about(found, 1)))


@pytest.mark.parametrize(("said", "certain"), [("dimmable", False), ("copper", True)])
def test_a_variant_that_only_one_description_knows(said: str, *, certain: bool) -> None:
    mine = changed(ours(codes=False), 3, description="Copper elbow 35mm")
    there = changed(theirs(), 3, description=said)

    (match,) = about(match_items(mine, there), 3)

    assert (match.xero_id, match.certain) == ("x3", certain)


def test_of_one_of_ours_written_down_twice_one_is_linked_and_one_asked_about() -> None:
    mine = changed(ours(codes=False), 3, cost_price=Decimal(4))
    there = changed(theirs(), 3, cost_price=Decimal(4))

    found = match_items([*mine, replace(mine[3], local_id=99)], there)

    assert [(one.xero_id, one.certain) for one in about(found, 3)] == [("x3", True)]
    (asked,) = about(found, 99)
    assert (asked.xero_id, asked.certain) == ("x3", False)


def test_the_score_is_the_sum_of_its_reasons() -> None:
    for match in match_items(ours(), theirs()):
        # What is left over is what it takes to find one item among a thousand.
        assert match.score - sum(match.bits) == pytest.approx(-9.97, abs=0.05)
        assert len(match.bits) == len(match.reasons)


@pytest.mark.parametrize(
    ("shared_numbering", "recall"), [(True, 0.9), (False, 0.75)], ids=["shared", "own"]
)
def test_made_up_lists_are_matched_without_a_wrong_link(
    *, shared_numbering: bool, recall: float
) -> None:
    """Five hundred items; `python -m tests.lists.measure_items` asks for full lists."""
    found = measure(make_item_lists(77, 600, shared_numbering=shared_numbering))

    assert found.score.wrong == 0
    assert found.score.recall >= recall
    assert found.score.recall_with_review >= 0.985
    assert found.review_pairs <= 0.25 * found.score.records
