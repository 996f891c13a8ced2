"""What people do while the sync works: in our office, and in Xero's own screens."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from customers.models import Contact
from customers.services import (
    archive_contact,
    change_contact,
    create_contact,
    restore_contact,
)
from fieldops.common.errors import DomainError
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.write_draft import create_invoice
from stock.models import StockItem
from stock.services import archive_item, change_item, create_item
from tests.builders import line
from tests.simulation.edits import OURS, THEIRS, Edits
from tests.simulation.odd import EMAILS, PRICES, TEXTS, odd_value, plain
from tests.simulation.world import PERSON, World
from xero_sync.consolidation.decisions import decide
from xero_sync.models import PairDecision, SyncIssue, SyncRun, SyncSettings
from xero_sync.runs.choices import change_settings
from xero_sync.runs.errors import NotConnected
from xero_sync.runs.requests import send_records, sync_now

# our column, Xero's name for it, and how Xero takes it
CONTACT_FIELDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "name": lambda value: {"Name": value},
    "first_name": lambda value: {"FirstName": value},
    "email": lambda value: {"EmailAddress": value},
    "billing_city": lambda value: {
        "Addresses": [{"AddressType": "POBOX", "City": value}]
    },
}
ODD_KINDS = {"email": EMAILS, "sell_price": PRICES}
ITEM_FIELDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "name": lambda value: {"Name": value},
    "description": lambda value: {"Description": value},
    "sell_price": lambda value: {"SalesDetails": {"UnitPrice": value}},
}
DAY = date(2026, 10, 23)
ODD = 0.12
TWIN = 0.12


def contact_there(row: Any) -> dict[str, str]:
    """A contact of Xero's by our columns. What is no text for us is left out."""
    slot = row.addresses.get("POBOX")
    texts = {
        "name": row.name,
        "first_name": row.first_name,
        "email": row.email_address,
        "billing_city": slot.city if slot else "",
    }
    return {name: plain(text) for name, text in texts.items()}


def item_there(row: Any) -> dict[str, str]:
    texts = {"name": row.name, "description": row.description}
    prices = {"sell_price": price_text(row.sales.unit_price)}
    return {name: plain(text) for name, text in texts.items()} | prices


def price_text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.4f}"


@dataclass
class People:
    world: World
    edits: Edits = field(default_factory=Edits)
    numbers: int = 0

    @property
    def chance(self) -> Random:
        return self.world.chance

    def act(self, action: str) -> str:
        """Do it; says what was done, or "" when there was nothing to do it to."""
        try:
            return str(getattr(self, action)() or "")
        except (DomainError, NotConnected) as refusal:
            return f"{action}: refused ({refusal})"

    # --- in our office ---

    def new_contact(self) -> str:
        name = f"Person {self._number()}"
        email = f"p{self.numbers}@office.example"
        number = self.chance.choice(("", f"N{self.numbers}"))
        if self.chance.random() < TWIN:
            number = f"N{self.numbers}"
            name, email = self._like(
                (row.name, row.email_address) for row in self.world.ledger.home.contacts
            )
        values = {
            "name": name,
            "email": email,
            "account_number": number,
            "is_customer": self.chance.random() < 0.7,
            "is_supplier": self.chance.random() < 0.3,
        }
        contact = create_contact(values, by=PERSON)
        return f"new contact {contact.pk} {name}"

    def change_contact(self) -> str:
        contact = self._one(Contact.objects.order_by("pk"))
        return self.type_into(contact) if contact else ""

    def type_into(self, contact: Contact) -> str:
        name = self.chance.choice(list(CONTACT_FIELDS))
        return self.type_in(contact, name, self._value(name))

    def type_in(self, contact: Contact, name: str, value: str) -> str:
        changed = change_contact(contact, {name: value}, by=PERSON)
        self._typed("contact", changed, name, getattr(changed, name))
        return f"contact {contact.pk}: {name} = {value}"

    def archive_contact(self) -> str:
        contact = self._one(Contact.objects.filter(is_archived=False).order_by("pk"))
        if contact is None:
            return ""
        archive_contact(contact, by=PERSON)
        return f"contact {contact.pk} archived"

    def restore_contact(self) -> str:
        contact = self._one(Contact.objects.filter(is_archived=True).order_by("pk"))
        if contact is None:
            return ""
        restore_contact(contact, by=PERSON)
        return f"contact {contact.pk} restored"

    def new_item(self) -> str:
        number = self._number()
        values = {
            "code": f"C{number}",
            "name": f"Part {number}",
            "sell_price": Decimal(number),
            "sales_account_code": "200",
            "purchase_account_code": "300",
            "sales_tax_type": "OUTPUT2",
            "purchase_tax_type": "INPUT2",
        }
        return f"new item {create_item(values, by=PERSON).pk} C{number}"

    def change_item(self) -> str:
        item = self._one(StockItem.objects.order_by("pk"))
        if item is None:
            return ""
        name = self.chance.choice(list(ITEM_FIELDS))
        value = self._value(name)
        typed: Any = Decimal(value) if name == "sell_price" else value
        item = change_item(item, {name: typed}, by=PERSON)
        is_text = name != "sell_price"
        self._typed("item", item, name, getattr(item, name) if is_text else value)
        return f"item {item.pk}: {name} = {value}"

    def archive_item(self) -> str:
        item = self._one(StockItem.objects.filter(is_archived=False).order_by("pk"))
        if item is None:
            return ""
        archive_item(item, by=PERSON)
        return f"item {item.pk} archived"

    def new_invoice(self) -> str:
        contact = self._one(Contact.objects.filter(is_archived=False).order_by("pk"))
        if contact is None:
            return ""
        item = self._one(StockItem.objects.order_by("pk"))
        cents = Decimal(self._number() * 37 % 900 + 1) / 100
        share = Decimal(self.chance.choice(("0", "0", "12.5", "33.33", "100")))
        lines = [
            line(str(cents), "3", item=item, discount_percent=share),
            line(self.chance.choice(("12.345", "0.3333")), "2.5"),
        ]
        invoice = create_invoice(contact, {"issued_on": DAY}, lines, by=PERSON)
        if self.chance.random() < 0.8:
            invoice = approve_invoice(invoice, by=PERSON, moves_stock=False)
        return f"new invoice {invoice.pk} {invoice.number} for {contact.pk}"

    def approve_invoice(self) -> str:
        invoice = self._one(Invoice.objects.filter(status="draft").order_by("pk"))
        if invoice is None:
            return ""
        approve_invoice(invoice, by=PERSON, moves_stock=False)
        return f"invoice {invoice.pk} approved"

    def cancel_invoice(self) -> str:
        invoice = self._one(Invoice.objects.exclude(status="cancelled").order_by("pk"))
        if invoice is None:
            return ""
        cancel_invoice(invoice, by=PERSON)
        return f"invoice {invoice.pk} cancelled"

    def press_sync(self) -> str:
        presses = 1 if self.chance.random() < 0.97 else 20
        runs = {sync_now(by=PERSON).pk for _ in range(presses)}
        assert len(runs) == 1, "twenty presses are one run"
        self.world.wake()
        return f"sync now, pressed {presses} times: run {runs.pop()}"

    def press_button(self) -> str:
        invoice = self._one(Invoice.objects.order_by("pk"))
        if invoice is None:
            return ""
        run = send_records("invoice", [invoice.pk], by=PERSON)
        self.world.wake()
        return f"Xero button on invoice {invoice.pk}: run {run.pk}"

    def type_on_both_sides(self) -> str:
        """Somebody is entered here and in Xero, not quite alike."""
        return self._type_twice(self.chance.choice(("b", "c")), ("", " Ltd"))

    def type_unlike_on_both_sides(self) -> str:
        """So that nobody can be sure."""
        return self._type_twice("c", ("",))

    def _type_twice(self, mailbox: str, endings: tuple[str, ...]) -> str:
        name, number = f"Both {self._number()}", self.numbers
        there = {"Name": name, "EmailAddress": f"b{number}@both.example"}
        said = self._in_xero("books", Contacts=[there | {"IsCustomer": True}])
        name += self.chance.choice(endings)
        email = f"{mailbox}{number}@both.example"
        values = {"name": name, "email": email, "is_customer": True}
        return f"{said}; new contact {create_contact(values, by=PERSON).pk} {name}"

    def decide_pair(self) -> str:
        """Somebody answers whether the two are one."""
        issue = self._one(
            SyncIssue.objects.open().filter(code="possible_twin").order_by("pk")
        )
        if issue is None:
            return ""
        answer = self.chance.choice(PairDecision.Answer.values)
        xero_id = "" if answer == "new" else issue.details.get("other_xero_id", "")
        decide(issue, answer, xero_id, by=PERSON)
        return f"{issue.title}: {answer}"

    def change_mind(self) -> str:
        """Settings, also while a run is at work."""
        name = self.chance.choice(("frequency", "mode", "arrival_status"))
        choices: dict[str, list[Any]] = {
            "frequency": SyncSettings.Frequency.values,
            "mode": SyncSettings.Mode.values,
            "arrival_status": SyncSettings.ArrivalStatus.values,
        }
        value = self.chance.choice(choices[name])
        change_settings({name: value}, by=PERSON)
        return f"setting {name} = {value}"

    # --- in Xero's own screens ---

    def xero_new_contact(self) -> str:
        number = self._number()
        name, email = f"Xero person {number}", f"x{number}@xero.example"
        if self.chance.random() < TWIN:
            name, email = self._like(
                Contact.objects.order_by("pk").values_list("name", "email")
            )
        row = {
            "Name": name,
            "EmailAddress": email,
            "AccountNumber": self.chance.choice(("", f"X{number}")),
            "IsCustomer": self.chance.random() < 0.7,
            "IsSupplier": self.chance.random() < 0.3,
        }
        return self._in_xero("books", Contacts=[row])

    def xero_new_item(self) -> str:
        number = self._number()
        row = {"Code": f"X{number}", "Name": f"Xero part {number}"}
        return self._in_xero("books", Items=[row])

    def xero_import(self) -> str:
        """Many at one moment, more than a small page holds."""
        rows = [
            {"Name": f"Imported {self._number()}", "IsCustomer": True}
            for _ in range(self.chance.randint(3, 6))
        ]
        return self._in_xero("books", Contacts=rows)

    def xero_locks_period(self) -> str:
        """Or opens it again."""
        day = self.chance.choice((None, None, "2026-09-30", "2026-10-31"))
        return self._in_xero("lock", date=day)

    def xero_change_contact(self) -> str:
        contact: Any = self._of_xero(self.world.ledger.home.contacts)
        if contact is None:
            return ""
        name = self.chance.choice(list(CONTACT_FIELDS))
        value = self._value(name, in_xero=True)
        return self.type_there(contact.contact_id, name, value)

    def type_there(self, xero_id: str, name: str, value: str) -> str:
        said = self._in_xero(
            "contact/change", contact=xero_id, **CONTACT_FIELDS[name](value)
        )
        if said:
            row = self.world.ledger.home.contacts.get(xero_id)
            self._typed_there("contact", xero_id, name, contact_there(row)[name])
        return said

    def xero_archive_contact(self) -> str:
        contact: Any = self._of_xero(self.world.ledger.home.contacts)
        return contact and self._in_xero("contact/archive", contact=contact.contact_id)

    def xero_unarchive_contact(self) -> str:
        rows = [row for row in self.world.ledger.home.contacts if not row.is_active]
        rows = [row for row in rows if not row.merged_to_contact_id]
        contact: Any = self.chance.choice(rows) if rows else None
        return contact and self._in_xero(
            "contact/unarchive", contact=contact.contact_id
        )

    def xero_merge_contacts(self) -> str:
        active = [row for row in self.world.ledger.home.contacts if row.is_active]
        if len(active) < 4:
            return ""
        loser, winner = self.chance.sample(active, 2)
        return self._in_xero(
            "contact/merge", contact=loser.contact_id, into=winner.contact_id
        )

    def xero_change_item(self) -> str:
        item = self._of_xero(self.world.ledger.home.items)
        if item is None:
            return ""
        name = self.chance.choice(list(ITEM_FIELDS))
        value = self._value(name, in_xero=True)
        said = self._in_xero(
            "item/change", item=item.item_id, **ITEM_FIELDS[name](value)
        )
        if said:
            kept = item_there(self.world.ledger.home.items.get(item.item_id))[name]
            self._typed_there("item", item.item_id, name, kept)
        return said

    def xero_delete_item(self) -> str:
        item = self._of_xero(self.world.ledger.home.items)
        return item and self._in_xero("item/delete", item=item.item_id)

    def xero_pay(self) -> str:
        invoice = self._of_xero(self.world.ledger.home.invoices)
        if invoice is None or not invoice.amount_due:
            return ""
        amount = self.chance.choice((invoice.amount_due, Decimal("0.50")))
        return self._in_xero(
            "invoice/pay", invoice=invoice.invoice_id, Amount=amount, Date="2026-11-23"
        )

    def xero_void(self) -> str:
        invoice = self._of_xero(self.world.ledger.home.invoices)
        return invoice and self._in_xero("invoice/void", invoice=invoice.invoice_id)

    # --- how ---

    def _typed(self, kind: str, record: Any, name: str, value: str) -> None:
        self.edits.note(OURS, kind, record.pk, name, value)
        if not record.xero_links.exists():
            self.edits.unlinked.add((kind, str(record.pk)))

    def _typed_there(self, kind: str, xero_id: str, name: str, value: str) -> None:
        at_work = SyncRun.objects.open().exclude(state=SyncRun.State.QUEUED).exists()
        self.edits.note(THEIRS, kind, xero_id, name, value, unseen=at_work)

    def _in_xero(self, action: str, **fields: Any) -> str:
        done = self.world.in_xero(action, **fields)
        return f"in Xero: {action} {fields}" if done else ""

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _value(self, name: str, *, in_xero: bool = False) -> str:
        number = self._number()
        if self.chance.random() < ODD:
            return odd_value(
                self.chance, ODD_KINDS.get(name, TEXTS), number, in_xero=in_xero
            )
        if name == "email":
            return f"new{number}@example.org"
        if name == "sell_price":
            return f"{number}.5000"
        return f"{name.replace('_', ' ')} {number}"

    def _like(self, there: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """Somebody who is there already, or nearly so."""
        name, email = self.chance.choice(list(there) or [("Only One", "")])
        name = self.chance.choice((name, f"{name} Ltd", name.upper()))
        return name, self.chance.choice((email, f"twin{self._number()}@twin.example"))

    def _one(self, rows: Any) -> Any:
        found = list(rows)
        return self.chance.choice(found) if found else None

    def _of_xero(self, table: Any) -> Any:
        rows = list(table)
        return self.chance.choice(rows) if rows else None
