"""What of a contact is compared, each value in the one form that both sides share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from sys import intern

from rapidfuzz.distance import OSA

from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.names import Name
from xero_sync.matching.nicknames import are_one_name
from xero_sync.matching.normalise import (
    COMMON_WORDS,
    account_key,
    email_keys,
    number_key,
    phone_key,
    tax_key,
    words,
)
from xero_sync.matching.places import Address, addresses

_TRADING_AS = re.compile(r"\bt[/.]?a\b\.?|\btrading as\b|\bc/o\b", re.IGNORECASE)
_WORDS_OF_A_PERSON = range(2, 4)
GENERATIONS = frozenset(
    [
        "jnr",
        "snr",
        "jr",
        "sr",
        "junior",
        "senior",
        "ii",
        "iii",
        "og",
        "older",
        "younger",
    ]
)


TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr"])
_NO_NAMES = COMMON_WORDS | GENERATIONS


class Field(IntEnum):
    """What two records can agree in, besides their names."""

    ACCOUNT = 0
    TAX = 1
    COMPANY = 2
    EMAIL = 3
    PHONE = 4
    PLACE = 5
    PERSON = 6


# Kinds of phone, one bit each: a number of the one says nothing against the other.
FIXED, MOBILE = 1, 2
# Those of which a record has values, in this order.
KEYED = (Field.ACCOUNT, Field.TAX, Field.COMPANY, Field.EMAIL, Field.PHONE)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """``at`` is its place in its list. ``names``: the words that tell, sorted, and those
    of a trading name; ``letters`` in the order written; ``spelled`` with those that tell
    nothing. ``person`` is who the record names as its contact, or is; ``lines`` the kinds
    of phone that it has a number of."""

    at: int
    names: tuple[tuple[str, ...], ...]
    letters: str
    spelled: tuple[str, ...]
    generations: tuple[str, ...]
    is_person: bool
    may_be_person: bool
    forms: tuple[str, ...]
    person: tuple[str, ...]
    given: str
    values: tuple[tuple[str, ...], ...]
    lines: int
    places: tuple[Address, ...]
    is_archived: bool
    taken: str

    @property
    def name(self) -> tuple[str, ...]:
        return self.names[0]

    @property
    def emails(self) -> tuple[str, ...]:
        return self.values[Field.EMAIL]


def record_of(candidate: ContactCandidate, at: int = 0) -> Record:
    draft = candidate.draft
    person = _plain(f"{draft.first_name} {draft.last_name}")
    name = Name(draft.name)
    telling = _spelled_out(name, person, candidate)
    numbers = (draft.phone, draft.mobile, draft.direct_dial, *candidate.other_phones)
    is_person = _is_person(candidate, name, telling, person)
    may_be_person = is_person or _looks_like_a_person(candidate, name, telling, person)
    return Record(
        at=at,
        names=(telling, *_trading_names(draft.name)),
        letters=_letters(name, telling),
        spelled=tuple(map(intern, name.words)),
        generations=tuple(word for word in name.words if word in GENERATIONS),
        is_person=is_person,
        may_be_person=may_be_person,
        forms=tuple(name.legal_forms),
        person=person,
        given=_given(draft.first_name, name, is_person=may_be_person),
        values=(
            _filled([account_key(draft.account_number)]),
            _filled([tax_key(draft.tax_number)]),
            _filled([number_key(candidate.company_number)]),
            _filled(
                one
                for text in (draft.email, *candidate.other_emails)
                for one in email_keys(text)
            ),
            _filled(map(phone_key, numbers)),
        ),
        lines=_lines(candidate),
        places=addresses(candidate.places),
        is_archived=candidate.is_archived,
        taken="" if candidate.is_archived else draft.name.casefold(),
    )


def _lines(candidate: ContactCandidate) -> int:
    draft = candidate.draft
    fixed = (draft.phone, draft.direct_dial, *candidate.other_phones)
    has_fixed = any(map(phone_key, fixed))
    return FIXED * has_fixed | MOBILE * bool(phone_key(draft.mobile))


def _plain(text: str) -> tuple[str, ...]:
    kept = (word for word in words(text) if word not in _NO_NAMES)
    return tuple(sorted(map(intern, kept)))


def _spelled_out(
    name: Name, person: tuple[str, ...], candidate: ContactCandidate
) -> tuple[str, ...]:
    """The telling words; an initial gives way to the first name it stands for, and so
    does the lack of any ("Mrs Shaw"), but for couples."""
    telling = [word for word in name.telling if word not in GENERATIONS]
    telling = telling or list(name.telling)
    is_titled = not candidate.is_company and name.words[:1] and name.words[0] in TITLES
    if is_titled and "and" not in name.words and set(telling) < set(person):
        return person
    initials = [word for word in telling if len(word) == 1]
    if initials and set(telling) - set(initials) <= set(person):
        missing = [word for word in person if word not in telling]
        for word in missing:
            if word[0] in initials:
                telling[telling.index(word[0])] = word
                initials.remove(word[0])
    return tuple(sorted(map(intern, telling)))


def _letters(name: Name, telling: tuple[str, ...]) -> str:
    """In the order written, unless something was spelled out."""
    return name.letters if set(telling) <= set(name.telling) else "".join(telling)


def _trading_names(text: str) -> Iterable[tuple[str, ...]]:
    parts = _TRADING_AS.split(text)
    if len(parts) == 1:
        return ()
    return (Name(part).telling for part in parts if part.strip(" ()-,"))


def _is_person(
    candidate: ContactCandidate,
    name: Name,
    telling: tuple[str, ...],
    person: tuple[str, ...],
) -> bool:
    if candidate.is_company is not None:
        return not candidate.is_company
    if name.legal_forms:
        return False
    return len(person) > 1 and set(telling) <= set(person)


def _looks_like_a_person(
    candidate: ContactCandidate,
    name: Name,
    telling: tuple[str, ...],
    person: tuple[str, ...],
) -> bool:
    """One that names somebody else as its contact is none."""
    if candidate.is_company or name.legal_forms:
        return False
    if person and _has_more_than(person, telling):
        return False
    plain = all(word.isalpha() for word in name.words)
    return plain and len(telling) in _WORDS_OF_A_PERSON


def _has_more_than(person: tuple[str, ...], telling: tuple[str, ...]) -> bool:
    added = [word for word in set(telling) - set(person) if len(word) > 1]
    missing = set(person) - set(telling)
    if set(person).isdisjoint(telling):
        return True
    return any(not _is_one_of(word, missing) for word in added)


def _is_one_of(word: str, names: set[str]) -> bool:
    return any(
        are_one_name(word, name) or OSA.distance(word, name, score_cutoff=2) <= 2
        for name in names
    )


def _given(first_name: str, name: Name, *, is_person: bool) -> str:
    found = words(first_name)
    if found or not is_person:
        return found[0] if found else ""
    inverted = name.text.split(",")[1:]
    spelled = words(inverted[0]) if inverted else name.words
    plain = [word for word in spelled if word not in COMMON_WORDS]
    return plain[0] if plain else ""


def _filled(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
