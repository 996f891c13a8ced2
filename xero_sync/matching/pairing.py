"""From many pairs that may be one, each judged alone, to who is whose twin."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

TIED = "more than one could be the same"
TAKEN = "already matched with another record"

# Rows of a database have numbers, rows of a file whatever its maker chose.
LocalId = int | str


@dataclass(frozen=True, slots=True)
class Match:
    """Certain twins are linked by themselves; the others, likely or merely possible, wait
    for a person. ``reasons`` is in plain words, ``score`` their sum in bits; ``bits`` is
    what each reason adds, in the same order, where the matcher says so."""

    local_id: LocalId
    xero_id: str
    certain: bool
    reasons: tuple[str, ...]
    score: float = 0.0
    likely: bool = True
    bits: tuple[float, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """``is_sure``: as far as these two records go. ``rank``: of two sure pairs with one
    record in common the higher one comes first. ``is_copy``: a second copy of a record
    that is matched already is told to a person."""

    local_id: LocalId
    xero_id: str
    is_sure: bool
    rank: int
    reasons: tuple[str, ...]
    is_copy: bool = True


def settled(pairs: Iterable[Pair]) -> list[Match]:
    """Certain is a sure pair whose records are in no other sure pair of its rank, nor
    of a higher one."""
    pairs = list(pairs)
    links, tied = _links([pair for pair in pairs if pair.is_sure])
    ours = {pair.local_id for pair in links}
    theirs = {pair.xero_id for pair in links}
    matches = [_match(pair, certain=True) for pair in links]
    linked = {(pair.local_id, pair.xero_id) for pair in links}
    for pair in pairs:
        ends = (pair.local_id in ours) + (pair.xero_id in theirs)
        if (pair.local_id, pair.xero_id) in linked or ends == 2:
            continue
        if ends == 1 and pair.is_copy:
            matches.append(_match(pair, TAKEN))
        elif ends == 0:
            tie = pair.is_sure and (pair.local_id, pair.xero_id) in tied
            matches.append(_match(pair, *([TIED] if tie else [])))
    return sorted(
        matches, key=lambda match: (not match.certain, match.local_id, match.xero_id)
    )


def _links(sure: list[Pair]) -> tuple[list[Pair], set[tuple[LocalId, str]]]:
    links: list[Pair] = []
    tied: set[tuple[LocalId, str]] = set()
    ours: set[LocalId] = set()
    theirs: set[str] = set()
    for rank in sorted({pair.rank for pair in sure}, reverse=True):
        open_pairs = [
            pair
            for pair in sure
            if pair.rank == rank
            and pair.local_id not in ours
            and pair.xero_id not in theirs
        ]
        of_ours = Counter(pair.local_id for pair in open_pairs)
        of_theirs = Counter(pair.xero_id for pair in open_pairs)
        for pair in open_pairs:
            # Tied or linked, lower ranks have no say about these two records.
            ours.add(pair.local_id)
            theirs.add(pair.xero_id)
            if of_ours[pair.local_id] == of_theirs[pair.xero_id] == 1:
                links.append(pair)
            else:
                tied.add((pair.local_id, pair.xero_id))
    return links, tied


def _match(pair: Pair, *more: str, certain: bool = False) -> Match:
    return Match(pair.local_id, pair.xero_id, certain, (*pair.reasons, *more))
