"""The same edits end in the same books, in whatever order the sync comes to them: when
runs begin, where workers stand still, and which of two is first (invariant 16)."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest
from django.db import transaction

from customers.models import Contact
from customers.services import change_contact, create_contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import create_invoice
from stock.models import StockItem
from stock.services import change_item
from tests.builders import line
from tests.simulation.hands import CONTACT_FIELDS, DAY, contact_there, item_there
from tests.simulation.history import History
from tests.simulation.theatre import Theatre
from tests.simulation.world import PERSON, World
from xero_sync.models import ContactLink, InvoiceLink, ItemLink

SCRIPTS, PLAYS, EDITS = 3, 3, 8
# Each field is typed on one side only: who comes first must not matter.
OURS, THEIRS = ("first_name", "email"), ("billing_city",)
State = dict[str, list[str]]


def edits(script: int) -> list[tuple[str, int, str]]:
    """What is done, to which record, with which value; the order on each side counts."""
    chance = Random(f"script {script}")
    kinds = ("ours", "theirs", "theirs", "item", "new", "new there", "invoice", "ours")
    return [
        (chance.choice(kinds), chance.randrange(100), f"said {number}")
        for number in range(EDITS)
    ]


def carry_out(world: World, edit: tuple[str, int, str]) -> None:
    kind, which, value = edit
    # Ours from the beginning, whatever number a database goes on with.
    first_four = Contact.objects.order_by("pk").values_list("pk", flat=True)[:4]
    links = ContactLink.objects.filter(record__in=list(first_four))
    both = list(links.order_by("record_id"))
    link = both[which % len(both)]
    if kind == "ours":
        name = OURS[which % len(OURS)]
        typed = value if name == "first_name" else f"{value[5:]}@said.example"
        change_contact(link.record, {name: typed}, by=PERSON)
    elif kind == "theirs":
        fields = CONTACT_FIELDS[THEIRS[0]](value)
        assert world.in_xero("contact/change", contact=link.xero_id, **fields)
    elif kind == "item":
        items = StockItem.objects.order_by("pk")
        change_item(items[which % len(items)], {"description": value}, by=PERSON)
    elif kind == "new":
        values = {"name": f"Here {value}", "is_customer": True}
        create_contact(values, by=PERSON)
    elif kind == "new there":
        row = {"Name": f"There {value}", "IsCustomer": True}
        assert world.in_xero("books", Contacts=[row])
    else:
        values = {"issued_on": DAY, "reference": value}
        draft = create_invoice(link.record, values, [line("10.00")], by=PERSON)
        approve_invoice(draft, by=PERSON, moves_stock=False)


class Quiet(History):
    """No faults and no deaths; only the sync's own moments are of chance."""

    def play_script(self, script: int, order: Random) -> State:
        self.chance = self.world.processes.chance = order
        self.world.processes.pause_rate = order.choice((0.0, 0.2, 0.5))
        for edit in edits(script):
            carry_out(self.world, edit)
            self.world.clock.advance(order.choice((2, 70, 200)))
            for _ in range(order.randrange(3)):
                self.do(order.choice(("sync_at_once", "tick", "deliver", "resume")))
        self.heal()
        return self.state()

    def state(self) -> State:
        """Both sides and who is whom, without ids, revisions and times."""
        home = self.world.ledger.home
        contacts = dict(ContactLink.objects.values_list("record_id", "xero_id"))
        items = dict(ItemLink.objects.values_list("record_id", "xero_id"))
        invoices = dict(InvoiceLink.objects.values_list("record_id", "xero_id"))
        return {
            "contacts": _in_words(
                (
                    *(getattr(one, name) for name in CONTACT_FIELDS),
                    _or_none(
                        contact_there, home.contacts.get(contacts.get(one.pk, ""))
                    ),
                )
                for one in Contact.objects.all()
            ),
            "items": _in_words(
                (
                    *(one.code, one.name, one.description),
                    _or_none(item_there, home.items.get(items.get(one.pk, ""))),
                )
                for one in StockItem.objects.all()
            ),
            "invoices": _in_words(
                (
                    *(one.number, one.reference, one.status, one.total),
                    _or_none(_money, home.invoices.get(invoices.get(one.pk, ""))),
                )
                for one in Invoice.objects.all()
            ),
            "in Xero": _in_words(
                [
                    *(contact_there(row) for row in home.contacts),
                    *(item_there(row) for row in home.items),
                    *(_money(row) for row in home.invoices),
                ]
            ),
        }


def _in_words(rows: Iterable[object]) -> list[str]:
    return sorted(map(str, rows))


def _or_none(words: Callable[[Any], object], row: Any) -> object:
    return None if row is None else words(row)


def _money(row: Any) -> tuple[object, ...]:
    return row.invoice_number, row.reference, row.status, row.total, row.amount_due


@pytest.mark.parametrize("script", range(SCRIPTS))
def test_the_same_edits_end_in_the_same_books(theatre: Theatre, script: int) -> None:
    ends = []
    for play in range(PLAYS):
        with transaction.atomic(), World(f"confluence {script}") as world:
            world.begin_in(theatre.starts[3])
            history = Quiet(world, script, 0)
            ends.append(history.play_script(script, Random(f"{script} {play}")))
            transaction.set_rollback(True)

    assert ends[0] == ends[1] == ends[2]
    assert any("said" in row for row in ends[0]["contacts"])
