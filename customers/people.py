"""The people at a contact: no records of their own, but one value of the contact's.

They are read and saved with their contact and have no id, here as in Xero; so its
revision and its history cover them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

# Xero keeps no more people with a contact; the others stay here.
MOST_IN_XERO = 5


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """``gets_copies``: of the emails that go to the contact."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    gets_copies: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.email)))


def tidied(people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As a contact keeps them: in order of their names, nobody blank and nobody twice."""
    known = {_stripped(person) for person in people}
    named = (person for person in known if person.name or person.email)
    return [asdict(person) for person in sorted(named, key=_place)]


def _stripped(person: Mapping[str, Any]) -> ContactPerson:
    texts = {
        name: " ".join(str(person.get(name) or "").split())
        for name in ("first_name", "last_name", "email")
    }
    return ContactPerson(**texts, gets_copies=bool(person.get("gets_copies")))


def _place(person: ContactPerson) -> tuple[str, ...]:
    names = (person.last_name, person.first_name, person.email)
    return (*(name.casefold() for name in names), *names, str(person.gets_copies))
