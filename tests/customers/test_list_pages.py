"""The lists of customers, leads and suppliers, through the client."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services import archive_contact
from fieldops.common.models import ChangeEntry
from invoicing.services.settle_invoice import record_settlement
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_supplier,
)
from tests.pages import queries_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
HTMX = {"HX-Request": "true"}


def names(client: Client, address: str) -> list[str]:
    page = client.get(address).context["page"]
    return [contact.name for contact in page]


def tabs(client: Client, address: str) -> dict[str, int]:
    return {v["label"]: v["count"] for v in client.get(address).context["views"]}


def owe(name: str, amount: str, *, days_late: int = -10) -> Contact:
    customer = make_customer(name)
    make_invoice(
        customer,
        [line(amount, tax_type="NONE")],
        issued_on=TODAY - timedelta(days=60),
        due_on=TODAY - timedelta(days=days_late),
    )
    return customer


def test_each_group_has_its_own_list(office_client: Client) -> None:
    make_contact("Lead")
    make_customer("Customer")
    make_supplier("Supplier")
    make_contact("Both", is_customer=True, is_supplier=True)

    assert names(office_client, "/customers/") == ["Both", "Customer"]
    assert names(office_client, "/customers/leads/") == ["Lead"]
    assert names(office_client, "/customers/suppliers/") == ["Both", "Supplier"]


def test_shows_what_is_owed_overdue_and_last_invoiced(office_client: Client) -> None:
    customer = owe("Castle Hotel", "100.00", days_late=3)
    make_invoice(
        customer,
        [line("20.00", tax_type="NONE")],
        issued_on=TODAY,
        due_on=TODAY + timedelta(days=5),
    )
    paid = make_invoice(customer, [line("7.00", tax_type="NONE")])
    record_settlement(paid, paid=Decimal("7.00"), credited=Decimal(0), by=TESTER)
    make_draft(customer, [line("500.00")])

    (row,) = office_client.get("/customers/").context["page"]

    assert (row.balance, row.overdue) == (Decimal("120.00"), Decimal("100.00"))
    assert row.last_invoiced_on == TODAY


def test_saved_views_count_and_narrow_down(office_client: Client) -> None:
    owe("Late", "100.00", days_late=1)
    owe("Owing", "50.00", days_late=0)
    make_customer("Even")
    archive_contact(make_customer("Gone"), by=TESTER)

    assert tabs(office_client, "/customers/") == {
        "All": 3,
        "Owing money": 2,
        "Overdue": 1,
        "Archived": 1,
    }
    assert names(office_client, "/customers/?view=owing") == ["Late", "Owing"]
    assert names(office_client, "/customers/?view=overdue") == ["Late"]
    assert names(office_client, "/customers/?view=archived") == ["Gone"]


def test_search_wants_every_word_somewhere(office_client: Client) -> None:
    make_customer("Castle Hotel", email="bills@castle.example", billing_city="Derry")
    make_customer("Castle Bakery", phone="028 9032 1188", delivery_postcode="BT7 1AA")

    assert names(office_client, "/customers/?q=bt7") == ["Castle Bakery"]
    assert names(office_client, "/customers/?q=castle+bills") == ["Castle Hotel"]
    assert names(office_client, "/customers/?q=9032") == ["Castle Bakery"]
    assert names(office_client, "/customers/?q=castle+nobody") == []


def test_filters_by_town_and_by_missing_email(office_client: Client) -> None:
    make_customer("Here", billing_city="Derry", email="a@b.example")
    make_customer("There", billing_city="Newry")

    assert names(office_client, "/customers/?town=Derry") == ["Here"]
    assert names(office_client, "/customers/?email=without") == ["There"]


def test_an_unknown_filter_sort_or_page_is_no_error(office_client: Client) -> None:
    make_customer("Castle Hotel")

    address = "/customers/?town=Atlantis&sort=size&view=none&page=99"

    assert names(office_client, address) == ["Castle Hotel"]


def test_sorts_both_ways_with_names_regardless_of_case(office_client: Client) -> None:
    owe("beta", "10.00")
    owe("Alpha", "30.00")
    owe("Gamma", "20.00")

    assert names(office_client, "/customers/") == ["Alpha", "beta", "Gamma"]
    assert names(office_client, "/customers/?sort=-name") == ["Gamma", "beta", "Alpha"]
    assert names(office_client, "/customers/?sort=-balance") == [
        "Alpha",
        "Gamma",
        "beta",
    ]


def test_pages_of_25_lose_and_repeat_nobody(office_client: Client) -> None:
    for number in range(30):
        make_customer(f"Customer {number:02}", billing_city="Derry")

    first = names(office_client, "/customers/?sort=town")
    second = names(office_client, "/customers/?sort=town&page=2")

    assert (len(first), len(second)) == (25, 5)
    assert len({*first, *second}) == 30


def test_htmx_gets_the_list_alone_and_caches_are_told(office_client: Client) -> None:
    make_customer("Castle Hotel")

    part = office_client.get("/customers/", headers=HTMX)
    back = office_client.get(
        "/customers/", headers=HTMX | {"HX-History-Restore-Request": "true"}
    )

    assert b"Castle Hotel" in part.content
    assert b"<html" not in part.content
    assert b"<html" in back.content
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in office_client.get("/customers/")["Vary"]


def test_the_title_says_where_one_is(office_client: Client) -> None:
    assert b"<title>Customers" in office_client.get("/customers/").content


@pytest.mark.parametrize(
    "address", ["/customers/", "/customers/leads/", "/customers/suppliers/"]
)
def test_costs_the_same_for_one_row_and_twenty(
    office_client: Client, address: str
) -> None:
    def add(number: int) -> None:
        owe(f"Customer {number}", "10.00", days_late=2)
        make_contact(f"Lead {number}")
        make_supplier(f"Supplier {number}", account_number="C1")

    add(0)
    cost = queries_of(office_client, address)
    for number in range(1, 20):
        add(number)

    assert queries_of(office_client, address) == cost
    assert cost <= 12


def test_exports_all_rows_of_the_filter(office_client: Client) -> None:
    for number in range(30):
        make_customer(f"Customer {number:02}", billing_city="Derry")
    make_customer("=cmd|' /C calc'!A0", billing_city="Derry", phone="+44 28 9032")
    make_customer("Elsewhere", billing_city="Newry")

    answer: Any = office_client.get("/customers/?town=Derry&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert answer["Content-Disposition"] == 'attachment; filename="customers.csv"'
    assert len(lines) == 1 + 31
    assert lines[1].startswith("'=cmd")
    assert ",+44 28 9032," in lines[1]
    assert not any("Elsewhere" in row for row in lines)


def test_archives_the_ticked_rows(office_client: Client) -> None:
    one, two = make_customer("One"), make_customer("Two")
    make_customer("Three")

    answer = office_client.post(
        "/customers/",
        {"action": "archive", "selected": [one.pk, two.pk], "query": "sort=-name"},
        follow=True,
    )

    assert answer.redirect_chain == [("/customers/?sort=-name", 302)]
    assert "2 customers archived." in answer.content.decode()
    assert names(office_client, "/customers/") == ["Three"]
    assert ChangeEntry.objects.of(one).first().action == "archived"  # type: ignore[union-attr]


def test_acts_on_all_that_match_the_filter_and_no_others(office_client: Client) -> None:
    for number in range(30):
        make_customer(f"Derry {number:02}", billing_city="Derry")
    make_customer("Newry", billing_city="Newry")

    office_client.post(
        "/customers/",
        {"action": "archive", "all_matching": "1", "query": "town=Derry"},
    )

    assert names(office_client, "/customers/") == ["Newry"]
    assert Contact.objects.filter(is_archived=True).count() == 30


def test_a_lead_cannot_be_ticked_in_the_list_of_customers(
    office_client: Client,
) -> None:
    lead = make_contact("Lead")

    office_client.post("/customers/", {"action": "archive", "selected": [lead.pk]})

    lead.refresh_from_db()
    assert not lead.is_archived


def test_who_may_not_archive_gets_no_button_and_no_way(engineer_client: Client) -> None:
    customer = make_customer("Castle Hotel")

    page = engineer_client.get("/customers/")
    answer = engineer_client.post(
        "/customers/", {"action": "archive", "selected": [customer.pk]}
    )

    assert b'value="archive"' not in page.content
    assert answer.status_code == 403
    customer.refresh_from_db()
    assert not customer.is_archived


def test_an_unknown_action_is_refused(office_client: Client) -> None:
    assert office_client.post("/customers/", {"action": "erase"}).status_code == 400


def test_a_new_company_is_told_what_to_do(office_client: Client) -> None:
    page = office_client.get("/customers/").content.decode()

    assert "No customers yet" in page
    assert "A lead becomes a customer with its first invoice." in page


def test_nothing_found_is_not_nothing_there(office_client: Client) -> None:
    make_customer("Castle Hotel")

    page = office_client.get("/customers/?q=zzz").content.decode()

    assert "Nothing matches" in page
    assert "No customers yet" not in page


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/customers/")

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/sign-in/?next=/customers/",
    )
