"""Of two lists that are nearly the same people, the few that are left on either side: who
else should they be but one another?"""

from collections.abc import Iterator, Sequence
from heapq import nlargest

from xero_sync.matching.assignment import MOST_QUESTIONS, Assigned, Judged
from xero_sync.matching.comparing import compare
from xero_sync.matching.doubts import doubts
from xero_sync.matching.records import Record
from xero_sync.matching.weights import Weights

# What share of ours must be linked or asked about, and of how many at the least.
NEARLY_ALL, FEWEST = 0.95, 200
MOST_PAIRS = 250_000


def asked_of_the_rest(
    found: Sequence[Assigned],
    ours: Sequence[Record],
    theirs: Sequence[Record],
    weights: Weights,
) -> Iterator[Assigned]:
    here = {one.judged.ends[0] for one in found}
    there = {one.judged.ends[1] for one in found}
    if len(here) < max(FEWEST, NEARLY_ALL * len(ours)):
        return
    mine = [one for one in ours if one.at not in here and not one.is_archived]
    others = [one for one in theirs if one.at not in there and not one.is_archived]
    if len(mine) * len(others) > MOST_PAIRS:
        return
    for one in mine:
        pairs = (compare(one, other, weights) for other in others)
        for pair in nlargest(MOST_QUESTIONS, pairs, key=lambda pair: pair.score):
            if pair.score > -weights.frequencies.size:
                judged = Judged(pair, tuple(doubts(pair, weights)))
                yield Assigned(judged, is_certain=False)
