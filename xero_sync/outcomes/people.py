"""The people at a contact as both sides can say them: one canonical text for the list.

Xero gives its contact persons no ids and replaces the whole list with each write. So the
list is one field of a draft, and who is who is told by email address, else by name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from xero_sync.outcomes.wire import canonical, decode

MOST = 5  # Xero keeps no more with a contact


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    gets_copies: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def called(self) -> str:
        return self.name or self.email


def people_text(people: Iterable[Person]) -> str:
    """In order of their names, nobody twice; "" for nobody."""
    known = {person for person in people if person.called}
    if not known:
        return ""
    return canonical([asdict(one) for one in sorted(known, key=_place)]).decode()


def people_of(text: str) -> tuple[Person, ...]:
    rows = decode(text) if text else []
    if not isinstance(rows, list):
        return ()
    return tuple(Person(**row) for row in rows)


def fitting(text: str, *, there: str = "") -> tuple[str, str]:
    """The list that Xero takes, and those it has no room for.

    Who is ``there`` already goes first.
    """
    people = people_of(text)
    if len(people) <= MOST:
        return text, ""
    who = Identity(people, people_of(there))
    known = {who.of(person) for person in people_of(there)}
    ordered = sorted(people, key=lambda person: who.of(person) not in known)
    return people_text(ordered[:MOST]), people_text(ordered[MOST:])


class Identity:
    """Tells who is who among several lists: people who share one address of email are
    told apart by their names as well."""

    def __init__(self, *lists: Iterable[Person]) -> None:
        self._shared = {
            email
            for people in lists
            for email, count in Counter(one.email.casefold() for one in people).items()
            if count > 1
        }

    def of(self, person: Person) -> tuple[str, str]:
        email = person.email.casefold()
        if email and email not in self._shared:
            return email, ""
        return email, person.name.casefold()

    def by_key(self, people: Iterable[Person]) -> Mapping[tuple[str, str], Person]:
        return {self.of(person): person for person in people}


def still_meant(now: str, before: str, after: str) -> bool:
    """Whether a list planned to go from ``before`` to ``after`` in Xero still says what
    our list means ``now``: who is new or changed is so here, who goes is not here."""
    ours, had, will = (set(people_of(text)) for text in (now, before, after))
    who = Identity(ours, had, will)
    gone = {who.of(one) for one in had} - {who.of(one) for one in will}
    return will - had <= ours and gone.isdisjoint(who.of(one) for one in ours)


def with_people_back(now: str, ours: str, xeros: str) -> str | None:
    """The list with some people as they were before Xero's took their place; None when
    Xero's are not what the list says ``now``."""
    people, back, theirs = (people_of(text) for text in (now, ours, xeros))
    who = Identity(people, back, theirs)
    here = who.by_key(people)
    replaced = {who.of(one) for one in theirs}
    returned = {who.of(one) for one in back} - replaced
    if not set(theirs) <= set(people) or not returned.isdisjoint(here):
        return None
    return people_text({**here, **who.by_key(back)}.values())


def people_in_words(text: str) -> str:
    """ "Ann Lee <ann@example.com>; Bo" """
    return "; ".join(_in_words(person) for person in people_of(text))


def _in_words(person: Person) -> str:
    said = f"{person.name} <{person.email}>" if person.email else person.name
    said = said if person.name else person.email
    return f"{said}, gets copies" if person.gets_copies else said


def _place(person: Person) -> tuple[str, ...]:
    names = (person.last_name, person.first_name, person.email)
    return (*(name.casefold() for name in names), *names, str(person.gets_copies))
