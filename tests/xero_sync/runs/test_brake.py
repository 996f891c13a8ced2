"""A run that would take much of a kind out of use asks first; the answer is obeyed."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services import archive_contact, change_contact
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import undone
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    open_codes,
    work_on,
)
from xero_sync.models import PlannedChange, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.question_words import kept_back_names
from xero_sync.runs.brake import Answer, answer_question, forget_kept_back
from xero_sync.runs.errors import NothingAsked
from xero_sync.runs.requests import (
    preview_first_sync,
    request_automatic_run,
    send_records,
    stop_after_this_step,
    sync_now,
)
from xero_sync.runs.runner import Slice

pytestmark = pytest.mark.django_db

TEN = 10
NAMES = [f"Customer {number}" for number in range(TEN)]


@pytest.fixture
def company(ledger: PracticeLedger) -> PracticeLedger:
    """Ten customers in step."""
    for name in NAMES:
        make_customer(name, phone="028 9024 0000")
    connect(ledger)
    in_step()
    return ledger


def archive_there(ledger: PracticeLedger, names: list[str]) -> None:
    for name in names:
        ledger.control("contact/archive", contact=name)


def ask() -> SyncRun:
    """The next sync, which stops to ask."""
    run = sync_now(by=TESTER)
    assert one_slice(run) is Slice.ASKING
    assert run.state == SyncRun.State.ASKING
    return run


def answer(run: SyncRun, given: Answer) -> SyncRun:
    answer_question(run, given, by=TESTER)
    run.refresh_from_db()
    return work_on(run)


def parts(run: SyncRun) -> list[tuple[str, str, str, int, int]]:
    return [
        (one["kind"], one["direction"], one["effect"], one["count"], one["of"])
        for one in run.question["parts"]
    ]


def archived_here() -> int:
    return Contact.objects.filter(is_archived=True).count()


# --- when it asks ---


def test_half_archived_in_xero_is_asked_about_and_nothing_is_done(
    company: PracticeLedger,
) -> None:
    archive_there(company, NAMES[:5])

    run = ask()

    assert parts(run) == [("contact", "to_us", "archived", 5, TEN)]
    assert run.question["parts"][0]["names"] == NAMES[:5]
    assert (archived_here(), run.writes) == (0, 0)
    assert XeroConnection.objects.get().lease_expires_at is None


def test_a_handful_is_not(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:4])

    run = next_sync()

    assert (run.state, run.question) == (SyncRun.State.FINISHED, {})
    assert archived_here() == 4


def test_what_is_archived_here_is_asked_about_before_xero_hears_of_it(
    company: PracticeLedger,
) -> None:
    for contact in Contact.objects.all()[:6]:
        archive_contact(contact, by=TESTER)

    run = ask()

    assert parts(run) == [("contact", "to_xero", "archived", 6, TEN)]
    assert company.state()["archived_contacts"] == 0
    answer(run, Answer.GO_ON)
    assert company.state()["archived_contacts"] == 6
    assert_silent()


def test_blanks_and_names_count_together(company: PracticeLedger) -> None:
    contacts = list(Contact.objects.order_by("pk"))
    for contact in contacts[:3]:
        change_contact(contact, {"phone": ""}, by=TESTER)
    for contact in contacts[3:6]:
        change_contact(contact, {"name": f"{contact.name} Ltd"}, by=TESTER)

    run = ask()

    assert parts(run) == [
        ("contact", "to_xero", "renamed", 3, TEN),
        ("contact", "to_xero", "blanked", 3, TEN),
    ]


def test_other_values_may_change_as_they_like(company: PracticeLedger) -> None:
    for contact in Contact.objects.all():
        change_contact(contact, {"phone": "028 1"}, by=TESTER)

    assert next_sync().state == SyncRun.State.FINISHED


@pytest.mark.parametrize("side", ["here", "there"])
def test_cancelled_invoices_are_asked_about(ledger: PracticeLedger, side: str) -> None:
    invoices = [make_invoice() for _ in range(5)]
    connect(ledger)
    in_step()
    for invoice in invoices:
        if side == "here":
            cancel_invoice(invoice, by=TESTER)
        else:
            ledger.control("invoice/void", invoice=invoice.number)

    run = ask()

    direction = "to_xero" if side == "here" else "to_us"
    assert parts(run) == [("invoice", direction, "cancelled", 5, 5)]
    answer(run, Answer.GO_ON)
    assert ledger.state()["invoices_by_status"] == {"VOIDED": 5}
    assert Invoice.objects.filter(status="cancelled").count() == 5
    assert_silent()


def test_a_preview_and_chosen_records_ask_nothing(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:6])

    preview = work_on(preview_first_sync(by=TESTER))
    ids = list(Contact.objects.values_list("pk", flat=True))
    chosen = work_on(send_records(Kind.CONTACT, ids, by=TESTER))

    assert preview.state == chosen.state == SyncRun.State.FINISHED
    assert archived_here() == 6


# --- while it asks ---


def test_meanwhile_no_other_sync_begins_but_chosen_records_go(
    company: PracticeLedger,
) -> None:
    archive_there(company, NAMES[:5])
    run = ask()
    other = Contact.objects.get(name=NAMES[9])
    change_contact(other, {"phone": "028 1"}, by=TESTER)

    connection = XeroConnection.objects.get()
    connection.next_due_at = timezone.now()
    assert sync_now(by=TESTER) == run
    assert request_automatic_run(connection, timezone.now()) == run
    assert one_slice(run) is Slice.NOTHING
    sent = work_on(send_records(Kind.CONTACT, [other.pk], by=TESTER))

    assert (sent.state, sent.writes) == (SyncRun.State.FINISHED, 1)
    run.refresh_from_db()
    assert (run.state, archived_here()) == (SyncRun.State.ASKING, 0)


def test_stopping_it_ends_it_and_the_next_asks_again(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])
    run = ask()

    stop_after_this_step(run, by=TESTER)

    run.refresh_from_db()
    assert (run.state, archived_here()) == (SyncRun.State.STOPPED, 0)
    with pytest.raises(NothingAsked):
        answer_question(run, Answer.GO_ON, by=TESTER)
    assert ask() != run


# --- the answers ---


def test_go_on_carries_out_what_was_shown(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])

    run = answer(ask(), Answer.GO_ON)

    assert (run.state, archived_here()) == (SyncRun.State.FINISHED, 5)
    assert (run.question["answer"], run.question["by"]) == ("go_on", "test")
    assert_accounted_for(run)
    assert_silent()


def test_go_on_after_a_night_leaves_what_moved_to_the_next_sync(
    company: PracticeLedger,
) -> None:
    archive_there(company, NAMES[:5])
    run = ask()
    company.control("contact/unarchive", contact=NAMES[0])
    long_ago = (timezone.now() - timedelta(hours=12)).isoformat()
    SyncRun.objects.update(question=run.question | {"asked_at": long_ago})

    run = answer(run, Answer.GO_ON)

    assert (run.state, archived_here()) == (SyncRun.State.FINISHED, 4)
    assert not Contact.objects.get(name=NAMES[0]).is_archived
    assert_silent()


def test_leave_it_out_carries_out_all_else_and_asks_no_more(
    company: PracticeLedger,
) -> None:
    archive_there(company, NAMES[:5])
    change_contact(Contact.objects.get(name=NAMES[9]), {"phone": "028 1"}, by=TESTER)

    run = answer(ask(), Answer.LEAVE_OUT)

    assert (run.state, run.writes, archived_here()) == (SyncRun.State.FINISHED, 1, 0)
    held = run.changes.filter(state=PlannedChange.State.HELD)
    assert sorted(held.values_list("title", flat=True)) == NAMES[:5]
    assert_accounted_for(run)
    for _ in range(2):
        assert_silent()
    assert (archived_here(), open_codes()) == (0, [])


def test_left_out_is_asked_again_with_more_of_them(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])
    answer(ask(), Answer.LEAVE_OUT)
    archive_there(company, NAMES[5:])

    run = ask()

    assert parts(run) == [("contact", "to_us", "archived", 5, TEN)]
    assert run.question["parts"][0]["names"] == NAMES[5:]


def test_left_out_and_undone_is_forgotten(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])
    answer(ask(), Answer.LEAVE_OUT)
    assert len(XeroConnection.objects.get().kept_back) == 5
    for name in NAMES[:3]:
        company.control("contact/unarchive", contact=name)

    assert_silent()
    assert len(XeroConnection.objects.get().kept_back) == 2
    forget_kept_back(XeroConnection.objects.get())
    next_sync()

    assert archived_here() == 2
    assert_silent()


def test_an_undo_names_nothing_as_left_out(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])
    answer(ask(), Answer.LEAVE_OUT)
    change_contact(Contact.objects.get(name=NAMES[9]), {"phone": "1"}, by=TESTER)
    later = next_sync()
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "3"}]
    company.control("contact/change", contact=NAMES[9], Phones=phones)
    undo = undone(later)
    assert undo.changes.filter(action="leave", state="held").exists()

    assert sorted(kept_back_names(XeroConnection.objects.get())) == NAMES[:5]


def test_after_the_first_sync_is_undone_nothing_is_left_out(
    company: PracticeLedger,
) -> None:
    archive_there(company, NAMES[:5])
    answer(ask(), Answer.LEAVE_OUT)

    undone(SyncRun.objects.get(reason=SyncRun.Reason.FIRST))

    connection = XeroConnection.objects.get()
    assert (connection.kept_back, kept_back_names(connection)) == ([], [])


# --- doors ---


def test_the_command_says_so_and_exits_75(company: PracticeLedger) -> None:
    archive_there(company, NAMES[:5])
    out = StringIO()

    with pytest.raises(SystemExit) as exit_:
        call_command("sync", json=True, stdout=out)

    said = json.loads(out.getvalue())
    assert (exit_.value.code, said["status"]) == (75, "asking")
    assert said["question"] == [
        "5 of 10 contacts would be archived here, because that is what somebody did "
        "in Xero."
    ]


@pytest.fixture
def asking(company: PracticeLedger) -> SyncRun:
    archive_there(company, NAMES[:5])
    return ask()


def test_the_question_is_on_every_page_and_answered_on_its_own(
    asking: SyncRun, office_client: Client
) -> None:
    sentence = "5 of 10 contacts would be archived here"
    own = f"/xero/runs/{asking.pk}/question/"
    for path in ("/", "/xero/", f"/xero/runs/{asking.pk}/", own):
        assert sentence in office_client.get(path).content.decode(), path
    assert office_client.get(own).content.decode().count(NAMES[4]) == 2

    office_client.post(own, {"answer": "go_on"})

    asking.refresh_from_db()
    assert asking.question["by"] == "office"
    work_on(asking)
    assert archived_here() == 5
    assert sentence not in office_client.get("/").content.decode()


def test_what_was_left_out_stands_on_the_sync_page(
    asking: SyncRun, office_client: Client
) -> None:
    office_client.post(f"/xero/runs/{asking.pk}/question/", {"answer": "leave_out"})
    asking.refresh_from_db()
    work_on(asking)
    page = office_client.get("/xero/").content.decode()
    assert "Left out, as somebody decided" in page
    assert NAMES[0] in page

    office_client.post("/xero/kept-back/")

    assert one_slice(SyncRun.objects.open().get()) is Slice.ASKING


@pytest.mark.parametrize("given", ["", "perhaps"])
def test_no_answer_is_no_answer(
    asking: SyncRun, office_client: Client, given: str
) -> None:
    office_client.post(f"/xero/runs/{asking.pk}/question/", {"answer": given})

    asking.refresh_from_db()
    assert asking.state == SyncRun.State.ASKING


def test_who_may_not_start_a_sync_may_not_answer(
    asking: SyncRun, engineer_client: Client
) -> None:
    own = f"/xero/runs/{asking.pk}/question/"
    assert engineer_client.get(own).status_code == 403
    assert engineer_client.post(own, {"answer": "go_on"}).status_code == 403
    assert engineer_client.post("/xero/kept-back/").status_code == 403
    asking.refresh_from_db()
    assert asking.state == SyncRun.State.ASKING
