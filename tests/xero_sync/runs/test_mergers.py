"""Contacts merged in Xero: ours follow into the heir once, and then nothing is left."""

from itertools import pairwise
from typing import Any

import pytest

from customers.models import Contact
from customers.services import archive_contact, change_contact
from fieldops.common.models import ChangeEntry
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.backup import restore, take_backup
from tests.xero_sync.runs.spoiled import answers_are, elements_are, spoiled
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import ContactLink, InvoiceLink, SyncIssue, XeroConnection
from xero_sync.outcomes.kinds import Action
from xero_sync.report.fields import message_of

pytestmark = pytest.mark.django_db


def books(ledger: PracticeLedger, *names: str) -> None:
    ledger.load_books({"Contacts": [{"Name": name} for name in names]})


def merge(ledger: PracticeLedger, loser: str, heir: str) -> None:
    ledger.control("contact/merge", contact=loser, into=heir)


def assert_nothing_is_left(*, held: int = 0) -> None:
    """Neither to the next run nor to the first of a day, which plans everything."""
    before = ChangeEntry.objects.count()
    links = dict(ContactLink.objects.values_list("record_id", "xero_id"))
    for starts_a_day in (False, True, False):
        if starts_a_day:
            XeroConnection.objects.update(full_compare_on=None)
        run = assert_silent()
        actions = list(run.changes.values_list("action", flat=True))
        assert actions == [Action.HOLD] * held
    assert ChangeEntry.objects.count() == before
    assert dict(ContactLink.objects.values_list("record_id", "xero_id")) == links


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("edited", [False, True])
def test_a_merger_is_followed_once(
    ledger: PracticeLedger, customer: Contact, length: int, edited: bool
) -> None:
    names = ["Castle Hotel", "Second", "Third", "Fourth"][: length + 1]
    books(ledger, *names[1:])
    if edited:
        change_contact(customer, {"phone": "028 2"}, by=TESTER)
    for loser, heir in pairwise(names):
        merge(ledger, loser, heir)

    run = next_sync()

    assert_accounted_for(run)
    assert run.changes.filter(action=Action.LINK).count() == 1
    customer.refresh_from_db()
    assert (customer.name, customer.phone) == (
        names[-1],
        "028 2" if edited else "028 1",
    )
    assert xero(ledger, "Contacts", customer)["Name"] == names[-1]
    assert (Contact.objects.count(), open_codes()) == (1, [])
    assert_nothing_is_left()


@pytest.mark.parametrize("between", [[], ["Second"]])
def test_an_heir_that_is_another_of_ours_is_for_a_person(
    ledger: PracticeLedger, customer: Contact, between: list[str]
) -> None:
    make_customer("Dunes Bar")
    next_sync()
    books(ledger, *between)
    chain = ["Castle Hotel", *between, "Dunes Bar"]
    for loser, heir in pairwise(chain):
        merge(ledger, loser, heir)

    next_sync()

    assert (Contact.objects.count(), open_codes()) == (2, ["merged_in_xero"])
    customer.refresh_from_db()
    assert (customer.name, customer.is_archived) == ("Castle Hotel", False)
    assert_nothing_is_left(held=1)


def test_of_two_of_ours_merged_into_a_third_the_first_follows(
    ledger: PracticeLedger, customer: Contact
) -> None:
    other = make_customer("Dunes Bar")
    next_sync()
    books(ledger, "Third")
    merge(ledger, "Dunes Bar", "Third")
    merge(ledger, "Castle Hotel", "Third")

    next_sync()

    customer.refresh_from_db()
    other.refresh_from_db()
    assert (customer.name, other.name) == ("Third", "Dunes Bar")
    assert open_codes() == ["merged_in_xero"]
    assert_nothing_is_left(held=1)


def test_an_archived_heir_is_followed_when_it_is_restored(
    ledger: PracticeLedger, customer: Contact
) -> None:
    books(ledger, "Second")
    merge(ledger, "Castle Hotel", "Second")
    ledger.control("contact/archive", contact="Second")
    next_sync()
    assert open_codes() == ["merged_in_xero"]
    assert_nothing_is_left(held=1)

    ledger.control("contact/unarchive", contact="Second")
    next_sync()

    customer.refresh_from_db()
    assert (customer.name, customer.is_archived) == ("Second", False)
    assert open_codes() == []
    assert_nothing_is_left()


def test_one_archived_here_archives_its_heir(
    ledger: PracticeLedger, customer: Contact
) -> None:
    books(ledger, "Second")
    merge(ledger, "Castle Hotel", "Second")
    archive_contact(customer, by=TESTER)

    next_sync()

    assert xero(ledger, "Contacts", customer)["ContactStatus"] == "ARCHIVED"
    assert open_codes() == []
    assert_nothing_is_left()


def test_an_heir_that_cannot_be_read_is_waited_for(
    ledger: PracticeLedger, customer: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    books(ledger, "Second")
    merge(ledger, "Castle Hotel", "Second")

    def spoil(elements: list[dict[str, Any]]) -> list[Any]:
        return [
            spoiled(one, lambda it: it.update(Phones="none"))
            if one["Name"] == "Second"
            else one
            for one in elements
        ]

    with monkeypatch.context() as patch:
        answers_are(patch, elements_are("GET", "Contacts", spoil))
        next_sync()
        assert open_codes() == ["merged_in_xero", "unreadable"]
        assert_nothing_is_left(held=1)

    XeroConnection.objects.update(full_compare_on=None)
    next_sync()

    customer.refresh_from_db()
    assert (customer.name, open_codes()) == ("Second", [])
    assert_nothing_is_left()


def test_nobody_is_asked_about_a_twin_that_is_merged_away(
    ledger: PracticeLedger, customer: Contact
) -> None:
    make_customer("Dunes Bar", phone="028 9")
    ledger.load_books({"Contacts": [{"Name": "The Dunes Bars", "IsCustomer": True}]})
    next_sync()
    question = SyncIssue.objects.open().get()
    assert question.code == "possible_twin"
    books(ledger, "Quite Another")
    merge(ledger, "The Dunes Bars", "Quite Another")

    next_sync()
    next_sync()

    assert "possible_twin" not in open_codes()
    assert_nothing_is_left()


def test_who_lost_its_link_follows_its_own_id_into_the_heir(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    backup = take_backup()
    in_step()
    books(ledger, "Quite Another")
    merge(ledger, "Castle Hotel", "Quite Another")
    restore(backup)

    in_step()

    customer.refresh_from_db()
    assert (customer.name, Contact.objects.count()) == ("Quite Another", 1)
    assert (ledger.state()["contacts"], open_codes()) == (1, [])
    assert_nothing_is_left()


@pytest.mark.parametrize("between", [[], ["Second"]])
def test_who_lost_its_link_to_an_heir_of_ours_is_asked_about_and_not_sent_again(
    ledger: PracticeLedger, between: list[str]
) -> None:
    castle, dunes = make_customer("Castle Hotel"), make_customer("Dunes Bar")
    connect(ledger)
    in_step()
    books(ledger, *between)
    chain = ["Castle Hotel", *between, "Dunes Bar"]
    for loser, heir in pairwise(chain):
        merge(ledger, loser, heir)
    ContactLink.objects.filter(record=castle).delete()
    make_invoice(castle)  # waits for its customer
    contacts = ledger.state()["contacts"]

    run = next_sync()

    assert_accounted_for(run)
    assert (run.writes, ledger.state()["contacts"]) == (0, contacts)
    issue = SyncIssue.objects.open().get()
    assert (issue.record, issue.code) == (castle, "merged_in_xero")
    assert message_of(issue) == (
        "Contact was merged in Xero. In Xero it is now part of Dunes Bar, which is "
        "linked to Dunes Bar here."
    )
    assert not InvoiceLink.objects.exists()
    for starts_a_day in (True, False):
        if starts_a_day:
            XeroConnection.objects.update(full_compare_on=None)
        assert_silent()
        assert open_codes() == ["merged_in_xero"]
        assert message_of(SyncIssue.objects.open().get()) == message_of(issue)

    archive_contact(castle, by=TESTER)
    next_sync()
    assert "merged_in_xero" not in open_codes()
    dunes.refresh_from_db()
    assert (dunes.is_archived, ledger.state()["contacts"]) == (False, contacts)
