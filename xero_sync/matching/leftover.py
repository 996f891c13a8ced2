"""Of two lists that are nearly the same people, those who are left on either side: who
else should they be but one another?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nlargest

from xero_sync.matching.assignment import (
    MARGIN,
    MOST_QUESTIONS,
    Assigned,
    Judged,
    Links,
)
from xero_sync.matching.comparing import Comparison, compare
from xero_sync.matching.doubts import doubts
from xero_sync.matching.findings import Verdict
from xero_sync.matching.index import Index
from xero_sync.matching.records import Record
from xero_sync.matching.strangers import (
    HARDLY_ANY,
    Strangers,
    likeness,
    strangers_of,
)
from xero_sync.matching.weights import Weights

# What share of ours must be linked or asked about, and of how many at the least.
NEARLY_ALL, FEWEST = 0.95, 200
MOST_PAIRS = 250_000
# So many must have their twin before those tell how alike strangers are.
ENOUGH = 1000
# Wrong links that may be expected, were all that is left strangers.
HARDLY_EVER = 0.1

Side = Sequence[Record]


class Rest:
    """Those who have no partner yet."""

    def __init__(self, links: Links, ours: Side, theirs: Side) -> None:
        self.links, self._ours, self._theirs = links, ours, theirs

    @property
    def ours(self) -> list[Record]:
        return _active(self._ours, self.links.here)

    @property
    def theirs(self) -> list[Record]:
        return _active(self._theirs, self.links.there)

    @property
    def share(self) -> float:
        """Of theirs."""
        return len(self.theirs) / max(1, len(_active(self._theirs, set())))


def link_the_rest(
    links: Links, ours: Side, theirs: Side, index: Index, weights: Weights
) -> None:
    """Where nobody shares a roof with his kin."""
    if weights.has_households or len(links.found) < ENOUGH:
        return
    rest = Rest(links, ours, theirs)
    _link_beyond_strangers(rest, ours, index, weights)
    _link_the_last(rest, ours, theirs, weights)


def _link_beyond_strangers(
    rest: Rest, ours: Side, index: Index, weights: Weights
) -> None:
    """Who is more like somebody than any two are who are known to be two."""
    twins = dict(one.ends for one in rest.links.found)
    strangers = strangers_of(twins, ours, index, weights)
    while rest.links.link_proven(_beyond_strangers(rest, strangers)):
        pass


def _beyond_strangers(rest: Rest, strangers: Strangers) -> Iterator[Judged]:
    """Fewer are expected by chance than do harm; where many are left who are alike in
    the same way, as many more as do none among those."""
    left, share = len(rest.ours), rest.share
    pairs = [one for one in rest.links.open_pairs() if _may_be_one(one.pair)]
    alike = Counter(
        likeness(one.pair) for one in pairs if not strangers.as_alike(one.pair)
    )
    for one in pairs:
        most = max(HARDLY_EVER, alike[likeness(one.pair)] / HARDLY_ANY)
        if strangers.expected(one.pair, left, share) <= most:
            yield one


def _may_be_one(pair: Comparison) -> bool:
    """Both active, and alike in more than their names."""
    if pair.ours.is_archived or pair.theirs.is_archived:
        return False
    return any(one.verdict >= Verdict.PARTLY and one.bits > 0 for one in pair.findings)


def _link_the_last(rest: Rest, ours: Side, theirs: Side, weights: Weights) -> None:
    """Each is by far the most like the other of all there are; and so few are left that
    hardly ever would it be one of these, had they no twin."""
    mine, others = rest.ours, rest.theirs
    if max(len(mine), len(others)) * (len(ours) + len(theirs)) > 2 * MOST_PAIRS:
        return
    links = Links(_pairs(mine, others, weights), rest.links.are_copies)
    links.settle()
    if len(mine) * rest.share <= HARDLY_EVER:
        links.link_proven(
            one
            for one in links.ordered
            if _may_be_one(one.pair)
            and _is_for_it(one.pair, weights)
            and _stands_out_among_all(one.pair, ours, theirs, weights)
        )
    for one in links.found:
        rest.links.take(one)


def _pairs(ours: Side, theirs: Side, weights: Weights) -> Iterator[Judged]:
    for one in ours:
        for other in theirs:
            pair = compare(one, other, weights)
            yield Judged(pair, tuple(doubts(pair, weights)))


def _is_for_it(pair: Comparison, weights: Weights) -> bool:
    """Apart from what it takes to find one among all."""
    return pair.score > -weights.frequencies.size


def _stands_out_among_all(
    pair: Comparison, ours: Side, theirs: Side, weights: Weights
) -> bool:
    best = pair.score - MARGIN
    return all(
        compare(pair.ours, other, weights).score <= best
        for other in theirs
        if other.at != pair.theirs.at
    ) and all(
        compare(one, pair.theirs, weights).score <= best
        for one in ours
        if one.at != pair.ours.at
    )


def asked_of_the_rest(
    found: Sequence[Assigned], ours: Side, theirs: Side, weights: Weights
) -> Iterator[Assigned]:
    here = {one.judged.ends[0] for one in found}
    there = {one.judged.ends[1] for one in found}
    if len(here) < max(FEWEST, NEARLY_ALL * len(ours)):
        return
    mine, others = _active(ours, here), _active(theirs, there)
    if len(mine) * len(others) > MOST_PAIRS:
        return
    for one in mine:
        pairs = (compare(one, other, weights) for other in others)
        for pair in nlargest(MOST_QUESTIONS, pairs, key=lambda pair: pair.score):
            if _is_for_it(pair, weights):
                judged = Judged(pair, tuple(doubts(pair, weights)))
                yield Assigned(judged, is_certain=False)


def _active(side: Side, taken: set[int]) -> list[Record]:
    return [one for one in side if one.at not in taken and not one.is_archived]
