"""What it is worth that two items agree, in bits, learned from the two lists themselves:
how rare a word is, how often clear twins have one code, how far their prices lie apart."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import log2

from xero_sync.matching.item_candidate import ItemCandidate, is_copy
from xero_sync.matching.item_evidence import (
    CODES,
    Comparison,
    Evidence,
    Key,
)
from xero_sync.matching.item_price_gaps import Raise
from xero_sync.matching.item_prices import Prices
from xero_sync.matching.item_text import Sort, Token

# Two of the findings: the words that two names share, and what it takes to find one item
# among all of the other side.
NAME, AMONG_ALL = "name", "among all"
# A shorter list tells no more about how rare its words are.
SMALLEST = 1000
# How many items share their name with another one, until the lists say so.
NAMESAKES = 0.02
WRITTEN_ALIKE = 0.4
MOST_NAMESAKES = 5
WITHOUT_TWIN = 0.4
BEST_NAME = 7.0
# What was seen counts as much as this many pairs that were assumed.
ASSUMED = 10
ASSUMED_NAMES = 50
ENOUGH_TO_TELL = 8
TRUSTED = {
    Key.CODE: 0.997,
    Key.CASE: 0.99,
    Key.WRITTEN: 0.95,
    Key.PREFIX: 0.8,
    Key.MPN: 0.98,
    Key.MENTIONED: 0.7,
    Key.BARCODE: 0.99,
}
# How clear twins write their codes, and how often the codes have nothing in common.
CODES_OF_TWINS = {
    Key.CODE: 0.7,
    Key.CASE: 0.1,
    Key.WRITTEN: 0.1,
    Key.PREFIX: 0.05,
    None: 0.05,
}
# Below this share of codes that are shared and below this trust a code says nothing.
FEWEST_SHARED, LEAST_TRUST = 0.15, 0.5
LACKING = {
    Sort.WORD: -2.0,
    Sort.VARIANT: -3.0,
    Sort.ID: -0.5,
    Sort.MODEL: -3.0,
    Sort.NUMBER: -3.0,
}
WORST_LACK = -9.0
CONFLICT, UNLIKE = -8.0, -4.0
# Of one name and one maker there is hardly another, as there is of one name alone.
SAME_MAKER, SAME_MAKER_AND_NAME = 1.75, 3.5
ONLY_ONE_RETIRED, ANOTHER_NUMBER = -1.5, -2.0


class Weights:
    def __init__(
        self,
        ours: Sequence[ItemCandidate],
        theirs: Sequence[ItemCandidate],
        evidence: Evidence,
        compared: Sequence[Comparison],
    ) -> None:
        self._records = max(SMALLEST, len(ours), len(theirs))
        self.size = log2(self._records)
        self._word_holders = evidence.word_holders
        self._code_holders = [
            Counter(item.code_key for item in side) for side in (ours, theirs)
        ]
        self._name_worth = _name_worth(evidence, ours, theirs)
        twins = _clear_twins(compared, self)
        self.codes_are_assumed = len(twins) < ENOUGH_TO_TELL
        self._written = _written_alike(twins, ours, theirs)
        self._trust = _trust(compared)
        self._codes = _shares(
            CODES_OF_TWINS,
            Counter(one.code for one in twins if one.ours.code_key and one.theirs.code_key),
        )  # fmt: skip
        self._prices = Prices(twins, [one for one in compared if one.conflict])

    @property
    def codes_mean_something(self) -> bool:
        shared = 1 - self._codes[None]
        return shared >= FEWEST_SHARED or self._trust[Key.CODE] >= LEAST_TRUST

    def weigh(self, one: Comparison) -> None:
        """Sets what each finding adds, in the order in which it is told."""
        one.bits = {
            **self._numbers(one),
            NAME: self.name(one) + self._wording(one),
            **self._prices.bits(one),
            **self._others(one),
            AMONG_ALL: -self.size,
        }

    def name(self, one: Comparison) -> float:
        if not one.is_named:
            return 0.0
        shared = sum(self.word(token) * fits for token, fits in one.names.shared)
        bits = min(shared, self.size + self._name_worth)
        rests = (*one.names.left, *one.names.right)
        bits += max(WORST_LACK, sum(LACKING[token.sort] for token in rests))
        if one.names.left and one.names.right:
            bits += UNLIKE
        return bits

    def _wording(self, one: Comparison) -> float:
        """What it adds that equal words are written letter by letter the same."""
        if not one.same_words:
            return 0.0
        twins, others = self._written
        if twins < others:
            # To be written the same never speaks against two.
            return 0.0
        if one.is_written_alike:
            return log2(twins / others)
        return log2((1 - twins) / (1 - others))

    def word(self, token: Token) -> float:
        holders = max(1, *(side[token.text] for side in self._word_holders))
        return max(0.0, log2(self._records / holders))

    def _numbers(self, one: Comparison) -> dict[str, float]:
        found: dict[str, float] = {}
        for key in Key:
            if key in one.keys and (key not in CODES or self.codes_mean_something):
                found[key.value] = self._agreement(key, one)
        if one.codes_differ and self.codes_mean_something:
            found["different codes"] = max(-6.0, log2(self._codes[None]))
        return found

    def _agreement(self, key: Key, one: Comparison) -> float:
        trust = self._trust[key]
        bits = self.size + log2(trust / (1 - trust))
        if key in CODES:
            holders = max(
                self._code_holders[0][one.ours.code_key],
                self._code_holders[1][one.theirs.code_key],
            )
            share = self._codes[key] / max(self._codes[code] for code in CODES)
            bits += log2(share) - 2 * log2(holders)
        return max(0.0, bits)

    def _others(self, one: Comparison) -> dict[str, float]:
        found: dict[str, float] = {}
        if one.maker:
            named = one.same_words and one.raised is not Raise.UNLIKE
            found["same maker"] = SAME_MAKER_AND_NAME if named else SAME_MAKER
        if one.has_another_number:
            found["another maker's number"] = ANOTHER_NUMBER
        if one.ours.line.is_retired != one.theirs.line.is_retired:
            found["only one is marked as discontinued"] = ONLY_ONE_RETIRED
        if one.conflict:
            found[one.conflict] = CONFLICT
        return found


def _clear_twins(compared: Sequence[Comparison], weights: Weights) -> list[Comparison]:
    """Of equal words, enough of them, and nobody else's: found without any number."""
    same = [
        one
        for one in compared
        if one.same_words and not one.conflict and weights.name(one) >= weights.size
    ]
    here = Counter(id(one.ours) for one in same)
    there = Counter(id(one.theirs) for one in same)
    return [one for one in same if here[id(one.ours)] == there[id(one.theirs)] == 1]


def _trust(compared: Sequence[Comparison]) -> dict[Key, float]:
    """Of those who share a number, how many share their name as well."""
    seen: Counter[Key] = Counter()
    alike: Counter[Key] = Counter()
    for one in compared:
        if one.is_named:
            seen.update(one.keys)
            if one.alike and not one.conflict:
                alike.update(one.keys)
    return {
        key: min(0.999, (assumed * ASSUMED + alike[key]) / (ASSUMED + seen[key]))
        for key, assumed in TRUSTED.items()
    }


def _shares(
    assumed: dict[Key | None, float], seen: Counter[Key | None]
) -> dict[Key | None, float]:
    total = ASSUMED + seen.total()
    return {
        key: (share * ASSUMED + seen[key]) / total for key, share in assumed.items()
    }


def _name_worth(evidence: Evidence, *sides: Sequence[ItemCandidate]) -> float:
    """What an equal name proves beyond finding one item among all: little in lists in
    which many items of one side bear one name, but for their makers."""
    shares = []
    for side in sides:
        names = Counter(evidence.name_without_maker(item) for item in side)
        namesakes = sum(count for count in names.values() if count > 1)
        shares.append(
            (NAMESAKES * ASSUMED_NAMES + namesakes) / (ASSUMED_NAMES + len(side))
        )
    # Two namesakes are only taken for one when each lacks its twin on the other side.
    share = max(shares) * WITHOUT_TWIN**2
    return min(BEST_NAME, log2((1 - share) / share))


def _written_alike(
    twins: Sequence[Comparison], *sides: Sequence[ItemCandidate]
) -> tuple[float, float]:
    """How often one name is written letter by letter the same: by twins on two sides,
    and by namesakes on one."""
    same = namesakes = 0
    for side in sides:
        by_words: dict[frozenset[Token], list[ItemCandidate]] = defaultdict(list)
        for item in side:
            by_words[frozenset(item.line.tokens)].append(item)
        for items in by_words.values():
            for one, other in combinations(items[:MOST_NAMESAKES], 2):
                if not is_copy(one, other):
                    namesakes += 1
                    same += one.title == other.title
    alike = sum(one.is_written_alike for one in twins)
    return (
        (WRITTEN_ALIKE * ASSUMED + alike) / (ASSUMED + len(twins)),
        (WRITTEN_ALIKE * ASSUMED + same) / (ASSUMED + namesakes),
    )
