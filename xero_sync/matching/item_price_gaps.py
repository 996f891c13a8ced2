"""How far apart the prices of two items are, and which prices and mark-ups are so usual in
the lists that they tell no item from another."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum

from xero_sync.matching.item_candidate import ItemCandidate

# A price or a mark-up that more of a list have is usual.
MANY, MANY_OF_ALL = 3, 0.0025
MANY_MARKED_UP, MANY_OF_ALL_MARKED_UP = 5, 0.02
# So much of an item's name makes another one its sibling.
SIBLING = 0.5
# As prices are rounded to the penny.
ALIKE = 1.0011


class PriceGap(IntEnum):
    """``EQUAL`` to the penny; ``USUAL`` is that, but many have the price or a sibling."""

    EQUAL = 0
    USUAL = 1
    ROUNDED = 2
    NEAR = 3
    APART = 4
    FAR = 5
    NOTHING_ALIKE = 6


class Raise(IntEnum):
    """Whether both prices differ by one factor; ``USUAL``: but many are marked up so."""

    UNLIKE = 0
    USUAL = 1
    ALIKE = 2


# The greater by the smaller, for each gap from ``ROUNDED`` on but the last.
GAPS = (1.02, 1.1, 1.25, 2.0)


class Pricing:
    """Of both lists."""

    def __init__(self, *sides: Sequence[ItemCandidate]) -> None:
        self._sides = [_Priced(side) for side in sides]

    def gaps(
        self, ours: ItemCandidate, theirs: ItemCandidate
    ) -> tuple[PriceGap | None, PriceGap | None]:
        """Of the sales prices and of the costs."""
        mine, other = ours.draft, theirs.draft
        found = []
        for which, one, another in (
            (0, mine.sell_price, other.sell_price),
            (1, mine.cost_price, other.cost_price),
        ):
            gap = _gap(one, another)
            if gap is PriceGap.EQUAL and one and another:
                here, there = self._sides
                if here.is_usual(which, one, ours) or there.is_usual(
                    which, another, theirs
                ):
                    gap = PriceGap.USUAL
            found.append(gap)
        return found[0], found[1]

    def raised(self, ours: ItemCandidate, theirs: ItemCandidate) -> Raise | None:
        """None where both prices are equal or not all known."""
        mine, other = ours.draft, theirs.draft
        if (mine.sell_price, mine.cost_price) == (other.sell_price, other.cost_price):
            return None
        here, there = markup(ours), markup(theirs)
        if not here or not there:
            return None
        if max(here, there) > min(here, there) * ALIKE:
            return Raise.UNLIKE
        if any(side.is_usual_markup(here) for side in self._sides):
            return Raise.USUAL
        return Raise.ALIKE


class _Priced:
    def __init__(self, side: Sequence[ItemCandidate]) -> None:
        self._many = max(MANY, MANY_OF_ALL * len(side))
        self._holders: list[dict[Decimal, list[ItemCandidate]]] = []
        for prices in (
            [item.draft.sell_price for item in side],
            [item.draft.cost_price for item in side],
        ):
            holders: dict[Decimal, list[ItemCandidate]] = defaultdict(list)
            for item, price in zip(side, prices, strict=True):
                if price:
                    holders[price].append(item)
            self._holders.append(holders)
        self._markups = sorted(filter(None, map(markup, side)))
        self._many_marked_up = max(
            MANY_MARKED_UP, MANY_OF_ALL_MARKED_UP * len(self._markups)
        )

    def is_usual(self, which: int, price: Decimal, item: ItemCandidate) -> bool:
        holders = self._holders[which][price]
        if len(holders) > self._many:
            return True
        return any(_are_siblings(item, one) for one in holders if one is not item)

    def is_usual_markup(self, value: float) -> bool:
        start = bisect_left(self._markups, value / ALIKE)
        return bisect_right(self._markups, value * ALIKE) - start > self._many_marked_up


def _are_siblings(one: ItemCandidate, other: ItemCandidate) -> bool:
    """Two of one name are no siblings, but perhaps one thing written down twice."""
    name = set(one.line.tokens)
    if name == set(other.line.tokens):
        return False
    return len(name & other.tokens) >= SIBLING * len(name)


def markup(item: ItemCandidate) -> float | None:
    draft = item.draft
    if not draft.sell_price or not draft.cost_price or draft.cost_price < 0:
        return None
    return float(draft.sell_price / draft.cost_price)


def _gap(one: Decimal | None, other: Decimal | None) -> PriceGap | None:
    if not one or not other or one < 0 or other < 0:
        return None
    if one == other:
        return PriceGap.EQUAL
    ratio = float(max(one, other) / min(one, other))
    return PriceGap(PriceGap.ROUNDED + sum(ratio > limit for limit in GAPS))
