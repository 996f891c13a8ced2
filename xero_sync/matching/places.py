"""Where somebody is, as far as two lists can say it alike: lines of an address are split,
swapped, shortened and mistyped in many ways."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sys import intern

from rapidfuzz.distance import OSA

from xero_sync.matching.candidates import Place
from xero_sync.matching.normalise import STREET_WORDS, folded, postcode_key, street_key

# Which door of the house, not which house.
_DOORS = frozenset(
    [
        "unit", "flat", "apartment", "apt", "suite", "room", "office", "floor", "level",
        "shop", "block", "building", "no", "c", "co", "care", "of", "the", "po", "box",
    ]
)  # fmt: skip
_STREETS = frozenset(STREET_WORDS.values()) | frozenset(
    ["way", "place", "crescent", "terrace", "grove", "court", "gardens", "park"]
)
# A postcode that was typed into a line: British, Irish, or the digits at its end.
_POSTCODE = re.compile(
    r"\b(?:[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}|[a-z]\d[\dw]\s*[a-z\d]{4}|\d{4,5}$)",
    re.IGNORECASE,
)
# Letters of a word in which one slip makes no other word.
LONG_WORD = 5


@dataclass(frozen=True, slots=True)
class Address:
    """``words`` are those of all its lines and of the town; ``numbers`` of its lines."""

    postcode: str
    street: str
    town: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not (self.postcode or self.town)

    @property
    def values(self) -> Iterator[str]:
        """The address, its postcode and its town, as they are counted and looked for."""
        if self.street and self.postcode:
            yield f"{self.postcode}/{self.street}"
        if self.street and self.town:
            yield f"{self.town}/{self.street}"
        if self.postcode:
            yield self.postcode
        if self.town:
            yield f"{self.town}/"


def addresses(places: Iterable[Place]) -> tuple[Address, ...]:
    found = (_address(place) for place in places)
    return tuple(one for one in found if not one.is_blank)


def _address(place: Place) -> Address:
    lines = [place.line1, place.line2, place.town]
    postcode = place.postcode
    if not postcode:
        postcode, lines = _taken_out(lines)
    town = folded(lines[2])
    tokens = street_key(f"{lines[0]} {lines[1]}").split()
    told = [word for word in tokens if word not in _DOORS]
    words = dict.fromkeys(
        intern(word)
        for word in (*told, *town.split())
        if not _has_digits(word) and word not in _STREETS
    )
    return Address(
        intern(postcode_key(postcode)),
        front(street_key(lines[0])),
        intern(town),
        tuple(words),
        tuple(intern(word) for word in told if _has_digits(word)),
    )


def _taken_out(lines: list[str]) -> tuple[str, list[str]]:
    """The postcode that stands in a line for want of a better place."""
    for at in reversed(range(len(lines))):
        found = _POSTCODE.search(lines[at].strip())
        if found:
            rest = lines[at].replace(found[0], " ")
            return found[0], [*lines[:at], rest, *lines[at + 1 :]]
    return "", lines


def front(street: str) -> str:
    """Number and first word: what is left of a line that is written in many ways."""
    told = [word for word in street.split() if word not in _DOORS]
    numbers = sorted(word for word in told[:4] if _has_digits(word))
    names = [word for word in told if not _has_digits(word)]
    return " ".join([*numbers, *names[: 1 if numbers else 2]])


def is_slip(one: str, other: str) -> bool:
    """One letter off, in a word long enough."""
    if min(len(one), len(other)) < LONG_WORD:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def is_postcode_slip(one: str, other: str) -> bool:
    """Two digits changed places, or one is another."""
    if not one or not other:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _has_digits(word: str) -> bool:
    return any(map(str.isdecimal, word))
