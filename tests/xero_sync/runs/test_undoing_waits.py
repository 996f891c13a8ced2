"""An undo that waits for Xero in the middle: what happened there meanwhile is left alone,
and what it did itself does not stop it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import here_numbers, ours, undone, xeros
from tests.xero_sync.world import (
    connect,
    in_step,
    next_sync,
    one_slice,
    wait_is_over,
    xero,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import XeroUnavailable
from xero_sync.models import SyncRun
from xero_sync.runs.runner import Slice
from xero_sync.runs.undoing import may_be_undone, undo_run

pytestmark = pytest.mark.django_db


def test_what_moved_in_xero_while_it_waited_may_be_undone_once_more(
    ledger: PracticeLedger,
) -> None:
    """It drops out of the plan, and an undo is followed by no plan of its own."""
    castle = make_customer("Castle", phone="1")
    hotel = make_customer("Hotel", phone="1")
    connect(ledger)
    in_step()
    for one in (castle, hotel):
        change_contact(one, {"phone": "2"}, by=TESTER)
    run = next_sync()
    undo = undo_run(run, by=TESTER)
    ledger.control("faults", kind="rate_limit", method="POST", problem="day")
    assert one_slice(undo) is Slice.WAITING
    ledger.control("contact/change", contact="Castle", EmailAddress="x@castle.example")
    wait_is_over()

    assert one_slice(undo, later=timedelta(hours=1)) is Slice.ENDED

    undo.refresh_from_db()
    assert undo.state == SyncRun.State.FINISHED
    assert [one.state for one in undo.changes.filter(title="Castle")] == ["dropped"]
    assert phone_there(ledger, castle) == "2"
    assert phone_there(ledger, hotel) == "1"
    assert may_be_undone(run)

    undone(run)

    assert phone_there(ledger, castle) == "1"
    assert xero(ledger, "Contacts", castle)["EmailAddress"] == "x@castle.example"
    assert not may_be_undone(run)


def phone_there(ledger: PracticeLedger, contact: Contact) -> str:
    numbers = {
        one["PhoneType"]: one["PhoneNumber"]
        for one in xero(ledger, "Contacts", contact)["Phones"]
    }
    return str(numbers["DEFAULT"])


@pytest.mark.parametrize("when", range(6))
def test_what_the_undo_itself_has_changed_in_xero_does_not_stop_it(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """After a long wait everything is read once more, its own writes among it."""
    here, there = ours(), xeros(mixed)
    undo = undo_run(in_step(), by=TESTER)
    write_all, calls = XeroApi.write_all, count()

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        if next(calls) == when:
            return [XeroUnavailable("closed") for _ in writes]
        return write_all(api, writes)

    monkeypatch.setattr(XeroApi, "write_all", writes)
    assert one_slice(undo) is Slice.WAITING
    wait_is_over()

    assert one_slice(undo, later=timedelta(hours=1)) is Slice.ENDED

    undo.refresh_from_db()
    assert not undo.changes.filter(state="dropped").exists()
    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there
