"""A company between two full sides, ended workers, and what has to hold after them."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.launch.service import wait_until
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import line, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import assert_accounted_for, next_sync_of_the_day
from xero_sync.models import (
    ContactLink,
    Intent,
    InvoiceLink,
    ItemLink,
    SyncIssue,
    SyncRun,
    XeroConnection,
)

PATIENCE = 120
BY = Actor.system("test")
SHORTENED = {
    "XERO_LEASE_SECONDS": "2",
    "XERO_SLICE_SECONDS": "3",
    "XERO_TICK_SECONDS": "1",
    "XERO_CALLS_PER_MINUTE": "100000",
}


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> None:
    assert wait_until(what, seconds), "it did not happen in time"


@dataclass
class Company:
    """Counts what there has to be in the end, on both sides."""

    ledger: PracticeLedger
    customers: int = 0
    invoices: int = 0
    items: int = 0
    theirs: int = 0
    their_items: int = 0
    sales: Decimal = field(default_factory=Decimal)

    def grow_here(self, customers: int, *, invoices_each: int = 1) -> None:
        """New customers, each with invoices for a new stock item."""
        for _ in range(customers):
            number = self.customers
            item = make_item(f"VAL{number:05}")
            customer = make_customer(f"Customer {number:05}")
            for _ in range(invoices_each):
                invoice = make_invoice(customer, [line(item=item)])
                self.sales += invoice.total
                self.invoices += 1
            self.customers += 1
            self.items += 1

    def grow_there(self, contacts: int, *, items: int = 0) -> None:
        numbers = range(self.theirs, self.theirs + contacts)
        codes = range(self.their_items, self.their_items + items)
        self.ledger.load_books(
            {
                "Contacts": [
                    {"Name": f"Supplier {n:05}", "IsSupplier": True} for n in numbers
                ],
                "Items": [{"Code": f"X{n:05}", "Name": f"Part {n}"} for n in codes],
            }
        )
        self.theirs += contacts
        self.their_items += items

    def assert_nothing_lost_or_doubled(self) -> None:
        """Counted where a double would be: in the ledger, and in our tables."""
        state = self.ledger.state()
        contacts, items = self.customers + self.theirs, self.items + self.their_items
        assert [str(issue) for issue in SyncIssue.objects.open()] == []
        there = (state["contacts"], state["items"], state["invoices"])
        assert there == (contacts, items, self.invoices)
        assert Decimal(state["sales_total"]) == self.sales
        for model, link, count in (
            (Contact, ContactLink, contacts),
            (StockItem, ItemLink, items),
            (Invoice, InvoiceLink, self.invoices),
        ):
            assert model._default_manager.count() == count
            assert link._default_manager.count() == count
        assert not Intent.objects.exclude(state=Intent.State.SETTLED).exists()

    def assert_next_sync_is_silent(self) -> None:
        run = next_sync_of_the_day()
        assert (run.state, run.writes, run.reads) == (SyncRun.State.FINISHED, 0, 3)


def assert_well_ended(run: SyncRun) -> None:
    run.refresh_from_db()
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    assert_accounted_for(run)


def has_ended(run: SyncRun) -> bool:
    run.refresh_from_db()
    return not run.is_open


def holder() -> int | None:
    """The process that holds the lease: a child of a worker."""
    owner = XeroConnection.objects.values_list("lease_owner", flat=True).get()
    return int(owner.rpartition(":")[2]) if owner else None


def wait_for_holder() -> int:
    found: list[int] = []

    def is_held() -> bool:
        pid = holder()
        found.extend([pid] if pid else [])
        return bool(found)

    wait_for(is_held)
    return found[0]


def group_of(pid: int) -> int:
    """A worker's main process leads the group of its children."""
    return os.getpgid(pid)


def send(pid: int, with_signal: signal.Signals) -> None:
    """To one process; it may have ended by itself meanwhile."""
    with suppress(ProcessLookupError):
        os.kill(pid, with_signal)


def send_to_group(group: int, with_signal: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, with_signal)


def open_intents() -> Any:
    return Intent.objects.exclude(state=Intent.State.SETTLED)
