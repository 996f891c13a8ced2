"""Invoices that somebody keyed into Xero by hand are found and linked, never doubled."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from customers.models import Contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice
from tests.builders import TESTER, line, make_customer, make_draft, make_invoice
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.by_hand import DAY, key_in, of
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    first_sync,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.consolidation.decisions import decide
from xero_sync.consolidation.errors import NoSuchPartner
from xero_sync.models import InvoiceLink, MirrorRecord, PairDecision, SyncIssue, SyncRun
from xero_sync.outcomes.kinds import Step
from xero_sync.report.fixing import try_again
from xero_sync.report.plan_in_short import plan_in_short
from xero_sync.runs import runner
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import preview_first_sync
from xero_sync.steps.carrying_out import carry_out_step
from xero_sync.steps.context import Context

pytestmark = pytest.mark.django_db


def question() -> SyncIssue:
    return SyncIssue.objects.open().get(code="possible_invoice")


def answer(what: str) -> None:
    issue = question()
    xero_id = str(issue.details["candidates"]).split(",")[0]
    decide(issue, what, "" if what == "new" else xero_id, by=TESTER)
    run = try_again(issue, by=TESTER)
    assert run is not None
    work_on(run)


def lines_there(ledger: PracticeLedger, invoice: Invoice) -> Any:
    found = xero(ledger, "Invoices", invoice)
    return found["InvoiceNumber"], [one["Description"] for one in found["LineItems"]]


@pytest.fixture
def customer(ledger: PracticeLedger) -> Contact:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    return customer


def test_the_same_reference_makes_it_sure(
    ledger: PracticeLedger, customer: Contact
) -> None:
    invoice = make_invoice(customer, reference="Order 7")
    key_in(ledger, of(customer), reference="order 7")

    run = next_sync()

    assert (run.writes, open_codes(), ledger.state()["invoices"]) == (0, [], 1)
    link = InvoiceLink.objects.get(record=invoice)
    assert link.reasons == (
        "keyed into Xero with the same customer, date, total and reference"
    )
    assert lines_there(ledger, invoice) == ("HAND-1", ["by hand"])
    assert Decimal(ledger.state()["sales_total"]) == invoice.total
    assert_silent()


def test_one_that_cannot_be_read_any_more_when_it_is_linked_waits(
    ledger: PracticeLedger, customer: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = make_invoice(customer, reference="Order 7")
    key_in(ledger, of(customer), reference="order 7")

    def spoiled(ctx: Context, step: Step) -> None:
        there = MirrorRecord.objects.get(kind="invoice")
        there.payload = there.payload | {"Total": "much"}
        there.save()
        carry_out_step(ctx, step)

    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", spoiled)
        run = next_sync()

    assert (run.state, run.writes, run.problem) == (SyncRun.State.FINISHED, 0, "")
    assert not InvoiceLink.objects.filter(record=invoice).exists()
    assert_accounted_for(run)


def test_without_it_a_person_is_asked_and_nothing_is_sent(
    ledger: PracticeLedger, customer: Contact
) -> None:
    make_invoice(customer)
    key_in(ledger, of(customer))
    for _ in range(2):
        run = next_sync()
        assert (run.writes, open_codes()) == (0, ["possible_invoice"])
        assert_accounted_for(run)
    assert (ledger.state()["invoices"], InvoiceLink.objects.count()) == (1, 0)


def test_linked_by_a_person_its_payment_comes_back_and_its_contents_stay(
    ledger: PracticeLedger, customer: Contact
) -> None:
    invoice = make_invoice(customer)
    key_in(ledger, of(customer))
    next_sync()

    answer("same")

    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)
    ledger.control("invoice/pay", invoice="HAND-1")
    run = next_sync()
    invoice.refresh_from_db()
    assert (run.writes, invoice.amount_paid) == (0, invoice.total)
    assert lines_there(ledger, invoice) == ("HAND-1", ["by hand"])
    assert invoice.number.startswith("INV-")
    assert_silent()


@pytest.mark.parametrize("what", ["new", "different"])
def test_sent_as_new_there_are_two(
    ledger: PracticeLedger, customer: Contact, what: str
) -> None:
    invoice = make_invoice(customer)
    key_in(ledger, of(customer))
    next_sync()

    answer(what)

    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert xero(ledger, "Invoices", invoice)["InvoiceNumber"] == invoice.number
    assert_silent()


def test_two_of_ours_that_are_alike_are_never_sure(
    ledger: PracticeLedger, customer: Contact
) -> None:
    first = make_invoice(customer, reference="Order 7")
    second = make_invoice(customer, reference="Order 7")
    key_in(ledger, of(customer), reference="Order 7")
    next_sync()
    assert open_codes() == ["possible_invoice"] * 2

    issue = SyncIssue.objects.open().get(invoice=first)
    decide(issue, "same", str(issue.details["candidates"]), by=TESTER)
    next_sync()

    assert first.xero_links.get().origin == "adopted"
    assert second.xero_links.get().origin == "created_there"
    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert_silent()


def test_two_in_xero_that_are_alike_are_never_sure(
    ledger: PracticeLedger, customer: Contact
) -> None:
    make_invoice(customer, reference="Order 7")
    for number in ("HAND-1", "HAND-2"):
        key_in(ledger, of(customer), number, reference="Order 7")
    next_sync()
    assert len(str(question().details["candidates"]).split(",")) == 2
    assert question().details["numbers"] == "HAND-1, HAND-2"
    answer("different")
    assert question().details["numbers"] == "HAND-2"
    answer("same")
    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert_silent()


@pytest.mark.parametrize("what", ["customer", "day", "total", "voided"])
def test_what_differs_is_another_invoice(
    ledger: PracticeLedger, customer: Contact, what: str
) -> None:
    other = make_customer("Dunes Bar")
    next_sync()
    make_invoice(customer, reference="Order 7")
    key_in(
        ledger,
        of(other if what == "customer" else customer),
        total=11 if what == "total" else 10,
        day="2026-11-03" if what == "day" else DAY,
        reference="Order 7",
    )
    if what == "voided":
        ledger.control("invoice/void", invoice="HAND-1")
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert_silent()


def test_a_draft_linked_to_it_never_rewrites_it(
    ledger: PracticeLedger, customer: Contact
) -> None:
    change_settings({"sends_drafts": True}, by=TESTER)
    draft = make_draft(customer, reference="Order 7")
    key_in(ledger, of(customer), status="DRAFT", reference="Order 7")
    next_sync()
    assert draft.xero_links.count() == 1

    change_invoice(draft, {}, [line("10.00", description="Other words")], by=TESTER)
    assert next_sync().writes == 0
    draft.refresh_from_db()
    approve_invoice(draft, by=TESTER, moves_stock=False)
    assert next_sync().writes == 0
    assert lines_there(ledger, draft) == ("HAND-1", ["by hand"])


def test_said_to_be_the_same_and_changed_since_is_reported_not_sent(
    ledger: PracticeLedger, customer: Contact
) -> None:
    change_settings({"sends_drafts": True}, by=TESTER)
    draft = make_draft(customer)
    key_in(ledger, of(customer))
    next_sync()
    issue = question()
    decide(issue, "same", str(issue.details["candidates"]), by=TESTER)
    change_invoice(draft, {}, [line("99.00")], by=TESTER)
    run = next_sync()
    assert (run.writes, open_codes()) == (0, ["totals_differ"])
    assert ledger.state()["invoices"] == 1


def test_in_the_first_sync_too_with_a_contact_about_to_be_linked(
    ledger: PracticeLedger,
) -> None:
    """Three are in both books: one sure, two asked about; the plan says so."""
    customer = make_customer("Castle Hotel", email="bar@castle.example", phone="028 1")
    ledger.load_books(
        {
            "Contacts": [
                {
                    "Name": "Castle Hotel",
                    "EmailAddress": "bar@castle.example",
                    "IsCustomer": True,
                }
            ]
        }
    )
    for day in (2, 3, 4, 5):
        make_invoice(customer, issued_on=date(2026, 11, day), reference=f"Order {day}")
    contact = {"Name": "Castle Hotel"}
    key_in(ledger, contact, "H-2", day="2026-11-02", reference="Order 2")
    key_in(ledger, contact, "H-3", day="2026-11-03")
    key_in(ledger, contact, "H-4", day="2026-11-04", reference="another")
    connect(ledger)
    looked_at = work_on(preview_first_sync(by=TESTER))
    figures = {one.label: one.value for one in plan_in_short(looked_at).figures}
    assert (figures["Linked"], figures["To decide"]) == (1, 2)
    assert (figures["Invoices to send"], figures["Invoices found in Xero"]) == (1, 1)

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED
    assert_accounted_for(run)
    assert open_codes() == ["possible_invoice"] * 2
    assert ledger.state()["invoices"] == 4
    for issue in SyncIssue.objects.open():
        decide(issue, "same", str(issue.details["candidates"]), by=TESTER)
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 4)
    assert Decimal(ledger.state()["sales_total"]) == sum(
        one.total for one in Invoice.objects.all()
    )
    assert_silent()


def test_the_report_shows_both_and_takes_the_answer(
    office_client: Client, ledger: PracticeLedger, customer: Contact
) -> None:
    invoice = make_invoice(customer)
    key_in(ledger, of(customer))
    next_sync()
    page = main_of(office_client, "/xero/")
    for text in ("Invoice may be in Xero already", "HAND-1", "Send as new", "12.00"):
        assert text in page, text
    issue = question()
    office_client.post(
        f"/xero/issues/{issue.pk}/decide/",
        {"answer": "same", "xero_id": str(issue.details["candidates"])},
    )
    said = PairDecision.objects.get()
    assert (said.kind, said.answer, said.local_uid) == (
        "invoice",
        "same",
        invoice.uid,
    )


def test_the_number_of_a_void_one_is_used_and_nothing_to_be_linked_to(
    ledger: PracticeLedger, customer: Contact
) -> None:
    invoice = make_invoice(customer)
    key_in(ledger, of(customer), number=invoice.number)
    ledger.control("invoice/void", invoice=invoice.number)

    next_sync()

    issue = SyncIssue.objects.open().get()
    assert (issue.code, issue.details) == (
        "invoice_number_in_xero",
        {"value": invoice.number},
    )
    void = MirrorRecord.objects.get(kind="invoice").xero_id
    with pytest.raises(NoSuchPartner):
        decide(issue, "same", void, by=TESTER)
    assert not PairDecision.objects.exists()
    assert not InvoiceLink.objects.exists()


def test_of_another_total_it_is_named_with_both_until_xero_says_the_same(
    office_client: Client, ledger: PracticeLedger, customer: Contact
) -> None:
    """Called the same by a person, because both have one number: not linked before."""
    invoice = make_invoice(customer)
    key_in(ledger, of(customer), number=invoice.number, total=11)
    next_sync()
    assert open_codes() == ["invoice_number_in_xero"]
    issue = SyncIssue.objects.open().get()
    there = MirrorRecord.objects.get(kind="invoice").xero_id
    decide(issue, "same", there, by=TESTER)

    for _ in range(2):
        run = next_sync()
        assert (run.writes, open_codes()) == (0, ["totals_differ"])
        assert not invoice.xero_links.exists()
    page = main_of(office_client, "/xero/")
    for text in (
        "Totals differ",
        "£12.00 here, £13.20 in Xero.",
        "Compare the lines and VAT rates, then correct it in Xero.",
        f'href="/invoices/{invoice.pk}/"',
        "Open in Xero",
    ):
        assert text in page, text

    line_there = ledger.record("Invoices", there)["LineItems"][0]
    lines = [line_there | {"UnitAmount": 10, "LineAmount": 10, "TaxAmount": 2}]
    ledger.write("POST", "Invoices", {"InvoiceID": there, "LineItems": lines})
    next_sync()

    assert open_codes() == []
    assert invoice.xero_links.get().xero_id == there
    assert Decimal(ledger.state()["sales_total"]) == invoice.total
    assert_silent()
