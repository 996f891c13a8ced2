"""What a person has to look at where two items share no number, whatever the score."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.item_evidence import Comparison, Evidence
from xero_sync.matching.item_names import is_like
from xero_sync.matching.item_price_gaps import PriceGap, Raise
from xero_sync.matching.item_text import PERHAPS_CUT, Sort, Token
from xero_sync.matching.item_words import UNITS

# A word that descriptions have so much oftener than names is a turn of phrase.
TURN_OF_PHRASE = 3


class Doubts:
    """In the light of both lists: which words part siblings, what has more makers."""

    def __init__(
        self,
        evidence: Evidence,
        ours: Sequence[ItemCandidate],
        theirs: Sequence[ItemCandidate],
    ) -> None:
        self._evidence = evidence
        self._namesakes = [
            Counter(map(evidence.name_without_maker, side)) for side in (ours, theirs)
        ]
        self._telling = self._telling_words(ours) | self._telling_words(theirs)

    def about(self, one: Comparison) -> bool:
        knows_more = (
            self._knows_more(one.ours, one.theirs, one),
            self._knows_more(one.theirs, one.ours, one),
        )
        if one.cost is PriceGap.EQUAL:
            # Siblings may be sold at one price, but hardly bought at one.
            least = any if self._has_rivals(one) else all
            return least(knows_more) or not self._names_agree(one)
        if any(knows_more):
            return True
        if any(map(self._is_of_the_name, (*one.names.left, *one.names.right))):
            return not self._names_agree(one) or one.raised is not Raise.ALIKE
        if one.sell is PriceGap.EQUAL:
            return False
        if one.raised is not Raise.ALIKE and self._has_rivals(one):
            return True
        return not one.maker and _prices_are_silent(one)

    def _knows_more(
        self, item: ItemCandidate, other: ItemCandidate, one: Comparison
    ) -> bool:
        """A size, a pack, a model or a kind, anywhere, that the other says nothing of."""
        cut = item.line.tokens[-1:] if len(item.draft.name) >= PERHAPS_CUT else ()
        shared = {token for token, _ in one.names.shared}
        # Xero has no box for a unit.
        left_out = {*shared, *cut, *item.said_by_its_unit}
        is_common = self._evidence.is_common
        return any(
            not any(is_like(token, said, is_common) for said in other.tokens)
            for token in item.tokens - other.tokens - left_out
            if self._is_telling(token)
        )

    def _is_telling(self, token: Token) -> bool:
        if token.sort is Sort.WORD:
            # A unit without a figure ("per m") is no size.
            return token in self._telling and token.text not in UNITS
        return self._is_of_the_name(token)

    def _is_of_the_name(self, token: Token) -> bool:
        """No maker's name, and nobody's number but a model's, which several items have."""
        if token.sort is Sort.ID:
            return self._evidence.is_common(token.text)
        return token not in self._evidence.maker_words

    def _telling_words(self, side: Sequence[ItemCandidate]) -> frozenset[Token]:
        """That set an item of a list apart from another one, alone or two together, more
        than once."""
        names = {self._evidence.name_without_maker(item) for item in side}
        parting = Counter(
            word
            for name in names
            for words in _words_of(name)
            if name.difference(words) in names
            for word in words
        )
        named = Counter(word for item in side for word in item.line.tokens)
        said = Counter(word for item in side for word in item.more)
        return frozenset(
            word
            for word, times in parting.items()
            if times > 1 and said[word] <= TURN_OF_PHRASE * named[word]
        )

    def _has_rivals(self, one: Comparison) -> bool:
        """Not known of both who makes them, and another of the name is in a list."""
        if one.maker:
            return False
        items = one.ours, one.theirs
        names = [self._evidence.name_without_maker(item) for item in items]
        return any(
            side[name] > (name == own)
            for side, own in zip(self._namesakes, names, strict=True)
            for name in names
        )

    def _names_agree(self, one: Comparison) -> bool:
        """But for what one of them says more than the other."""
        sides = one.names.left, one.names.right
        one_sided = not all(any(map(self._is_of_the_name, side)) for side in sides)
        return one.is_named and bool(one.names.shared) and one_sided


def _words_of(name: frozenset[Token]) -> Iterator[tuple[Token, ...]]:
    """One by one and two by two."""
    words = [token for token in name if token.sort is Sort.WORD]
    yield from zip(words)
    yield from combinations(words, 2)


def _prices_are_silent(one: Comparison) -> bool:
    """They tell nothing for it: there are none, or they went apart, or there is but one to
    compare, which differs, of a name that is not even written the same."""
    if one.raised is not None:
        return one.raised is Raise.UNLIKE
    gap = one.sell if one.cost is None else one.cost
    return gap is None or (gap >= PriceGap.NEAR and not one.is_written_alike)
