"""How alike two names are, and in what they differ, in words anyone can read."""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from xero_sync.matching.normalise import COMMON_WORDS, LEGAL_FORMS, folded, words

SHORTEST_WORD, LONG_ENOUGH, LONG_WORD = 4, 6, 8
# Persons are often two plain words, and one letter tells John from Joan.
WORDS_OF_A_PERSON = 2
FEWEST = 6  # letters that say something after others were lost
VERY_SIMILAR = 88.0


class Likeness(IntEnum):
    """UNLIKE: each holds a telling word that the other lacks. LOOSE: a typo in a short
    word, an initial, a name within a longer one. CLOSE: a typo in a long word, words
    added. SAME: but for legal forms, case, accents and order. IDENTICAL: letter by
    letter but for case and accents."""

    UNLIKE = 0
    LOOSE = 1
    CLOSE = 2
    SAME = 3
    IDENTICAL = 4


@dataclass(frozen=True)
class Name:
    """``contact`` is the person the record names, where it names one."""

    text: str
    contact: str = ""

    @cached_property
    def folded(self) -> str:
        return folded(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words(self.text)

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Sorted, without legal forms and common words, unless there is nothing else."""
        kept = [word for word in self._without_forms if word not in COMMON_WORDS]
        return tuple(sorted(kept or self.words))

    @cached_property
    def _without_forms(self) -> tuple[str, ...]:
        end = len(self.words)
        while end > 1 and self.words[end - 1] in LEGAL_FORMS:
            end -= 1
        return tuple(
            word
            for word in self.words[:end]
            if word not in LEGAL_FORMS or len(word) == 2
        )

    @cached_property
    def letters(self) -> str:
        telling = set(self.telling)
        return "".join(word for word in self.words if word in telling)

    @cached_property
    def ascii_letters(self) -> str:
        """What a program that knows no other letters leaves of the name."""
        return "".join(words(self.text.encode("ascii", "ignore").decode()))

    @cached_property
    def legal_forms(self) -> frozenset[str]:
        forms = Counter(self.words) - Counter(self._without_forms)
        return frozenset(LEGAL_FORMS[word] for word in forms)

    @cached_property
    def looks_like_a_person(self) -> bool:
        if len(self.words) > WORDS_OF_A_PERSON or self.legal_forms:
            return False
        contact = words(self.contact)
        if contact:
            return set(self.telling) <= set(contact)
        return all(part.isalpha() for part in self.folded.split())


def likeness(one: Name, other: Name) -> Likeness:
    if one.folded == other.folded:
        return Likeness.IDENTICAL if one.telling else Likeness.UNLIKE
    found = _likeness_of_words(one, other)
    two_forms = one.legal_forms and other.legal_forms
    if two_forms and one.legal_forms.isdisjoint(other.legal_forms):
        return min(found, Likeness.LOOSE)
    return found


def _likeness_of_words(one: Name, other: Name) -> Likeness:
    if not one.telling or not other.telling:
        return Likeness.UNLIKE
    if one.telling == other.telling or one.letters == other.letters:
        return Likeness.SAME
    if one.ascii_letters == other.ascii_letters and len(one.ascii_letters) >= FEWEST:
        return Likeness.CLOSE
    shared = Counter(one.telling) & Counter(other.telling)
    left = sorted((Counter(one.telling) - shared).elements())
    right = sorted((Counter(other.telling) - shared).elements())
    persons = one.looks_like_a_person and other.looks_like_a_person
    strict = persons or not very_similar(one, other)
    weakest, typos = _pair_typos(left, right, strict=strict)
    left, right = _without_slips(left, other), _without_slips(right, one)
    if left and right:
        return min(weakest, typo("".join(left), "".join(right), strict=strict))
    if not left and not right:
        return weakest
    return min(weakest, _containment(list(shared.elements()) + typos, left or right))


def _pair_typos(
    left: list[str], right: list[str], *, strict: bool
) -> tuple[Likeness, list[str]]:
    """Takes out of both lists the words that are one word with a typo."""
    weakest, paired = Likeness.CLOSE, []
    for word in list(left):
        best = max(
            right,
            key=lambda candidate: typo(word, candidate, strict=strict),
            default="",
        )
        found = typo(word, best, strict=strict)
        if found > Likeness.UNLIKE:
            left.remove(word)
            right.remove(best)
            paired.append(word)
            weakest = min(weakest, found)
    return weakest, paired


def _without_slips(left: list[str], other: Name) -> list[str]:
    """Words left alone because the other's, spelled right, is one that tells nothing."""
    untelling = [word for word in other.words if word not in other.telling]
    return [
        word
        for word in left
        if all(typo(word, known, strict=True) < Likeness.CLOSE for known in untelling)
    ]


@lru_cache(maxsize=100_000)  # long lists hold the same few words again and again
def typo(word: str, other: str, *, strict: bool) -> Likeness:
    """``strict`` for names in which one letter of a short word may make all the
    difference."""
    shorter = min(len(word), len(other))
    if not shorter or any(map(str.isdecimal, word + other)):
        return Likeness.UNLIKE
    if shorter == 1:
        return Likeness.LOOSE if word[0] == other[0] else Likeness.UNLIKE
    distance = OSA.distance(word, other)
    bare = _without_umlauts(word), _without_umlauts(other)
    if bare != (word, other):
        distance = min(distance, OSA.distance(*bare))
    if distance > (1 if shorter < LONG_ENOUGH else 2):
        return Likeness.UNLIKE
    if distance == 2 and shorter < LONG_WORD:
        return Likeness.LOOSE
    # Two abbreviations of equal length are two names: AB and AC.
    abbreviations = shorter < SHORTEST_WORD and len(word) == len(other)
    if shorter < LONG_ENOUGH and (strict or abbreviations):
        return Likeness.LOOSE
    return Likeness.CLOSE


def _without_umlauts(word: str) -> str:
    """Where there is no ö some write o, others oe."""
    if "e" in word:
        for spelled, bare in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            word = word.replace(spelled, bare)
    return word


def _containment(shared: list[str], added: list[str]) -> Likeness:
    """One name is the other with words added: how much of it is the same?"""
    if not shared:
        return Likeness.UNLIKE
    if LEGAL_FORMS.keys() >= set(added):
        return Likeness.CLOSE
    most = sum(map(len, shared)) >= sum(map(len, added))
    return Likeness.CLOSE if len(shared) >= 2 and most else Likeness.LOOSE


def very_similar(one: Name, other: Name) -> bool:
    in_order = ratio(one.letters, other.letters)
    sorted_words = ratio(" ".join(one.telling), " ".join(other.telling))
    return max(in_order, sorted_words) >= VERY_SIMILAR


def difference(one: Name, other: Name) -> str:
    """As the end of a list of reasons: "name differs by 'Ltd'"."""
    if one.folded == other.folded:
        return "same name"
    only_one = _missing_from(one.text, other)
    only_other = _missing_from(other.text, one)
    if only_one and only_other:
        return f"name differs: '{only_one}' here, '{only_other}' in Xero"
    if only_one or only_other:
        return f"name differs by '{only_one or only_other}'"
    if sorted(one.words) == sorted(other.words) and one.words != other.words:
        return "same name in another order"
    return "same name, written a little differently"


def _missing_from(text: str, other: Name) -> str:
    known = set(other.words) | {"and"}
    missing = [part for part in text.split() if set(words(part)) - known]
    return " ".join(missing)
