"""Yesterday's backup is brought back while Xero is a day ahead: nothing is made twice,
all is linked again, and the next sync is silent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from customers.models import Contact
from customers.services import change_contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from stock.models import StockItem
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.backup import restore, take_backup
from tests.xero_sync.by_hand import key_in, of
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import ContactLink, InvoiceLink, ItemLink, SyncRun
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Yesterday:
    """Ids of what the backup holds: in step, not sent yet, and a draft."""

    ledger: PracticeLedger
    old: int
    waiting: int
    draft: int


def counts(ledger: PracticeLedger) -> dict[str, Any]:
    state = ledger.state()
    names = ("contacts", "items", "invoices", "sales_total", "invoices_by_status")
    return {name: state[name] for name in names}


@pytest.fixture
def restored(ledger: PracticeLedger) -> Yesterday:
    """A day's work after the backup, all of it in Xero by the evening; then the disk
    breaks, and the backup of the morning comes back."""
    old = make_customer("Castle Hotel", phone="028 1")
    make_invoice(old, [line(item=make_item("VALVE"))])
    connect(ledger)
    in_step()
    waiting = make_customer("Dunes Bar")
    sent_later = make_invoice(waiting, [line("20.00", item=make_item("PUMP"))])
    draft = make_draft(old, [line("30.00")])
    backup = take_backup()

    next_sync()
    approve_invoice(draft, by=TESTER)
    new = make_customer("Abbey Dental")
    make_invoice(new, [line("40.00", item=make_item("BOILER"))])
    change_contact(old, {"phone": "028 2"}, by=TESTER)
    next_sync()
    ledger.control("invoice/pay", invoice=sent_later.number)
    ledger.control(
        "contact/change", contact="Dunes Bar", EmailAddress="bar@dunes.example"
    )
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 4)

    restore(backup)
    assert Contact.objects.count() == 2
    return Yesterday(ledger, old.pk, waiting.pk, draft.pk)


def test_a_backup_makes_no_duplicates(restored: Yesterday) -> None:
    ledger = restored.ledger
    before = counts(ledger)

    run = next_sync()

    assert run.state == SyncRun.State.FINISHED
    assert (counts(ledger), run.writes, open_codes()) == (before, 0, [])
    assert_accounted_for(run)
    assert_silent()


def test_everything_finds_its_partner_again(restored: Yesterday) -> None:
    next_sync()

    waiting = Contact.objects.get(pk=restored.waiting)
    assert (waiting.email, waiting.xero_links.get().reasons) == (
        "bar@dunes.example",
        "carries our own id",
    )
    invoice = waiting.invoices.get()
    link = invoice.xero_links.get()
    assert (link.origin, link.reasons) == (
        "adopted",
        "in Xero under its number, with the same customer, date and total",
    )
    assert invoice.amount_paid == invoice.total
    assert StockItem.objects.get(code="PUMP").xero_links.get().origin == "matched"
    assert Contact.objects.get(pk=restored.old).phone == "028 2"


def test_what_was_made_since_comes_in_once(restored: Yesterday) -> None:
    next_sync()
    next_sync()

    assert Contact.objects.filter(name="Abbey Dental").count() == 1
    assert StockItem.objects.filter(code="BOILER").count() == 1
    assert (Contact.objects.count(), StockItem.objects.count()) == (3, 3)
    assert (ContactLink.objects.count(), ItemLink.objects.count()) == (3, 3)
    # Invoices are never copied: two of four are here, the draft is a draft again.
    assert (Invoice.objects.count(), InvoiceLink.objects.count()) == (3, 2)


def test_a_number_given_again_to_the_same_invoice_finds_it(
    restored: Yesterday,
) -> None:
    next_sync()
    before = counts(restored.ledger)
    draft = Invoice.objects.get(pk=restored.draft)
    assert draft.number == ""

    approve_invoice(draft, by=TESTER)
    run = next_sync()

    assert (counts(restored.ledger), run.writes, open_codes()) == (before, 0, [])
    assert Invoice.objects.get(pk=restored.draft).xero_links.get().origin == "adopted"
    assert_silent()


def test_a_number_given_again_to_another_one_is_an_issue(restored: Yesterday) -> None:
    next_sync()
    before = counts(restored.ledger)

    stranger = make_invoice(Contact.objects.get(pk=restored.old), [line("99.00")])
    next_sync()

    assert counts(restored.ledger) == before
    assert open_codes() == ["invoice_number_in_xero"]
    assert not stranger.xero_links.exists()
    # It is never updated by its number.
    assert Decimal(before["sales_total"]) == Decimal(
        restored.ledger.state()["sales_total"]
    )


@pytest.mark.parametrize("what", ["customer", "day", "total", "voided"])
def test_a_number_alone_proves_nothing(ledger: PracticeLedger, what: str) -> None:
    """Somebody keyed an invoice in by hand, and it has the number of ours."""
    customer, other = make_customer("Castle Hotel"), make_customer("Dunes Bar")
    connect(ledger)
    in_step()
    invoice = make_invoice(customer, [line("10.00")])
    key_in(
        ledger,
        of(other if what == "customer" else customer),
        invoice.number,
        day="2026-11-01" if what == "day" else "2026-11-02",
        total=11 if what == "total" else 10,
    )
    if what == "voided":
        ledger.control("invoice/void", invoice=invoice.number)

    next_sync()

    assert open_codes() == ["invoice_number_in_xero"]
    assert (ledger.state()["invoices"], InvoiceLink.objects.count()) == (1, 0)


def test_one_that_is_found_again_goes_on_as_if_it_had_never_been_lost(
    ledger: PracticeLedger,
) -> None:
    """Sent, forgotten, found; then cancelled here: it is voided there."""
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    invoice = make_invoice(customer)
    backup = take_backup()
    next_sync()
    restore(backup)
    next_sync()

    cancel_invoice(Invoice.objects.get(pk=invoice.pk), by=TESTER)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {"VOIDED": 1}
    assert_silent()


def test_a_draft_that_is_found_again_follows_its_approval(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    draft = make_draft(customer, number="INV-77")
    backup = take_backup()
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))
    restore(backup)
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))
    assert draft.xero_links.get().origin == "adopted"

    approve_invoice(draft, by=TESTER)
    next_sync()

    assert xero(ledger, "Invoices", draft)["Status"] == "AUTHORISED"
    assert ledger.state()["invoices"] == 1
    assert_silent()
