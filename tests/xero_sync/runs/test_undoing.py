"""The undo of a run: both sides as they were, what cannot be taken back named, whatever
happens in between."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import archive_contact, change_contact
from fieldops.common.changes import snapshot
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    first_sync,
    in_step,
    next_sync,
    one_slice,
    open_codes,
    work_on,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import PermissionMissing
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    PairDecision,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Action, Step
from xero_sync.runs.choices import change_settings
from xero_sync.runs.errors import AlreadyUndone, NothingToUndo, UndoNotNow
from xero_sync.runs.requests import (
    preview_first_sync,
    request_automatic_run,
    sync_now,
)
from xero_sync.runs.runner import Slice
from xero_sync.runs.undoing import undo_run
from xero_sync.steps.context import Context, SliceOver
from xero_sync.steps.undoing.footprint import plan_undo

pytestmark = pytest.mark.django_db


# As the builder makes stock items.
DETAILS = {
    "SalesDetails": {"UnitPrice": 10, "AccountCode": "200", "TaxType": "OUTPUT2"},
    "PurchaseDetails": {"UnitPrice": 6, "AccountCode": "300", "TaxType": "INPUT2"},
}


def ours() -> dict[str, dict[str, Any]]:
    """Every record's own fields, without those that no undo may touch."""
    return {
        f"{model._meta.label} {record.pk}": snapshot(record)
        for model in (Contact, StockItem, Invoice)
        for record in model._default_manager.all()
    }


def xeros(ledger: PracticeLedger) -> dict[str, Any]:
    """What people would see in Xero's lists."""
    contacts = {
        one["Name"]: (one.get("EmailAddress"), one.get("Phones"))
        for one in ledger.records("Contacts", archived=True)
        if one["ContactStatus"] == "ACTIVE"
    }
    items = {
        one["Code"]: {k: v for k, v in one.items() if v and k != "UpdatedDateUTC"}
        for one in ledger.records("Items", archived=True)
    }
    invoices = {
        one["InvoiceNumber"]: one["Status"]
        for one in ledger.records("Invoices", archived=True)
        if one["Status"] not in ("VOIDED", "DELETED")
    }
    return {"contacts": contacts, "items": items, "invoices": invoices}


def undone(run: SyncRun) -> SyncRun:
    undo = work_on(undo_run(run, by=TESTER))
    assert undo.state == SyncRun.State.FINISHED, (undo.problem, undo.problem_details)
    assert_accounted_for(undo)
    return undo


def left(undo: SyncRun) -> list[tuple[str, str]]:
    rows = undo.changes.filter(step=Step.LEFT_AS_IT_IS)
    return sorted(rows.values_list("title", "reason"))


@pytest.fixture
def mixed(ledger: PracticeLedger) -> PracticeLedger:
    """New on either side, recognised with values each way, invoices of both states."""
    ledger.write(
        "PUT",
        "Contacts",
        {"Name": "Only There Ltd", "EmailAddress": "there@example.com"},
        {
            "Name": "Both Sides Ltd",
            "EmailAddress": "both@example.com",
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0161 1"}],
        },
    )
    ledger.write(
        "PUT",
        "Items",
        {"Code": "HOSE", "Name": "Garden hose, green"},
        {"Code": "BOTH", "Name": "On both", "Description": "Theirs", **DETAILS},
    )
    for contact in ledger.records("Contacts", archived=True):
        ledger.write(
            "PUT",
            "Invoices",
            {
                "Type": "ACCREC",
                "Contact": {"ContactID": contact["ContactID"]},
                "Status": "DRAFT",
                "InvoiceNumber": f"X-{contact['Name'][:4]}",
                "LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 5}],
            },
        )
    castle = make_customer("Castle Hotel", email="castle@example.com")
    make_customer("Both Sides Ltd", email="both@example.com", mobile="07700 900123")
    make_item("BOTH", name="On both", purchase_description="Ours")
    item = make_item("VALVE", name="Copper valve")
    make_invoice(castle, [line(item=item)])
    make_draft(castle)
    connect(ledger)
    change_settings({"sends_drafts": True}, by=TESTER)
    return ledger


# --- the first sync -------------------------------------------------------------------


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


def here_numbers(before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The draft's, whose number was given when it was sent."""
    return {
        name: row
        for name, row in before.items()
        if name.startswith("invoicing.Invoice") and not row["number"]
    }


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


class Killed(BaseException):
    """As a worker dies: nothing of ours catches it."""


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


# --- what people did since ------------------------------------------------------------


def test_what_people_changed_since_survives_and_is_named(mixed: PracticeLedger) -> None:
    run = in_step()
    both = Contact.objects.get(name="Both Sides Ltd")
    change_contact(both, {"phone": "0161 999"}, by=TESTER)
    only_there = Contact.objects.get(name="Only There Ltd")
    change_contact(only_there, {"mobile": "07700 900999"}, by=TESTER)
    castle = ContactLink.objects.get(record__name="Castle Hotel").xero_id
    mixed.write(
        "POST",
        "Contacts",
        {"ContactID": castle, "EmailAddress": "new@example.com"},
    )

    undo = undone(run)

    both.refresh_from_db()
    assert (both.phone, Contact.objects.filter(pk=only_there.pk).count()) == (
        "0161 999",
        1,
    )
    assert {
        ("Both Sides Ltd", "changed here since"),
        ("Only There Ltd", "changed here since"),
        ("Castle Hotel", "changed in Xero since"),
    } <= set(left(undo))
    (there,) = [
        one
        for one in mixed.records("Contacts", archived=True)
        if one["ContactID"] == castle
    ]
    assert (there["ContactStatus"], there["EmailAddress"]) == (
        "ACTIVE",
        "new@example.com",
    )
    linked = ContactLink.objects.values_list("record__name", flat=True)
    assert sorted(linked) == ["Castle Hotel", "Only There Ltd"]


def test_a_paid_invoice_stays_and_its_customer_and_item_with_it(
    mixed: PracticeLedger,
) -> None:
    run = in_step()
    approved = Invoice.objects.order_by("pk")[0]
    mixed.control("invoice/pay", invoice=approved.number)

    undo = undone(run)

    assert {
        (
            f"{approved.number} Castle Hotel",
            "money has been received or credited on it in Xero",
        ),
        ("Castle Hotel", "invoices of it stay in Xero"),
        ("VALVE Copper valve", "invoices of it stay in Xero"),
    } <= set(left(undo))
    assert InvoiceLink.objects.get().record == approved
    assert ContactLink.objects.get().record.name == "Castle Hotel"
    assert ItemLink.objects.get().record.code == "VALVE"


@pytest.mark.parametrize("synced_meanwhile", [False, True])
def test_a_draft_that_was_approved_in_xero_since_stays(
    ledger: PracticeLedger, synced_meanwhile: bool
) -> None:
    draft, other = make_draft(make_customer("Castle Hotel")), make_draft()
    connect(ledger)
    change_settings({"sends_drafts": True}, by=TESTER)
    run = in_step()
    there = InvoiceLink.objects.get(record=draft).xero_id
    ledger.write("POST", "Invoices", {"InvoiceID": there, "Status": "AUTHORISED"})
    if synced_meanwhile:
        next_sync()

    undo = undone(run)

    draft.refresh_from_db()
    assert ("Draft Castle Hotel", "approved in Xero since") in left(undo)
    assert ("Castle Hotel", "invoices of it stay in Xero") in left(undo)
    assert InvoiceLink.objects.get().record == draft
    other.refresh_from_db()
    assert {
        one["InvoiceNumber"]: one["Status"]
        for one in ledger.records("Invoices", archived=True)
    } == {
        draft.number: "AUTHORISED",
        f"{other.number} u{run.pk}": "DELETED",
    }


def test_what_was_merged_here_since_is_named_and_stays(ledger: PracticeLedger) -> None:
    lead = make_contact("Castle Hotel")
    sent = make_customer("Castle Inn", phone="028 1")
    connect(ledger)
    run = in_step()
    merge = merge_contacts(lead, [sent], {}, by=TESTER)
    next_sync()
    here, there = ours(), xeros(ledger)
    assert ContactLink.objects.get().record == lead

    undo = undone(run)

    reason = "merged into another record here since"
    assert left(undo) == [("Castle Inn", reason)]
    assert (ours(), xeros(ledger)) == (here, there)
    assert ContactLink.objects.get().record == lead
    undo_contact_merge(merge, by=TESTER)
    first_sync()
    assert ContactLink.objects.get().record == sent


# --- an ordinary run ------------------------------------------------------------------


def test_an_ordinary_run_is_undone_field_by_field_and_done_again_on_demand(
    ledger: PracticeLedger,
) -> None:
    contact = make_customer("Castle Hotel", phone="0161 1", mobile="07700 900001")
    connect(ledger)
    in_step()
    link = ContactLink.objects.get()
    ledger.write(
        "POST",
        "Contacts",
        {
            "ContactID": link.xero_id,
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0161 2"}],
        },
    )
    change_contact(contact, {"mobile": "07700 900002"}, by=TESTER)
    run = next_sync()

    undone(run)

    contact.refresh_from_db()
    assert (contact.phone, contact.mobile) == ("0161 1", "07700 900002")
    assert phones(ledger, link.xero_id) == ("0161 2", "07700 900001")
    assert ContactLink.objects.get().pk == link.pk
    assert XeroConnection.objects.get().first_sync_done_at

    next_sync()

    contact.refresh_from_db()
    assert (contact.phone, contact.mobile) == ("0161 2", "07700 900002")
    assert phones(ledger, link.xero_id) == ("0161 2", "07700 900002")
    assert_silent()


def test_of_an_older_run_only_what_newer_ones_have_not_touched(
    ledger: PracticeLedger,
) -> None:
    contact = make_customer("Castle Hotel", phone="0161 1", mobile="07700 900001")
    connect(ledger)
    in_step()
    change_contact(contact, {"phone": "0161 2", "mobile": "07700 900002"}, by=TESTER)
    older = next_sync()
    change_contact(contact, {"phone": "0161 3"}, by=TESTER)
    next_sync()

    undo = undone(older)

    xero_id = ContactLink.objects.get().xero_id
    assert phones(ledger, xero_id) == ("0161 3", "07700 900001")
    assert left(undo) == [("Castle Hotel", "changed in Xero since")]


def test_what_was_archived_in_xero_is_named(ledger: PracticeLedger) -> None:
    contact = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    archive_contact(contact, by=TESTER)
    run = next_sync()

    undo = undone(run)

    assert left(undo) == [
        ("Castle Hotel", "Xero restores archived contacts only by hand")
    ]
    (there,) = ledger.records("Contacts", archived=True)
    assert there["ContactStatus"] == "ARCHIVED"


def phones(ledger: PracticeLedger, xero_id: str) -> tuple[str, str]:
    (there,) = [
        o
        for o in ledger.records("Contacts", archived=True)
        if o["ContactID"] == xero_id
    ]
    numbers = {one["PhoneType"]: one["PhoneNumber"] for one in there["Phones"]}
    return numbers["DEFAULT"], numbers["MOBILE"]
