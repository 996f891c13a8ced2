"""Second copies inside one list."""

from collections.abc import Sequence
from dataclasses import dataclass

from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.comparing import Comparison, compare
from xero_sync.matching.doubts import doubts, is_copy, is_worth_asking
from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.index import Index
from xero_sync.matching.reasons import reasons
from xero_sync.matching.records import record_of
from xero_sync.matching.weights import Weights

# Fewer bits are not worth a word.
WORTH_SHOWING = 3.0


@dataclass(frozen=True, slots=True)
class Twin:
    """``other`` may be the same as ``one``; ``is_sure`` as far as these two go."""

    one: ContactCandidate
    other: ContactCandidate
    is_sure: bool
    score: float
    reasons: tuple[str, ...]


def copies_within(side: Sequence[ContactCandidate]) -> list[Twin]:
    """Records of one list that may be one customer; the surest first."""
    records = [record_of(one, at) for at, one in enumerate(side)]
    frequencies = Frequencies(records)
    weights, index = Weights(frequencies), Index(records, frequencies)
    found = (
        _twin(pair, side, weights)
        for record in records
        for at in index.near(record)
        if at > record.at
        and (pair := compare(record, records[at], weights)).score >= WORTH_SHOWING
        and is_worth_asking(pair, weights)
    )
    return sorted(found, key=lambda twin: (not twin.is_sure, -twin.score))


def _twin(pair: Comparison, side: Sequence[ContactCandidate], weights: Weights) -> Twin:
    one, other = side[pair.ours.at], side[pair.theirs.at]
    said = reasons(pair, one, other)
    return Twin(
        one=one,
        other=other,
        is_sure=is_copy(pair, weights),
        score=round(pair.score, 1),
        reasons=tuple(dict.fromkeys((*said, *doubts(pair, weights)))),
    )
