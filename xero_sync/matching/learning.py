"""How often two records of one customer agree in each field, learned from pairs that are
clear without it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from xero_sync.matching.alignment import Relation
from xero_sync.matching.comparing import Comparison, compare
from xero_sync.matching.findings import Verdict
from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.index import Index
from xero_sync.matching.records import Field, Record
from xero_sync.matching.weights import Weights

# So many records of ours tell enough.
SAMPLE = 2000
# Bits that a pair needs without the field that is being learned.
CLEAR = 6.0


def learned_weights(
    ours: Sequence[Record], index: Index, frequencies: Frequencies
) -> Weights:
    assumed = Weights(frequencies)
    agree: Counter[Field] = Counter()
    both: Counter[Field] = Counter()
    renamed: Counter[bool] = Counter()
    for pair in _sampled(ours, index, assumed):
        if _is_clear_without_name(pair):
            renamed[pair.name.relation <= Relation.OTHER] += 1
        for finding in pair.findings:
            if _is_clear_without(pair, finding.field):
                both[finding.field] += 1
                agree[finding.field] += finding.verdict >= Verdict.PARTLY
    return Weights(
        frequencies,
        {field: (agree[field], both[field]) for field in both},
        (renamed[True], renamed.total()),
    )


def _sampled(
    ours: Sequence[Record], index: Index, weights: Weights
) -> Iterator[Comparison]:
    """Of each record the one that has most in common with it."""
    for record in ours[:: max(1, len(ours) // SAMPLE)]:
        pairs = (
            compare(record, index.records[at], weights) for at in index.near(record)
        )
        best = max(pairs, key=lambda pair: pair.score, default=None)
        if best is not None:
            yield best


def _is_clear_without(pair: Comparison, field: Field) -> bool:
    if pair.name.relation < Relation.CLOSE:
        return False
    others = [one for one in pair.findings if one.field is not field]
    score = pair.score - sum(one.bits for one in pair.findings if one.field is field)
    backed = any(one.verdict >= Verdict.NEAR and one.bits > 0 for one in others)
    return backed and score >= CLEAR


def _is_clear_without_name(pair: Comparison) -> bool:
    """By two things at least that nobody else has."""
    alone = [
        one for one in pair.findings if one.verdict >= Verdict.NEAR and one.holders == 1
    ]
    return len(alone) > 1 and pair.score - pair.name.bits >= CLEAR
