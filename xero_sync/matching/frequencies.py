"""How often each value and each word occurs in the two lists: what is rare tells most."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import TypeVar

from xero_sync.matching.records import KEYED, Field, Record

_Key = TypeVar("_Key")

# A shorter list tells no more about how rare its values are.
SMALLEST = 1000
KNOWN = 3
MISTYPED = 20
# How many share a roof and a name with somebody else, until the lists say so, and below
# which share there are none of them.
HOUSEHOLDS, ASSUMED, HARDLY_ANY = 0.02, 50, 0.001
MOST_OF_A_HOUSE = 10
# A switchboard, or 000000 typed to fill the box.
MOST_HOLDERS = 10
# Numbers given one after the other: most have a neighbour that differs in the last sign.
DENSE, ENOUGH = 0.2, 50


class Frequencies:
    """``size``: the bits it takes to find one record among all of the other side."""

    def __init__(self, *sides: Sequence[Record]) -> None:
        self.records = max(SMALLEST, *map(len, sides))
        self.are_long = min(map(len, sides)) >= SMALLEST
        self.size = log2(self.records)
        self._values = [
            _highest(_holders(side, field) for side in sides) for field in Field
        ]
        # What so many hold that it stands for none of them.
        self.fillers = [
            frozenset(value for value, held in values.items() if held > MOST_HOLDERS)
            for values in self._values
        ]
        self._names = _highest(Counter(one.name for one in side) for side in sides)
        self._words = _highest(
            Counter(word for one in side for word in set(one.name)) for side in sides
        )
        self._place_words = _highest(
            Counter(word for one in side for word in _words_of_places(one))
            for side in sides
        )
        self._rarity_of_word = {
            word: self.rarity(count) for word, count in self._words.items()
        }
        self.has_households = max(map(_households, sides)) >= HARDLY_ANY
        self._dense = [any(_is_dense(side, field) for side in sides) for field in Field]
        self.towns = frozenset(
            word
            for side in sides
            for one in side
            for place in one.places
            for word in place.town.split()
        )

    def holders(self, field: Field, value: str) -> int:
        """How many customers of one side hold it, at most."""
        return self._values[field].get(value, 1)

    def is_dense(self, field: Field) -> bool:
        """Whether a value one sign off is likely another one's."""
        return self._dense[field]

    def rarity(self, holders: int) -> float:
        return max(0.0, self.size - log2(holders))

    def of_name(self, name: tuple[str, ...]) -> float:
        return self.rarity(self._names.get(name, 1))

    def of_word(self, word: str) -> float:
        return self._rarity_of_word.get(word, self.size)

    def of_place_word(self, word: str) -> float:
        return self.rarity(self._place_words.get(word, 1))

    def is_often_mistyped_as(self, word: str, other: str) -> bool:
        """One is so much rarer that it may be the other with a slip, made many times."""
        few, many = sorted(self._words.get(one, 1) for one in (word, other))
        return many >= MISTYPED * few

    def is_known(self, word: str) -> bool:
        """Too often there to be a slip of the finger."""
        return self._words.get(word, 0) >= KNOWN


def _holders(side: Iterable[Record], field: Field) -> dict[str, int]:
    """How many customers hold a value, where it is more than one: of one name in one
    place, two records are copies."""
    holders: dict[str, set[str] | str] = {}
    for one in side:
        who = one.letters + (one.places[0].postcode if one.places else "")
        for value in _counted(one, field):
            known = holders.setdefault(value, who)
            if isinstance(known, set):
                known.add(who)
            elif known != who:
                holders[value] = {known, who}
    return {key: len(held) for key, held in holders.items() if isinstance(held, set)}


def _counted(one: Record, field: Field) -> Iterable[str]:
    if field is Field.PLACE:
        return (value for address in one.places for value in address.values)
    if field is Field.PERSON:
        return (" ".join(one.person),) if one.person else ()
    return one.values[field]


def _households(side: Sequence[Record]) -> float:
    """The share of those who have another of their name, not themselves, at the same
    address or phone."""
    under_one_roof: dict[str, list[Record]] = defaultdict(list)
    for one in side:
        for value in {*_counted(one, Field.PHONE), *_addresses(one)}:
            under_one_roof[value].append(one)
    found = {
        one.at
        for house in under_one_roof.values()
        if 1 < len(house) <= MOST_OF_A_HOUSE
        for one in house
        if any(_are_kin(one.name, other.name) for other in house)
    }
    return (HOUSEHOLDS * ASSUMED + len(found)) / (ASSUMED + len(side))


def _addresses(one: Record) -> set[str]:
    return {
        value for place in one.places for value in place.values if "/" in value[:-1]
    }


def _are_kin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    here, there = set(one), set(other)
    return bool(here & there and here - there and there - here)


def _is_dense(side: Sequence[Record], field: Field) -> bool:
    if field not in KEYED:
        return True
    values = {value for one in side for value in one.values[field]}
    stems = Counter(value[:-1] for value in values)
    with_neighbour = sum(count for count in stems.values() if count > 1)
    return len(values) < ENOUGH or with_neighbour > DENSE * len(values)


def _words_of_places(one: Record) -> set[str]:
    return {word for place in one.places for word in place.words}


def _highest(counters: Iterable[Mapping[_Key, int]]) -> dict[_Key, int]:
    """Of what is there more than once: the count on the side that has more."""
    most: dict[_Key, int] = {}
    for counter in counters:
        for key, count in counter.items():
            if count > most.get(key, 1):
                most[key] = count
    return most
