"""A change that Xero made and left out of its answer: it is ours, not an edit of Xero's."""

from collections.abc import Sequence
from typing import Any

import pytest

from stock.services import change_item
from tests.builders import TESTER, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, in_step, next_sync, open_codes
from xero_sync.client.api import Write, XeroApi
from xero_sync.models import PlannedChange

pytestmark = pytest.mark.django_db


def test_what_is_typed_after_it_is_not_overwritten(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_item("VALVE", name="Valve")
    connect(ledger)
    in_step()
    item = change_item(item, {"name": "Boiler"}, by=TESTER)
    real = XeroApi.write_all

    def write_all(api: XeroApi, writes: Sequence[Write]) -> Any:
        real(api, writes)
        return [[] for _ in writes]

    with monkeypatch.context() as patch:
        patch.setattr(XeroApi, "write_all", write_all)
        run = next_sync()
    assert open_codes() == []
    assert run.changes.get(kind="item").state == PlannedChange.State.DONE

    change_item(item, {"name": "Valve"}, by=TESTER)
    next_sync()

    item.refresh_from_db()
    assert item.name == "Valve"
