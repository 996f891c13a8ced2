"""How two names lie on each other, word by word, and what that is worth in bits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.names import (
    LONG_ENOUGH,
    SHORTEST_WORD,
    VERY_SIMILAR,
    Likeness,
    typo,
)
from xero_sync.matching.nicknames import are_one_name
from xero_sync.matching.normalise import COMMON_WORDS, LEGAL_FORMS
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
SPACES, GLUED, FORMS, EXACTLY = 2.0, 1.0, 3.0, 1.0
ALIAS = 0.7
LONG = 10  # letters, of a name in which two slips leave no doubt
# Companies of one group are told apart by such words; those of one only leave them out.
SIBLINGS = frozenset(["group", "services", "service", "solutions", "international"])
_FOR_WHOM = frozenset(["fao", "attn", "attention", "contact"])
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Alignment:
    relation: Relation
    bits: float
    adds_town: bool = False
    adds_words: bool = False
    by_initial: bool = False


def align(one: Record, other: Record, words: Frequencies) -> Alignment:
    """The best of the names that either goes by."""
    if one.name == other.name and one.name:
        exactly = EXACTLY * (one.spelled == other.spelled)
        initial = _is_an_initial(one)
        relation = Relation.LOOSE if initial else Relation.SAME
        bits = _whole(one.name, words) + exactly
        found = Alignment(relation, bits, by_initial=initial)
    else:
        found = _best(one, other, words)
    if one.forms and other.forms and not set(one.forms) & set(other.forms):
        relation = min(found.relation, Relation.LOOSE)
        return replace(found, relation=relation, bits=found.bits - FORMS)
    return found


def _is_an_initial(one: Record) -> bool:
    """J Smith and J Smith may be two of the house."""
    return one.may_be_person and sum(len(word) > 1 for word in one.name) == 1


def _best(one: Record, other: Record, words: Frequencies) -> Alignment:
    if not one.name or not other.name:
        return Alignment(Relation.OTHER, CONFLICT)
    if one.letters == other.letters:
        return Alignment(Relation.SAME, words.size - GLUED)
    best = _Words(one, other, words).alignment()
    if best.relation is Relation.OTHER and _only_spaces_differ(one, other):
        return Alignment(Relation.CLOSE, words.size - SPACES)
    both_persons = one.may_be_person and other.may_be_person
    if both_persons and best.relation <= Relation.LOOSE and _are_one_person(one, other):
        return Alignment(Relation.CLOSE, _whole(one.person, words) - GLUED)
    trades = one.may_be_person != other.may_be_person and _trades_as(one, other)
    if trades or (best.relation <= Relation.OTHER and _goes_by(one, other)):
        shorter = min(one.name, other.name, key=len)
        return Alignment(Relation.ALIAS, ALIAS * _whole(shorter, words))
    if best.adds_words and _trades_as(one, other):
        return replace(best, adds_words=False)
    return best


def _only_spaces_differ(one: Record, other: Record) -> bool:
    """Or little else: words that ran together, with a slip of the finger at most."""
    if len(one.name) == len(other.name) and len(one.spelled) == len(other.spelled):
        return False
    letters = one.letters, other.letters
    slips = OSA.distance(*letters, score_cutoff=2)
    return min(map(len, letters)) >= LONG and slips <= 2


def _are_one_person(one: Record, other: Record) -> bool:
    """By first and last name, where the name is nothing else but mistyped."""
    if one.person != other.person or len(one.person) < 2:
        return False
    return all(
        any(_is_mistyped(word, part) for part in one.person)
        for word in (*one.name, *other.name)
        if len(word) > 1
    )


def _is_mistyped(word: str, part: str) -> bool:
    slips = 1 if len(part) < LONG_ENOUGH else 2
    return OSA.distance(word, part, score_cutoff=slips) <= slips


def _trades_as(one: Record, other: Record) -> bool:
    return other.name in one.names[1:] or one.name in other.names[1:]


def _goes_by(one: Record, other: Record) -> bool:
    """Whether one is called what the other's contact, or its trading name, is."""
    return (
        _trades_as(one, other)
        or (one.person == other.name and len(one.person) > 1)
        or (other.person == one.name and len(other.person) > 1)
    )


def _whole(name: tuple[str, ...], words: Frequencies) -> float:
    return min(sum(map(words.of_word, name)), words.of_name(name))


class _Words:
    """The words of two names: ``shared``, ``kin`` written in two ways, and what is left
    of either."""

    def __init__(self, one: Record, other: Record, words: Frequencies) -> None:
        self._one, self._other, self._words = one, other, words
        self.left, self.right = list(one.name), list(other.name)
        self.shared = []
        for word in one.name:
            if word in self.right:
                self.left.remove(word)
                self.right.remove(word)
                self.shared.append(word)
        self.persons = one.may_be_person and other.may_be_person
        self.strict = self.persons or ratio(one.letters, other.letters) < VERY_SIMILAR
        self.kin = self._take_kin()
        if not self.persons:
            self.left = _without_short_forms(self.left, other)
            self.right = _without_short_forms(self.right, one)

    def alignment(self) -> Alignment:
        bits = self._bits()
        if not self.shared and not self.kin:
            return Alignment(Relation.OTHER, CONFLICT)
        if self.left and self.right:
            if self.persons:
                return Alignment(Relation.STRANGER, bits + STRANGERS)
            return Alignment(Relation.OTHER, bits + CONFLICT)
        added = self.left or self.right
        if added and self._names_its_contact(added):
            return Alignment(self._relation([]), bits)
        if added and self._has_a_word_of_its_own(left_adds=bool(self.left)):
            return Alignment(Relation.OTHER, bits + CONFLICT)
        bits -= sum(
            min(MOST_ADDED, ADDED * self._words.of_word(word)) for word in added
        )
        adder = self._one if self.left else self._other
        towns = {word for place in adder.places for word in place.words}
        adds_town = any(word in self._words.towns or word in towns for word in added)
        initial = not added and self._is_loose_by_an_initial_alone()
        relation = self._relation(added)
        return Alignment(relation, bits, adds_town, bool(added), initial)

    def _names_its_contact(self, added: list[str]) -> bool:
        """ "Acme Ltd (Ann Lee)", or "FAO Ann", of a company whose contact that is."""
        adder = self._one if self.left else self._other
        told = {*self._one.person, *self._other.person, *_FOR_WHOM}
        return not adder.may_be_person and told.issuperset(added)

    def _is_loose_by_an_initial_alone(self) -> bool:
        loose = [kind for _, _, kind in self.kin if kind < Kinship.SHORT_FORM]
        return bool(loose) and set(loose) == {Kinship.INITIAL}

    def _has_a_word_of_its_own(self, *, left_adds: bool) -> bool:
        """Where one says "Maintenance" the other says "Group"."""
        one, other = self._one.spelled, self._other.spelled
        shorter, longer = (other, one) if left_adds else (one, other)
        return bool(SIBLINGS.intersection(shorter).difference(longer))

    def _bits(self) -> float:
        """In a long name a slip is soon made up for; of two people in one house it tells
        who is who."""
        rarity = self._words.of_word
        bits = sum(map(rarity, self.shared))
        lost = 0.0
        for word, other, kind in self.kin:
            initial = kind is Kinship.INITIAL
            bits += INITIAL if initial else min(rarity(word), rarity(other))
            lost += LOSS[kind]
        most = self._words.size
        return min(bits, most) - lost if self.strict else min(bits - lost, most)

    def _relation(self, added: list[str]) -> Relation:
        if any(kind < Kinship.SHORT_FORM for _, _, kind in self.kin):
            return Relation.LOOSE
        short = any(kind is Kinship.SHORT_FORM for _, _, kind in self.kin)
        if added and (short or not self._is_the_same_with_more(added)):
            return Relation.LOOSE
        return Relation.CLOSE

    def _is_the_same_with_more(self, added: list[str]) -> bool:
        if LEGAL_FORMS.keys() >= set(added):
            return True
        one_person = self._one.is_person != self._other.is_person
        if one_person and any(len(word) > 1 for word in added):
            return False
        matched = [*self.shared, *(max(word, other) for word, other, _ in self.kin)]
        most = sum(map(len, matched)) >= sum(map(len, added))
        return len(matched) >= 2 and most

    def _take_kin(self) -> list[tuple[str, str, Kinship]]:
        """Takes from both sides the words that are one word written in two ways."""
        found = [
            *_put_together(self.left, self._one, self.right),
            *_put_together(self.right, self._other, self.left),
        ]
        for word in list(self.left):
            best, kind = "", Kinship.NONE
            for candidate in self.right:
                kin = self._kinship(word, candidate)
                if kin > kind:
                    best, kind = candidate, kin
            if kind:
                self.left.remove(word)
                self.right.remove(best)
                found.append((word, best, kind))
        if len(self.left) != len(self.right) and (self.left and self.right):
            one, other = "".join(self.left), "".join(self.right)
            if one == other:
                found.append((one, other, Kinship.TYPO))
                self.left, self.right = [], []
        return found

    def _kinship(self, word: str, other: str) -> Kinship:
        """Two words that many have are two words; one of them beside one that nobody
        else has is a slip of the finger."""
        kin = kinship(word, other, strict=self.strict)
        if kin is Kinship.NONE and not self.persons and is_short_form(word, other):
            return Kinship.SHORT_FORM
        if kin is not Kinship.TYPO and kin is not Kinship.SHORT_TYPO:
            return kin
        known = self._words.is_known(word) + self._words.is_known(other)
        plain = min(len(word), len(other)) >= SHORTEST_WORD
        if known == 2:
            slips = plain and self._words.is_often_mistyped_as(word, other)
            return Kinship.SHORT_TYPO if slips else Kinship.NONE
        return Kinship.TYPO if known == 1 and plain else kin


def _put_together(
    parts: list[str], record: Record, others: list[str]
) -> Iterator[tuple[str, str, Kinship]]:
    """ "Georg e": takes from both what a slip of the space bar took apart."""
    if len(parts) < 2 or len(parts) <= len(others):
        return
    for one, next_one in pairwise(record.spelled):
        whole = one + next_one
        if whole in others and one in parts and next_one in parts:
            parts.remove(one)
            parts.remove(next_one)
            others.remove(whole)
            yield whole, whole, Kinship.TYPO


def _without_short_forms(words: list[str], other: Record) -> list[str]:
    """ "Serv" says no more than the "Services" of the other, which says nothing."""
    untelling = COMMON_WORDS.intersection(other.spelled)
    return [
        word
        for word in words
        if not any(is_short_form(word, common) for common in untelling)
    ]


def is_short_form(word: str, other: str) -> bool:
    """Constr, or Mgt: the front of a long word, or some of its letters with the last."""
    if word[0] != other[0]:
        return False
    short, long = (word, other) if len(word) < len(other) else (other, word)
    if not 3 <= len(short) <= 2 * len(long) // 3 or len(long) < LONG_ENOUGH:
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    ends = short[-1] == long[-1] and _VOWELS.isdisjoint(short)
    return ends and all(letter in letters for letter in short)


@lru_cache(maxsize=100_000)
def kinship(word: str, other: str, *, strict: bool) -> Kinship:
    if len(word) == 1 or len(other) == 1:
        return Kinship.INITIAL if word[0] == other[0] else Kinship.NONE
    if are_one_name(word, other):
        return Kinship.SHORT_FORM
    found = typo(word, other, strict=strict)
    if found is Likeness.UNLIKE:
        return Kinship.NONE
    return Kinship.TYPO if found >= Likeness.CLOSE else Kinship.SHORT_TYPO
