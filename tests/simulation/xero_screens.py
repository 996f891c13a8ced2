"""What people do in Xero's own screens while the sync works."""

from decimal import Decimal
from typing import Any

from customers.models import Contact
from tests.simulation.hands import (
    CONTACT_FIELDS,
    ITEM_FIELDS,
    TWIN,
    Hands,
    contact_there,
    item_there,
)


class XeroScreens(Hands):
    """A part of ``People``."""

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
        contacts = self.world.ledger.home.contacts
        before = contact_there(contacts.get(xero_id))[name]
        said = self._in_xero(
            "contact/change", contact=xero_id, **CONTACT_FIELDS[name](value)
        )
        if said:
            kept = contact_there(contacts.get(xero_id))[name]
            self._typed_there("contact", xero_id, name, before, kept)
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
        said = self._in_xero(
            "contact/merge", contact=loser.contact_id, into=winner.contact_id
        )
        if said:
            self._may_be_followed(winner)
        return said

    def _may_be_followed(self, winner: Any) -> None:
        """Ours that was linked to the other one may come to say all that this one says."""
        for name, value in contact_there(winner).items():
            if value:
                key = winner.contact_id
                self.edits.note_unseen("contact", key, name, value, at=None)

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
            before = item_there(item)[name]
            self._typed_there("item", item.item_id, name, before, kept)
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
