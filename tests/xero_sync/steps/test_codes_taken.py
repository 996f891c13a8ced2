"""An item's code that somebody took in Xero after it was read: Xero refuses ours without
saying who has it, and the syncs after that go on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from stock.services import archive_item, change_item
from tests.builders import TESTER, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.models import ItemLink, SyncIssue, SyncRun

pytestmark = pytest.mark.django_db

THEIRS = {"Code": "PUMP", "Name": "Pump of theirs"}


@pytest.fixture
def just_taken(ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch) -> Any:
    """During the next sync, between its reading and its writing."""

    def taken(**item: object) -> None:
        real = XeroApi.write_all

        def write_all(api: XeroApi, writes: Sequence[Write]) -> Any:
            monkeypatch.setattr(XeroApi, "write_all", real)
            ledger.control("books", Items=[item])
            return real(api, writes)

        monkeypatch.setattr(XeroApi, "write_all", write_all)

    return taken


def test_a_new_code_that_was_just_taken_holds_up_nothing_else(
    ledger: PracticeLedger, just_taken: Any
) -> None:
    item, other = make_item("VALVE"), make_item("BOIL", sell_price=Decimal("10.00"))
    connect(ledger)
    in_step()
    change_item(item, {"code": "PUMP"}, by=TESTER)
    just_taken(**THEIRS)

    assert_accounted_for(next_sync())
    assert open_codes() == ["possible_twin"]

    change_item(other, {"sell_price": Decimal("11.00")}, by=TESTER)
    run = next_sync()
    assert (run.state, run.problem) == (SyncRun.State.FINISHED, "")
    assert xero(ledger, "Items", other)["SalesDetails"]["UnitPrice"] == 11
    assert xero(ledger, "Items", item)["Code"] == "VALVE"


def test_a_code_that_an_archived_item_keeps_in_xero_is_asked_about_once(
    ledger: PracticeLedger,
) -> None:
    """Of an archived one nothing is sent, so Xero has it under its old code for good;
    it is not the new one, though it is called the same."""
    old = make_item("VALVE", name="Valve")
    connect(ledger)
    in_step()
    change_item(old, {"code": "BOIL"}, by=TESTER)
    archive_item(old, by=TESTER)
    new = make_item("VALVE", name="Valve")

    assert_accounted_for(next_sync())

    assert open_codes() == ["possible_twin"]
    (issue,) = SyncIssue.objects.open()
    assert issue.record == new
    assert not ItemLink.objects.filter(record=new).exists()
    assert next_sync().writes == 0
    assert xero(ledger, "Items", old)["Code"] == "VALVE"
