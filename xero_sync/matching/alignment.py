"""How two names lie on each other, word by word, and what that is worth in bits."""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.names import SHORTEST_WORD, VERY_SIMILAR, Likeness, typo
from xero_sync.matching.nicknames import are_one_name
from xero_sync.matching.normalise import LEGAL_FORMS
from xero_sync.matching.records import Record


class Relation(IntEnum):
    """STRANGER: another first name of the same family. OTHER: each holds a telling word
    that the other lacks. ALIAS: one goes by the other's contact or trading name. LOOSE:
    an initial, a typo in a short word, a name within a longer one. CLOSE: a typo in a
    long word, words added. SAME: but for order, case, legal form."""

    STRANGER = 0
    OTHER = 1
    ALIAS = 2
    LOOSE = 3
    CLOSE = 4
    SAME = 5


class Kinship(IntEnum):
    """Of two words that are not equal."""

    NONE = 0
    INITIAL = 1
    SHORT_TYPO = 2
    SHORT_FORM = 3
    TYPO = 4


# What a word is worth less if it is not written letter by letter.
LOSS = {
    Kinship.INITIAL: 0.0,
    Kinship.SHORT_TYPO: 2.0,
    Kinship.SHORT_FORM: 1.5,
    Kinship.TYPO: 1.5,
}
INITIAL = 3.0
CONFLICT, STRANGERS = -6.0, -9.0
ADDED, MOST_ADDED = 0.2, 2.0
SPACES, FORMS = 2.0, 3.0
EXACTLY = 1.0
LONG = 10  # letters, of a name in which two slips leave no doubt


@dataclass(frozen=True, slots=True)
class Alignment:
    relation: Relation
    bits: float
    adds_town: bool = False


def align(one: Record, other: Record, words: Frequencies) -> Alignment:
    """The best of the names that either goes by."""
    if one.name == other.name and one.name:
        exactly = EXACTLY * (one.spelled == other.spelled)
        found = Alignment(Relation.SAME, _whole(one.name, words) + exactly)
    else:
        found = _best(one, other, words)
    if one.forms and other.forms and one.forms.isdisjoint(other.forms):
        relation = min(found.relation, Relation.LOOSE)
        return Alignment(relation, found.bits - FORMS, found.adds_town)
    return found


def _best(one: Record, other: Record, words: Frequencies) -> Alignment:
    best = _align(one.name, other.name, one, other, words)
    if best.relation is Relation.OTHER and _only_spaces_differ(one, other):
        return Alignment(Relation.CLOSE, words.size - SPACES)
    if best.relation <= Relation.OTHER and _goes_by(one, other):
        shorter = min(one.name, other.name, key=len)
        return Alignment(Relation.ALIAS, 0.7 * _whole(shorter, words))
    return best


def _only_spaces_differ(one: Record, other: Record) -> bool:
    """Or little else: words that ran together, with a slip of the finger at most."""
    if len(one.spelled) == len(other.spelled):
        return False
    letters = "".join(one.spelled), "".join(other.spelled)
    slips = OSA.distance(*letters, score_cutoff=2)
    return min(map(len, letters)) >= LONG and slips <= 2


def _goes_by(one: Record, other: Record) -> bool:
    """Whether one is called what the other's contact, or its trading name, is."""
    return (
        other.name in one.names[1:]
        or one.name in other.names[1:]
        or (one.person == other.name and len(one.person) > 1)
        or (other.person == one.name and len(other.person) > 1)
    )


def _whole(name: tuple[str, ...], words: Frequencies) -> float:
    return min(sum(map(words.of_word, name)), words.of_name(name))


def _align(
    one: tuple[str, ...],
    other: tuple[str, ...],
    record: Record,
    candidate: Record,
    words: Frequencies,
) -> Alignment:
    if not one or not other:
        return Alignment(Relation.OTHER, CONFLICT)
    if record.letters == candidate.letters:
        return Alignment(Relation.SAME, words.size - 1.0)
    persons = _are_persons(record, candidate)
    strict = persons or ratio(record.letters, candidate.letters) < VERY_SIMILAR
    shared = Counter(one) & Counter(other)
    left = sorted((Counter(one) - shared).elements())
    right = sorted((Counter(other) - shared).elements())
    bits = sum(words.of_word(word) for word in shared.elements())
    kin = _take_kin(left, right, strict=strict, words=words)
    bits += sum(
        INITIAL
        if kind is Kinship.INITIAL
        else min(words.of_word(word), words.of_word(found))
        for word, found, kind in kin
    )
    # In a long name a slip is soon made up for; of two in one house it tells who is who.
    lost = sum(LOSS[kind] for _, _, kind in kin)
    bits = min(bits, words.size) - lost if strict else min(bits - lost, words.size)
    matched = [*shared.elements(), *(max(a, b, key=len) for a, b, _ in kin)]
    if left and right:
        if persons and (shared or kin):
            return Alignment(Relation.STRANGER, bits + STRANGERS)
        return Alignment(Relation.OTHER, bits + CONFLICT)
    added = left or right
    if not matched:
        return Alignment(Relation.OTHER, CONFLICT)
    weakest = min((kind for _, _, kind in kin), default=Kinship.TYPO)
    relation = Relation.CLOSE if weakest >= Kinship.SHORT_FORM else Relation.LOOSE
    if added and not _is_the_same_with_more(matched, added, record, candidate):
        relation = Relation.LOOSE
    bits -= sum(min(MOST_ADDED, ADDED * words.of_word(word)) for word in added)
    adds_town = bool(added) and any(word in words.towns for word in added)
    return Alignment(relation, bits, adds_town)


def _are_persons(one: Record, other: Record) -> bool:
    return one.may_be_person and other.may_be_person


def _take_kin(
    left: list[str], right: list[str], *, strict: bool, words: Frequencies
) -> list[tuple[str, str, Kinship]]:
    """Takes out of both lists the words that are one word written in two ways."""
    found = []
    for word in list(left):
        best, kind = "", Kinship.NONE
        for candidate in right:
            kin = kinship(word, candidate, strict=strict)
            if kin in (Kinship.TYPO, Kinship.SHORT_TYPO):
                kin = _as_known(kin, word, candidate, words)
            if kin > kind:
                best, kind = candidate, kin
        if kind:
            left.remove(word)
            right.remove(best)
            found.append((word, best, kind))
    if left and right and len(left) != len(right):
        glued = "".join(left), "".join(right)
        if glued[0] == glued[1]:
            found.append((*glued, Kinship.TYPO))
            left.clear()
            right.clear()
    return found


def _as_known(kin: Kinship, word: str, candidate: str, words: Frequencies) -> Kinship:
    """Two words that many have are two words; one of them beside one that nobody else
    has is a slip of the finger."""
    known = words.is_known(word) + words.is_known(candidate)
    if known == 2:
        return Kinship.NONE
    plain = min(len(word), len(candidate)) >= SHORTEST_WORD
    return Kinship.TYPO if known == 1 and plain else kin


@lru_cache(maxsize=200_000)
def kinship(word: str, other: str, *, strict: bool) -> Kinship:
    if len(word) == 1 or len(other) == 1:
        return Kinship.INITIAL if word[0] == other[0] else Kinship.NONE
    if are_one_name(word, other):
        return Kinship.SHORT_FORM
    found = typo(word, other, strict=strict)
    if found is Likeness.UNLIKE:
        return Kinship.NONE
    return Kinship.TYPO if found >= Likeness.CLOSE else Kinship.SHORT_TYPO


def _is_the_same_with_more(
    matched: list[str], added: list[str], one: Record, other: Record
) -> bool:
    if LEGAL_FORMS.keys() >= set(added):
        return True
    if one.is_person != other.is_person and any(len(word) > 1 for word in added):
        return False
    most = sum(map(len, matched)) >= sum(map(len, added))
    return len(matched) >= 2 and most
