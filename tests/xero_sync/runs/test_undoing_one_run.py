"""The undo of an ordinary run: its own fields, and nothing of the runs around it."""

import pytest

from customers.services import archive_contact, change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import left, phones, undone
from tests.xero_sync.world import assert_silent, connect, in_step, next_sync
from xero_sync.models import ContactLink, XeroConnection

pytestmark = pytest.mark.django_db


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
