"""Stock items entered in Xero once more, under another code, after their twin was linked."""

from typing import Any

import pytest
from django.test import Client

from stock.models import StockItem
from stock.services import archive_item
from tests.builders import TESTER, make_item
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.consolidation.errors import HasAnotherPartner
from xero_sync.consolidation.queue import left_to_check
from xero_sync.models import FoundPair, PairDecision, XeroConnection
from xero_sync.steps import second_copies

pytestmark = pytest.mark.django_db


def enter(ledger: PracticeLedger, code: str, name: str, **more: Any) -> None:
    ledger.load_books({"Items": [{"Code": code, "Name": name, **more}]})


def codes() -> list[str]:
    return sorted(StockItem.objects.values_list("code", flat=True))


def in_full() -> None:
    XeroConnection.objects.update(full_compare_on=None)


@pytest.fixture
def pipe(ledger: PracticeLedger) -> StockItem:
    pipe = make_item("PIPE15", name="Copper pipe 15 mm")
    make_item("BOLT", name="Bolt of brass")
    connect(ledger)
    in_step()
    return pipe


@pytest.mark.parametrize("is_full", [False, True])
def test_it_waits_for_an_answer(
    ledger: PracticeLedger, pipe: StockItem, is_full: bool, office_client: Client
) -> None:
    enter(ledger, "CP-15", "Copper Pipe, 15mm")
    if is_full:
        in_full()
    for _ in range(2):
        run = next_sync()
        assert_accounted_for(run)
        pair = FoundPair.objects.get()
        assert (pair.record, pair.name_there) == (pipe, "Copper Pipe, 15mm")
        assert pair.reasons == ["same name", second_copies.LINKED_ALREADY]
        assert (codes(), open_codes()) == (["BOLT", "PIPE15"], ["possible_twin"])
        in_full()
    assert left_to_check(XeroConnection.objects.get()) == 1
    page = main_of(office_client, f"/xero/duplicates/{pair.pk}/")
    assert "delete one of the two in Xero" in page
    assert_silent()


def test_called_different_it_comes_in(ledger: PracticeLedger, pipe: StockItem) -> None:
    enter(ledger, "CP-15", "Copper pipe 15 mm")
    next_sync()
    with pytest.raises(HasAnotherPartner, match="delete one of the two there"):
        decide_pair(FoundPair.objects.get(), "same", by=TESTER)
    assert not PairDecision.objects.exists()
    decide_pair(FoundPair.objects.get(), "different", by=TESTER)
    next_sync()
    assert codes() == ["BOLT", "CP-15", "PIPE15"]
    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    in_full()
    assert_silent()


def test_deleted_there_the_question_goes(
    ledger: PracticeLedger, pipe: StockItem
) -> None:
    enter(ledger, "CP-15", "Copper pipe 15 mm")
    next_sync()
    ledger.control("item/delete", item="CP-15")
    in_full()
    next_sync()
    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    assert codes() == ["BOLT", "PIPE15"]
    assert_silent()


@pytest.mark.parametrize(
    "name", ["Copper pipe 22 mm", "Copper pipe 15 mm, pack of 10", "Copper elbow 15 mm"]
)
def test_another_size_pack_or_thing_comes_in(
    ledger: PracticeLedger, pipe: StockItem, name: str
) -> None:
    enter(ledger, "CP", name)
    next_sync()
    assert (codes(), open_codes()) == (["BOLT", "CP", "PIPE15"], [])


def test_made_again_in_place_of_the_linked_one_it_is_no_copy(
    ledger: PracticeLedger, pipe: StockItem
) -> None:
    ledger.control("item/delete", item="PIPE15")
    enter(ledger, "PIPE15", "Copper pipe 15 mm")
    in_full()
    next_sync()
    assert (codes(), open_codes()) == (["BOLT", "PIPE15"], [])
    assert not FoundPair.objects.exists()


def test_an_archived_one_has_no_copies(ledger: PracticeLedger, pipe: StockItem) -> None:
    archive_item(pipe, by=TESTER)
    enter(ledger, "CP-15", "Copper pipe 15 mm")
    next_sync()
    assert (codes(), open_codes()) == (["BOLT", "CP-15", "PIPE15"], [])


def test_of_a_whole_list_only_copies_wait(
    ledger: PracticeLedger, pipe: StockItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_copies, "FEW", 2)
    for number in range(4):
        enter(ledger, f"S{number}", f"Stranger {number} of steel")
    enter(ledger, "CP-15", "Copper pipe 15 mm")
    next_sync()
    assert len(codes()) == 6
    assert FoundPair.objects.get().record == pipe
