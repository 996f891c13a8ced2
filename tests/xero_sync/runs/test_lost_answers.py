"""Answers of Xero's that are lost, break off, leave records out or refuse good ones:
nothing is made twice, and nothing is missing."""

from collections.abc import Callable
from typing import Any

import pytest

from invoicing.services.cancel_invoice import cancel_invoice
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.by_hand import key_in, of
from tests.xero_sync.lost import after_the_key_died, lose_answers
from tests.xero_sync.runs.three_customers import THREE, assert_in_step, on_write
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
)
from xero_sync.client.errors import XeroRefused
from xero_sync.models import Intent, InvoiceLink
from xero_sync.outcomes.kinds import Step
from xero_sync.runs import runner
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.runner import Slice
from xero_sync.steps import carrying_out

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("resource", ["Contacts", "Items", "Invoices"])
@pytest.mark.parametrize("key_is_dead", [False, True])
def test_an_answer_lost_for_good_is_found_out(
    company: PracticeLedger, resource: str, key_is_dead: bool
) -> None:
    lose_answers(company, "PUT", resource)
    run = start_first_sync(by=TESTER)

    assert one_slice(run) is Slice.WAITING
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    wait_is_over()
    if key_is_dead:
        after_the_key_died(company, run)

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
            key_in(ledger, of(customers[0]), first.number, total=5)
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


def test_an_invoice_cancelled_before_its_lost_answer_is_voided(
    ledger: PracticeLedger,
) -> None:
    invoice = make_invoice()
    connect(ledger)
    lose_answers(ledger, "PUT", "Invoices")
    run = start_first_sync(by=TESTER)
    one_slice(run)

    cancel_invoice(invoice, by=TESTER)
    wait_is_over()
    work_on(run)
    next_sync()

    assert ledger.state()["invoices_by_status"] == {"VOIDED": 1}
    assert_silent()
