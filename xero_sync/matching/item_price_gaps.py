"""How far apart the prices of two items are, and which prices and mark-ups are so usual in
the lists that they tell no item from another."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import IntEnum
from operator import attrgetter

from xero_sync.matching.item_candidate import ItemCandidate

# A price or a mark-up that more of a list have is usual.
MANY, MANY_OF_ALL = 3, 0.0025
MANY_MARKED_UP, MANY_OF_ALL_MARKED_UP = 5, 0.02
# So much of an item's name makes another one its sibling.
SIBLING = 0.5
# As prices are rounded to the penny.
ALIKE = 1.0011

Price = Callable[[ItemCandidate], Decimal | None]
PRICES: tuple[Price, Price] = (
    attrgetter("draft.sell_price"),
    attrgetter("draft.cost_price"),
)


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

    def __init__(
        self, ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
    ) -> None:
        self._sides = (
            [_Prices(ours, price) for price in PRICES],
            [_Prices(theirs, price) for price in PRICES],
        )
        self._markups = [_Markups(side) for side in (ours, theirs)]

    def gaps(
        self, ours: ItemCandidate, theirs: ItemCandidate
    ) -> tuple[PriceGap | None, PriceGap | None]:
        """Of the sales prices and of the costs."""
        sell, cost = (
            PriceGap.USUAL
            if gap is PriceGap.EQUAL and (here.is_usual(ours) or there.is_usual(theirs))
            else gap
            for here, there in zip(*self._sides, strict=True)
            for gap in [_gap(here.price(ours), there.price(theirs))]
        )
        return sell, cost

    def raised(self, ours: ItemCandidate, theirs: ItemCandidate) -> Raise | None:
        """None where both prices are equal or not all known."""
        here, there = _markup(ours), _markup(theirs)
        if not here or not there:
            return None
        if all(price(ours) == price(theirs) for price in PRICES):
            return None
        if max(here, there) > min(here, there) * ALIKE:
            return Raise.UNLIKE
        if any(markups.has_many(here) for markups in self._markups):
            return Raise.USUAL
        return Raise.ALIKE


class _Prices:
    """Who of one list has which price of one kind."""

    def __init__(self, side: Sequence[ItemCandidate], price: Price) -> None:
        self.price = price
        self._many = max(MANY, MANY_OF_ALL * len(side))
        self._holders: dict[Decimal | None, list[ItemCandidate]] = defaultdict(list)
        self._is_usual: dict[int, bool] = {}
        for item in side:
            self._holders[price(item)].append(item)

    def is_usual(self, item: ItemCandidate) -> bool:
        known = self._is_usual.get(id(item))
        if known is None:
            holders = self._holders[self.price(item)]
            known = len(holders) > self._many or any(
                _are_siblings(item, one) for one in holders if one is not item
            )
            self._is_usual[id(item)] = known
        return known


class _Markups:
    """How often each is found in one list."""

    def __init__(self, side: Sequence[ItemCandidate]) -> None:
        self._all = sorted(filter(None, map(_markup, side)))
        self._many = max(MANY_MARKED_UP, MANY_OF_ALL_MARKED_UP * len(self._all))

    def has_many(self, markup: float) -> bool:
        start = bisect_left(self._all, markup / ALIKE)
        return bisect_right(self._all, markup * ALIKE) - start > self._many


def _are_siblings(one: ItemCandidate, other: ItemCandidate) -> bool:
    """Two of one name are no siblings, but perhaps one thing written down twice."""
    name = set(one.line.tokens)
    if name == set(other.line.tokens):
        return False
    return len(name & other.tokens) >= SIBLING * len(name)


def _markup(item: ItemCandidate) -> float | None:
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
