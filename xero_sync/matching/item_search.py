"""Which items of two lists are worth comparing: those that share a number or the most
telling words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log2

from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.item_names import ELSEWHERE

# The best so many of the other side, by the words they share, for each item.
CANDIDATES = 10
# A word on more items than this finds none of them.
MOST_HOLDERS = 1000
MOST_OF_ONE_NUMBER = 40
# A word's start, or a figure without its unit, for what is written another way.
STEM = 4
WORTH_OF_STEM = 0.5


def pairs_to_compare(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> list[tuple[int, int]]:
    """Positions, each pair once, in order."""
    found = set(_by_number(ours, theirs))
    found.update(_by_words(ours, theirs))
    found.update((mine, other) for other, mine in _by_words(theirs, ours))
    return sorted(found)


def _by_number(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> Iterable[tuple[int, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for other, item in enumerate(theirs):
        for number in item.numbers | {item.code_key, item.code_tail}:
            holders[number].append(other)
    holders.pop("", None)
    for mine, item in enumerate(ours):
        for number in {item.code_key, item.code_tail, item.mpn_key, item.barcode_key}:
            if len(holders.get(number, ())) <= MOST_OF_ONE_NUMBER:
                for other in holders.get(number, ()):
                    yield mine, other


def _by_words(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> Iterable[tuple[int, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for other, item in enumerate(theirs):
        for word in _words(item):
            holders[word].append(other)
    worth = {word: log2(1 + len(theirs) / len(them)) for word, them in holders.items()}
    for mine, item in enumerate(ours):
        shared: dict[int, float] = defaultdict(float)
        for word, weight in _words(item).items():
            them = holders.get(word, ())
            if len(them) <= MOST_HOLDERS:
                bits = weight * worth[word] if them else 0.0
                for other in them:
                    shared[other] += bits
        for other in nlargest(CANDIDATES, shared, key=shared.__getitem__):
            yield mine, other


def _words(item: ItemCandidate) -> dict[str, float]:
    """With stems of the longer ones, which typos and short forms share."""
    found: dict[str, float] = {}
    for weight, tokens in ((ELSEWHERE, item.more), (1.0, item.line.tokens)):
        for token in tokens:
            if token.text.isalpha() and len(token.text) > STEM:
                found[f"~{token.text[:STEM]}"] = weight * WORTH_OF_STEM
            if token.figure:
                found[token.figure] = weight * WORTH_OF_STEM
            found[token.text] = weight
    return found
