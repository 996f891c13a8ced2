"""What people do while a run is at it: edits go next, a first sync that was stopped is
started again."""

from collections.abc import Callable
from typing import Any

import pytest

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import lose_answers
from tests.xero_sync.runs.three_customers import THREE, assert_in_step, on_write
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    wait_is_over,
    work_on,
    xero,
)
from xero_sync.models import Intent, SyncIssue, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Step
from xero_sync.runs import runner
from xero_sync.runs.choices import change_settings
from xero_sync.runs.plan import BOTH_SIDES_HOLD_DATA, XERO_IS_EMPTY
from xero_sync.runs.requests import (
    preview_first_sync,
    send_records,
    start_first_sync,
    stop_after_this_step,
)
from xero_sync.steps import carrying_out

pytestmark = pytest.mark.django_db


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
    lose_answers(company, "PUT", "Items")
    run = start_first_sync(by=TESTER)
    one_slice(run)
    SyncRun.objects.update(state=SyncRun.State.FAILED)
    wait_is_over()

    preview = work_on(preview_first_sync(by=TESTER))

    assert (preview.state, preview.writes) == (SyncRun.State.FINISHED, 0)
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    assert not SyncIssue.objects.exists()
    assert_in_step(company, work_on(start_first_sync(by=TESTER)))


def test_a_frequency_chosen_while_records_are_sent_stays(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Castle Hotel", email="a@castle.example")
    connect(ledger)
    in_step()
    change_contact(customer, {"email": "b@castle.example"}, by=TESTER)
    chosen: list[object] = []

    def chosen_meanwhile(call: Callable[[], Any]) -> Any:
        change_settings({"frequency": 120}, by=TESTER)
        chosen.append(XeroConnection.objects.get().next_due_at)
        return call()

    with monkeypatch.context() as patch:
        on_write(patch, chosen_meanwhile)
        work_on(send_records("contact", [customer.pk], by=TESTER))

    assert xero(ledger, "Contacts", customer)["EmailAddress"] == "b@castle.example"
    assert [XeroConnection.objects.get().next_due_at] == chosen
