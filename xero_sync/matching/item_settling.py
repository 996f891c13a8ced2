"""From pairs of items that were judged each alone, to which is whose twin."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xero_sync.matching.item_candidate import is_copy, is_repeated
from xero_sync.matching.item_evidence import Comparison
from xero_sync.matching.pairing import TAKEN, TIED

# How far ahead of the next best on either side, in bits.
MARGIN, MARGIN_OF_COPIES = 2.5, 0.5
# What lies further behind the best of either is not worth a person's look.
BEHIND = 6.0


@dataclass(frozen=True, slots=True)
class Judged:
    """``is_sure``: as far as these two items go. ``is_copy``: still to be told of when
    one of them is linked with another."""

    comparison: Comparison
    score: float
    is_sure: bool
    is_possible: bool
    is_copy: bool

    @property
    def ends(self) -> tuple[int, int]:
        return id(self.comparison.ours), id(self.comparison.theirs)


def settled(pairs: Iterable[Judged]) -> Iterator[tuple[Judged, str, bool]]:
    """Each pair worth telling, with a note and whether it is certain."""
    ordered = sorted(
        pairs,
        key=lambda pair: (
            -pair.score,
            str(pair.comparison.ours.local_id),
            pair.comparison.theirs.xero_id,
        ),
    )
    links = _links(ordered)
    linked = {end for pair in links for end in pair.ends}
    certain = {pair.ends for pair in links}
    yield from ((pair, "", True) for pair in links)
    best = _best(ordered, linked)
    for pair in ordered:
        if pair.ends in certain:
            continue
        taken = sum(end in linked for end in pair.ends)
        if taken == 1 and pair.is_copy:
            yield pair, TAKEN, False
        elif not taken and pair.is_possible and _is_near(pair, best):
            yield pair, TIED if pair.is_sure else "", False


def _is_near(pair: Judged, best: dict[int, float]) -> bool:
    return pair.score >= max(best[end] for end in pair.ends) - BEHIND


def _links(ordered: Sequence[Judged]) -> list[Judged]:
    """Again and again, as each link takes its two items out of the others' way."""
    rivals: dict[int, list[Judged]] = defaultdict(list)
    for pair in ordered:
        for end in pair.ends:
            rivals[end].append(pair)
    links: list[Judged] = []
    gone: set[int] = set()
    waiting = [pair for pair in ordered if pair.is_sure]
    while True:
        found = 0
        for pair in waiting:
            if gone.isdisjoint(pair.ends) and _is_ahead(pair, rivals, gone):
                links.append(pair)
                gone.update(pair.ends)
                found += 1
        waiting = [pair for pair in waiting if gone.isdisjoint(pair.ends)]
        if not found:
            return links


def _is_ahead(pair: Judged, rivals: dict[int, list[Judged]], gone: set[int]) -> bool:
    for end in pair.ends:
        for rival in rivals[end]:
            if rival.score <= pair.score - MARGIN:
                break
            if rival is pair or not gone.isdisjoint(rival.ends):
                continue
            if rival.score > pair.score - _margin(pair, rival):
                return False
    return True


def _margin(pair: Judged, rival: Judged) -> float:
    """Whichever of two copies is linked, it is no wrong link."""
    one, other = pair.comparison, rival.comparison
    if one.ours is other.ours:
        return MARGIN_OF_COPIES if is_copy(one.theirs, other.theirs) else MARGIN
    if is_repeated(one.ours, other.ours):
        return 0.0
    return MARGIN_OF_COPIES if is_copy(one.ours, other.ours) else MARGIN


def _best(ordered: Iterable[Judged], linked: set[int]) -> dict[int, float]:
    best: dict[int, float] = {}
    for pair in ordered:
        if linked.isdisjoint(pair.ends):
            for end in pair.ends:
                best.setdefault(end, pair.score)
    return best
