"""Which records of two long lists are worth comparing at all."""

from collections import Counter, defaultdict
from collections.abc import Iterable

# Pairs under one weak key; what is only alike in a common word is not worth more.
WEAK_PAIRS = 400
STRONG_PAIRS = 40_000
RAREST_WORDS = 2


class Blocks:
    """The positions of one side's records, by what they may have in common."""

    def __init__(self) -> None:
        self.strong: dict[str, list[int]] = defaultdict(list)
        self.weak: dict[str, list[int]] = defaultdict(list)
        self.words: dict[int, tuple[str, ...]] = {}

    def add(self, position: int, key: str, *, capped: bool = False) -> None:
        (self.weak if capped else self.strong)[key].append(position)

    def add_words(self, position: int, words: tuple[str, ...]) -> None:
        """Of these only the rarest on both sides become keys."""
        self.words[position] = words


def pairs_in_blocks(ours: Blocks, theirs: Blocks) -> list[tuple[int, int]]:
    """Each pair of positions once, in order."""
    frequency = _frequency(ours, theirs)
    found: set[tuple[int, int]] = set()
    for left, right, most in (
        (ours.strong, theirs.strong, STRONG_PAIRS),
        (ours.weak, theirs.weak, WEAK_PAIRS),
        (
            _by_rare_words(ours, frequency),
            _by_rare_words(theirs, frequency),
            WEAK_PAIRS,
        ),
    ):
        for key in left.keys() & right.keys():
            if len(left[key]) * len(right[key]) <= most:
                found.update((one, other) for one in left[key] for other in right[key])
    return sorted(found)


def _frequency(*sides: Blocks) -> Counter[str]:
    return Counter(
        word for side in sides for words in side.words.values() for word in set(words)
    )


def _by_rare_words(blocks: Blocks, frequency: Counter[str]) -> dict[str, list[int]]:
    by_word: dict[str, list[int]] = defaultdict(list)
    for position, words in blocks.words.items():
        for word in _rarest(words, frequency):
            by_word[word].append(position)
    return by_word


def _rarest(words: Iterable[str], frequency: Counter[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (frequency[word], word))[:RAREST_WORDS]
