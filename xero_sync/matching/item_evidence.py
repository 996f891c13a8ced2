"""What two items have in common and what speaks against them, before any verdict."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from xero_sync.matching.item_candidate import ItemCandidate, is_a_number
from xero_sync.matching.item_names import ELSEWHERE, Alignment, aligned
from xero_sync.matching.item_price_gaps import PriceGap, Pricing, Raise
from xero_sync.matching.item_text import PERHAPS_CUT, Sort, Token, line

LENGTH_OF_A_BARCODE = 12
COMMON_WORD = 3


class Key(StrEnum):
    """The numbers two items can share, in the words of a reason."""

    CODE = "same code"
    CASE = "same code but for its case"
    WRITTEN = "same code, written another way"
    PREFIX = "same code but for a prefix"
    MPN = "same maker's number"
    MENTIONED = "our code in its text"
    BARCODE = "same barcode"


CODES = (Key.CODE, Key.CASE, Key.WRITTEN, Key.PREFIX)


@dataclass(slots=True)
class Comparison:
    """``conflict`` says in plain words why the two cannot be taken for one, if so."""

    ours: ItemCandidate
    theirs: ItemCandidate
    names: Alignment
    keys: frozenset[Key]
    sell: PriceGap | None
    cost: PriceGap | None
    raised: Raise | None
    maker: bool | None
    conflict: str = ""
    bits: dict[str, float] = field(default_factory=dict)

    @property
    def code(self) -> Key | None:
        return next((key for key in CODES if key in self.keys), None)

    @property
    def codes_differ(self) -> bool:
        both = self.ours.code_key and self.theirs.code_key
        return bool(both) and self.code is None

    @property
    def has_another_number(self) -> bool:
        """Its text has a maker's number, it seems, and that is not ours."""
        if not self.ours.mpn_key or self.keys - set(CODES):
            return False
        return any(
            token.sort is Sort.ID and len(token.text) < LENGTH_OF_A_BARCODE
            for token in self.theirs.tokens - self.ours.tokens
        )

    @property
    def is_written_alike(self) -> bool:
        return self.ours.title == self.theirs.title

    @property
    def is_named(self) -> bool:
        return bool(self.ours.line.tokens and self.theirs.line.tokens)

    @property
    def same_words(self) -> bool:
        return self.is_named and not self.names.left and not self.names.right

    @property
    def alike(self) -> bool:
        """Of one name as far as the words go."""
        one_sided = not (self.names.left and self.names.right)
        return self.is_named and bool(self.names.shared) and one_sided


class Evidence:
    """Compares in the light of both lists: which words are common, who are the makers."""

    def __init__(
        self, ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
    ) -> None:
        self.word_holders = [_holders(side) for side in (ours, theirs)]
        self._makers = {
            tokens: item.manufacturer
            for item in ours
            if (tokens := frozenset(line(item.manufacturer).tokens))
            # 3M is three metres wherever else it stands.
            and not all(token.sort is Sort.NUMBER for token in tokens)
        }
        self.maker_words = {word for tokens in self._makers for word in tokens}
        self._pricing = Pricing(ours, theirs)

    def compare(self, ours: ItemCandidate, theirs: ItemCandidate) -> Comparison:
        names = self._explained(
            aligned(ours.line.tokens, theirs.line.tokens, self.is_common), ours, theirs
        )
        sell, cost = self._pricing.gaps(ours, theirs)
        comparison = Comparison(
            ours=ours,
            theirs=theirs,
            names=names,
            keys=frozenset(_keys(ours, theirs)),
            sell=sell,
            cost=cost,
            raised=self._pricing.raised(ours, theirs),
            maker=self._same_maker(ours, theirs),
        )
        comparison.conflict = self._conflict(comparison)
        return comparison

    def is_common(self, word: str) -> bool:
        return any(
            holders[word] >= COMMON_WORD for holders in self.word_holders
        )  # fmt: skip

    def _explained(
        self, names: Alignment, ours: ItemCandidate, theirs: ItemCandidate
    ) -> Alignment:
        """What one name lacks may stand in another field of the same item."""
        shared = list(names.shared)
        left: list[Token] = []
        right: list[Token] = []
        for rest, other, missing in (
            (names.left, theirs, left),
            (names.right, ours, right),
        ):
            for token in rest:
                if _said_in(token, other.more):
                    shared.append((token, ELSEWHERE))
                elif not _is_cut_off(token, other is ours, theirs, ours):
                    missing.append(token)
        return Alignment(tuple(shared), tuple(left), tuple(right))

    def name_without_maker(self, item: ItemCandidate) -> frozenset[Token]:
        return frozenset(item.line.tokens) - self.maker_words

    def makers_of(self, item: ItemCandidate) -> frozenset[frozenset[Token]]:
        own = frozenset(line(item.manufacturer).tokens)
        if own:
            return frozenset([own])
        if self.maker_words.isdisjoint(item.tokens):
            return frozenset()
        return frozenset(one for one in self._makers if one <= item.tokens)

    def _same_maker(self, ours: ItemCandidate, theirs: ItemCandidate) -> bool | None:
        here, there = self.makers_of(ours), self.makers_of(theirs)
        if not here or not there:
            return None
        return not here.isdisjoint(there)

    def _conflict(self, comparison: Comparison) -> str:
        left, right = comparison.names.left, comparison.names.right
        if _sizes_differ(left, right) or _sizes_differ_elsewhere(comparison):
            return "different sizes"
        for sort, words in (
            (Sort.MODEL, "different models"),
            (Sort.VARIANT, "different kinds"),
        ):
            if _hold(left, sort) and _hold(right, sort):
                return words
        if comparison.maker is False:
            return "different makers"
        return ""


def _holders(side: Iterable[ItemCandidate]) -> Counter[str]:
    return Counter(text for item in side for text in {one.text for one in item.tokens})


def _said_in(token: Token, others: Iterable[Token]) -> bool:
    if token.sort is not Sort.NUMBER:
        return token in others
    return any(token == one or _of_one_figure(token, one) for one in others)


def _of_one_figure(one: Token, other: Token) -> bool:
    return not (one.measure and other.measure) and one.figure == other.figure != ""


def _is_cut_off(
    token: Token, is_theirs: bool, theirs: ItemCandidate, ours: ItemCandidate
) -> bool:
    """The stump of a word at the end of a name that Xero had no room for."""
    tokens = theirs.line.tokens
    if not is_theirs or len(theirs.draft.name) < PERHAPS_CUT or token != tokens[-1]:
        return False
    stump = token.figure or token.text
    return any((one.figure or one.text).startswith(stump) for one in ours.tokens)


def _hold(tokens: Iterable[Token], sort: Sort) -> bool:
    return any(token.sort is sort for token in tokens)


def _sizes_differ(left: Iterable[Token], right: Iterable[Token]) -> bool:
    """Both say what the other does not, in one measure or without naming it."""
    here = {token.measure for token in left if token.sort is Sort.NUMBER}
    there = {token.measure for token in right if token.sort is Sort.NUMBER}
    return bool(here & there) or bool("" in here | there and here and there)


def _sizes_differ_elsewhere(comparison: Comparison) -> bool:
    """A name without a size whose description has one."""
    here, there = _sizes(comparison.ours), _sizes(comparison.theirs)
    return any(
        here[measure] - there[measure] and there[measure] - here[measure]
        for measure in here & there
    )


def _sizes(item: ItemCandidate) -> "_Sizes":
    found = _Sizes()
    for token in item.tokens:
        if token.sort is Sort.NUMBER and token.measure:
            found.setdefault(token.measure, set()).add(token.text)
    return found


class _Sizes(dict[str, set[str]]):
    def __and__(self, other: "_Sizes") -> set[str]:
        return self.keys() & other.keys()


def _keys(ours: ItemCandidate, theirs: ItemCandidate) -> Iterable[Key]:
    code = _code(ours, theirs)
    if code:
        yield code
    numbers = theirs.numbers
    if ours.mpn_key and (ours.mpn_key in numbers or ours.mpn_key == theirs.mpn_key):
        yield Key.MPN
    if ours.barcode_key and ours.barcode_key in numbers:
        yield Key.BARCODE
    if code is None and is_a_number(ours.code_key) and ours.code_key in numbers:
        yield Key.MENTIONED


def _code(ours: ItemCandidate, theirs: ItemCandidate) -> Key | None:
    here, there = ours.draft.code, theirs.draft.code
    if not ours.code_key or not theirs.code_key:
        return None
    if here == there:
        return Key.CODE
    if here.casefold() == there.casefold():
        return Key.CASE
    if ours.code_key == theirs.code_key:
        return Key.WRITTEN
    tails = (ours.code_tail, theirs.code_key), (ours.code_key, theirs.code_tail)
    if any(one and one == other for one, other in tails):
        return Key.PREFIX
    return None
