"""What is wrong in the demo company's records, on purpose and at known rates."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fieldops.demo.goods import Good
from fieldops.demo.parties import SHARE_OF_CUSTOMERS, Party

BAD_EMAILS = ("{name}@", "{name}@@{name}.example", "{name} at {name}.example", "info")
NAME_OF_65 = "Weatherproof twin switched socket 13 A IP66 with RCD, grey, boxed"
NAME_OF_55 = "Stainless steel braided flexible hose 15 mm x 1/2 in FF"


@dataclass(frozen=True)
class Planted:
    """One kind of flaw: how often, and on which records."""

    flaw: str
    rate: str
    records: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.flaw}: {len(self.records)} ({self.rate})"


def plant_in_contacts(
    chance: random.Random, contacts: Sequence[Party]
) -> tuple[list[Party], list[Planted]]:
    """Two per cent have a bad email, one per cent the number of another.

    All of them are customers: what is wrong with a lead concerns nobody.
    """
    flawed = list(contacts)
    customers = range(max(round(len(flawed) * SHARE_OF_CUSTOMERS), 1))
    places = chance.sample(customers, min(len(customers), _share(flawed, 4)))
    bad_emails, double = places[: _share(flawed, 2)], places[_share(flawed, 2) :]
    for turn, place in enumerate(bad_emails):
        name = flawed[place].account_number.lower()
        email = BAD_EMAILS[turn % len(BAD_EMAILS)].format(name=name)
        flawed[place] = replace(flawed[place], email=email)
    pairs = list(zip(double[::2], double[1::2], strict=False))
    for keeper, place in pairs:
        number = flawed[keeper].account_number
        flawed[place] = replace(flawed[place], account_number=number)
    branches = plant_branches(flawed, avoid=set(places))
    accents = [p.name for p in flawed if not p.name.isascii() or "'" in p.name]
    return flawed, [
        Planted("bad email address", "2 %", _names(flawed, bad_emails)),
        Planted(
            "account number used twice", "1 %", _names(flawed, [b for _, b in pairs])
        ),
        Planted("branches that share an email", "one pair", _names(flawed, branches)),
        Planted("accents and apostrophes", "3 % and more", tuple(accents)),
    ]


def plant_branches(contacts: list[Party], *, avoid: set[int]) -> list[int]:
    """Two businesses become branches of one, with one email address."""
    free = [
        place
        for place, party in enumerate(contacts[: len(contacts) // 2])
        if place not in avoid and not party.is_person and party.name.isascii()
    ]
    if len(free) < 2:
        return []
    for place, branch in zip(free[:2], ("Otley", "Ilkley"), strict=True):
        contacts[place] = replace(
            contacts[place],
            name=f"{BRANCHES} ({branch})",
            email="accounts@airedalesurgeries.example",
            website="",
        )
    return free[:2]


BRANCHES = "Airedale Surgeries"


def plant_in_goods(
    chance: random.Random, goods: Sequence[Good]
) -> tuple[list[Good], list[Planted]]:
    """One name of 65 characters, one of 55, two per cent without a code."""
    flawed = list(goods)
    parts = [place for place, good in enumerate(flawed) if not good.is_service]
    places = chance.sample(parts, min(len(parts), 2 + _share(flawed, 2)))
    for place, name in zip(places, (NAME_OF_65, NAME_OF_55), strict=False):
        flawed[place] = replace(flawed[place], name=name, description=name)
    for place in places[2:]:
        flawed[place] = replace(flawed[place], code="")
    return flawed, [
        Planted("stock name of 65 characters", "one", _good_names(flawed, places[:1])),
        Planted("stock name of 55 characters", "one", _good_names(flawed, places[1:2])),
        Planted("stock item without a code", "2 %", _good_names(flawed, places[2:])),
    ]


def _share(rows: Sequence[object], per_cent: int) -> int:
    return max(round(len(rows) * per_cent / 100), 1)


def _names(rows: Sequence[Party], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(rows[place].name for place in places)


def _good_names(rows: Sequence[Good], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(rows[place].name for place in places)
