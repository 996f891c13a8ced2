"""What all people have in common: the world they act in, and what they type."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.simulation.edits import OURS, THEIRS, Edits
from tests.simulation.odd import EMAILS, PRICES, TEXTS, odd_value, plain
from tests.simulation.world import World
from xero_sync.models import SyncRun

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
# These people also clear, on either side.
MAY_BE_BLANK = ("first_name", "billing_city", "description")
BLANK = 0.15
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
class Hands:
    world: World
    edits: Edits = field(default_factory=Edits)
    numbers: int = 0

    @property
    def chance(self) -> Random:
        return self.world.chance

    def _typed(self, kind: str, record: Any, name: str, value: str) -> None:
        self.edits.note(OURS, kind, record.pk, name, value)
        if not record.xero_links.exists():
            self.edits.unlinked.add((kind, str(record.pk)))

    def _typed_there(
        self, kind: str, xero_id: str, name: str, before: str, value: str
    ) -> None:
        """To save what was there is no edit."""
        if value == before:
            return
        at_work = SyncRun.objects.open().exclude(state=SyncRun.State.QUEUED).exists()
        if at_work:
            now = self.world.clock.moment
            self.edits.note_unseen(kind, xero_id, name, value, at=now)
        else:
            self.edits.note(THEIRS, kind, xero_id, name, value)

    def _in_xero(self, action: str, **fields: Any) -> str:
        done = self.world.in_xero(action, **fields)
        return f"in Xero: {action} {fields}" if done else ""

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _value(self, name: str, *, in_xero: bool = False) -> str:
        number = self._number()
        if name in MAY_BE_BLANK and self.chance.random() < BLANK:
            return ""
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
