"""The Xero button on a record and on a list."""

import pytest
from django.test import Client

from tests.builders import make_customer, make_draft, make_invoice, make_supplier
from tests.xero_sync.rows import make_connection
from xero_sync.models import SyncRun

pytestmark = pytest.mark.django_db


def test_one_invoice_is_sent_now(office_client: Client) -> None:
    make_connection()
    draft = make_draft()
    answer = office_client.post(
        "/xero/send/", {"kind": "invoice", "selected": [draft.pk]}, follow=True
    )
    assert "1 invoice is on its way to Xero." in answer.content.decode()
    run = SyncRun.objects.get()
    assert (run.reason, run.scope) == ("records", {"invoice": [draft.pk]})


def test_the_ticked_rows_are_sent(office_client: Client) -> None:
    make_connection()
    invoices = [make_invoice() for _ in range(3)]
    ids = [invoice.pk for invoice in invoices[:2]]
    office_client.post(
        "/xero/send/", {"kind": "invoice", "selected": [*ids, 999_999, "x"]}
    )
    assert SyncRun.objects.get().scope == {"invoice": ids}


def test_all_that_match_are_those_of_the_list(office_client: Client) -> None:
    make_connection()
    wanted = make_customer("Castle Hotel")
    make_customer("Foyle")
    make_supplier("Castle Supplies")
    office_client.post(
        "/xero/send/?list=/customers/",
        {"kind": "contact", "all_matching": "1", "query": "q=castle"},
    )
    assert SyncRun.objects.get().scope == {"contact": [wanted.pk]}


@pytest.mark.parametrize("path", ["", "/nowhere/", "/help/", "//elsewhere.example/"])
def test_only_lists_choose(office_client: Client, path: str) -> None:
    make_connection()
    answer = office_client.post(
        f"/xero/send/?list={path}", {"kind": "contact", "all_matching": "1"}
    )
    assert answer.status_code == 400
    assert SyncRun.objects.count() == 0


def test_nothing_ticked_sends_nothing(office_client: Client) -> None:
    make_connection()
    answer = office_client.post("/xero/send/", {"kind": "invoice"}, follow=True)
    assert "Tick what to send first." in answer.content.decode()
    assert SyncRun.objects.count() == 0


def test_before_the_first_sync_the_button_refuses(office_client: Client) -> None:
    make_connection(first_sync_done_at=None)
    invoice = make_invoice()
    answer = office_client.post(
        "/xero/send/", {"kind": "invoice", "selected": [invoice.pk]}, follow=True
    )
    assert "Start the first sync before anything else." in answer.content.decode()
    assert SyncRun.objects.count() == 0


def test_the_list_offers_the_button_after_the_first_sync(office_client: Client) -> None:
    make_customer()
    assert "Send to Xero" not in office_client.get("/customers/").content.decode()
    make_connection()
    assert "Send to Xero" in office_client.get("/customers/").content.decode()
