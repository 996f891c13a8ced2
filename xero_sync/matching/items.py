"""Which of our stock items is which of Xero's: numbers and names that agree, no size that
differs, and nothing else on either side that fits nearly as well."""

from collections.abc import Sequence

from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.item_doubts import Doubts
from xero_sync.matching.item_evidence import (
    CODES,
    Comparison,
    Evidence,
    Key,
)
from xero_sync.matching.item_price_gaps import PriceGap
from xero_sync.matching.item_search import pairs_to_compare
from xero_sync.matching.item_settling import Judged, settled
from xero_sync.matching.item_weights import AMONG_ALL, NAME, Weights
from xero_sync.matching.names import difference, very_similar
from xero_sync.matching.pairing import Match

__all__ = ["ItemCandidate", "Match", "match_items"]

# In bits: what is linked by itself, what is shown to a person, what is likely.
CERTAIN, LIKELY, POSSIBLE = 4.75, 0.0, -6.0
# A second copy of what is linked is told of from here on.
COPY = 4.0
HALF = 0.5
# An item cannot be made in Xero while another has its code.
REFUSED_BY_XERO = (Key.CODE, Key.CASE)


def match_items(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> list[Match]:
    """Certain ones first. An item of either side may be in several doubtful ones."""
    if not ours or not theirs:
        return []
    evidence = Evidence(ours, theirs)
    compared = [
        evidence.compare(ours[mine], theirs[other])
        for mine, other in pairs_to_compare(ours, theirs)
    ]
    weights = Weights(ours, theirs, evidence, compared)
    for comparison in compared:
        weights.weigh(comparison)
    doubts = Doubts(evidence, ours, theirs)
    judged = [_judged(comparison, weights, doubts) for comparison in compared]
    return [_match(*pair) for pair in settled(judged)]


def _judged(one: Comparison, weights: Weights, doubts: Doubts) -> Judged:
    score = sum(one.bits.values())
    must_be_told = weights.codes_mean_something and one.code in REFUSED_BY_XERO
    return Judged(
        comparison=one,
        score=score,
        is_sure=score >= CERTAIN and not _is_doubtful(one, weights, doubts),
        is_possible=must_be_told or (score >= POSSIBLE and not one.conflict),
        is_copy=score >= COPY and one.alike and not one.conflict,
    )


def _is_doubtful(one: Comparison, weights: Weights, doubts: Doubts) -> bool:
    """What a person has to look at, whatever the score."""
    if one.conflict:
        return True
    keys = one.keys if weights.codes_mean_something else one.keys - set(CODES)
    if keys - {Key.MENTIONED}:
        return one.is_named and not _names_agree(one, weights)
    is_priced_alike = PriceGap.EQUAL in (one.sell, one.cost)
    if weights.codes_are_assumed and (one.codes_differ or not is_priced_alike):
        return True
    return doubts.about(one)


def _names_agree(one: Comparison, weights: Weights) -> bool:
    """Enough for two that share a number."""
    if one.alike or very_similar(one.ours.name, one.theirs.name):
        return True
    lines = one.ours.line.tokens, one.theirs.line.tokens
    least = min(sum(map(weights.word, tokens)) for tokens in lines)
    shared = sum(weights.word(token) * fits for token, fits in one.names.shared)
    return bool(one.names.shared) and shared >= HALF * least


def _match(pair: Judged, note: str, certain: bool) -> Match:
    one = pair.comparison
    name = difference(one.ours.name, one.theirs.name)
    reasons = [
        (name if words == NAME else words, bits)
        for words, bits in one.bits.items()
        if words != AMONG_ALL
    ]
    if note:
        reasons.append((note, 0.0))
    return Match(
        one.ours.local_id,
        one.theirs.xero_id,
        certain,
        tuple(words for words, _ in reasons),
        score=round(pair.score, 2),
        likely=pair.score >= LIKELY,
        bits=tuple(round(bits, 2) for _, bits in reasons),
    )
