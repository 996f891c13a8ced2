"""The merge of the people at a contact: as a set, person by person."""

from dataclasses import dataclass

from xero_sync.outcomes.people import (
    Identity,
    Person,
    fitting,
    people_of,
    people_text,
)


@dataclass(frozen=True, slots=True)
class MergedPeople:
    """The list each side ends with. ``lost`` are people as we had changed them where Xero
    had changed them too, ``kept`` the same people as Xero has them; ``no_room`` those
    that stay here because Xero takes no more."""

    ours: str
    theirs: str
    lost: str = ""
    kept: str = ""
    no_room: str = ""


def merge_people(base: str, ours: str, theirs: str) -> MergedPeople:
    """Added on one side: added on the other. Removed on one side and as agreed on the
    other: removed. Changed on both: Xero's. Without a base both lists are kept."""
    was, here, there = people_of(base), people_of(ours), people_of(theirs)
    who = Identity(was, here, there)
    old, mine, xeros = who.by_key(was), who.by_key(here), who.by_key(there)
    merged: list[Person | None] = []
    lost: list[Person] = []
    kept: list[Person] = []
    for key in {**mine, **xeros}:
        before, one, other = old.get(key), mine.get(key), xeros.get(key)
        merged.append(one if other == before else other)
        if one is not None and one != other and before not in (one, other):
            lost.append(one)
            kept.extend([other] if other else [])
    together = people_text(person for person in merged if person)
    sent, no_room = fitting(together, there=theirs)
    return MergedPeople(together, sent, people_text(lost), people_text(kept), no_room)
