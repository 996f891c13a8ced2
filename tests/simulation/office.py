"""What people do in our office while the sync works."""

from decimal import Decimal
from typing import Any

from customers.models import Contact
from customers.services import (
    archive_contact,
    change_contact,
    create_contact,
    restore_contact,
)
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.write_draft import create_invoice
from stock.models import StockItem
from stock.services import archive_item, change_item, create_item
from tests.builders import line
from tests.simulation.hands import CONTACT_FIELDS, DAY, ITEM_FIELDS, TWIN, Hands
from tests.simulation.world import PERSON
from xero_sync.models import SyncRun, SyncSettings
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import send_records, stop_after_this_step, sync_now


class Office(Hands):
    """A part of ``People``."""

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

    def stop_run(self) -> str:
        run = self._one(SyncRun.objects.open().order_by("pk"))
        if run is None:
            return ""
        stop_after_this_step(run, by=PERSON)
        return f"run {run.pk} is to stop"

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
