"""What the prices of two items tell about whether they are one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log2

from xero_sync.matching.item_evidence import Comparison
from xero_sync.matching.item_price_gaps import PriceGap, Raise

# What was seen counts as much as this many pairs that were assumed.
ASSUMED = 20
# How far apart the prices of one thing in two lists are, those of two in one family, and
# those of the same thing by two makers: lists hold too few of these to learn from.
OF_TWINS = (0.4, 0.1, 0.12, 0.14, 0.12, 0.08, 0.04)
OF_SIBLINGS = (0.005, 0.015, 0.08, 0.2, 0.2, 0.3, 0.2)
OF_RIVALS = (0.005, 0.035, 0.08, 0.25, 0.35, 0.25, 0.03)
# Prices go up together: so often both lie equally far apart.
TOGETHER = 0.3
# Where they differ: how often twins are raised alike, how often others seem to be, and
# at least.
RAISED = {Raise.UNLIKE: 0.7, Raise.USUAL: 0.2, Raise.ALIKE: 0.1}
BY_CHANCE = {Raise.UNLIKE: 0.85, Raise.USUAL: 0.13, Raise.ALIKE: 0.02}
LEAST_BY_CHANCE = {Raise.UNLIKE: 0.0, Raise.USUAL: 0.1, Raise.ALIKE: 0.04}

_Gaps = tuple[PriceGap | None, PriceGap | None]


class Prices:
    """Learned from clear twins and from those that are surely two."""

    def __init__(
        self, twins: Sequence[Comparison], others: Sequence[Comparison]
    ) -> None:
        self._twins = _shares(OF_TWINS, twins)
        self._others = _shares(OF_SIBLINGS, others)
        self._rivals = _shares(OF_RIVALS, [])
        self._raised = _raised(RAISED, twins)
        self._by_chance = _raised(BY_CHANCE, others)

    def bits(self, one: Comparison) -> dict[str, float]:
        gaps = one.sell, one.cost
        if gaps == (None, None):
            return {}
        other = max(self._others[gaps], self._rivals[gaps])
        found = {_words(gaps): log2(self._twins[gaps] / other)}
        if one.raised is not None:
            chance = max(LEAST_BY_CHANCE[one.raised], self._by_chance[one.raised])
            words = "unlike" if one.raised is Raise.UNLIKE else "alike"
            found[f"both prices changed {words}"] = log2(
                self._raised[one.raised] / chance
            )
        return found


def _shares(
    assumed: Sequence[float], pairs: Sequence[Comparison]
) -> dict[_Gaps, float]:
    """Of each pair of gaps among those that have the same prices."""
    seen: Counter[_Gaps] = Counter()
    for one in pairs:
        seen.update({(one.sell, one.cost), (one.sell, None), (None, one.cost)})
    found: dict[_Gaps, float] = {}
    for sell in (*PriceGap, None):
        for cost in (*PriceGap, None):
            found[sell, cost] = _expected(assumed, sell, cost)
    totals = {
        (True, True): sum(seen[gaps] for gaps in found if None not in gaps),
        (True, False): sum(seen[sell, None] for sell in PriceGap),
        (False, True): sum(seen[None, cost] for cost in PriceGap),
        (False, False): 0,
    }
    return {
        gaps: (share * ASSUMED + seen[gaps])
        / (ASSUMED + totals[gaps[0] is not None, gaps[1] is not None])
        for gaps, share in found.items()
    }


def _expected(
    assumed: Sequence[float], sell: PriceGap | None, cost: PriceGap | None
) -> float:
    if sell is None or cost is None:
        given = sell if sell is not None else cost
        return 1.0 if given is None else assumed[given]
    apart = (1 - TOGETHER) * assumed[sell] * assumed[cost]
    return apart + TOGETHER * assumed[sell] * (sell is cost)


def _raised(
    assumed: Mapping[Raise, float], pairs: Sequence[Comparison]
) -> dict[Raise, float]:
    seen = Counter(one.raised for one in pairs if one.raised is not None)
    return {
        way: (share * ASSUMED + seen[way]) / (ASSUMED + seen.total())
        for way, share in assumed.items()
    }


def _words(gaps: _Gaps) -> str:
    given = [gap for gap in gaps if gap is not None]
    both = (
        "prices"
        if len(given) == 2
        else "sales price"
        if gaps[0] is not None
        else "cost"
    )
    if max(given) <= PriceGap.USUAL:
        return f"same {both}"
    return f"similar {both}" if max(given) <= PriceGap.NEAR else f"different {both}"
