"""Never twice, and never an older value over a newer one: what is found out about
requests whose answer was lost, and what becomes of batches that Xero refuses."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from customers import services as customers
from customers.errors import NameMissing
from customers.models import Contact
from customers.services import archive_contact, change_contact
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from stock.models import StockItem
from tests.builders import TESTER, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
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
from xero_sync.client.errors import AnswerLost, XeroRefused
from xero_sync.models import ContactLink, Intent, SyncRun
from xero_sync.outcomes.kinds import Step
from xero_sync.outcomes.wire import decode
from xero_sync.runs import runner
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.runs.runner import Slice
from xero_sync.steps import batches, carrying_out

pytestmark = pytest.mark.django_db

KEY_IS_DEAD = timedelta(minutes=8)

Outcomes = list[Any]
Sending = Callable[[XeroApi, Sequence[Write]], Outcomes]


def lose_answers(ledger: PracticeLedger, method: str, path: str) -> None:
    """All three tries of one call: the work is done, nobody hears of it."""
    ledger.control("faults", kind="lose_answer", times=3, method=method, path=path)


def instead_of_sending(
    monkeypatch: pytest.MonkeyPatch, around: Callable[[Sending, Any, Any], Outcomes]
) -> None:
    real = XeroApi.write_all
    monkeypatch.setattr(
        XeroApi, "write_all", lambda api, writes: around(real, api, writes)
    )


def never_arrived(real: Sending, api: XeroApi, writes: Sequence[Write]) -> Outcomes:
    return [AnswerLost("nobody knows") for _ in writes]


def after_the_key_died(ledger: PracticeLedger, run: SyncRun) -> SyncRun:
    ledger.control("clock", shift_seconds=KEY_IS_DEAD.total_seconds())
    wait_is_over()
    one_slice(run, later=KEY_IS_DEAD)
    return work_on(run)


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


# --- batches ---


def test_one_lost_answer_of_five_loses_no_other(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.XERO_BATCH = 1
    for number in range(4):
        make_customer(f"Customer {number}")
    connect(ledger)
    run = start_first_sync(by=TESTER)

    def second_is_lost(
        real: Sending, api: XeroApi, writes: Sequence[Write]
    ) -> Outcomes:
        outcomes = real(api, writes)
        return [outcomes[0], AnswerLost("nobody knows"), *outcomes[2:]]

    with monkeypatch.context() as patch:
        instead_of_sending(patch, second_is_lost)
        assert one_slice(run) is Slice.WAITING
    assert ContactLink.objects.count() == 3
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    wait_is_over()
    work_on(run)

    assert ledger.state()["contacts"] == 4
    assert_accounted_for(run)
    assert_silent()


def test_the_bad_one_of_a_refused_batch_is_found_in_few_calls(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 for all 50, without a word about which: at most 2 * log2(50) + 2 more calls."""
    for number in range(50):
        make_customer(f"Customer {number}", email="" if number else "bad@example.com")
    connect(ledger)
    run = start_first_sync(by=TESTER)
    sent: list[int] = []

    def all_or_nothing(
        real: Sending, api: XeroApi, writes: Sequence[Write]
    ) -> Outcomes:
        outcomes: Outcomes = []
        for write in writes:
            sent.append(len(write.body))
            if b"bad@example.com" in write.body:
                outcomes.append(XeroRefused(400, ("Email address must be valid.",)))
            else:
                outcomes += real(api, [write])
        return outcomes

    looked: list[object] = []
    by_number = XeroApi.contacts_by_number

    def looks(api: XeroApi, numbers: Any) -> Any:
        looked.append(numbers)
        return by_number(api, numbers)

    with monkeypatch.context() as patch:
        instead_of_sending(patch, all_or_nothing)
        patch.setattr(XeroApi, "contacts_by_number", looks)
        work_on(run)

    assert ledger.state()["contacts"] == 49
    assert open_codes() == ["email_invalid"]
    assert (len(sent) - 1, len(looked)) == (12, 1)
    assert_accounted_for(run)


def test_large_bodies_are_split_before_they_are_sent(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        make_customer(f"Customer {number}")
    connect(ledger)
    monkeypatch.setattr(batches, "LARGEST_BODY", 300)

    run = in_step()

    bodies = [bytes(one) for one in Intent.objects.values_list("body", flat=True)]
    assert len(bodies) > 1
    assert all(len(body) <= 300 for body in bodies)
    held: list[Any] = [decode(body) for body in bodies]
    assert sum(len(one["Contacts"]) for one in held) == 6
    assert ledger.state()["contacts"] == 6
    assert_accounted_for(run)


def test_too_large_a_body_is_split_when_xero_says_so(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_customer(f"Customer {number}")
    connect(ledger)

    def at_most_two(real: Sending, api: XeroApi, writes: Sequence[Write]) -> Outcomes:
        too_large = XeroRefused(413, ())
        return [
            too_large
            if write.body.count(b"ContactNumber") > 2
            else real(api, [write])[0]
            for write in writes
        ]

    with monkeypatch.context() as patch:
        instead_of_sending(patch, at_most_two)
        run = in_step()

    assert ledger.state()["contacts"] == 5
    assert_accounted_for(run)
    assert_silent()


def test_a_bad_record_from_xero_does_not_undo_good_ones(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Abbey", "Bad", "Castle"]
    ledger.load_books({"Contacts": [{"Name": n, "IsCustomer": True} for n in names]})
    connect(ledger)
    real = customers._new_contact

    def refuses(values: Any) -> Contact:
        if values["name"] == "Bad":
            raise NameMissing
        return real(values)

    monkeypatch.setattr(customers, "_new_contact", refuses)

    run = in_step()

    found = Contact.objects.order_by("name").values_list("name", "revision")
    assert list(found) == [("Abbey", 1), ("Castle", 1)]
    assert open_codes() == ["rule"]
    assert_accounted_for(run)


@pytest.mark.parametrize(
    ("size", "seconds", "then"),
    [(50, 0.0, 50), (50, 4.0, 50), (50, 8.0, 25), (50, 60.0, 10), (5, 60.0, 5)],
)
def test_batches_shrink_where_xero_is_slow(
    size: int, seconds: float, then: int
) -> None:
    assert batches.shrunk(size, seconds) == then


def test_what_xero_takes_over_a_write_is_measured(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.XERO_BATCH = 2
    for number in range(3):
        make_customer(f"Customer {number}")
    connect(ledger)
    ledger.control("faults", kind="delay", delay_ms=300, method="PUT")
    measured: list[float] = []

    def heard(size: int, seconds: float) -> int:
        measured.append(seconds)
        return size

    monkeypatch.setattr(batches, "shrunk", heard)

    in_step()

    # The second of the two was answered at once.
    assert 0.15 <= measured[0] < 4.0


@pytest.mark.parametrize("way", ["out", "in"])
def test_statements_do_not_grow_with_a_batch(
    ledger: PracticeLedger, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    connect(ledger)
    in_step()
    real = carrying_out.carry_out_step

    def counted(ctx: Any, step: Step) -> None:
        with CaptureQueriesContext(database) as statements:
            real(ctx, step)
        counts[-1] += len(statements)

    monkeypatch.setattr(runner, "carry_out_step", counted)
    for size in (10, 50):
        counts.append(0)
        names = [f"{way} {size} {number}" for number in range(size)]
        if way == "out":
            for name in names:
                make_customer(name)
        else:
            new = [{"Name": name, "IsCustomer": True} for name in names]
            ledger.load_books({"Contacts": new})
        next_sync()

    assert (Contact.objects.count(), ContactLink.objects.count()) == (60, 60)
    assert counts[1] == counts[0]
