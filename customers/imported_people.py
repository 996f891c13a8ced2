"""The people at a contact as columns of a table, five at most as in Xero's template."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from customers.people import MOST_IN_XERO, ContactPerson, tidied
from fieldops.common.importing.cells import CellError
from fieldops.common.importing.layout import Column

# Ends of the columns' names; Xero has called the last one both.
_PARTS = {
    "FirstName": "first_name",
    "LastName": "last_name",
    "Email": "email",
    "IncludeInEmail": "gets_copies",
    "IncludeInEmails": "gets_copies",
}
_HEADINGS = {
    "first name": "first_name",
    "last name": "last_name",
    "email": "email",
    "include in emails": "gets_copies",
}
_YES = ("yes", "y", "true", "1")
_NO = ("no", "n", "false", "0")
_LONGEST = 255

Stated = Mapping[str, Any]


def yes_or_no(cell: str) -> bool:
    said = cell.strip().casefold()
    if said not in _YES + _NO:
        raise CellError(f'"{cell.strip()}" is neither yes nor no')
    return said in _YES


def people_columns() -> Iterator[Column]:
    for number in range(1, MOST_IN_XERO + 1):
        for part, name in _PARTS.items():
            field = f"person{number}_{name}"
            if name == "gets_copies":
                yield Column(f"Person{number}{part}", field, yes_or_no)
            else:
                yield Column(f"Person{number}{part}", field, longest=_LONGEST)


def people_headings() -> Iterator[tuple[str, int, str]]:
    """For a file that goes out: the heading, which person, which of their fields. The
    import reads these headings as its own."""
    for place in range(MOST_IN_XERO):
        for heading, name in _HEADINGS.items():
            yield f"Person {place + 1} {heading}", place, name


def stated_people(values: Stated) -> tuple[dict[str, Any], dict[int, Stated]]:
    """The fields of a row without those of people, and the people in it by number."""
    names = set(_HEADINGS.values())
    people: dict[int, Any] = {}
    others: dict[str, Any] = {}
    for field, value in values.items():
        number, _, name = field.removeprefix("person").partition("_")
        if number.isdecimal() and name in names:
            people.setdefault(int(number), {})[name] = value
        else:
            others[field] = value
    return others, people


def is_nobody(person: Stated) -> bool:
    return not any(person.get(name) for name in ("first_name", "last_name", "email"))


def with_people(
    known: Iterable[ContactPerson], stated: Iterable[Stated]
) -> list[dict[str, Any]]:
    """Those of the row beside those we have: one we know by the email address, else by
    the name, takes over what the row says. Nobody is taken off the list."""
    people = list(known)
    for one in stated:
        if is_nobody(one):
            continue
        place = _place_of(one, people)
        if place is None:
            people.append(ContactPerson(**one))
        else:
            people[place] = replace(people[place], **one)
    return tidied(asdict(person) for person in people)


def _place_of(stated: Stated, people: list[ContactPerson]) -> int | None:
    wanted = ContactPerson(**stated)
    if wanted.email:
        for place, person in enumerate(people):
            if person.email.casefold() == wanted.email.casefold():
                return place
    for place, person in enumerate(people):
        has_another_address = bool(wanted.email and person.email)
        is_named_so = person.name.casefold() == wanted.name.casefold()
        if wanted.name and is_named_so and not has_another_address:
            return place
    return None
