"""Three customers with an invoice each, who are in Xero once whatever happens on the
way."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger import PracticeLedger
from tests.xero_sync.world import assert_accounted_for, assert_silent, open_codes
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import XeroError
from xero_sync.models import ContactLink, InvoiceLink, ItemLink, SyncRun

THREE = 3


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
