"""Records as they really are: archived, merged, deleted, doubled, oddly named and priced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from customers.services import archive_contact, change_contact, restore_contact
from invoicing.models import Account, TaxRate
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.lines import LineValues
from stock.services import change_item
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.ledger import PracticeLedger
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
from xero_sync.models import ContactLink, InvoiceLink, SyncIssue, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.fixing import accept_xeros_value, try_again
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


# --- contacts that are closed, on one side or both ---


def test_a_closed_customers_invoice_is_reported_until_it_is_open_again(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.control("contact/archive", contact="Castle Hotel")
    make_invoice(customer)

    assert_accounted_for(next_sync())
    assert open_codes() == ["contact_archived_in_xero"]
    assert_silent()
    assert open_codes() == ["contact_archived_in_xero"]

    ledger.control("contact/unarchive", contact="Castle Hotel")
    next_sync()
    customer.refresh_from_db()
    assert not customer.is_archived
    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)


def test_archived_on_both_sides_and_restored_there_is_restored_here(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.control("contact/archive", contact="Castle Hotel")
    archive_contact(customer, by=TESTER)
    assert_silent()

    ledger.control("contact/unarchive", contact="Castle Hotel")
    assert_silent()

    customer.refresh_from_db()
    assert not customer.is_archived


def test_restored_on_both_sides_can_be_archived_again(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    archive_contact(customer, by=TESTER)
    next_sync()
    ledger.control("contact/unarchive", contact="Castle Hotel")
    restore_contact(customer, by=TESTER)
    assert_silent()

    archive_contact(customer, by=TESTER)
    next_sync()

    customer.refresh_from_db()
    assert customer.is_archived
    assert xero(ledger, "Contacts", customer)["ContactStatus"] == "ARCHIVED"


def test_a_customer_follows_into_the_contact_it_was_merged_into(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.load_books({"Contacts": [{"Name": "Castle Hotel Ltd"}]})
    ledger.control("contact/merge", contact="Castle Hotel", into="Castle Hotel Ltd")
    invoice = make_invoice(customer)

    assert_accounted_for(next_sync())

    customer.refresh_from_db()
    assert (customer.name, Contact.objects.count()) == ("Castle Hotel Ltd", 1)
    assert open_codes() == []
    sent = xero(ledger, "Invoices", invoice)
    assert sent["Contact"]["ContactID"] == ContactLink.objects.get().xero_id
    assert_silent()


def test_two_of_ours_merged_into_one_are_for_a_person(ledger: PracticeLedger) -> None:
    loser, winner = make_customer("Castle Hotel"), make_customer("Dunes Bar")
    connect(ledger)
    in_step()
    ledger.control("contact/merge", contact="Castle Hotel", into="Dunes Bar")
    make_invoice(loser)

    run = next_sync()

    assert open_codes() == ["merged_in_xero"]
    assert run.steps.get(name="invoices_to_xero").held == 1
    assert ContactLink.objects.filter(record__in=[loser, winner]).count() == 2
    assert_accounted_for(run)
    assert_silent()


# --- names and groups ---


def test_two_customers_of_one_name_are_told_apart_by_a_person(
    ledger: PracticeLedger,
) -> None:
    first = make_customer("John Smith", phone="028 1")
    second = make_customer("john smith", phone="028 2")
    make_invoice(first)
    make_invoice(second)
    connect(ledger)

    assert_accounted_for(in_step())
    assert open_codes() == ["name_taken_in_xero"]
    assert_silent()

    change_contact(second, {"name": "John Smith (Bangor)"}, by=TESTER)
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert_silent()


def test_odd_names_are_stable_or_reported(ledger: PracticeLedger) -> None:
    for name in (
        "Double  spaced   Ltd",
        "Spanner \N{WRENCH} Ltd",
        "Cafe\N{COMBINING ACUTE ACCENT}",
        "no\N{NO-BREAK SPACE}break",
        "Zero\N{ZERO WIDTH SPACE}width",
        "N" * 255,
    ):
        make_invoice(make_customer(name))
    Contact.objects.create(name="  Blank at the ends ", is_customer=True)
    make_customer("A <b> Ltd")
    make_customer("L" * 256)
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == ["name_characters", "name_too_long"]
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (7, 6)
    assert_silent()
    assert Contact.objects.count() == 9


def test_groups_follow_what_either_side_does(ledger: PracticeLedger) -> None:
    """Our lead is Xero's customer; our supplier is invoiced after it was linked."""
    ledger.load_books(
        {
            "Contacts": [
                {"Name": "Castle", "EmailAddress": "a@b.example", "IsCustomer": True},
                {"Name": "Neither nor"},
            ]
        }
    )
    lead = make_contact("Castle", email="a@b.example")
    supplier = make_supplier("Plumb Centre")
    connect(ledger)

    run = in_step()
    lead.refresh_from_db()
    assert lead.is_customer
    assert run.left_out == {"contact: neither customer nor supplier in Xero": 1}

    make_invoice(supplier)
    next_sync()
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (3, 1)
    assert_silent()


# --- stock items ---


def test_an_item_deleted_in_xero_keeps_no_invoice_back(ledger: PracticeLedger) -> None:
    """Found out by an invoice that names it, long before the next full list."""
    item = make_item("VALVE")
    make_item("PIPE")
    connect(ledger)
    in_step()
    assert_silent()
    ledger.control("item/delete", item="VALVE")
    invoice = make_invoice(lines=[line(item=item)])

    next_sync()
    assert open_codes() == ["refused"]
    next_sync()

    assert open_codes() == ["item_deleted_in_xero"]
    assert "ItemCode" not in xero(ledger, "Invoices", invoice)["LineItems"][0]
    assert ledger.state()["items"] == 1
    assert_silent()


def test_a_change_of_an_item_that_is_gone_is_an_issue_and_no_end(
    ledger: PracticeLedger,
) -> None:
    """Xero answers 404 for the whole request: the others go all the same."""
    gone, other = make_item("VALVE"), make_item("PIPE")
    connect(ledger)
    in_step()
    assert_silent()
    ledger.control("item/delete", item="VALVE")
    for item in (gone, other):
        change_item(item, {"sell_price": Decimal("12.5")}, by=TESTER)

    assert_accounted_for(next_sync())

    assert open_codes() == ["item_deleted_in_xero"]
    assert xero(ledger, "Items", other)["SalesDetails"]["UnitPrice"] == 12.5
    assert_silent()


def test_an_items_code_is_changed_on_either_side(ledger: PracticeLedger) -> None:
    item = make_item("VALVE")
    connect(ledger)
    in_step()
    ledger.control("item/change", item="VALVE", Code="VALVE22", Name="Valve 22 mm")
    next_sync()
    item.refresh_from_db()
    assert (item.code, item.name) == ("VALVE22", "Valve 22 mm")

    change_item(item, {"code": "valve-22"}, by=TESTER)
    before = make_invoice(lines=[line(item=item)])
    next_sync()
    after = make_invoice(lines=[line(item=item)])
    next_sync()

    assert open_codes() == []
    assert xero(ledger, "Invoices", before)["LineItems"][0]["ItemCode"] == "VALVE22"
    assert xero(ledger, "Invoices", after)["LineItems"][0]["ItemCode"] == "valve-22"


def test_what_is_refused_again_is_the_same_issue(ledger: PracticeLedger) -> None:
    make_item("LONG", name="x" * 55)
    connect(ledger)
    in_step()
    issue = SyncIssue.objects.get()

    run = try_again(issue, by=TESTER)
    assert run is not None
    assert work_on(run).writes == 1

    again = SyncIssue.objects.get()
    assert (again.pk, again.times, again.resolved_at) == (issue.pk, 2, None)
    assert_silent()


# --- invoices ---

TOTALS = {
    "four places": [
        line("10.3333", "1.3333"),
        line("0.0049", "100", discount_percent=Decimal("12.3456")),
    ],
    "per line": [line("25.06"), line("25.61"), line("25.63"), line("0.125")],
    "thirds": [line("10.3333", "1.3333", discount_percent=Decimal("33.3333"))] * 3,
    "less": [line("100"), line("-20.005", "3"), line("0"), line("5", "0")],
    "hardly": [line("100"), line("-20.005", discount_percent=Decimal("0.0001"))],
    "nothing": [line("0")],
    "five per cent": [line("10.3333", "1.3333", tax_type="RROUTPUT")] * 3,
}


def test_totals_are_xeros_to_the_penny(ledger: PracticeLedger) -> None:
    ours = Decimal(0)
    for lines in TOTALS.values():
        for amounts in ("Exclusive", "Inclusive", "NoTax"):
            ours += make_invoice(lines=lines, amounts_are=amounts).total
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == []
    assert (ledger.state()["invoices"], Decimal(ledger.state()["sales_total"])) == (
        21,
        ours,
    )
    assert_silent()


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (line(description="x" * 4001), "field_too_long"),
        (line(account_code="999"), "account_missing"),
        (line("-5"), "refused"),
    ],
)
def test_a_line_xero_does_not_take_is_an_issue(
    ledger: PracticeLedger, bad: LineValues, code: str
) -> None:
    make_invoice(lines=[bad])
    make_invoice()
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == [code]
    assert ledger.state()["invoices"] == 1
    assert_silent()


@pytest.mark.parametrize("status", ["SUBMITTED", "DRAFT"])
def test_invoices_arrive_as_the_settings_say(
    ledger: PracticeLedger, status: str
) -> None:
    change_settings({"arrival_status": status}, by=TESTER)
    invoice = make_invoice()
    make_invoice()
    connect(ledger)
    in_step()
    assert ledger.state()["invoices_by_status"] == {status: 2}

    cancel_invoice(invoice, by=TESTER)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {status: 1, "DELETED": 1}
    assert_silent()
    assert open_codes() == []


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


# --- the chart of accounts ---


def test_another_type_or_rate_is_asked_and_taken_over(ledger: PracticeLedger) -> None:
    Account.objects.filter(code="260").update(type="EXPENSE")
    TaxRate.objects.filter(tax_type="RROUTPUT").update(percent=Decimal("17.5"))
    connect(ledger)
    assert_accounted_for(in_step())
    assert open_codes() == ["account_differs", "tax_rate_differs"]
    assert Account.objects.get(code="260").type == "EXPENSE"

    for issue in SyncIssue.objects.open():
        accept_xeros_value(issue, by=TESTER)
    next_sync()

    assert open_codes() == []
    assert Account.objects.get(code="260").type == "REVENUE"
    assert TaxRate.objects.get(tax_type="RROUTPUT").percent == Decimal("5")


# --- how much it costs ---


def test_fifty_invoices_cost_hardly_more_statements_than_one(
    ledger: PracticeLedger,
) -> None:
    customers = [make_customer() for _ in range(51)]
    connect(ledger)
    in_step()
    statements = []
    for some in (customers[:1], customers[1:]):
        for customer in some:
            make_invoice(customer)
        with CaptureQueriesContext(connection) as captured:
            next_sync()
        statements.append(len(captured))

    assert InvoiceLink.objects.count() == 51
    assert statements[1] - statements[0] < 10


def test_an_automatic_run_is_due_when_it_was_before_somebody_pressed_send(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    first_sync()
    due = XeroConnection.objects.get().next_due_at
    invoice = make_invoice()

    work_on(send_records(Kind.INVOICE, [invoice.pk], by=TESTER))

    assert XeroConnection.objects.get().next_due_at == due
