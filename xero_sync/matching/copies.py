"""Second copies inside one list, and twins of a record that is being typed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.comparing import Comparison, compare
from xero_sync.matching.doubts import doubts, is_copy, is_worth_asking
from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.index import Index
from xero_sync.matching.reasons import reasons
from xero_sync.matching.records import record_of
from xero_sync.matching.weights import Weights

# Fewer bits are not worth a word while somebody is typing.
WORTH_SHOWING = 3.0
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """``other`` may be the same as ``one``; ``is_sure`` as far as these two go."""

    one: ContactCandidate
    other: ContactCandidate
    is_sure: bool
    score: float
    reasons: tuple[str, ...]


class ContactIndex:
    """A list of contacts, ready to be asked who in it is alike."""

    def __init__(self, candidates: Sequence[ContactCandidate]) -> None:
        self.candidates = candidates
        records = [record_of(one, at) for at, one in enumerate(candidates)]
        frequencies = Frequencies(records)
        self._weights = Weights(frequencies)
        self._index = Index(records, frequencies)

    def likely_twins(self, candidate: ContactCandidate) -> list[Twin]:
        """Of one that is not in the list, or is being changed: the likeliest first."""
        record = record_of(candidate, at=-1)
        pairs = (
            compare(record, self._index.records[at], self._weights)
            for at in self._index.near(record)
        )
        found = [
            self._twin(pair, candidate)
            for pair in pairs
            if pair.score >= WORTH_SHOWING and is_worth_asking(pair)
        ]
        found = [twin for twin in found if twin.other != candidate]
        return sorted(found, key=lambda twin: -twin.score)[:MOST_SHOWN]

    def copies(self) -> Iterator[Twin]:
        for record in self._index.records:
            for at in self._index.near(record):
                if at <= record.at:
                    continue
                pair = compare(record, self._index.records[at], self._weights)
                if pair.score >= WORTH_SHOWING and is_worth_asking(pair):
                    yield self._twin(pair, self.candidates[record.at])

    def _twin(self, pair: Comparison, one: ContactCandidate) -> Twin:
        other = self.candidates[pair.theirs.at]
        said = reasons(pair, one, other)
        return Twin(
            one=one,
            other=other,
            is_sure=is_copy(pair, self._weights),
            score=round(pair.score, 1),
            reasons=tuple(dict.fromkeys((*said, *doubts(pair, self._weights)))),
        )


def copies_within(side: Sequence[ContactCandidate]) -> list[Twin]:
    """Records of one list that may be one customer; the surest first."""
    found = ContactIndex(side).copies()
    return sorted(found, key=lambda twin: (not twin.is_sure, -twin.score))


def likely_twins(candidate: ContactCandidate, side: ContactIndex) -> list[Twin]:
    return side.likely_twins(candidate)
