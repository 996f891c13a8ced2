"""Which record each row of a file speaks of. Pure: no database.

The rules, in this order; all rows go through one rule before the next begins, and no
record is given to two rows. So the same file finds the same records again.

1. Same number and same name, and the record already says what the row says.
2. Same number and same name ("no number" counts as a number here).
3. Same name, the row has no number, and the record already says what the row says.
4. Same number, a name that is nearly the same; no other row and no other record
   carries the number.
5. Same name, and one of the two has no number; no other record qualifies.

Two records of one name with different numbers are two records.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from fieldops.common.importing.cells import comparison_key

R = TypeVar("R")

NEARLY_THE_SAME = 0.85
# Words that say what kind of company it is, not which one.
_FORMS = {"ltd", "limited", "plc", "llp", "llc", "inc", "gmbh", "the", "and", "co"}


@dataclass(frozen=True)
class Known(Generic[R]):
    """A record as the rules see it."""

    record: R
    number: str
    name: str


@dataclass(frozen=True)
class Wanted:
    """A row as the rules see it."""

    number: str
    name: str


Differs = Callable[[int, R], bool]


class Twins(Generic[R]):
    def __init__(
        self,
        wanted: Sequence[Wanted],
        known: Iterable[Known[R]],
        differs: Differs[R],
        *,
        number_decides: bool = False,
    ) -> None:
        self.wanted = wanted
        self.known = list(known)
        self.differs = differs
        self.number_decides = number_decides
        self.found: dict[int, int] = {}
        self._by_name: Mapping[str, list[int]] = self._index(lambda each: each.name)
        self._by_number: Mapping[str, list[int]] = self._index(lambda e: e.number)
        self._number_in_file = Counter(comparison_key(row.number) for row in wanted)

    def pairs(self) -> dict[int, R]:
        """By the row's place in the file."""
        for rule in self._rules():
            taken = set(self.found.values())
            for place, row in enumerate(self.wanted):
                if place in self.found:
                    continue
                candidate = next((k for k in rule(place, row) if k not in taken), None)
                if candidate is not None:
                    self.found[place] = candidate
                    taken.add(candidate)
        return {place: self.known[k].record for place, k in self.found.items()}

    def _rules(self) -> tuple[Callable[[int, Wanted], Iterator[int]], ...]:
        return (
            self._same_and_equal,
            self._same,
            self._equal_without_number,
            self._renamed,
            self._namesake,
        )

    def _index(self, key: Callable[[Known[R]], str]) -> Mapping[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(self.known):
            if found := comparison_key(key(each)):
                index[found].append(place)
        return index

    def _named(self, row: Wanted) -> list[int]:
        return self._by_name.get(comparison_key(row.name), [])

    def _same(self, place: int, row: Wanted) -> Iterator[int]:
        number = comparison_key(row.number)
        for candidate in self._named(row):
            if comparison_key(self.known[candidate].number) == number:
                yield candidate

    def _same_and_equal(self, place: int, row: Wanted) -> Iterator[int]:
        return (k for k in self._same(place, row) if self._is_equal(place, k))

    def _equal_without_number(self, place: int, row: Wanted) -> Iterator[int]:
        if row.number:
            return iter(())
        return (k for k in self._named(row) if self._is_equal(place, k))

    def _is_equal(self, place: int, candidate: int) -> bool:
        return not self.differs(place, self.known[candidate].record)

    def _renamed(self, place: int, row: Wanted) -> Iterator[int]:
        number = comparison_key(row.number)
        carriers = self._by_number.get(number, []) if number else []
        if len(carriers) != 1 or self._number_in_file[number] != 1:
            return
        if self.number_decides or names_resemble(
            row.name, self.known[carriers[0]].name
        ):
            yield carriers[0]

    def _namesake(self, place: int, row: Wanted) -> Iterator[int]:
        free = set(self._named(row)) - set(self.found.values())
        fitting = [k for k in free if not (row.number and self.known[k].number)]
        if len(fitting) == 1:
            yield fitting[0]


def names_resemble(one: str, other: str) -> bool:
    """One is the other with a word more, or spelled a little differently."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return comparison_key(one) == comparison_key(other)
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    likeness = SequenceMatcher(None, " ".join(first), " ".join(second)).ratio()
    return likeness >= NEARLY_THE_SAME


def _words(name: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", name.casefold()).replace("'", "")
    kept = (c for c in bare if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in kept).split()
    return [word for word in words if word not in _FORMS]
