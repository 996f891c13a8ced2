"""Real public data, written a little differently on the other side: all found, none
wrongly."""

import csv
import os
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.matching.items import ItemCandidate, match_items
from xero_sync.matching.normalise import phone_key
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft

BESIDE = Path(__file__).resolve().parents[4] / "shared"
SHARED = Path(os.environ.get("FIELDOPS_SHARED") or BESIDE)
TEMPLATES = SHARED / "data" / "northwind" / "xero-templates"

pytestmark = pytest.mark.skipif(
    not TEMPLATES.is_dir(), reason="../shared/data/northwind is not here"
)

CUSTOMERS, SUPPLIERS, ITEMS = 91, 29, 77
CONTACTS = CUSTOMERS + SUPPLIERS
SEEDS = range(12)


def rows(name: str) -> Iterator[dict[str, str]]:
    with (TEMPLATES / name).open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def contact_drafts() -> list[ContactDraft]:
    return [
        ContactDraft(
            name=row["*ContactName"],
            first_name=row["FirstName"],
            last_name=row["LastName"],
            account_number=row["AccountNumber"],
            phone=row["PhoneNumber"],
            address_line1=row["POAddressLine1"],
            address_city=row["POCity"],
            address_postcode=row["POPostalCode"],
        )
        for name in ("customers.csv", "suppliers.csv")
        for row in rows(name)
    ]


def item_drafts() -> list[ItemDraft]:
    return [
        ItemDraft(code=row["*ItemCode"], name=row["ItemName"])
        for row in rows("items.csv")
    ]


# --- how the other side writes a name ---

Chance = random.Random


def without_accents(name: str, _: Chance) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def with_letters_lost(name: str, _: Chance) -> str:
    return name.encode("ascii", "ignore").decode()


def with_umlauts_spelled(name: str, _: Chance) -> str:
    return name.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")


def with_the_other_and(name: str, _: Chance) -> str:
    return name.replace("&", "and") if "&" in name else name.replace(" and ", " & ")


def with_a_letter_doubled(name: str, chance: Chance) -> str:
    place = chance.choice(letters_inside(name))
    return name[:place] + name[place] + name[place:]


def with_a_letter_lost(name: str, chance: Chance) -> str:
    place = chance.choice(letters_inside(name))
    return name[:place] + name[place + 1 :]


def letters_inside(name: str) -> list[int]:
    """Places within words of some length, where fingers slip."""
    return [
        place
        for place in range(1, len(name) - 1)
        if name[place - 1 : place + 2].isalpha() and len(word_at(name, place)) >= 4
    ] or [len(name) - 1]


def word_at(name: str, place: int) -> str:
    return name[name.rfind(" ", 0, place) + 1 :].split(" ")[0]


WAYS: tuple[Callable[[str, Chance], str], ...] = (
    lambda name, _: name,
    lambda name, _: f"{name} Ltd",
    lambda name, _: f"{name} Limited",
    lambda name, _: f"The {name}",
    lambda name, _: name.upper(),
    lambda name, _: name.lower(),
    lambda name, _: " ".join(reversed(name.split())),
    without_accents,
    with_letters_lost,
    with_umlauts_spelled,
    with_the_other_and,
    with_a_letter_doubled,
    with_a_letter_lost,
)

NOTHING = {
    "first_name": "",
    "last_name": "",
    "account_number": "",
    "phone": "",
    "address_line1": "",
    "address_city": "",
    "address_postcode": "",
}


def with_one_key(draft: ContactDraft, name: str, chance: Chance) -> ContactDraft:
    """Account number, phone or address is kept, written differently, or all of them."""
    kept: list[dict[str, str]] = [
        {"account_number": draft.account_number.lower()},
        {
            "address_line1": draft.address_line1.upper().replace(",", ""),
            "address_city": draft.address_city,
            "address_postcode": draft.address_postcode.replace(" ", "").lower(),
        },
    ]
    if phone_key(draft.phone):
        kept.append({"phone": re.sub(r"[() -]", " ", draft.phone)})
    one = chance.choice(kept)
    if chance.random() < 0.25:
        return replace(draft, name=name)
    return replace(draft, name=name, **(NOTHING | one))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", SEEDS)
def test_sixty_of_120_contacts_are_certain_and_none_is_wrong(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    drafts = contact_drafts()
    assert len(drafts) == CONTACTS
    picked = [
        *chance.sample(range(CUSTOMERS), 45),
        *chance.sample(range(CUSTOMERS, CONTACTS), 15),
    ]
    ours = [ContactCandidate(one, local_id=place) for place, one in enumerate(drafts)]
    theirs = [
        ContactCandidate(
            with_one_key(
                drafts[place], chance.choice(WAYS)(drafts[place].name, chance), chance
            ),
            xero_id=str(place),
        )
        for place in picked
    ]

    found = match_contacts(ours, theirs)

    assert {(match.local_id, match.xero_id) for match in found if match.certain} == {
        (place, str(place)) for place in picked
    }
    assert [match for match in found if not match.certain] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_of_77_items_are_certain_and_none_is_wrong(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    drafts = item_drafts()
    assert len(drafts) == ITEMS
    picked = chance.sample(range(ITEMS), 50)
    ours = [ItemCandidate(one, local_id=place) for place, one in enumerate(drafts)]
    theirs = [
        ItemCandidate(
            replace(
                drafts[place],
                name=chance.choice(WAYS)(drafts[place].name, chance),
                code=chance.choice([str.upper, str.lower])(drafts[place].code),
            ),
            xero_id=str(place),
        )
        for place in picked
    ]

    found = match_items(ours, theirs)

    assert {(match.local_id, match.xero_id) for match in found if match.certain} == {
        (place, str(place)) for place in picked
    }
    assert [match for match in found if not match.certain] == []


def test_the_list_against_itself_is_all_certain() -> None:
    drafts = contact_drafts()

    found = match_contacts(
        [ContactCandidate(one, local_id=place) for place, one in enumerate(drafts)],
        [ContactCandidate(one, xero_id=str(place)) for place, one in enumerate(drafts)],
    )

    assert [(one.local_id, one.xero_id, one.certain) for one in found] == [
        (place, str(place), True) for place in range(CONTACTS)
    ]


def test_names_alone_link_nobody() -> None:
    bare = [ContactDraft(name=one.name) for one in contact_drafts()]

    found = match_contacts(
        [ContactCandidate(one, local_id=place) for place, one in enumerate(bare)],
        [ContactCandidate(one, xero_id=str(place)) for place, one in enumerate(bare)],
    )

    assert [match for match in found if match.certain] == []
    assert {(one.local_id, one.xero_id) for one in found} >= {
        (place, str(place)) for place in range(CONTACTS)
    }
