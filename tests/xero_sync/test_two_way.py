"""After the first sync: what changes on either side arrives on the other, once."""

from datetime import date
from decimal import Decimal

import pytest

from customers.models import Contact
from customers.services import archive_contact, change_contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.write_draft import change_invoice
from stock.models import StockItem
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
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import ContactLink, InvoiceLink, SyncRun
from xero_sync.outcomes.kinds import Kind, Step
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


def test_a_field_changed_on_each_side_survives_on_both(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel", phone="028 1", email="a@castle.example")
    connect(ledger)
    in_step()

    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    ledger.control(
        "contact/change", contact="Castle Hotel", EmailAddress="b@castle.example"
    )
    next_sync()

    customer.refresh_from_db()
    assert (customer.phone, customer.email) == ("028 2", "b@castle.example")
    assert xero(ledger, "Contacts", customer)["EmailAddress"] == "b@castle.example"
    silent = next_sync()
    assert (silent.writes, silent.reads) == (0, 3)


def test_xero_wins_where_both_changed_and_ours_stays_in_the_history(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", email="a@castle.example")
    connect(ledger)
    in_step()

    change_contact(customer, {"email": "ours@castle.example"}, by=TESTER)
    ledger.control(
        "contact/change", contact="Castle Hotel", EmailAddress="theirs@castle.example"
    )
    run = next_sync()

    customer.refresh_from_db()
    assert customer.email == "theirs@castle.example"
    [change] = run.changes.all()
    assert change.losers == [
        {
            "name": "email",
            "before": "ours@castle.example",
            "after": "theirs@castle.example",
        }
    ]


def test_an_invoice_paid_in_xero_is_paid_here(ledger: PracticeLedger) -> None:
    invoice = make_invoice(lines=[line("100.00")])
    connect(ledger)
    in_step()

    ledger.control("invoice/pay", invoice=invoice.number, Amount="50.00")
    next_sync()

    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_due) == (
        Decimal("50.00"),
        Decimal("70.00"),
    )


def test_an_invoice_cancelled_here_is_voided_there(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()

    cancel_invoice(invoice, by=TESTER)
    next_sync()

    assert xero(ledger, "Invoices", invoice)["Status"] == "VOIDED"
    assert InvoiceLink.objects.get().status == "VOIDED"
    assert (next_sync().writes, open_codes()) == (0, [])


def test_an_invoice_voided_there_is_cancelled_here(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()

    ledger.control("invoice/void", invoice=invoice.number)
    next_sync()

    invoice.refresh_from_db()
    assert invoice.is_cancelled


def test_cancelled_invoices_drafts_and_leads_stay_here(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    make_contact("Mary Doyle")
    cancel_invoice(make_invoice(customer), by=TESTER)
    make_draft(customer)
    connect(ledger)

    run = in_step()

    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (1, 0)
    assert run.left_out == {
        "contact: a lead: goes with its first invoice": 1,
        "invoice: cancelled": 1,
        "invoice: a draft": 1,
    }


def test_archiving_follows_after_the_last_invoice(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()

    make_invoice(customer)
    archive_contact(customer, by=TESTER)
    next_sync()

    assert ledger.state()["invoices"] == 1
    assert xero(ledger, "Contacts", customer)["ContactStatus"] == "ARCHIVED"
    assert (next_sync().writes, open_codes()) == (0, [])


def test_a_contact_archived_in_xero_is_archived_here(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()

    ledger.control("contact/archive", contact="Castle Hotel")
    next_sync()

    customer.refresh_from_db()
    assert customer.is_archived
    assert (next_sync().writes, open_codes()) == (0, [])


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


def test_a_new_customer_of_xeros_comes_here_once(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()

    ledger.load_books({"Contacts": [{"Name": "Abbey Dental", "IsCustomer": True}]})
    next_sync()
    next_sync()

    assert [contact.name for contact in Contact.objects.customers()] == ["Abbey Dental"]
    assert ContactLink.objects.count() == 1


def test_an_invoice_waits_for_its_customer_and_follows_it(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", email="office@castle")
    make_invoice(customer)
    connect(ledger)

    run = in_step()

    assert open_codes() == ["email_invalid"]
    assert run.steps.get(name="invoices_to_xero").held == 1
    assert ledger.state()["invoices"] == 0
    change_contact(customer, {"email": "office@castle.example"}, by=TESTER)
    next_sync()
    assert open_codes() == []
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (1, 1)


def test_an_item_xero_refuses_leaves_its_line_without_code(
    ledger: PracticeLedger,
) -> None:
    """55 characters pass the owner's rule of 64 and fail Xero's of 50."""
    item = make_item("LONG", name="x" * 55)
    invoice = make_invoice(lines=[line("10.00", item=item)])
    connect(ledger)

    in_step()

    assert open_codes() == ["name_too_long"]
    assert "ItemCode" not in xero(ledger, "Invoices", invoice)["LineItems"][0]
    again = next_sync()
    assert (again.writes, open_codes()) == (0, ["name_too_long"])


def test_invoices_of_a_locked_period_are_reported_and_not_sent(
    ledger: PracticeLedger,
) -> None:
    make_invoice(issued_on=date(2026, 3, 1))
    ledger.control("lock", date="2026-03-31")
    connect(ledger)

    in_step()

    assert open_codes() == ["period_locked"]
    assert ledger.state()["invoices"] == 0


def test_a_number_that_xero_has_already_is_never_updated(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    link = ContactLink.objects.get()
    ledger.load_books(
        {
            "Invoices": [
                {
                    "Type": "ACCREC",
                    "InvoiceNumber": "INV-1001",
                    "Contact": {"ContactID": link.xero_id},
                    "Date": "2026-11-01",
                    "DueDate": "2026-12-01",
                    "Status": "AUTHORISED",
                    "LineItems": [
                        {
                            "Description": "by hand",
                            "Quantity": 1,
                            "UnitAmount": 5,
                            "AccountCode": "200",
                            "TaxType": "OUTPUT2",
                        }
                    ],
                }
            ]
        }
    )
    approve_invoice(make_draft(customer, [line("99.00")]), by=TESTER)

    next_sync()

    assert open_codes() == ["invoice_number_in_xero"]
    assert ledger.state()["sales_total"] == "6.00"


def test_suppliers_and_tracked_stock_come_with_their_quantity(
    ledger: PracticeLedger,
) -> None:
    make_supplier("Plumb Centre")
    ledger.load_books(
        {
            "Contacts": [{"Name": "City Electrical", "IsSupplier": True}],
            "Items": [{"Code": "BOX1", "Name": "Junction box"}],
        }
    )
    connect(ledger)

    run = in_step()

    assert run.both_sides_hold_data
    assert Contact.objects.suppliers().count() == 2
    assert StockItem.objects.get().code == "BOX1"
    assert ledger.state()["contacts"] == 2


def test_a_lost_answer_creates_nothing_twice(ledger: PracticeLedger) -> None:
    for number in range(3):
        make_invoice(make_customer(f"Customer {number}"))
    connect(ledger)
    ledger.control("faults", kind="lose_answer", times=2, method="PUT")

    in_step()

    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (3, 3)
    assert (Invoice.objects.count(), InvoiceLink.objects.count()) == (3, 3)
    assert open_codes() == []


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


def test_choosing_the_other_email_sends_it_and_changes_nothing_here(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer(
        "Castle Hotel",
        email="main@castle.example",
        accounting_email="accounts@castle.example",
    )
    connect(ledger)
    in_step()

    change_settings({"email": "accounting"}, by=TESTER)
    next_sync()

    customer.refresh_from_db()
    assert (customer.email, customer.accounting_email) == (
        "main@castle.example",
        "accounts@castle.example",
    )
    sent = xero(ledger, "Contacts", customer)
    assert sent["EmailAddress"] == "accounts@castle.example"


def test_choosing_the_other_address_slot_fills_it_and_clears_none(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", billing_line1="1 High St")
    connect(ledger)
    in_step()

    change_settings({"address_slot": "STREET"}, by=TESTER)
    next_sync()

    customer.refresh_from_db()
    slots = {
        one["AddressType"]: one.get("AddressLine1")
        for one in xero(ledger, "Contacts", customer)["Addresses"]
    }
    assert customer.billing_line1 == "1 High St"
    assert slots == {"POBOX": "1 High St", "STREET": "1 High St"}
    assert next_sync().writes == 0


def test_the_same_change_on_both_sides_is_agreed_on(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel", email="a@castle.example")
    connect(ledger)
    in_step()
    change_contact(customer, {"email": "b@castle.example"}, by=TESTER)
    ledger.control(
        "contact/change", contact="Castle Hotel", EmailAddress="b@castle.example"
    )
    next_sync()

    customer.refresh_from_db()
    change_contact(customer, {"email": "c@castle.example"}, by=TESTER)
    next_sync()

    customer.refresh_from_db()
    assert customer.email == "c@castle.example"
    assert xero(ledger, "Contacts", customer)["EmailAddress"] == "c@castle.example"


def test_a_plan_that_waits_drops_what_another_run_has_seen_change(
    ledger: PracticeLedger,
) -> None:
    """Else its old plan would take the newer record for what both agreed on, and our old
    e-mail would go over Xero's new one."""
    customer = make_customer("Castle Hotel", phone="1", email="a@castle.example")
    connection = connect(ledger)
    in_step()
    planned = SyncRun.objects.create(
        connection=connection, reason=SyncRun.Reason.ASKED, state=SyncRun.State.ASKING
    )
    change = planned.changes.create(
        step=Step.CUSTOMERS_FROM_XERO,
        kind=Kind.CONTACT,
        direction="to_us",
        action="update",
        title="Castle Hotel",
        local_id=customer.pk,
        xero_id=customer.xero_links.get().xero_id,
        fields=[{"name": "phone", "before": "1", "after": "2"}],
    )
    planned.steps.create(position=1, name=Step.CUSTOMERS_FROM_XERO, total=1)

    ledger.control(
        "contact/change", contact="Castle Hotel", EmailAddress="b@castle.example"
    )
    work_on(send_records(Kind.CONTACT, [customer.pk], by=TESTER))

    change.refresh_from_db()
    assert (change.state, planned.steps.get().total) == ("dropped", 0)
    customer.refresh_from_db()
    assert (customer.phone, customer.email) == ("1", "b@castle.example")
