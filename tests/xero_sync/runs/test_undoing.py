"""The undo of a first sync: both sides as they were, and the sync can be had again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import here_numbers, left, ours, undone, xeros
from tests.xero_sync.world import (
    assert_silent,
    connect,
    contacts_there,
    first_sync,
    in_step,
    open_codes,
    work_on,
)
from xero_sync.consolidation.decisions import decide
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    PairDecision,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Action, Step
from xero_sync.report.fields import message_of
from xero_sync.report.fixing import try_again
from xero_sync.runs.errors import AlreadyUndone, NothingToUndo, UndoNotNow
from xero_sync.runs.requests import preview_first_sync, request_automatic_run, sync_now
from xero_sync.runs.undoing import undo_run
from xero_sync.steps.undoing.footprint import plan_undo

pytestmark = pytest.mark.django_db


def test_the_undo_of_a_first_sync_leaves_both_sides_as_they_were(
    mixed: PracticeLedger,
) -> None:
    here, there = ours(), xeros(mixed)
    run = in_step()
    assert ours() != here
    assert xeros(mixed) != there
    assert StockItem.objects.filter(code="HOSE").exists()

    undo = undone(run)

    number = here_numbers(here)
    assert ours() | number == here | number
    assert xeros(mixed) == there
    assert not ContactLink.objects.exists()
    assert not ItemLink.objects.exists()
    assert not InvoiceLink.objects.exists()
    statuses = {
        one["InvoiceNumber"]: one["Status"]
        for one in mixed.records("Invoices", archived=True)
    }
    approved, draft = Invoice.objects.order_by("pk")
    assert statuses[f"{approved.number} u{run.pk}"] == "VOIDED"
    assert statuses[f"{draft.number} u{run.pk}"] == "DELETED"
    assert left(undo) == [
        (str(draft), "its number, given when it was sent, stays used")
    ]


def test_after_it_comes_the_preview_again_and_then_the_same_first_sync(
    mixed: PracticeLedger,
) -> None:
    undone(in_step())

    connection = XeroConnection.objects.get()
    assert connection.first_sync_done_at is None
    assert SyncSettings.current().mode == SyncSettings.Mode.MANUAL
    later = timezone.now() + timedelta(days=1)
    assert request_automatic_run(connection, later) is None
    preview = work_on(preview_first_sync(by=TESTER))
    assert not preview.changes.filter(action=Action.HOLD).exists()

    again = first_sync()

    assert again.state == SyncRun.State.FINISHED
    assert not Contact.objects.filter(is_archived=True).exists()
    names = sorted(
        one["Name"]
        for one in mixed.records("Contacts", archived=True)
        if one["ContactStatus"] == "ACTIVE"
    )
    assert names == ["Both Sides Ltd", "Castle Hotel", "Only There Ltd"]
    assert not again.changes.exclude(state="done").exists()
    assert open_codes() == []
    live = xeros(mixed)["invoices"]
    assert (live["INV-1001"], live["INV-1002"]) == ("AUTHORISED", "DRAFT")
    assert_silent()


def test_what_is_not_the_same_is_not_linked_for_the_id_it_carries(
    ledger: PracticeLedger,
) -> None:
    contact = make_customer("Castle Hotel")
    connection = connect(ledger)
    (there,) = ledger.write(
        "PUT",
        "Contacts",
        {"Name": "Old one", "ContactNumber": str(contact.uid)},
    )
    linked = {"kind": "contact", "action": Action.LINK}
    preview = work_on(preview_first_sync(by=TESTER))
    assert preview.changes.filter(**linked).count() == 1

    PairDecision.objects.create(
        connection=connection,
        kind="contact",
        local_uid=contact.uid,
        xero_id=there["ContactID"],
        answer=PairDecision.Answer.DIFFERENT,
    )

    preview = work_on(preview_first_sync(by=TESTER))
    assert not preview.changes.filter(**linked).exists()


def test_who_was_archived_in_xero_meanwhile_is_linked_once_restored(
    ledger: PracticeLedger,
) -> None:
    castle = make_customer("Castle Hotel", account_number="C1")
    connect(ledger)
    run = in_step()
    ledger.control("contact/archive", contact="Castle Hotel")
    undone(run)

    first_sync()
    (issue,) = SyncIssue.objects.open()
    assert (issue.code, issue.contact) == ("account_number_archived_in_xero", castle)
    assert message_of(issue) == (
        "Account number belongs to a contact archived in Xero. "
        "C1 belongs to Castle Hotel, archived in Xero."
    )

    ledger.control("contact/unarchive", contact="Castle Hotel")
    try_it_again(issue)
    (issue,) = SyncIssue.objects.open()
    assert issue.code == "account_number_used_in_xero"
    decide(issue, "same", issue.details["other_xero_id"], by=TESTER)
    try_it_again(issue)

    assert open_codes() == []
    assert len(contacts_there(ledger)) == 1
    assert ContactLink.objects.get().record == castle
    assert_silent()


def try_it_again(issue: SyncIssue) -> None:
    run = try_again(issue, by=TESTER)
    assert run is not None
    work_on(run)


def test_what_it_does_is_what_was_told_before(mixed: PracticeLedger) -> None:
    run = in_step()
    told = plan_undo(run, SyncSettings.current())

    undo = undone(run)

    done = undo.changes.exclude(step=Step.LEFT_AS_IT_IS)
    assert set(done.values_list("state", flat=True)) == {"done"}
    assert [(one.step, one.action, one.title) for one in told] == list(
        undo.changes.values_list("step", "action", "title")
    )


def test_a_second_undo_is_refused(mixed: PracticeLedger) -> None:
    run = in_step()
    undo = undone(run)
    runs, here = SyncRun.objects.count(), ours()

    with pytest.raises(AlreadyUndone):
        undo_run(run, by=TESTER)
    with pytest.raises(NothingToUndo):
        undo_run(undo, by=TESTER)

    assert (SyncRun.objects.count(), ours()) == (runs, here)
    run.refresh_from_db()
    assert run.undoing == undo


def test_not_while_another_sync_is_open(mixed: PracticeLedger) -> None:
    run = in_step()
    sync_now(by=TESTER)
    with pytest.raises(UndoNotNow):
        undo_run(run, by=TESTER)
    assert SyncSettings.current().mode == SyncSettings.Mode.AUTOMATIC
    assert not SyncRun.objects.filter(reason=SyncRun.Reason.UNDO).exists()
