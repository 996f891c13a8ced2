"""Never twice, and never an older value over a newer one: what is found out about
requests whose answer was lost."""

from collections.abc import Sequence

import pytest

from customers.models import Contact
from customers.services import archive_contact, change_contact
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from stock.models import StockItem
from tests.builders import TESTER, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import (
    Outcomes,
    Sending,
    after_the_key_died,
    instead_of_sending,
    lose_answers,
    never_arrived,
)
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    open_codes,
    wait_is_over,
    work_on,
    xero,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.models import ContactLink, SyncRun
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.runs.runner import Slice

pytestmark = pytest.mark.django_db


def phones(number: str) -> list[dict[str, str]]:
    return [{"PhoneType": "DEFAULT", "PhoneNumber": number}]


@pytest.fixture
def lost_update(ledger: PracticeLedger) -> tuple[PracticeLedger, Contact, SyncRun]:
    """A phone number that went to Xero, and nobody heard of it."""
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    lose_answers(ledger, "POST", "Contacts")
    run = sync_now(by=TESTER)
    assert one_slice(run) is Slice.WAITING
    return ledger, customer, run


def test_a_lost_update_that_was_done_is_not_done_again(
    lost_update: tuple[PracticeLedger, Contact, SyncRun],
) -> None:
    ledger, customer, run = lost_update
    writes = run.writes

    after_the_key_died(ledger, run)

    assert run.writes == writes
    assert xero(ledger, "Contacts", customer)["Phones"][1]["PhoneNumber"] == "028 2"
    assert ContactLink.objects.get().base["draft"]["phone"] == "028 2"
    assert_accounted_for(run)
    assert_silent()


def test_a_lost_update_never_overwrites_a_newer_edit_in_xero(
    lost_update: tuple[PracticeLedger, Contact, SyncRun],
) -> None:
    ledger, customer, run = lost_update
    ledger.control("contact/change", contact="Castle Hotel", Phones=phones("028 3"))

    after_the_key_died(ledger, run)
    next_sync()

    customer.refresh_from_db()
    assert customer.phone == "028 3"
    assert xero(ledger, "Contacts", customer)["Phones"][1]["PhoneNumber"] == "028 3"
    assert_silent()


def test_a_lost_update_that_never_arrived_goes_once_more(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    run = sync_now(by=TESTER)
    with monkeypatch.context() as patch:
        instead_of_sending(patch, never_arrived)
        one_slice(run)

    after_the_key_died(ledger, run)

    assert xero(ledger, "Contacts", customer)["Phones"][1]["PhoneNumber"] == "028 2"
    assert_accounted_for(run)
    assert_silent()


def test_an_edit_after_a_lost_create_is_one_update(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    lose_answers(ledger, "PUT", "Contacts")
    run = start_first_sync(by=TESTER)
    one_slice(run)

    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    wait_is_over()
    work_on(run)

    assert ContactLink.objects.get().base["draft"]["phone"] == "028 1"
    next_sync()
    assert ledger.state()["contacts"] == 1
    assert xero(ledger, "Contacts", customer)["Phones"][1]["PhoneNumber"] == "028 2"
    assert_silent()


def test_a_cancelled_invoice_that_never_arrived_is_never_created(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key still lives: the same bytes would make it now."""
    invoice = make_invoice()
    make_customer("Somebody else")
    connect(ledger)
    run = start_first_sync(by=TESTER)

    def lose_invoices(real: Sending, api: XeroApi, writes: Sequence[Write]) -> Outcomes:
        if writes[0].path == "Invoices":
            return never_arrived(real, api, writes)
        return real(api, writes)

    with monkeypatch.context() as patch:
        instead_of_sending(patch, lose_invoices)
        assert one_slice(run) is Slice.WAITING
    cancel_invoice(invoice, by=TESTER)
    wait_is_over()
    work_on(run)

    assert ledger.state()["invoices"] == 0
    assert_accounted_for(run)
    assert_silent()


def test_a_contact_archived_while_its_answer_is_lost_is_archived_there(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    lose_answers(ledger, "PUT", "Contacts")
    run = start_first_sync(by=TESTER)
    one_slice(run)

    archive_contact(customer, by=TESTER)
    wait_is_over()
    work_on(run)
    next_sync()

    state = ledger.state()
    assert (state["contacts"], state["archived_contacts"]) == (0, 1)
    assert_silent()


def test_an_item_whose_code_was_changed_meanwhile_is_known_by_the_rest(
    ledger: PracticeLedger,
) -> None:
    item = make_item("VAL15")
    make_invoice()
    connect(ledger)
    lose_answers(ledger, "PUT", "Items")
    run = start_first_sync(by=TESTER)
    one_slice(run)
    ledger.control("item/change", item="VAL15", Code="VALVE-15")

    after_the_key_died(ledger, run)
    next_sync()

    assert ledger.state()["items"] == 1
    assert StockItem.objects.get(pk=item.pk).code == "VALVE-15"
    assert open_codes() == []
    assert_silent()


def test_an_invoice_voided_meanwhile_is_not_made_again(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    lose_answers(ledger, "PUT", "Invoices")
    run = start_first_sync(by=TESTER)
    one_slice(run)
    ledger.control("invoice/void", invoice=invoice.number)

    after_the_key_died(ledger, run)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {"VOIDED": 1}
    assert Invoice.objects.get().is_cancelled
    assert open_codes() == []
    assert_silent()
