"""What we write and Xero keeps comes back as what we wrote."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xero_sync.mappers.payloads import CONTACT_ID, STAMP
from xero_sync.mappers.contacts import contact_from_wire, contact_to_wire
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.mappers.wire import normal_text, request_body
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft
from xero_sync.outcomes.kept_drafts import (
    contact_draft_from_json,
    draft_to_json,
    item_draft_from_json,
)
from xero_sync.outcomes.people import Person, people_text
from xero_sync.outcomes.wire import canonical, decode

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30).map(normal_text)
PRICES = st.none() | st.decimals(
    min_value=0, max_value=10**9, places=4, allow_nan=False
)
PEOPLE = st.builds(Person, TEXTS, TEXTS, TEXTS, st.booleans())
CONTACTS = st.builds(
    ContactDraft,
    **{field.name: TEXTS for field in fields(ContactDraft) if field.name != "website"}
    | {
        "website": st.just(""),
        "payment_days": st.none() | st.integers(0, 365),
        "people": st.lists(PEOPLE, max_size=5).map(people_text),
    },
)
ITEMS = st.builds(
    ItemDraft,
    **{field.name: TEXTS for field in fields(ItemDraft)}
    | {
        "code": TEXTS.filter(bool),
        "name": TEXTS.filter(bool),
        "sell_price": PRICES,
        "cost_price": PRICES,
    },
)


def over_the_wire(resource: str, element: dict[str, object]) -> Any:
    body = decode(request_body(resource, [element]))
    assert isinstance(body, dict)
    return body[resource][0]


@given(CONTACTS, st.sampled_from(["POBOX", "STREET"]))
@settings(deadline=None)
def test_a_contact_comes_back(draft: ContactDraft, slot: str) -> None:
    element = contact_to_wire(draft, address_slot=slot, fields=None, xero_id=CONTACT_ID)

    kept = over_the_wire("Contacts", element) | {"UpdatedDateUTC": STAMP}

    assert contact_from_wire(kept, address_slot=slot).draft == draft


@given(ITEMS, st.booleans())
@settings(deadline=None)
def test_an_item_comes_back(draft: ItemDraft, tracked: bool) -> None:
    element = item_to_wire(draft, fields=None, xero_id=CONTACT_ID, tracked=tracked)

    kept = over_the_wire("Items", element) | {"UpdatedDateUTC": STAMP}

    assert item_from_wire(kept).draft == draft


@given(CONTACTS, ITEMS)
@settings(deadline=None)
def test_a_base_comes_back_from_its_json(
    contact: ContactDraft, item: ItemDraft
) -> None:
    kept_contact = decode(canonical(draft_to_json(contact)))
    kept_item = decode(canonical(draft_to_json(item)))

    assert isinstance(kept_contact, dict)
    assert isinstance(kept_item, dict)
    assert contact_draft_from_json(kept_contact) == contact
    assert item_draft_from_json(kept_item) == item


def test_equal_drafts_are_kept_alike_however_the_price_is_written() -> None:
    short = ItemDraft(code="A", sell_price=Decimal("1.5"))
    long = ItemDraft(code="A", sell_price=Decimal("1.5000"))

    assert short == long
    assert draft_to_json(short) == draft_to_json(long)
    assert draft_to_json(short) != draft_to_json(ItemDraft(code="A"))
    assert draft_to_json(ItemDraft(code="A", sell_price=Decimal("100"))) == {
        "code": "A",
        "sell_price": "100",
    }


def test_a_base_kept_by_an_older_version_is_read_as_far_as_it_goes() -> None:
    kept = {"name": "Ada", "field_of_old": "x"}

    assert contact_draft_from_json(kept) == ContactDraft(name="Ada")
