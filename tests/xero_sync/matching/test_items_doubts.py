"""What is asked about where two items share a name and no number."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from xero_sync.matching.item_doubts import Doubts
from xero_sync.matching.item_evidence import Evidence
from xero_sync.matching.items import ItemCandidate
from xero_sync.outcomes.drafts import ItemDraft

# Costs and sales prices at a mark-up of its own, those raised alike, and raised unlike.
BEFORE, AFTER, UNLIKE = ("4.00", "5.48"), ("4.40", "6.03"), ("4.40", "5.90")


def item(
    name: str,
    prices: tuple[str, str] | None = BEFORE,
    *,
    maker: str = "",
    **values: Any,
) -> ItemCandidate:
    cost, sell = map(Decimal, prices) if prices else (None, None)
    draft = ItemDraft(name=name, cost_price=cost, sell_price=sell, **values)
    return ItemCandidate(draft, manufacturer=maker)


def is_doubtful(
    ours: ItemCandidate, theirs: ItemCandidate, *others: ItemCandidate
) -> bool:
    """``others`` stand in our list as well."""
    lists = [ours, *others], [theirs]
    evidence = Evidence(*lists)
    return Doubts(evidence, *lists).about(evidence.compare(ours, theirs))


def test_prices_raised_by_one_factor_are_no_doubt() -> None:
    assert not is_doubtful(item("Elbow 22 mm"), item("Elbow 22 mm", AFTER))


@pytest.mark.parametrize(
    "said", ["pack of 10", "chrome", "24i"], ids=["a pack", "a kind", "a model"]
)
def test_what_only_one_of_them_says_is_a_doubt(said: str) -> None:
    ours, theirs = item("Elbow 22 mm"), item("Elbow 22 mm", AFTER, description=said)

    assert is_doubtful(ours, theirs)


def test_but_not_where_they_cost_the_same_to_the_penny() -> None:
    ours, theirs = item("Elbow 22 mm"), item("Elbow 22 mm", description="pack of 10")

    assert not is_doubtful(ours, theirs)


def test_the_same_cost_is_no_help_where_each_says_another_thing() -> None:
    ours = item("Elbow 22 mm", description="red")

    assert is_doubtful(ours, item("Elbow 22 mm", description="yellow"))


def test_the_same_sales_price_is_no_help_where_one_says_more() -> None:
    ours = item("Elbow 22 mm", ("4.10", "5.48"))

    assert not is_doubtful(ours, item("Elbow 22 mm"))
    assert is_doubtful(ours, item("Elbow 22 mm", description="chrome"))


SIBLINGS = [
    item(name, None)
    for size in (15, 28)
    for name in (f"Valve {size} mm", f"Valve {size} mm drain")
]


def test_a_word_that_parts_siblings_of_one_list_is_a_doubt() -> None:
    ours = item("Valve 22 mm")
    theirs = item("Valve 22 mm", AFTER, description="with drain")

    assert not is_doubtful(ours, theirs)
    assert is_doubtful(ours, theirs, *SIBLINGS)


def test_two_words_may_part_siblings_together() -> None:
    ours = item("Sealant 310 ml")
    theirs = item("Sealant 310 ml", AFTER, description="low modulus")
    siblings = [
        item(name, None)
        for size in (200, 400)
        for name in (f"Sealant {size} ml", f"Sealant {size} ml low modulus")
    ]

    assert is_doubtful(ours, theirs, *siblings)


def test_a_unit_without_a_figure_is_no_such_word() -> None:
    siblings = [item(f"Valve {size} mm M", None) for size in (15, 28)]
    theirs = item("Valve 22 mm", AFTER, description="Supplied per m")

    assert not is_doubtful(item("Valve 22 mm"), theirs, *SIBLINGS, *siblings)


def test_a_turn_of_phrase_of_descriptions_is_no_such_word() -> None:
    ours = item("Valve 22 mm")
    theirs = item("Valve 22 mm", AFTER, description="can drain")
    told = [item(f"Tee {size} mm", None, description="can drain") for size in range(9)]

    assert not is_doubtful(ours, theirs, *SIBLINGS, *told)


def test_a_maker_that_only_one_of_them_names_is_no_doubt() -> None:
    ours, theirs = item("Elbow 22 mm"), item("Halvex elbow 22 mm", AFTER)
    other = item("Lamp", None, maker="Halvex")

    assert not is_doubtful(ours, theirs, other)


def test_another_word_is_a_doubt_unless_prices_make_up_for_it() -> None:
    ours = item("Elbow 22 mm")

    assert not is_doubtful(ours, item("Elbow 22 mm smooth", AFTER))
    assert is_doubtful(ours, item("Elbow 22 mm smooth", UNLIKE))


def test_two_makers_of_one_name_are_a_doubt_while_a_maker_is_unknown() -> None:
    ours = replace(item("Elbow 22 mm"), manufacturer="Halvex")
    theirs = item("Elbow 22 mm", ("4.40", "5.48"))
    rival = item("Elbow 22 mm", ("9.00", "12.00"), maker="Norbeck")
    theirs = replace(theirs, draft=replace(theirs.draft, sell_price=None))

    assert not is_doubtful(ours, theirs)
    assert is_doubtful(ours, theirs, rival)


def test_the_same_cost_is_no_help_where_one_says_more_and_two_have_the_name() -> None:
    ours = item("Elbow 22 mm", maker="Halvex")
    theirs = item("Elbow 22 mm", description="pack of 2")
    rival = item("Elbow 22 mm", ("9.00", "12.00"), maker="Norbeck")

    assert not is_doubtful(ours, theirs)
    assert is_doubtful(ours, theirs, rival)


@pytest.mark.parametrize(
    ("name", "doubtful"), [("Elbow 22 mm", False), ("22 mm elbow", True)]
)
def test_one_price_that_differs_needs_the_very_name(
    name: str, *, doubtful: bool
) -> None:
    theirs = item(name, AFTER)
    theirs = replace(theirs, draft=replace(theirs.draft, sell_price=None))

    assert is_doubtful(item("Elbow 22 mm"), theirs) is doubtful


@pytest.mark.parametrize(("maker", "doubtful"), [("Halvex", False), ("", True)])
@pytest.mark.parametrize("prices", [None, UNLIKE], ids=["no prices", "unlike prices"])
def test_a_name_alone_needs_its_maker(
    maker: str, prices: tuple[str, str] | None, *, doubtful: bool
) -> None:
    theirs = item("Elbow 22 mm", prices, maker=maker)

    assert is_doubtful(item("Elbow 22 mm", maker="Halvex"), theirs) is doubtful


def test_a_unit_of_ours_has_no_place_in_xero() -> None:
    ours = replace(item("Pipe lagging 22 mm"), unit="2m")

    assert not is_doubtful(ours, item("Pipe lagging 22 mm", AFTER))
    assert is_doubtful(item("Pipe lagging 22 mm 2m"), item("Pipe lagging 22 mm", AFTER))
