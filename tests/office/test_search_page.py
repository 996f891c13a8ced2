"""Find anything."""

import pytest
from django.test import Client

from customers.services import archive_contact
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def found(client: Client, text: str) -> dict[str, list[str]]:
    groups = client.get("/search/", {"q": text}).context["found"]
    return {group.title: [str(r) for r in group.records] for group in groups}


def test_finds_every_kind_of_record(office_client: Client) -> None:
    castle = make_customer("Castle Hotel")
    make_contact("Castle Guest")
    make_contact("Castle Pipes", is_supplier=True)
    make_item("CASTLE1", name="Key")
    make_invoice(castle)

    assert found(office_client, "castle") == {
        "Customers": ["Castle Hotel"],
        "Leads": ["Castle Guest"],
        "Suppliers": ["Castle Pipes"],
        "Stock": ["CASTLE1 Key"],
        "Invoices": ["INV-1001"],
    }


def test_the_only_match_opens_at_once(office_client: Client) -> None:
    customer = make_customer("Castle Hotel")

    answer = office_client.get("/search/?q=castle")
    part = office_client.get("/search/?q=castle", HTTP_HX_REQUEST="true")

    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert part.status_code == 200
    assert b"<html" not in part.content


def test_leaves_out_what_is_archived(office_client: Client) -> None:
    archive_contact(make_customer("Castle Hotel"), by=TESTER)

    assert found(office_client, "castle") == {}
    assert "Nothing found" in main_of(office_client, "/search/?q=castle")


def test_shows_some_and_leads_to_all(office_client: Client) -> None:
    for number in range(10):
        make_draft(make_customer(f"Castle & Sons {number}"))

    answer = office_client.get("/search/?q=castle+%26+sons")
    (customers, invoices) = answer.context["found"]

    assert (customers.count, len(customers.records)) == (10, 8)
    listed = office_client.get(customers.url).context["page"]
    assert listed.paginator.count == 10
    assert invoices.count == 10


def test_without_words_nothing_is_listed(office_client: Client) -> None:
    make_customer("Castle Hotel")

    assert found(office_client, "  ") == {}
