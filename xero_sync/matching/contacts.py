"""Which of our contacts is which of Xero's."""

from collections.abc import Iterator, Sequence

from xero_sync.matching.assignment import LIKELY, Assigned, Judged, Links, assigned
from xero_sync.matching.candidates import ContactCandidate, Place
from xero_sync.matching.comparing import compare
from xero_sync.matching.doubts import doubts, is_copy, is_worth_asking
from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.index import Index
from xero_sync.matching.learning import learned_weights
from xero_sync.matching.leftover import asked_of_the_rest, link_the_rest
from xero_sync.matching.memory import without_looking_for_cycles
from xero_sync.matching.pairing import LocalId, Match
from xero_sync.matching.reasons import reasons, with_doubts
from xero_sync.matching.records import Record, record_of
from xero_sync.matching.weights import Weights

__all__ = ["ContactCandidate", "Match", "Place", "match_contacts"]


def match_contacts(
    ours: Sequence[ContactCandidate], theirs: Sequence[ContactCandidate]
) -> list[Match]:
    """Certain ones first. A record of either side may be in several doubtful ones."""
    if not ours or not theirs:
        return []
    with without_looking_for_cycles():
        return _matched(ours, theirs)


def _matched(
    ours: Sequence[ContactCandidate], theirs: Sequence[ContactCandidate]
) -> list[Match]:
    ours = sorted(ours, key=lambda one: str(one.local_id))
    theirs = sorted(theirs, key=lambda one: one.xero_id)
    mine = [record_of(one, at) for at, one in enumerate(ours)]
    others = [record_of(one, at) for at, one in enumerate(theirs)]
    frequencies = Frequencies(mine, others)
    index = Index(others, frequencies)
    weights = learned_weights(mine, index, frequencies)
    links = Links(
        _judged(mine, index, weights),
        are_copies=lambda one, other: is_copy(compare(one, other, weights), weights),
    )
    links.settle()
    link_the_rest(links, mine, others, index, weights)
    found = assigned(links)
    found.extend(asked_of_the_rest(found, mine, others, weights))
    matches = (
        _match(one, ours[one.judged.ends[0]], theirs[one.judged.ends[1]])
        for one in found
    )
    return sorted(matches, key=_order)


def _judged(ours: Sequence[Record], index: Index, weights: Weights) -> Iterator[Judged]:
    for record in ours:
        for at in index.near(record):
            pair = compare(record, index.records[at], weights)
            if is_worth_asking(pair, weights):
                yield Judged(pair, tuple(doubts(pair, weights)))


def _match(one: Assigned, ours: ContactCandidate, theirs: ContactCandidate) -> Match:
    found = with_doubts(reasons(one.judged.pair, ours, theirs), one)
    return Match(
        local_id=ours.local_id,
        xero_id=theirs.xero_id,
        certain=one.is_certain,
        reasons=tuple(found),
        score=round(one.judged.score, 2),
        likely=one.judged.score >= LIKELY,
        bits=tuple(round(bits, 2) for bits in found.values()),
    )


def _order(match: Match) -> tuple[bool, bool, LocalId, str]:
    is_text = isinstance(match.local_id, str)
    return not match.certain, is_text, match.local_id, match.xero_id
