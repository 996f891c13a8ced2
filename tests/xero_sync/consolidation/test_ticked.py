"""Contacts ticked for archiving in Xero, which have changed there since."""

from typing import Any

import pytest
from django.test import Client

from customers.models import Contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.world import (
    assert_silent,
    connect,
    contacts_there,
    preview,
    work_on,
)
from xero_sync.consolidation.signing import sign_off_and_start, start_unsigned
from xero_sync.consolidation.starting import tick_for_archive
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.planner.contacts import TICKED_BEFORE
from xero_sync.runs.choices import change_settings
from xero_sync.runs.signed import digest_of

pytestmark = pytest.mark.django_db

PAGE = "/xero/duplicates/without-twin/"


def keyed(contact: str, number: str, type_: str = "ACCREC") -> dict[str, Any]:
    line = {
        "Description": "by hand",
        "Quantity": 1,
        "UnitAmount": 10,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    return {
        "Type": type_,
        "InvoiceNumber": number,
        "Contact": {"Name": contact},
        "Date": "2026-11-02",
        "DueDate": "2026-12-01",
        "Status": "AUTHORISED",
        "LineItems": [line],
    }


@pytest.fixture
def ids(ledger: PracticeLedger) -> dict[str, str]:
    """Xero's, by name. "Old Mill" and "Old Forge" are ticked there."""
    make_customer("Castle Hotel")
    names = ("Old Forge", "Old Mill", "New Forge")
    ledger.load_books(
        {
            "Contacts": [{"Name": name, "IsCustomer": True} for name in names],
            "Invoices": [keyed("Old Forge", "KEYED-1"), keyed("Old Mill", "KEYED-2")],
        }
    )
    connect(ledger)
    change_settings({"start_with": "ours"}, by=TESTER)
    alone = preview().changes.filter(local_id=None, kind="contact")
    ids = dict(alone.values_list("title", "xero_id"))
    ticked = [ids["Old Forge"], ids["Old Mill"]]
    assert tick_for_archive(XeroConnection.objects.get(), ticked, ticked) == 2
    return ids


def touch(ledger: PracticeLedger, what: str, contact_id: str) -> None:
    if what == "edited":
        ledger.control("contact/change", contact=contact_id, LastName="Moore")
    elif what == "invoiced":
        ledger.load_books({"Invoices": [keyed("Old Forge", "KEYED-3")]})
    elif what == "billed":
        ledger.load_books({"Invoices": [keyed("Old Forge", "BILL", "ACCPAY")]})
    else:
        ledger.control("invoice/pay", invoice="KEYED-1", amount=1)


TOUCHES = ("edited", "invoiced", "billed", "paid")


@pytest.mark.parametrize("what", TOUCHES)
def test_after_the_signature_it_drops_out_and_is_planned_anew(
    ledger: PracticeLedger, ids: dict[str, str], what: str
) -> None:
    looked_at = preview()
    assert looked_at.changes.filter(action="archive").count() == 2
    signed = sign_off_and_start(looked_at, digest_of(looked_at), shown={}, by=TESTER)
    touch(ledger, what, ids["Old Forge"])

    run = work_on(signed)

    assert run.state == SyncRun.State.FINISHED
    (dropped,) = run.changes.filter(state="dropped")
    assert (dropped.title, dropped.action) == ("Old Forge", "create")
    assert dropped.reason == TICKED_BEFORE
    (archived,) = run.changes.filter(action="archive")
    assert (archived.title, archived.state) == ("Old Mill", "done")
    assert not Contact.objects.filter(name__startswith="Old").exists()

    work_on(SyncRun.objects.open().get())
    assert Contact.objects.filter(name__startswith="Old").get().name == "Old Forge"
    assert contacts_there(ledger) == ["Castle Hotel", "New Forge", "Old Forge"]
    assert_silent()


def test_without_a_signature_it_is_not_archived_either(
    ledger: PracticeLedger, ids: dict[str, str]
) -> None:
    connection = preview().connection
    touch(ledger, "paid", ids["Old Forge"])

    run = work_on(start_unsigned(connection, by=TESTER))

    assert run.state == SyncRun.State.FINISHED
    assert run.changes.get(title="Old Forge").reason == TICKED_BEFORE
    assert contacts_there(ledger) == ["Castle Hotel", "New Forge", "Old Forge"]
    assert_silent()


def test_a_new_preview_asks_again(
    ledger: PracticeLedger, ids: dict[str, str], admin_client: Client
) -> None:
    touch(ledger, "invoiced", ids["Old Forge"])
    archived = preview().changes.filter(action="archive")
    page = main_of(admin_client, PAGE)
    assert [one.title for one in archived] == ["Old Mill"]
    assert page.count("Ticked before, and changed in Xero since") == 1
    assert "1 ticked so far, 1 more changed in Xero since it was ticked" in page
    assert f'value="{ids["Old Mill"]}" checked' in page
    assert f'value="{ids["Old Forge"]}" checked' not in page

    again = [ids["Old Forge"]]
    assert tick_for_archive(XeroConnection.objects.get(), again, again) == 2

    assert preview().changes.filter(action="archive").count() == 2
    page = main_of(admin_client, PAGE)
    assert "Ticked before" not in page
    assert "2 ticked so far." in page
