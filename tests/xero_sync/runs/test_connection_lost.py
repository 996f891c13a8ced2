"""The right to be in Xero that ends while a run is at it, and what goes on once it is
back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.three_customers import assert_in_step, on_write
from tests.xero_sync.world import connect, one_slice, work_on
from xero_sync.models import ContactLink, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Step
from xero_sync.runs import runner
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.plan import XERO_IS_EMPTY
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.runner import Slice
from xero_sync.steps import carrying_out

pytestmark = pytest.mark.django_db


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
