"""What stays out on purpose: the same in every run, with the list behind each count."""

from datetime import date
from html import unescape

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import archive_contact
from invoicing.services.cancel_invoice import cancel_invoice
from stock.services import archive_item
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.ledger import PracticeLedger
from tests.pages import main_of, queries_of
from tests.xero_sync.rows import make_connection, make_run, mirror_contact
from tests.xero_sync.world import connect, in_step, next_sync
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.report.left_out import left_out_by, left_out_now
from xero_sync.report.render import content_of
from xero_sync.runs.choices import change_settings

pytestmark = pytest.mark.django_db

SYNC = "/xero/"
ALL = {
    "leads": 1,
    "archived": 2,
    "only-cancelled": 1,
    "archived-in-xero": 1,
    "neither": 2,
    "archived-items": 1,
    "cancelled": 2,
    "drafts": 1,
    "early": 1,
}


def counts(connection: XeroConnection) -> dict[str, int]:
    return {row.key: row.count for row in left_out_now(connection)}


def put_one_of_each() -> Contact:
    """And of those that come first where two reasons hold."""
    castle = make_customer("Castle Hotel")
    make_contact("Mary Doyle")
    archive_contact(make_contact("Old Lead"), by=TESTER)
    archive_contact(make_supplier("Old Supplier"), by=TESTER)
    only = make_customer("Only Cancelled")
    cancel_invoice(make_invoice(only), by=TESTER)
    cancel_invoice(make_invoice(castle, issued_on=date(2026, 1, 5)), by=TESTER)
    make_draft(castle, issued_on=date(2026, 1, 6))
    make_invoice(castle, issued_on=date(2026, 1, 7))
    make_invoice(castle)
    archive_item(make_item("OLD"), by=TESTER)
    make_item("NEW")
    make_supplier("Supplier without invoices")
    return castle


def fill_xero(ledger: PracticeLedger) -> None:
    names = ("Neither One", "Neither Two", "Closed There")
    *_, last = ledger.write("PUT", "Contacts", *[{"Name": name} for name in names])
    closed = {"ContactID": last["ContactID"], "ContactStatus": "ARCHIVED"}
    ledger.write("POST", "Contacts", closed)


@pytest.mark.django_db(transaction=True)
def test_it_is_what_the_plan_left_out_and_stays_so(ledger: PracticeLedger) -> None:
    castle = put_one_of_each()
    fill_xero(ledger)
    connection = connect(ledger)
    change_settings({"invoices_from": date(2026, 2, 1)}, by=TESTER)

    run = in_step()

    assert counts(connection) == ALL
    by_plan = {row.label: row.count for row in left_out_by(run)}
    assert by_plan == {row.label: row.count for row in left_out_now(connection)}

    make_invoice(castle)
    ordinary = next_sync()
    assert ordinary.state == SyncRun.State.FINISHED
    assert counts(connection) == ALL
    rows = content_of(ordinary)["left_out"]
    assert {row["label"]: row["count"] for row in rows} == by_plan


def test_a_setting_that_sends_them_takes_them_off_the_list() -> None:
    connection = make_connection()
    castle = make_customer("Castle Hotel")
    make_draft(castle, issued_on=date(2026, 1, 6))
    make_draft(castle)
    SyncSettings.current()
    assert counts(connection) == {"drafts": 2}
    SyncSettings.objects.update(sends_drafts=True)
    assert counts(connection) == {}
    SyncSettings.objects.update(invoices_from=date(2026, 2, 1))
    assert counts(connection) == {"early": 1}


def test_merged_in_xero_counts_as_archived_there() -> None:
    connection = make_connection()
    mirror_contact(connection, "a", Name="Heir", IsCustomer=False)
    mirror_contact(connection, "b", Name="Loser", MergedToContactID="a")
    nobody = "00000000-0000-0000-0000-000000000000"
    mirror_contact(connection, "c", Name="In use", MergedToContactID=nobody)
    assert counts(connection) == {"neither": 1, "archived-in-xero": 1}


def test_the_sync_page_names_them_after_an_ordinary_run(office_client: Client) -> None:
    connection = make_connection()
    make_run(connection, left_out={"contact: a lead: goes with its first invoice": 7})
    put_one_of_each()
    page = unescape(main_of(office_client, SYNC))
    assert '<b class="num">1</b><a href="/xero/left-out/leads/">Leads, until' in page
    assert '<b class="num">2</b><a href="/xero/left-out/cancelled/">Cancelled' in page


@pytest.mark.parametrize(
    ("key", "shown", "hidden"),
    [
        ("leads", ["Mary Doyle"], ["Old Lead", "Castle Hotel"]),
        ("archived", ["Old Lead", "Old Supplier"], ["Mary Doyle"]),
        ("only-cancelled", ["Only Cancelled"], ["Castle Hotel"]),
        ("archived-items", ["OLD"], ["NEW"]),
        ("cancelled", ["Only Cancelled", "5 Jan 2026"], ["6 Jan 2026", "7 Jan 2026"]),
        ("drafts", ["Draft", "6 Jan 2026", "Castle Hotel"], ["5 Jan 2026"]),
        ("early", ["7 Jan 2026", "£12.00"], ["5 Jan 2026", "6 Jan 2026"]),
        ("neither", ["Just There", "just@there.example"], ["Buyer There"]),
        ("archived-in-xero", ["Closed There"], ["Just There"]),
    ],
)
def test_each_count_leads_to_its_list(
    office_client: Client, key: str, shown: list[str], hidden: list[str]
) -> None:
    connection = make_connection()
    put_one_of_each()
    SyncSettings.current()
    SyncSettings.objects.update(invoices_from=date(2026, 2, 1))
    mail = {"Name": "Just There", "EmailAddress": "just@there.example"}
    mirror_contact(connection, "a", IsCustomer=False, **mail)
    mirror_contact(connection, "b", Name="Buyer There")
    mirror_contact(connection, "c", Name="Closed There", ContactStatus="ARCHIVED")
    page = main_of(office_client, f"/xero/left-out/{key}/")
    assert [text for text in shown if text not in page] == []
    assert [text for text in hidden if text in page] == []


def test_an_empty_list_says_so_and_an_unknown_one_is_not_there(
    office_client: Client, engineer_client: Client
) -> None:
    assert office_client.get("/xero/left-out/leads/").status_code == 404
    make_connection()
    assert "Nothing is left out" in main_of(office_client, "/xero/left-out/leads/")
    assert office_client.get("/xero/left-out/nothing/").status_code == 404
    assert engineer_client.get("/xero/left-out/leads/").status_code == 403


def test_long_lists_cost_no_more(office_client: Client) -> None:
    make_connection()
    castle = make_customer("Castle Hotel")
    make_draft(castle)
    few = queries_of(office_client, "/xero/left-out/drafts/")
    for _ in range(5):
        make_draft(make_customer())
    assert queries_of(office_client, "/xero/left-out/drafts/") == few
