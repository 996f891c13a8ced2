"""The undo of a run that is killed, refused or cut off half way: it goes on where it was."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from customers.models import Contact
from invoicing.models import Invoice
from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.by_hand import key_in
from tests.xero_sync.lost import Killed
from tests.xero_sync.runs.undone import here_numbers, ours, undone, xeros
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    in_step,
    next_sync,
    one_slice,
    open_codes,
    work_on,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import PermissionMissing, XeroError
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    SyncIssue,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.runs.runner import Slice
from xero_sync.runs.undoing import may_be_undone, undo_run
from xero_sync.steps.context import Context, SliceOver

pytestmark = pytest.mark.django_db


def die_after_each_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once after each; the same write, sent again, goes through."""
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


def deaths_of(undo: SyncRun) -> int:
    """How many workers it takes with it until it has ended."""
    deaths = 0
    while undo.is_open:
        try:
            one_slice(undo)
        except Killed:
            deaths += 1
            XeroConnection.objects.update(lease_expires_at=None)
        undo.refresh_from_db()
        assert deaths < 20
    return deaths


def test_killed_after_every_write_it_goes_on_and_does_nothing_twice(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ours(), xeros(mixed)
    undo = undo_run(in_step(), by=TESTER)
    die_after_each_write(monkeypatch)

    # The numbers, two ends, two kinds of fields, one archived, one deleted.
    assert deaths_of(undo) == 7

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


def refusing(
    monkeypatch: pytest.MonkeyPatch, is_refused: Callable[[dict[str, Any]], bool]
) -> None:
    """Xero says no to these invoices of a batch, and does the others."""
    write_all = XeroApi.write_all

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        return [answer(api, write) for write in writes]

    def answer(api: XeroApi, write: Write) -> Any:
        ((resource, elements),) = json.loads(write.body).items()
        no = [
            ElementResult("", one["InvoiceID"], ("Not now.",))
            for one in elements
            if is_refused(one)
        ]
        rest = [one for one in elements if not is_refused(one)]
        if not no:
            (outcome,) = write_all(api, [write])
            return outcome
        if not rest:
            return no
        body = json.dumps({resource: rest}).encode()
        (outcome,) = write_all(api, [replace(write, body=body)])
        assert not isinstance(outcome, XeroError)
        return [*outcome, *no]

    monkeypatch.setattr(XeroApi, "write_all", writes)


def test_an_invoice_whose_number_is_not_given_up_stays_with_all_it_needs(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ours(), xeros(mixed)
    run = in_step()
    invoice = Invoice.objects.get(number="INV-1001")
    sent = invoice.xero_links.get().xero_id
    with monkeypatch.context() as while_refused:
        refusing(
            while_refused,
            lambda one: one.get("InvoiceID") == sent and "InvoiceNumber" in one,
        )
        half = undone(run)

    now = mixed.record("Invoices", sent)
    assert (now["InvoiceNumber"], now["Status"]) == ("INV-1001", "AUTHORISED")
    # Neither its customer nor the item on its line is taken from under it.
    assert "Castle Hotel" in xeros(mixed)["contacts"]
    assert "VALVE" in xeros(mixed)["items"]
    assert [link.xero_id for link in InvoiceLink.objects.all()] == [sent]
    waiting = half.changes.filter(state="held").exclude(action="leave")
    assert sorted(waiting.values_list("kind", "action")) == [
        ("contact", "archive"),
        ("invoice", "void"),
        ("item", "delete"),
    ]
    assert open_codes() == ["refused"]
    assert SyncIssue.objects.open().get().record == invoice
    assert run.undoing is None
    assert may_be_undone(run)

    undone(run)

    assert mixed.record("Invoices", sent)["Status"] == "VOIDED"
    assert mixed.record("Invoices", sent)["InvoiceNumber"] == f"INV-1001 u{run.pk}"
    assert open_codes() == []
    assert not may_be_undone(run)
    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there


def test_what_went_again_after_half_an_undo_is_the_later_syncs(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = in_step()
    write_all, calls = XeroApi.write_all, count()

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        if next(calls) == 2:
            raise PermissionMissing
        return write_all(api, writes)

    with monkeypatch.context() as cut_off:
        cut_off.setattr(XeroApi, "write_all", writes)
        assert work_on(undo_run(run, by=TESTER)).state == SyncRun.State.FAILED
    later = next_sync()
    assert later.state == SyncRun.State.FINISHED
    sent = {
        (kind, local_id)
        for kind, local_id in later.changes.filter(
            action="create", direction="to_xero", state="done"
        ).values_list("kind", "local_id")
    }
    assert sent

    undone(run)

    taken = SyncRun.objects.get(undoes=run, state="finished").changes.filter(
        state="done", action__in=("void", "delete", "archive", "unlink")
    )
    assert sent.isdisjoint(set(taken.values_list("kind", "local_id")))


@pytest.mark.parametrize("writes_done", range(1, 7))
def test_a_sync_after_half_an_undo_takes_no_end_of_ours_for_xeros(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch, writes_done: int
) -> None:
    run = in_step()
    standing = ours()
    write_all, delete_item = XeroApi.write_all, XeroApi.delete_item
    calls = count()

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        if next(calls) == writes_done:
            raise PermissionMissing
        return write_all(api, writes)

    def deletes(api: XeroApi, xero_id: str) -> None:
        if next(calls) == writes_done:
            raise PermissionMissing
        delete_item(api, xero_id)

    with monkeypatch.context() as cut_off:
        cut_off.setattr(XeroApi, "write_all", writes)
        cut_off.setattr(XeroApi, "delete_item", deletes)
        half = work_on(undo_run(run, by=TESTER))
    assert half.state == SyncRun.State.FAILED

    next_sync()

    now = ours()
    for name, row in standing.items():
        kept = [key for key in ("status", "is_archived") if key in row]
        assert {key: now[name][key] for key in kept} == {key: row[key] for key in kept}
    assert_silent()


def test_who_was_archived_by_half_an_undo_and_is_taken_back_in_xero_stays_linked(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = in_step()
    write_all = XeroApi.write_all
    archived: list[str] = []

    def writes(api: XeroApi, writes: Sequence[Write]) -> Any:
        if archived:
            raise PermissionMissing
        for write in writes:
            for one in json.loads(write.body).get("Contacts", ()):
                if one.get("ContactStatus") == "ARCHIVED":
                    archived.append(one["ContactID"])
        return write_all(api, writes)

    def deletes(api: XeroApi, xero_id: str) -> None:
        raise PermissionMissing

    with monkeypatch.context() as cut_off:
        cut_off.setattr(XeroApi, "write_all", writes)
        cut_off.setattr(XeroApi, "delete_item", deletes)
        half = work_on(undo_run(run, by=TESTER))
    assert half.state == SyncRun.State.FAILED
    next_sync()
    gone = mixed.record("Contacts", archived[0])
    (again,) = [one for one in mixed.records("Contacts") if one["Name"] == gone["Name"]]
    mixed.control("contact/change", contact=again["ContactID"], Name="Went again")
    mixed.control("contact/unarchive", contact=archived[0])
    mixed.control("contact/change", contact=archived[0], Name="Back again")
    key_in(mixed, {"ContactID": archived[0]})

    next_sync()
    back = ContactLink.objects.get(xero_id=archived[0]).record
    next_sync()

    assert ContactLink.objects.get(xero_id=archived[0]).record == back
    assert Contact.objects.filter(name="Back again").count() == 1
    assert_silent()


def test_a_number_that_never_arrived_is_not_taken_for_given_up(
    mixed: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker died before the call, and the key is forgotten by now."""
    run = in_step()
    undo = undo_run(run, by=TESTER)

    def dies(api: XeroApi, writes: Sequence[Write]) -> Any:
        raise Killed

    with monkeypatch.context() as before_the_call:
        before_the_call.setattr(XeroApi, "write_all", dies)
        with pytest.raises(Killed):
            one_slice(undo)
    XeroConnection.objects.update(lease_expires_at=None)

    while undo.is_open:
        one_slice(undo, later=timedelta(minutes=10))
        undo.refresh_from_db()

    assert undo.state == SyncRun.State.FINISHED
    numbers = {one["InvoiceNumber"] for one in mixed.records("Invoices", archived=True)}
    assert {f"INV-1001 u{run.pk}", f"INV-1002 u{run.pk}"} <= numbers
    assert numbers.isdisjoint({"INV-1001", "INV-1002"})
