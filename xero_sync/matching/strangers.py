"""How much alike two different customers of these lists are, learned from those whose
twin is known."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2

from xero_sync.matching.comparing import Comparison, compare
from xero_sync.matching.index import Index
from xero_sync.matching.records import Field, Record
from xero_sync.matching.weights import Weights

# So many of ours tell enough.
SAMPLE = 5000
# Between two values that differ and two that are partly the same.
MISSING = 0.5
# Bits that a word of a name is worth more if one has it than if two have.
NAMED = 1.0
# One in so many may have a stranger who is so much like him.
HARDLY_ANY = 1000

# The names' relation, the generations, and what each field says.
Likeness = tuple[float, ...]


class Strangers:
    """``pairs``: of ``known`` customers of ours with somebody else than their twin."""

    def __init__(self, pairs: Iterable[Comparison], known: int) -> None:
        self.known = known
        self._scores: dict[Likeness, list[float]] = defaultdict(list)
        for pair in pairs:
            self._scores[likeness(pair)].append(_score_without_twins(pair))
        for scores in self._scores.values():
            scores.sort()

    def as_alike(self, pair: Comparison) -> int:
        """How many of them are as alike in each thing, and in all things together."""
        needed = likeness(pair)
        return sum(
            len(scores) - bisect_left(scores, pair.score)
            for found, scores in self._scores.items()
            if all(has >= least for has, least in zip(found, needed, strict=True))
        )

    def expected(self, pair: Comparison, ours: int, share: float) -> float:
        """How many of ``ours`` would by chance be as like to one of this share of theirs."""
        as_alike = self.as_alike(pair)
        if as_alike * HARDLY_ANY > self.known:
            return ours
        return (as_alike + 1) / self.known * ours * share


def strangers_of(
    twins: dict[int, int], ours: Sequence[Record], index: Index, weights: Weights
) -> Strangers:
    known = sorted(twins)[:: max(1, len(twins) // SAMPLE)]
    pairs = (
        compare(ours[at], index.records[other], weights)
        for at in known
        for other in index.near(ours[at])
        if other != twins[at]
    )
    return Strangers(pairs, len(known))


def _score_without_twins(pair: Comparison) -> float:
    """What two of whom one side knows both have in common counts less than it does of
    two whom either side knows alone."""
    shared = (one.holders for one in pair.findings if one.bits > 0 and one.holders > 1)
    return pair.score + NAMED + sum(2 * log2(held / (held - 1)) for held in shared)


def likeness(pair: Comparison) -> Likeness:
    return tuple(_each(pair))


def _each(pair: Comparison) -> Iterator[float]:
    yield pair.name.relation
    yield pair.ours.generations == pair.theirs.generations
    verdicts = {one.field: float(one.verdict) for one in pair.findings}
    yield from (verdicts.get(field, MISSING) for field in Field)
