"""Merge, let things happen that the merge does not touch, undo: everything as before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.merging import CHOICES, merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact, create_contact
from fieldops.common.merging import preset_values
from fieldops.common.models import Merge
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice, create_invoice
from stock.merging import CHOICES as ITEM_CHOICES
from stock.merging import merge_items, undo_item_merge
from stock.models import StockItem, StockMovement
from stock.services import change_item, create_item, move_stock
from tests.builders import TESTER, line
from tests.merging.world import differences, dump

TEXTS = ("", "a", "b", "A ltd")
# Edits that a merge of the first contacts, or items, has nothing to do with.
BYSTANDERS = 2
# A tree of rows comes back by the same statements on both databases.
EXAMPLES = 10 if connection.vendor == "sqlite" else 4


@dataclass
class World:
    """``random`` is drawn by Hypothesis: a failure shrinks to few and simple records."""

    random: Random
    contacts: list[Contact] = field(default_factory=list)
    items: list[StockItem] = field(default_factory=list)

    def fill(self) -> None:
        for _ in range(3 + BYSTANDERS):
            self.contacts.append(create_contact(self.contact_values(), by=TESTER))
        for number in range(3 + BYSTANDERS):
            self.items.append(create_item(self.item_values(number), by=TESTER))
        for _ in range(self.random.randint(0, 6)):
            self.add_invoice(self.contacts, self.items)
        for _ in range(self.random.randint(0, 4)):
            self.move(self.items)

    def text(self) -> str:
        return self.random.choice(TEXTS)

    def contact_values(self) -> dict[str, Any]:
        return {
            "name": self.text() or "Nameless",
            "email": self.text(),
            "phone": self.text(),
            "billing_city": self.text(),
            "billing_postcode": self.text(),
            "account_number": self.text(),
            "notes": self.text(),
            "payment_days": self.random.choice((None, 0, 30)),
            "people": [{"first_name": self.text(), "email": self.text()}],
            "is_customer": self.random.random() < 0.5,
            "is_supplier": self.random.random() < 0.5,
            "is_archived": False,
        }

    def item_values(self, number: int) -> dict[str, Any]:
        supplier = self.random.choice([None, *self.contacts])
        return {
            "code": self.random.choice(("", f"I{number}")),
            "name": self.random.choice(TEXTS) or "Nameless",
            "sell_price": self.random.choice((None, Decimal(1), Decimal("2.5"))),
            "preferred_supplier": supplier,
        }

    def add_invoice(self, contacts: list[Contact], items: list[StockItem]) -> Invoice:
        lines = [
            line(item=self.random.choice([None, *items]))
            for _ in range(self.random.randint(1, 3))
        ]
        draft = create_invoice(self.random.choice(contacts), {}, lines, by=TESTER)
        return (
            approve_invoice(draft, by=TESTER) if self.random.random() < 0.5 else draft
        )

    def move(self, items: list[StockItem]) -> None:
        kind = StockMovement.Kind.RECEIVED
        move_stock(self.random.choice(items), Decimal(2), kind, by=TESTER)

    def merge_contacts(self) -> Merge:
        kept, *others = self.contacts[: self.random.choice((2, 3))]
        source = self.random.choice([kept, *others])
        values = preset_values(source, [kept, *others], CHOICES)
        values = values if self.random.random() < 0.5 else {}
        return merge_contacts(kept, others, values, by=TESTER)

    def merge_items(self) -> Merge:
        kept, *others = self.items[: self.random.choice((2, 3))]
        source = self.random.choice([kept, *others])
        values = preset_values(source, [kept, *others], ITEM_CHOICES)
        values = values if self.random.random() < 0.5 else {}
        return merge_items(kept, others, values, by=TESTER)

    def happen(self) -> None:
        """To the bystanders, and to what belongs to nobody in particular."""
        contacts, items = self.contacts[-BYSTANDERS:], self.items[-BYSTANDERS:]
        happenings: tuple[Callable[[], object], ...] = (
            lambda: change_contact(
                contacts[0], {"phone": str(self.random.random())}, by=TESTER
            ),
            lambda: change_item(
                items[0], {"name": str(self.random.random())}, by=TESTER
            ),
            lambda: self.add_invoice(contacts, items),
            lambda: self.move(items),
            lambda: self.edit_a_draft(),
            # A number of the merged, taken meanwhile, would not be given back.
            lambda: create_contact(
                self.contact_values() | {"account_number": ""}, by=TESTER
            ),
        )
        for _ in range(self.random.randint(0, 4)):
            self.random.choice(happenings)()

    def edit_a_draft(self) -> None:
        draft = Invoice.objects.filter(status="draft").first()
        if draft is not None:
            change_invoice(draft, {"reference": "edited"}, by=TESTER)


class UndoIsIdentity(TestCase):
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.randoms(use_true_random=False), st.booleans())
    def test_of_one_merge(self, random: Random, of_items: bool) -> None:
        """What happened in between happens to a world without the merge as well: both
        end alike."""
        world = World(random)
        world.fill()
        before = dump()
        merge = world.merge_items() if of_items else world.merge_contacts()
        merged = dump()
        world.happen()
        happened = differences(merged, dump())
        undo = undo_item_merge if of_items else undo_contact_merge
        undo(merge, by=TESTER)
        assert differences(before, dump()) == _seen_from(before, merged, happened)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.randoms(use_true_random=False), st.permutations(range(4)))
    def test_of_several_merges_in_any_order(
        self, random: Random, order: list[int]
    ) -> None:
        world = World(random)
        world.fill()
        before = dump()
        one, two, three, four = world.contacts[:4]
        first, second, third, fourth = world.items[:4]
        steps: list[tuple[Merge, Callable[..., object]]] = [
            (merge_contacts(one, [two], {}, by=TESTER), undo_contact_merge),
            (merge_items(first, [second], {}, by=TESTER), undo_item_merge),
            (merge_contacts(one, [three], {}, by=TESTER), undo_contact_merge),
            (merge_items(first, [third, fourth], {}, by=TESTER), undo_item_merge),
        ]
        for place in order:
            merge, undo = steps[place]
            undo(merge, by=TESTER)
        assert four.merged.count() == 0
        assert differences(before, dump()) == []


def _seen_from(
    before: dict[str, Any], merged: dict[str, Any], happened: list[tuple[str, Any, Any]]
) -> list[tuple[str, Any, Any]]:
    """The same happenings, of rows as they were before the merge: columns that the merge
    had changed have their old value again."""
    seen = []
    for label, old, new in happened:
        key = (new or old).get("id")
        first = _row(before, label, key)
        if first is None or new is None or old is None:
            seen.append((label, first, new))
            continue
        changed = {name: new[name] for name in new if new[name] != old[name]}
        seen.append((label, first, first | changed))
    return seen


def _row(tables: dict[str, Any], label: str, key: Any) -> Any:
    return next((row for row in tables[label] if row.get("id") == key), None)


pytestmark = pytest.mark.django_db
