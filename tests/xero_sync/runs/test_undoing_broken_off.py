"""The undo of a run that is killed, refused or cut off half way: it goes on where it was."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import Killed
from tests.xero_sync.runs.undone import here_numbers, ours, undone, xeros
from tests.xero_sync.world import assert_accounted_for, in_step, one_slice, work_on
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import PermissionMissing
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs.runner import Slice
from xero_sync.runs.undoing import undo_run
from xero_sync.steps.context import Context, SliceOver

pytestmark = pytest.mark.django_db


def test_killed_after_every_write_it_goes_on_and_does_nothing_twice(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ours(), xeros(mixed)
    run = in_step()
    undo = undo_run(run, by=TESTER)
    write_all, delete_item = XeroApi.write_all, XeroApi.delete_item
    killed_in: set[object] = set()

    def die_once(what: object) -> None:
        if what not in killed_in:
            killed_in.add(what)
            raise Killed

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        answers = write_all(api, writes)
        die_once(tuple(write.idempotency_key for write in writes))
        return answers

    def deletes(api: XeroApi, xero_id: str) -> None:
        delete_item(api, xero_id)
        die_once(xero_id)

    monkeypatch.setattr(XeroApi, "write_all", writes)
    monkeypatch.setattr(XeroApi, "delete_item", deletes)
    deaths = 0
    while undo.is_open:
        try:
            one_slice(undo)
        except Killed:
            deaths += 1
            XeroConnection.objects.update(lease_expires_at=None)
        undo.refresh_from_db()
        assert deaths < 20

    # The numbers, two ends, two kinds of fields, one archived, one deleted.
    assert deaths == 7
    assert undo.state == SyncRun.State.FINISHED
    assert_accounted_for(undo)
    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there


def test_one_that_failed_half_way_is_asked_for_again_and_does_the_rest(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ours(), xeros(mixed)
    run = in_step()
    write_all, calls = XeroApi.write_all, count()

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        if next(calls) == 1:
            raise PermissionMissing
        return write_all(api, writes)

    monkeypatch.setattr(XeroApi, "write_all", writes)
    half = work_on(undo_run(run, by=TESTER))
    assert half.state == SyncRun.State.FAILED
    numbers = {one["InvoiceNumber"] for one in mixed.records("Invoices", archived=True)}
    assert {f"INV-1001 u{run.pk}", f"INV-1002 u{run.pk}"} <= numbers

    undone(run)

    assert {
        one["InvoiceNumber"] for one in mixed.records("Invoices", archived=True)
    } == numbers
    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there


def test_cut_off_between_two_pieces_of_work_it_goes_on(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ours(), xeros(mixed)
    undo = undo_run(in_step(), by=TESTER)
    breaths = count()

    def breathe(ctx: Context) -> None:
        if next(breaths) % 2:
            raise SliceOver

    monkeypatch.setattr(Context, "breathe", breathe)
    slices = 0
    while undo.is_open:
        assert one_slice(undo) is not Slice.BUSY
        slices += 1
        assert slices < 40
    assert slices > 3
    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there
