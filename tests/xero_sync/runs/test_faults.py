"""What goes wrong between us and Xero, and between one moment and the next: nothing is
made twice, nothing is lost, and the next sync is silent."""

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from invoicing.services.cancel_invoice import cancel_invoice
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
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
from xero_sync.client.errors import XeroError, XeroRefused
from xero_sync.models import (
    ContactLink,
    Intent,
    InvoiceLink,
    ItemLink,
    SyncIssue,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind, Step
from xero_sync.runs import runner
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.plan import BOTH_SIDES_HOLD_DATA, XERO_IS_EMPTY
from xero_sync.runs.requests import (
    preview_first_sync,
    send_records,
    start_first_sync,
    stop_after_this_step,
    sync_now,
)
from xero_sync.runs.runner import Slice
from xero_sync.steps import carrying_out

pytestmark = pytest.mark.django_db

THREE = 3
KEY_IS_DEAD = timedelta(minutes=8)


class Killed(BaseException):
    """As by kill -9: nothing after it runs, what is committed stays."""


@pytest.fixture
def company(ledger: PracticeLedger) -> PracticeLedger:
    """Three customers with an invoice for a stock item each, connected."""
    for number in range(THREE):
        item = make_item(f"VAL{number}")
        make_invoice(make_customer(f"Customer {number}"), [line(item=item)])
    connect(ledger)
    return ledger


def assert_in_step(ledger: PracticeLedger, run: SyncRun) -> None:
    state = ledger.state()
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    assert (state["contacts"], state["items"], state["invoices"]) == (THREE,) * 3
    for links in (ContactLink, ItemLink, InvoiceLink):
        assert links.objects.count() == THREE
    assert open_codes() == []
    assert_accounted_for(run)
    assert_silent()


def on_write(
    monkeypatch: pytest.MonkeyPatch, around: Callable[[Callable[[], Any]], Any]
) -> None:
    """``around`` is given the call to Xero, and makes it or not."""
    real = XeroApi.write_all

    def outcome_of(api: XeroApi, write: Write) -> Any:
        def call() -> Any:
            (outcome,) = real(api, [write])
            if isinstance(outcome, XeroError):
                raise outcome
            return outcome

        try:
            return around(call)
        except XeroError as error:
            return error

    monkeypatch.setattr(
        XeroApi,
        "write_all",
        lambda self, writes: [outcome_of(self, write) for write in writes],
    )


# --- lost and broken answers ---


@pytest.mark.parametrize("resource", ["Contacts", "Items", "Invoices"])
@pytest.mark.parametrize("key_is_dead", [False, True])
def test_an_answer_lost_for_good_is_found_out(
    company: PracticeLedger, resource: str, key_is_dead: bool
) -> None:
    fault = {"kind": "lose_answer", "times": 3, "method": "PUT", "path": resource}
    company.control("faults", **fault)
    run = start_first_sync(by=TESTER)

    assert one_slice(run) is Slice.WAITING
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    wait_is_over()
    if key_is_dead:
        company.control("clock", shift_seconds=KEY_IS_DEAD.total_seconds())
        one_slice(run, later=KEY_IS_DEAD)

    assert_in_step(company, work_on(run))


def test_answers_that_break_off_are_asked_for_again(company: PracticeLedger) -> None:
    company.control("faults", kind="truncate", times=8)

    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


def test_records_an_answer_leaves_out_are_read_back(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_write(monkeypatch, lambda call: list(reversed(call()))[1:])

    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


def test_a_refused_batch_never_adopts_what_a_stranger_made(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 for all of them, though the good ones were stored; the first number is
    somebody else's."""
    customers = [make_customer() for _ in range(THREE)]
    connect(ledger)
    in_step()
    first, *_ = [make_invoice(customer) for customer in customers]
    real = carrying_out.carry_out_step

    def somebody_is_faster(ctx: Any, step: Step) -> None:
        if step is Step.INVOICES_TO_XERO:
            ledger.load_books(_by_hand(first.number, ContactLink.objects.all()[0]))
        real(ctx, step)

    def all_or_nothing(call: Callable[[], Any]) -> Any:
        results = call()
        said = [error for result in results for error in result.errors]
        if said:
            raise XeroRefused(400, tuple(said))
        return results

    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", somebody_is_faster)
        on_write(patch, all_or_nothing)
        run = next_sync()

    assert_accounted_for(run)
    assert open_codes() == ["invoice_number_in_xero"]
    assert not InvoiceLink.objects.filter(record=first).exists()
    assert ledger.state()["sales_total"] == "30.00"
    assert_silent()


def _by_hand(number: str, customer: ContactLink) -> dict[str, Any]:
    work = {"Description": "by hand", "Quantity": 1, "UnitAmount": 5}
    invoice = {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Contact": {"ContactID": customer.xero_id},
        "Date": "2026-11-01",
        "DueDate": "2026-12-01",
        "Status": "AUTHORISED",
        "LineItems": [work | {"AccountCode": "200", "TaxType": "OUTPUT2"}],
    }
    return {"Invoices": [invoice]}


def test_an_invoice_cancelled_before_its_lost_answer_is_voided(
    ledger: PracticeLedger,
) -> None:
    invoice = make_invoice()
    connect(ledger)
    fault = {"kind": "lose_answer", "times": 3, "method": "PUT", "path": "Invoices"}
    ledger.control("faults", **fault)
    run = start_first_sync(by=TESTER)
    one_slice(run)

    cancel_invoice(invoice, by=TESTER)
    wait_is_over()
    work_on(run)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {"VOIDED": 1}
    assert_silent()


# --- limits and outages ---


@pytest.mark.parametrize(
    ("problem", "seconds", "named"),
    [("minute", 30, "minute_limit"), ("day", 66_975, "day_limit")],
)
def test_a_limit_makes_the_run_wait_as_long_as_xero_says(
    company: PracticeLedger, problem: str, seconds: int, named: str
) -> None:
    company.control(
        "faults", kind="rate_limit", method="PUT", problem=problem, retry_after=seconds
    )
    run = start_first_sync(by=TESTER)

    assert one_slice(run) is Slice.WAITING
    assert (run.state, run.problem) == (SyncRun.State.WAITING, named)
    until = XeroConnection.objects.get().not_before
    assert until is not None
    assert until - timezone.now() > timedelta(seconds=seconds - 5)
    calls = company.state()["calls"]
    assert one_slice(run) is Slice.WAITING
    assert company.state()["calls"] == calls

    wait_is_over()
    assert_in_step(company, work_on(run))


def test_a_chosen_draft_is_sent_after_the_wait(ledger: PracticeLedger) -> None:
    """It was given its number before Xero said no: that is no edit of anybody's."""
    connect(ledger)
    in_step()
    draft = make_draft()
    ledger.control("faults", kind="rate_limit", path="Invoices", method="PUT")
    run = send_records(Kind.INVOICE, [draft.pk], by=TESTER)
    assert one_slice(run) is Slice.WAITING
    wait_is_over()

    work_on(run)

    draft.refresh_from_db()
    assert (draft.number, ledger.state()["invoices"]) == ("INV-1001", 1)


def test_after_a_day_of_waiting_xero_is_read_before_it_is_written_to(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    ledger.control("faults", kind="rate_limit", method="POST", problem="day")
    run = sync_now(by=TESTER)
    one_slice(run)
    since = (timezone.now() - timedelta(hours=18)).isoformat()
    SyncRun.objects.update(problem_details=run.problem_details | {"since": since})
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "028 3"}]
    ledger.control("contact/change", contact="Castle Hotel", Phones=phones)
    wait_is_over()

    work_on(run)
    next_sync()

    customer.refresh_from_db()
    assert customer.phone == "028 3"
    assert_accounted_for(run)
    assert_silent()


def test_an_outage_of_hours_ends_the_run_and_loses_nothing(
    company: PracticeLedger,
) -> None:
    company.control("offline", offline=True)
    run = work_on(start_first_sync(by=TESTER))
    assert (run.state, run.problem) == (SyncRun.State.FAILED, "unavailable")
    company.control("offline", offline=False)

    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


# --- the right to be there ---


def test_a_token_that_dies_on_the_way_is_renewed(company: PracticeLedger) -> None:
    company.control("faults", kind="token_expired", method="PUT")

    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


def test_a_connection_taken_away_goes_on_once_it_is_back(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = carrying_out.carry_out_step

    def taken_away(ctx: Any, step: Step) -> None:
        if step is Step.INVOICES_TO_XERO:
            company.control("tokens/expire", refresh=True)
        real(ctx, step)

    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", taken_away)
        run = work_on(start_first_sync(by=TESTER))
    assert (run.state, run.problem) == (SyncRun.State.FAILED, "disconnected")
    assert XeroConnection.objects.get().state == XeroConnection.State.BROKEN

    connect(company)
    run = work_on(start_first_sync(by=TESTER))

    # What is in Xero by now is ours: to the owner it is still the empty one.
    assert [step.name for step in run.steps.all()] == list(XERO_IS_EMPTY)
    assert_in_step(company, run)


def test_disconnecting_stops_the_worker_that_is_at_it(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed_meanwhile(call: Callable[[], Any]) -> Any:
        answer = call()
        disconnect(by=TESTER)
        return answer

    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        on_write(patch, pressed_meanwhile)
        assert one_slice(run) is Slice.BUSY

    assert (run.state, run.problem) == (SyncRun.State.FAILED, "disconnected")
    assert XeroConnection.objects.get().state == XeroConnection.State.DISCONNECTED
    assert not ContactLink.objects.exists()
    connect(company)
    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


# --- kills, two workers, the database ---


@pytest.mark.parametrize(
    "point",
    [
        "runs.runner.end_plan",
        "steps.plan_in_making.keep_changes",
        "runs.runner.archive_in_xero",
        "steps.observing.put_mirror",
        "steps.pull.base.finish_by_id",
        "steps.batches.fly",
        "steps.batches.settle_together",
        "steps.landing.put_answers",
    ],
)
def test_a_kill_at_any_point_changes_nothing_in_the_end(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    module, _, name = f"xero_sync.{point}".rpartition(".")

    def killed(*_: object, **__: object) -> None:
        raise Killed

    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(importlib.import_module(module), name, killed)
        with pytest.raises(Killed):
            one_slice(run)

    assert_in_step(company, work_on(run))


def test_who_slept_past_the_lease_leaves_no_trace(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker does all of it meanwhile; then Xero fails for the first one."""
    run = start_first_sync(by=TESTER)
    real = XeroApi.account_list

    def sleeps(api: XeroApi) -> Any:
        monkeypatch.setattr(XeroApi, "account_list", real)
        past = timezone.now() - timedelta(seconds=1)
        XeroConnection.objects.update(lease_expires_at=past)
        work_on(SyncRun.objects.get(pk=run.pk))
        company.control("faults", kind="maintenance", times=3)
        return real(api)

    monkeypatch.setattr(XeroApi, "account_list", sleeps)

    assert one_slice(run) is Slice.BUSY

    company.control("faults/clear")
    assert XeroConnection.objects.get().not_before is None
    assert_in_step(company, run)


def test_a_database_that_is_busy_is_no_end_of_a_run(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr("xero_sync.steps.landing.put_answers", busy)
        with pytest.raises(OperationalError):
            one_slice(run)

    assert_in_step(company, work_on(run))


# --- people, meanwhile ---


def test_an_edit_while_its_record_is_on_the_way_goes_next(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Castle Hotel", email="a@castle.example")
    connect(ledger)

    def edited_meanwhile(call: Callable[[], Any]) -> Any:
        change_contact(customer, {"email": "b@castle.example"}, by=TESTER)
        return call()

    with monkeypatch.context() as patch:
        on_write(patch, edited_meanwhile)
        in_step()
    next_sync()

    assert xero(ledger, "Contacts", customer)["EmailAddress"] == "b@castle.example"
    assert_silent()


def test_an_edit_between_plan_and_sending_goes_next(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Castle Hotel", email="a@castle.example")
    make_invoice(customer)
    connect(ledger)
    real = carrying_out.carry_out_step

    def edited(ctx: Any, step: Step) -> None:
        change_contact(customer, {"email": "b@castle.example"}, by=TESTER)
        real(ctx, step)

    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", edited)
        run = in_step()
    assert_accounted_for(run)
    assert run.steps.get(name=Step.INVOICES_TO_XERO).held == 1
    next_sync()

    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (1, 1)
    assert xero(ledger, "Contacts", customer)["EmailAddress"] == "b@castle.example"
    assert_silent()


def test_a_first_sync_that_was_stopped_is_started_again(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_first_sync(by=TESTER)
    real = carrying_out.carry_out_step

    def stopped(ctx: Any, step: Step) -> None:
        real(ctx, step)
        if step is Step.CUSTOMERS_TO_XERO:
            stop_after_this_step(run, by=TESTER)

    with monkeypatch.context() as patch:
        patch.setattr(runner, "carry_out_step", stopped)
        work_on(run)
    assert run.state == SyncRun.State.STOPPED
    assert (company.state()["contacts"], company.state()["invoices"]) == (THREE, 0)

    again = work_on(start_first_sync(by=TESTER))

    assert [step.name for step in again.steps.all()] == list(XERO_IS_EMPTY)
    assert_in_step(company, again)


def test_what_others_put_into_xero_meanwhile_makes_it_two_sided(
    company: PracticeLedger,
) -> None:
    run = start_first_sync(by=TESTER)
    stop_after_this_step(run, by=TESTER)
    work_on(run)
    company.load_books({"Contacts": [{"Name": "Abbey Dental", "IsCustomer": True}]})

    again = work_on(start_first_sync(by=TESTER))

    assert [step.name for step in again.steps.all()] == list(BOTH_SIDES_HOLD_DATA)
    assert Contact.objects.filter(name="Abbey Dental").count() == 1


def test_a_preview_writes_nothing_not_even_what_was_left_open(
    company: PracticeLedger,
) -> None:
    company.control("faults", kind="lose_answer", times=3, path="Items", method="PUT")
    run = start_first_sync(by=TESTER)
    one_slice(run)
    SyncRun.objects.update(state=SyncRun.State.FAILED)
    wait_is_over()

    preview = work_on(preview_first_sync(by=TESTER))

    assert (preview.state, preview.writes) == (SyncRun.State.FINISHED, 0)
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    assert not SyncIssue.objects.exists()
    assert_in_step(company, work_on(start_first_sync(by=TESTER)))
