"""Questions of the sync about contacts that are merged here, and those that a merge answers."""

import pytest

from customers.merging import merge_contacts
from customers.models import Contact
from tests.builders import TESTER, make_contact, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.merged import (
    again,
    assert_silence,
    contacts_there,
    links,
    two_linked,
)
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import PairDecision, SyncIssue, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.merge_links import merge_url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kept_is_the_heir", [True, False])
def test_merged_on_both_sides(ledger: PracticeLedger, kept_is_the_heir: bool) -> None:
    kept, other = two_linked(ledger)
    loser, heir = ("Castle Inn", "Castle Hotel")
    if not kept_is_the_heir:
        loser, heir = heir, loser
    ledger.control("contact/merge", contact=loser, into=heir)
    next_sync()
    issue = SyncIssue.objects.open().get()
    assert issue.code == "merged_in_xero"
    first, second = (kept, other) if kept_is_the_heir else (other, kept)
    assert merge_url(issue) == f"/customers/{first.pk}/merge/?with={second.pk}"

    merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()

    assert open_codes() == []
    assert xero(ledger, "Contacts", again(kept))["ContactStatus"] == "ACTIVE"
    assert Contact.objects.filter(is_archived=False).count() == 1
    assert_silence()


def test_a_question_about_the_merged_one_is_asked_of_the_kept_one(
    ledger: PracticeLedger,
) -> None:
    kept = make_customer("Dunes Hotel")
    connect(ledger)
    in_step()
    other = make_customer("Dunes Bar", phone="028 9")
    ledger.load_books({"Contacts": [{"Name": "The Dunes Bars", "IsCustomer": True}]})
    next_sync()
    assert open_codes() == ["possible_twin"]

    merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()

    issue = again(kept).xero_issues.get(resolved_at=None)
    assert (issue.code, open_codes()) == ("possible_twin", ["possible_twin"])
    assert Contact.objects.count() == 2
    connection = XeroConnection.objects.get()
    PairDecision.objects.create(
        connection=connection,
        kind=Kind.CONTACT,
        local_uid=kept.uid,
        xero_id=issue.details["other_xero_id"],
        answer=PairDecision.Answer.DIFFERENT,
    )
    next_sync()
    assert open_codes() == []


def test_an_answer_about_the_merged_one_counts_for_the_kept_one(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    in_step()
    kept, other = make_customer("Sea View"), make_customer("Dunes Bar", phone="028 9")
    ledger.load_books({"Contacts": [{"Name": "The Dunes Bars", "IsCustomer": True}]})
    next_sync()
    issue = other.xero_issues.get()
    assert issue.code == "possible_twin"
    PairDecision.objects.create(
        connection=XeroConnection.objects.get(),
        kind=Kind.CONTACT,
        local_uid=other.uid,
        xero_id=issue.details["other_xero_id"],
        answer=PairDecision.Answer.SAME,
    )
    before = links()
    lead = make_contact("Sea View Hotel", phone="028 7")
    merge_contacts(lead, [other], {}, by=TESTER)

    next_sync()

    # As at any first link: where both say something Xero's stays.
    assert (again(lead).name, again(lead).phone) == ("The Dunes Bars", "028 7")
    assert links() == before | {lead.pk: issue.details["other_xero_id"]}
    assert (set(before), open_codes()) == ({kept.pk}, ["both_changed"])
    assert len(contacts_there(ledger)) == 2
    assert_silent()


def test_a_shared_account_number_leads_to_the_merge(ledger: PracticeLedger) -> None:
    holder = make_customer("Castle Hotel", account_number="C1")
    second = make_customer("Dunes Bar", account_number="c1")
    connect(ledger)
    in_step()

    issue = second.xero_issues.get()

    assert issue.code == "account_number_used_here"
    assert merge_url(issue) == f"/customers/{holder.pk}/merge/?with={second.pk}"
    merge_contacts(holder, [second], {}, by=TESTER)
    next_sync()
    assert open_codes() == []
    second.refresh_from_db()
    assert merge_url(second.xero_issues.get()) == ""
