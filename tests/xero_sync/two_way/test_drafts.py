"""Drafts that go to Xero, chosen by a person or by the settings."""

from datetime import date
from decimal import Decimal

import pytest

from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice
from tests.builders import TESTER, line, make_draft, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import InvoiceLink
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


def test_a_draft_that_was_sent_follows_its_edits_and_its_approval(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    in_step()
    draft = make_draft(lines=[line("10.00")])
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))

    draft.refresh_from_db()
    change_invoice(draft, {}, [line("20.00"), line("5.00")], by=TESTER)
    next_sync()
    assert (
        xero(ledger, "Invoices", draft)["Status"],
        ledger.state()["sales_total"],
    ) == (
        "DRAFT",
        "30.00",
    )

    draft.refresh_from_db()
    approve_invoice(draft, by=TESTER)
    next_sync()
    assert xero(ledger, "Invoices", draft)["Status"] == "AUTHORISED"
    assert (next_sync().writes, open_codes(), ledger.state()["invoices"]) == (0, [], 1)


def test_drafts_and_dates_follow_the_settings(ledger: PracticeLedger) -> None:
    first_day = date(2026, 11, 2)
    change_settings({"sends_drafts": True, "invoices_from": first_day}, by=TESTER)
    make_draft(issued_on=first_day)
    make_invoice(issued_on=date(2026, 11, 1))
    make_draft(lines=[])
    connect(ledger)

    run = in_step()

    assert ledger.state()["invoices_by_status"] == {"DRAFT": 1}
    assert open_codes() == ["lines_missing"]
    assert run.left_out == {"invoice: dated before invoices are sent from": 1}
    assert_silent()


def test_a_draft_approved_on_both_sides_is_in_step(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()
    draft = make_draft()
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))
    xero_id = InvoiceLink.objects.get().xero_id
    ledger.write("POST", "Invoices", {"InvoiceID": xero_id, "Status": "AUTHORISED"})
    draft.refresh_from_db()
    approve_invoice(draft, by=TESTER)

    assert_silent()
    ledger.control("invoice/pay", invoice=draft.number)
    assert_silent()

    draft.refresh_from_db()
    assert (draft.amount_due, open_codes()) == (Decimal(0), [])
