"""How a record stands with Xero, at a cost that does not grow with the page."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from customers.services import archive_contact, change_contact
from invoicing.services.cancel_invoice import cancel_invoice
from stock.services import change_item
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.xero_sync.consolidation.pairs import CERTAIN, POSSIBLE, make_pair
from tests.xero_sync.rows import link, make_connection, make_issue, make_run
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.models import InvoiceLink, SyncSettings
from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.states import AnyRecord, RecordState, state_of, states_of
from xero_sync.templatetags.xero import badge_context

pytestmark = pytest.mark.django_db


def word(record: AnyRecord) -> str:
    return state_of(record).state


def test_before_xero_is_connected() -> None:
    customer = make_customer()
    assert states_of([customer]) == {customer.pk: RecordState("not_synced")}
    assert states_of([]) == {}


def test_a_new_customer_waits_and_a_lead_stays_here() -> None:
    make_connection()
    assert word(make_customer()) == "waiting"
    lead = state_of(make_contact())
    assert (lead.state, lead.reason) == (
        "left_out",
        "A lead: goes with its first invoice",
    )


def test_what_is_archived_stays_here() -> None:
    make_connection()
    assert word(archive_contact(make_customer(), by=TESTER)) == "left_out"


def test_a_customer_whose_invoices_are_all_cancelled_stays_here() -> None:
    make_connection()
    customer = make_customer()
    cancel_invoice(make_invoice(customer), by=TESTER)
    assert word(customer) == "left_out"
    make_invoice(customer)
    assert word(customer) == "waiting"


def test_linked_and_unchanged_is_in_xero() -> None:
    connection, customer = make_connection(), make_customer()
    made = link(connection, customer, "abc")
    assert state_of(customer) == RecordState("in_xero", "", "abc", made.synced_at, None)


def test_a_change_that_goes_to_xero_waits_and_one_that_does_not_does_not() -> None:
    connection = make_connection()
    customer, item = make_customer(), make_item()
    link(connection, customer)
    link(connection, item)
    assert word(change_contact(customer, {"notes": "Ring first"}, by=TESTER)) == (
        "in_xero"
    )
    assert word(change_contact(customer, {"phone": "1"}, by=TESTER)) == "waiting"
    assert word(change_item(item, {"name": "Pipe"}, by=TESTER)) == "waiting"
    customer.refresh_from_db()
    change_contact(customer, {"phone": ""}, by=TESTER)
    customer.refresh_from_db()
    assert word(customer) == "in_xero"


def test_a_blank_that_is_not_sent_does_not_wait() -> None:
    connection = make_connection()
    customer = make_customer(email="a@castle.example", phone="1")
    item = make_item(sell_price=Decimal("2.5"))
    link(connection, customer)
    link(connection, item)
    change_contact(customer, {"email": ""}, by=TESTER)
    change_item(item, {"sell_price": None}, by=TESTER)
    customer.refresh_from_db()
    item.refresh_from_db()
    assert (word(customer), word(item)) == ("in_xero", "in_xero")
    assert word(change_contact(customer, {"phone": ""}, by=TESTER)) == "waiting"
    assert word(change_item(item, {"sell_price": Decimal(3)}, by=TESTER)) == "waiting"


def test_a_change_waits_after_another_email_and_address_were_chosen() -> None:
    connection, customer = make_connection(), make_customer()
    link(connection, customer)
    SyncSettings.objects.update(email="accounting", address_slot="STREET")
    assert word(change_contact(customer, {"notes": "Ring"}, by=TESTER)) == "in_xero"
    assert word(change_contact(customer, {"phone": "1"}, by=TESTER)) == "waiting"


def test_a_website_never_goes_to_xero_and_does_not_wait() -> None:
    connection, customer = make_connection(), make_customer()
    link(connection, customer)
    website = {"website": "https://castle.example"}
    assert word(change_contact(customer, website, by=TESTER)) == "in_xero"


def test_the_newest_open_issue_is_the_one_that_is_said() -> None:
    connection, customer = make_connection(), make_customer()
    run = make_run(connection)
    make_issue(run, customer, IssueCode.EMAIL_INVALID, "email")
    newest = make_issue(run, customer, IssueCode.NAME_TOO_LONG, "name")
    link(connection, customer)
    state = state_of(customer)
    assert (state.state, state.issue_id) == ("failed", newest.pk)


def test_an_open_issue_says_failed_or_held_and_where() -> None:
    connection = make_connection()
    run, customer, twin = make_run(connection), make_customer(), make_customer()
    failed = make_issue(run, customer, IssueCode.EMAIL_INVALID, "email")
    held = make_issue(run, twin, IssueCode.POSSIBLE_TWIN)
    found = states_of([customer, twin])
    assert found[customer.pk] == RecordState(
        "failed", "Email address is not valid", issue_id=failed.pk
    )
    assert found[twin.pk].state == "held"
    assert found[twin.pk].issue_id == held.pk


def test_an_invoice_waits_for_its_customer() -> None:
    connection = make_connection()
    run, customer = make_run(connection), make_customer()
    invoice = make_invoice(customer)
    assert word(invoice) == "waiting"
    issue = make_issue(run, customer, IssueCode.EMAIL_INVALID, "email")
    state = state_of(invoice)
    assert (state.state, state.issue_id) == ("held", issue.pk)
    link(connection, customer)
    assert word(invoice) == "waiting"


def test_before_the_first_sync_an_undecided_pair_is_what_a_record_waits_for() -> None:
    connection = make_connection(first_sync_done_at=None)
    less = make_pair(connection, strength=POSSIBLE)
    customer = less.record
    assert isinstance(customer, Contact)
    pair = make_pair(connection, contact=customer)
    make_pair(connection, "Sure", strength=CERTAIN)
    invoice, other = make_invoice(customer), make_customer()

    states = states_of([customer, other, Contact.objects.get(name="Sure")])
    waits = states[customer.pk]
    assert (waits.state, waits.pair_id) == ("held", pair.pk)
    assert waits.reason == "May be in Xero already: waits for an answer"
    assert {one.state for pk, one in states.items() if pk != customer.pk} == {"waiting"}
    assert state_of(invoice) == RecordState(
        "held", "Waits for its customer: May be in Xero already", pair_id=pair.pk
    )
    assert badge_context(waits)["fix_url"] == f"/xero/duplicates/{pair.pk}/"

    for one in (less, pair):
        decide_pair(one, "different", by=TESTER)

    assert state_of(customer).reason == "Goes with the first sync"
    assert word(invoice) == "waiting"


def test_invoices_left_out_by_choice() -> None:
    make_connection()
    draft, old = make_draft(), make_invoice(issued_on=date(2020, 1, 1))
    assert word(draft) == "left_out"
    assert word(old) == "waiting"
    SyncSettings.current()
    SyncSettings.objects.update(sends_drafts=True, invoices_from=date(2021, 1, 1))
    assert word(draft) == "waiting"
    assert word(old) == "left_out"


def test_an_invoice_cancelled_after_it_was_sent_waits() -> None:
    connection, invoice = make_connection(), make_invoice()
    link(connection, invoice)
    invoice = cancel_invoice(invoice, by=TESTER)
    assert word(invoice) == "waiting"
    InvoiceLink.objects.update(status="VOIDED")
    assert word(invoice) == "in_xero"


@pytest.mark.parametrize("make", [make_customer, make_item, make_invoice])
def test_the_cost_does_not_grow(make: object) -> None:
    connection = make_connection(first_sync_done_at=None)
    run = make_run(connection)

    def cost(count: int) -> int:
        records = [make() for _ in range(count)]  # type: ignore[operator]
        for record in records[::3]:
            link(connection, record)
        for record in records[1::3]:
            make_issue(run, record, IssueCode.REFUSED)
        states_of(records)
        with CaptureQueriesContext(database) as queries:
            states_of(records)
        return len(queries)

    assert cost(3) == cost(30) <= 7
