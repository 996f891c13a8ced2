"""Which prices and mark-ups tell one item from another."""

from decimal import Decimal

import pytest

from xero_sync.matching.item_price_gaps import PriceGap, Pricing, Raise
from xero_sync.matching.items import ItemCandidate
from xero_sync.outcomes.drafts import ItemDraft


def item(name: str, cost: str, sell: str = "") -> ItemCandidate:
    return ItemCandidate(
        ItemDraft(
            name=name,
            cost_price=Decimal(cost),
            sell_price=Decimal(sell) if sell else None,
        )
    )


ELBOW = item("Copper elbow 15 mm", "4.37")


@pytest.mark.parametrize(
    ("other", "gap"),
    [
        ("4.37", PriceGap.EQUAL),
        ("4.38", PriceGap.ROUNDED),
        ("4.70", PriceGap.NEAR),
        ("9.00", PriceGap.NOTHING_ALIKE),
    ],
)
def test_equal_is_equal_to_the_penny(other: str, gap: PriceGap) -> None:
    same = item("Elbow 15 mm copper", other)

    assert Pricing([ELBOW], [same]).gaps(ELBOW, same) == (None, gap)


def test_a_price_that_a_sibling_has_as_well_tells_nothing() -> None:
    sibling = item("Copper elbow 22 mm", "4.37")
    same = item("Copper elbow 15 mm", "4.37")

    assert Pricing([ELBOW, sibling], [same]).gaps(ELBOW, same)[1] is PriceGap.USUAL


def test_a_price_that_something_else_has_as_well_still_tells() -> None:
    lamp = item("Lamp GU10 warm white", "4.37")
    same = item("Copper elbow 15 mm", "4.37")

    assert Pricing([ELBOW, lamp], [same]).gaps(ELBOW, same)[1] is PriceGap.EQUAL


def test_a_price_that_many_things_have_tells_nothing() -> None:
    others = [item(name, "4.37") for name in ("Lamp", "Padlock", "Rope")]
    same = item("Copper elbow 15 mm", "4.37")

    assert Pricing([ELBOW, *others], [same]).gaps(ELBOW, same)[1] is PriceGap.USUAL


@pytest.mark.parametrize(
    ("now", "usual", "found"),
    [
        (("11.00", "15.95"), False, Raise.ALIKE),
        (("11.00", "15.95"), True, Raise.USUAL),
        (("11.00", "16.50"), True, Raise.UNLIKE),
        (("10.00", "14.50"), True, None),
    ],
)
def test_both_prices_raised_by_one_factor(
    now: tuple[str, str], *, usual: bool, found: Raise | None
) -> None:
    """45 % on the cost, which says little where many items are marked up by that."""
    before, after = item("Pump", "10.00", "14.50"), item("Pump", *now)
    costs = [f"{number}.00" for number in range(20, 32, 2)]
    others = [
        item("Lamp", cost, f"{Decimal(cost) * Decimal('1.45')}") for cost in costs
    ]

    pricing = Pricing([before, *(others if usual else [])], [after])

    assert pricing.raised(before, after) is found
