"""What goes when somebody presses send: what was chosen, and all that it needs."""

import pytest

from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync, in_step, work_on, xero
from xero_sync.models import XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


def test_pressing_the_button_sends_a_draft_with_what_it_needs(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    in_step()
    lead = make_contact("Mary Doyle")
    item = make_item("VAL22", name="Boiler valve 22 mm")
    make_item("PIPE15")
    draft = make_draft(lead, [line("18.50", "2", item=item)])

    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))

    draft.refresh_from_db()
    sent = xero(ledger, "Invoices", draft)
    assert (draft.number, draft.is_draft) == ("INV-1001", True)
    assert (sent["Status"], sent["Total"]) == ("DRAFT", 44.4)
    assert [row["ItemCode"] for row in sent["LineItems"]] == ["VAL22"]
    assert (ledger.state()["contacts"], ledger.state()["items"]) == (1, 1)


def test_sending_one_contact_reads_only_contacts(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()
    customer = make_customer("Castle Hotel")

    run = work_on(send_records(Kind.CONTACT, [customer.pk], by=TESTER))

    assert (run.reads, run.writes, ledger.state()["contacts"]) == (1, 1, 1)


def test_an_automatic_run_is_due_when_it_was_before_somebody_pressed_send(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    first_sync()
    due = XeroConnection.objects.get().next_due_at
    invoice = make_invoice()

    work_on(send_records(Kind.INVOICE, [invoice.pk], by=TESTER))

    assert XeroConnection.objects.get().next_due_at == due
