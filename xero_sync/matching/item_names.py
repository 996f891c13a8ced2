"""What two items' names share word by word, and what each says that the other does not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from xero_sync.matching.item_text import Sort, Token

# How much of a word's worth is left when it is not written the same.
TYPO, INFLECTED, SHORT, INITIALS, LETTER, UNIT_LEFT_OUT, ELSEWHERE = (
    0.85, 0.6, 0.7, 0.6, 0.4, 0.8, 0.7,
)  # fmt: skip
SHORT_WORD, LONG_WORD = 5, 8
SHORTEST_SHORT_FORM = 2
COMMON_START = 5
COMMON_SHORT_FORM = 4

# A switch of 2G is one of two gangs.
_GANGS = {"g", "gang"}

IsCommon = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Alignment:
    """``shared`` with how well each word fits; what is left over has no counterpart."""

    shared: tuple[tuple[Token, float], ...]
    left: tuple[Token, ...]
    right: tuple[Token, ...]


def aligned(
    one: Sequence[Token], other: Sequence[Token], is_common: IsCommon
) -> Alignment:
    """``is_common`` tells words that many items have: no typos of one another."""
    exact = Counter(one) & Counter(other)
    shared = [(token, 1.0) for token in exact.elements()]
    left = list((Counter(one) - exact).elements())
    right = list((Counter(other) - exact).elements())
    if left and right:
        shared += _figures(left, right)
    if left and right:
        shared += _joined(left, right) + _joined(right, left)
    if left and right:
        shared += _alike(left, right, is_common)
    shared += _initials(left, right, other) + _initials(right, left, one)
    return Alignment(tuple(shared), tuple(left), tuple(right))


def _figures(left: list[Token], right: list[Token]) -> list[tuple[Token, float]]:
    """22 is 22 mm to whoever leaves the unit out."""
    found = []
    for token in list(left):
        if token.sort is Sort.NUMBER:
            partner = next((one for one in right if _same_figure(token, one)), None)
            if partner:
                left.remove(token)
                right.remove(partner)
                found.append((token if token.measure else partner, UNIT_LEFT_OUT))
    return found


def _same_figure(one: Token, other: Token) -> bool:
    bare = (
        not one.measure or not other.measure or {one.measure, other.measure} == _GANGS
    )
    return bare and other.sort is Sort.NUMBER and one.figure == other.figure


def _joined(left: list[Token], right: list[Token]) -> list[tuple[Token, float]]:
    """ "GU 10" here and "GU10" there."""
    found = []
    for whole in list(left):
        if whole.sort is Sort.NUMBER:
            continue
        for first in right:
            rest = whole.text.removeprefix(first.text)
            if rest in ("", whole.text):
                continue
            second = next(
                (one for one in right if rest in (one.text, one.figure)), None
            )
            if second and second is not first:
                left.remove(whole)
                right.remove(first)
                right.remove(second)
                found.append((whole, 1.0))
                break
    return found


def _alike(
    left: list[Token], right: list[Token], is_common: IsCommon
) -> list[tuple[Token, float]]:
    """Pairs off typos and short forms, the best first."""
    options = sorted(
        (
            (likeness, at, to)
            for at, one in enumerate(left)
            for to, other in enumerate(right)
            if (likeness := _word_likeness(one, other, is_common))
        ),
        key=lambda option: (-option[0], option[1:]),
    )
    found: list[tuple[Token, float]] = []
    gone_left: set[int] = set()
    gone_right: set[int] = set()
    for likeness, at, to in options:
        if at not in gone_left and to not in gone_right:
            gone_left.add(at)
            gone_right.add(to)
            longer = max(left[at], right[to], key=lambda token: len(token.text))
            found.append((longer, likeness))
    left[:] = [token for at, token in enumerate(left) if at not in gone_left]
    right[:] = [token for to, token in enumerate(right) if to not in gone_right]
    return found


def is_like(one: Token, other: Token, is_common: IsCommon) -> bool:
    """One may stand for the other."""
    if Sort.NUMBER in (one.sort, other.sort):
        return one == other or (one.sort is other.sort and _same_figure(one, other))
    if one.text.startswith(other.text) or other.text.startswith(one.text):
        return True
    return _word_likeness(one, other, is_common) > 0


def _word_likeness(one: Token, other: Token, is_common: IsCommon) -> float:
    if one.sort > Sort.VARIANT or other.sort > Sort.VARIANT:
        return 0.0
    short, long = sorted((one.text, other.text), key=len)
    if _is_typo(short, long) and not (is_common(short) and is_common(long)):
        return TYPO
    if one.sort is Sort.VARIANT and other.sort is Sort.VARIANT:
        return 0.0
    if short[0] != long[0]:
        return 0.0
    if len(short) == 1:
        return LETTER
    if _is_short_form(short, long):
        return SHORT
    if short[:COMMON_START] == long[:COMMON_START] and len(short) > COMMON_START:
        return INFLECTED
    return 0.0


def _is_typo(short: str, long: str) -> bool:
    # In short words another letter makes another word; one too few is a slip.
    if len(short) < SHORT_WORD and not 3 <= len(short) < len(long):
        return False
    allowed = 1 if len(short) < LONG_WORD else 2
    return OSA.distance(short, long, score_cutoff=allowed) <= allowed


def _is_short_form(short: str, long: str) -> bool:
    """comp(ression), or v(a)lv(e): in order, and no more than two thirds of the word; or
    a short form of a short form, comp(r)."""
    if len(short) >= COMMON_SHORT_FORM and long.startswith(short):
        return True
    if len(short) < SHORTEST_SHORT_FORM or 3 * len(short) > 2 * len(long):
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    in_order = all(letter in letters for letter in short)
    return in_order and (len(short) > SHORTEST_SHORT_FORM or short[-1] == long[-1])


def _initials(
    short: list[Token], long: list[Token], line: Sequence[Token]
) -> list[tuple[Token, float]]:
    """PRV for pressure relief valve; ``line`` is all that the long side says."""
    found: list[tuple[Token, float]] = []
    for token in list(short):
        size = len(token.text)
        if not 2 <= size <= 4 or not token.text.isalpha():
            continue
        for start in range(len(line) - size + 1):
            run = line[start : start + size]
            if "".join(word.text[0] for word in run) == token.text:
                spelled = [word for word in run if word in long]
                if spelled:
                    short.remove(token)
                    for word in spelled:
                        long.remove(word)
                        found.append((word, INITIALS))
                    break
    return found
