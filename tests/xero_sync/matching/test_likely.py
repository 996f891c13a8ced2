"""Who may be the same as what is typed: pure."""

from dataclasses import replace
from typing import Any

import pytest

from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.likely import contact_resemblance, item_resemblance
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft


def reasons(typed: dict[str, Any], known: dict[str, Any]) -> tuple[str, ...] | None:
    one, other = (replace(ContactDraft(), **said) for said in (typed, known))
    found = contact_resemblance(ContactCandidate(one), ContactCandidate(other))
    return found.reasons if found else None


@pytest.mark.parametrize(
    ("typed", "known", "said"),
    [
        (
            {"email": "Info@castle.example"},
            {"name": "Castle Hotel", "email": "info@castle.example"},
            ("same email address",),
        ),
        (
            {"name": "Somebody", "phone": "(028) 9012 3456"},
            {"name": "Castle Hotel", "mobile": "+44 28 90123456"},
            ("same phone number",),
        ),
        (
            {"name": "castle hotel"},
            {"name": "Castle Hotel Ltd"},
            ("same name",),
        ),
        (
            {"name": "Castle Hottel", "address_postcode": "BT1 1AA"},
            {"name": "Castle Hotel", "address_postcode": "bt11aa"},
            ("same postcode", "similar name"),
        ),
        ({"name": "Dunes Bar"}, {"name": "Castle Hotel"}, None),
        ({"name": "John Murphy"}, {"name": "John Smith"}, None),
        (
            {"name": "Dunes Bar", "address_postcode": "BT1 1AA"},
            {"name": "Castle Hotel", "address_postcode": "BT1 1AA"},
            None,
        ),
        ({}, {"name": "Castle Hotel"}, None),
    ],
)
def test_contacts(
    typed: dict[str, str], known: dict[str, str], said: tuple[str, ...] | None
) -> None:
    assert reasons(typed, known) == said


@pytest.mark.parametrize(
    ("typed", "known", "said"),
    [
        (("PIPE15", "Something"), ("pipe15", "Copper pipe 15mm"), ("same code",)),
        (("A1", "Copper pipe 15mm"), ("B1", "copper pipe 15mm"), ("same name",)),
        (("A1", "Copper pipe 22mm"), ("B1", "Copper pipe 15mm"), None),
        (("", ""), ("", ""), None),
    ],
)
def test_items(
    typed: tuple[str, str], known: tuple[str, str], said: tuple[str, ...] | None
) -> None:
    one, other = (ItemCandidate(ItemDraft(code=c, name=n)) for c, n in (typed, known))
    found = item_resemblance(one, other)
    assert (found.reasons if found else None) == said
