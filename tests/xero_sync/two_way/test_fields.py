"""Fields that change on one side or on both: each change arrives once, and Xero's stays
where both said something."""

import pytest

from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, in_step, next_sync, work_on, xero
from xero_sync.models import SyncRun
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
    email would go over Xero's new one."""
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
