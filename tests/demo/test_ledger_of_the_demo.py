"""The practice ledger opens with the books of the demo company's accountant."""

from datetime import UTC, datetime

from xero_sync.management.commands.xero_sandbox import demo_books
from xero_sync.sandbox.opening import Opening, open_ledger


def test_it_holds_exactly_those_books() -> None:
    books = demo_books(1)
    opening = Opening(usual_books=lambda: books)
    ledger = open_ledger(opening, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    home = next(iter(ledger.organisations.values()))
    contacts = list(home.contacts)
    assert sorted(c.name for c in contacts) == sorted(
        row["Name"] for row in _rows(books["Contacts"])
    )
    assert {i.code for i in home.items} == {
        row["Code"] for row in _rows(books["Items"])
    }
    assert len(list(home.invoices)) == len(_rows(books["Invoices"]))
    assert {c.name for c in contacts if c.is_supplier} == {
        row["Name"] for row in _rows(books["Contacts"]) if row.get("IsSupplier")
    }


def _rows(value: object) -> list[dict[str, str]]:
    assert isinstance(value, list)
    return value
