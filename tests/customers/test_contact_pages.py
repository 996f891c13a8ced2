"""The page of one contact and its form, through the client."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact, PaymentTerms
from customers.services import change_contact
from fieldops.common.actor import Actor
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_invoice,
    make_supplier,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def typed(**values: str) -> dict[str, str]:
    return {"name": "Castle Hotel", **values}


def test_the_overview_tells_what_is_owed(office_client: Client) -> None:
    customer = make_customer("Castle Hotel", account_number="C1027")
    make_invoice(
        customer,
        [line("1280.00", tax_type="NONE")],
        issued_on=TODAY - timedelta(days=60),
        due_on=TODAY - timedelta(days=30),
    )

    answer = office_client.get(f"/customers/{customer.pk}/")

    assert (answer.context["owed"], answer.context["overdue"]) == (
        Decimal("1280.00"),
        Decimal("1280.00"),
    )
    page = answer.content.decode()
    assert "<title>Castle Hotel · Customers · Fieldops</title>" in page
    assert "INV-1001" in page
    assert "£1,280.00" in page


def test_a_lead_is_offered_its_first_invoice(office_client: Client) -> None:
    page = main_of(office_client, f"/customers/{make_contact('Mary').pk}/")

    assert "Make first invoice" in page
    assert "nothing of this goes to Xero" in page


def test_the_history_tells_who_changed_what(
    office_client: Client, office: User
) -> None:
    customer = make_customer("Castle Hotel", phone="028 9032 1188")
    change_contact(
        customer,
        {"phone": "028 9032 1199", "billing_city": "Derry", "is_supplier": True},
        by=Actor.person(office),
    )

    (changed, created) = office_client.get(
        f"/customers/{customer.pk}/?tab=history"
    ).context["history"]

    assert (created.action, created.by, created.changes) == ("Created", "Test", ())
    assert (changed.action, changed.by) == ("Changed", "office")
    assert {(c.label, c.before, c.after) for c in changed.changes} == {
        ("Phone", "028 9032 1188", "028 9032 1199"),
        ("Billing town or city", "blank", "Derry"),
        ("Is supplier", "No", "Yes"),
    }


@pytest.mark.parametrize("tab", ["overview", "invoices", "history"])
def test_the_cost_of_a_tab_does_not_grow(office_client: Client, tab: str) -> None:
    customer = make_customer("Castle Hotel")
    address = f"/customers/{customer.pk}/?tab={tab}"

    def add(number: int) -> None:
        make_invoice(customer)
        change_contact(customer, {"notes": str(number)}, by=TESTER)

    add(0)
    cost = queries_of(office_client, address)
    for number in range(1, 9):
        add(number)

    assert queries_of(office_client, address) == cost
    assert cost <= 15


def test_a_new_lead_needs_a_name_only(office_client: Client) -> None:
    answer = office_client.post("/customers/leads/new/", typed())

    contact = Contact.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/customers/{contact.pk}/",
    )
    assert contact.is_lead
    entry = ChangeEntry.objects.of(contact).get()
    assert (str(entry.user), entry.cause) == ("office", "by hand")


def test_a_new_supplier_is_one(office_client: Client) -> None:
    page = office_client.get("/customers/suppliers/new/")
    assert page.context["form"].initial["is_supplier"] is True

    office_client.post("/customers/suppliers/new/", typed(is_supplier="on"))

    assert Contact.objects.get().group == "Supplier"


def test_a_new_customer_goes_on_to_the_first_invoice(office_client: Client) -> None:
    answer = office_client.post("/customers/new/", typed(and_invoice="1"))

    contact = Contact.objects.get()
    assert answer["Location"] == f"/invoices/new/?customer={contact.pk}"
    assert contact.is_lead


def test_nobody_can_be_made_a_customer_by_hand(office_client: Client) -> None:
    office_client.post("/customers/new/", typed(is_customer="on"))

    assert Contact.objects.get().is_lead


def test_what_xero_would_refuse_is_saved_all_the_same(office_client: Client) -> None:
    first = make_customer("First", account_number="C1")
    new = typed(email="castle@", account_number="C1", twins_seen=f"here:{first.pk}")

    office_client.post("/customers/leads/new/", new)

    saved = Contact.objects.get(name="Castle Hotel")
    assert (saved.email, saved.account_number) == ("castle@", "C1")


def test_without_a_name_the_page_says_so_and_keeps_the_rest(
    office_client: Client,
) -> None:
    answer = office_client.post(
        "/customers/leads/new/", {"name": " ", "phone": "028 9032 1188"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: New lead" in page
    assert '<a href="#id_name">Enter a name.</a>' in page
    assert 'value="028 9032 1188"' in page
    assert not Contact.objects.exists()


def test_terms_need_both_their_parts(office_client: Client) -> None:
    answer = office_client.post("/customers/leads/new/", typed(payment_days="30"))
    assert answer.context["form"].errors == {
        "payment_terms": ["Choose what the days are counted from."]
    }

    office_client.post(
        "/customers/leads/new/",
        typed(payment_days="30", payment_terms=PaymentTerms.DAYS_AFTER_INVOICE),
    )
    assert Contact.objects.get().payment_days == 30


def test_editing_shows_what_is_there_and_saves_what_is_typed(
    office_client: Client,
) -> None:
    customer = make_customer("Castle Hotel", phone="1", is_supplier=True)
    form = office_client.get(f"/customers/{customer.pk}/edit/").context["form"]
    assert (form["phone"].value(), form["revision"].value()) == ("1", 1)

    answer = office_client.post(
        f"/customers/{customer.pk}/edit/", typed(phone="2", revision="1")
    )

    customer.refresh_from_db()
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert (customer.phone, customer.is_supplier, customer.is_customer) == (
        "2",
        False,
        True,
    )


def test_two_people_at_once_lose_nothing(office_client: Client, office: User) -> None:
    customer = make_customer("Castle Hotel", phone="1")
    change_contact(customer, {"phone": "2"}, by=Actor.person(office))

    answer = office_client.post(
        f"/customers/{customer.pk}/edit/", typed(phone="3", revision="1")
    )

    customer.refresh_from_db()
    assert (answer.status_code, customer.phone) == (422, "2")
    page = answer.content.decode()
    assert "What was changed meanwhile" in page
    assert 'value="3"' in page
    form = answer.context["form"]
    assert form["revision"].value() == "2"

    office_client.post(
        f"/customers/{customer.pk}/edit/", typed(phone="3", revision="2")
    )
    customer.refresh_from_db()
    assert customer.phone == "3"


def test_archives_and_restores(office_client: Client) -> None:
    customer = make_customer("Castle Hotel")

    office_client.post(f"/customers/{customer.pk}/archive/")
    page = main_of(office_client, f"/customers/{customer.pk}/")
    assert "Archived" in page
    assert "New invoice" not in page

    office_client.post(f"/customers/{customer.pk}/restore/")
    customer.refresh_from_db()
    assert not customer.is_archived


def test_an_engineer_sees_and_adds_but_does_not_change(
    engineer_client: Client,
) -> None:
    customer = make_customer("Castle Hotel")
    page = main_of(engineer_client, f"/customers/{customer.pk}/")

    assert f"/customers/{customer.pk}/edit/" not in page
    assert engineer_client.get(f"/customers/{customer.pk}/edit/").status_code == 403
    assert engineer_client.post(f"/customers/{customer.pk}/archive/").status_code == 403
    new = typed(name="Dunes Bar")
    assert engineer_client.post("/customers/leads/new/", new).status_code == 302
    customer.refresh_from_db()
    assert (customer.revision, customer.is_archived) == (1, False)


def test_the_accountant_adds_nobody(accountant_client: Client) -> None:
    assert accountant_client.get("/customers/leads/new/").status_code == 403


def test_what_is_not_there_is_404(office_client: Client) -> None:
    for address in ("/customers/99/", "/customers/99/edit/"):
        assert office_client.get(address).status_code == 404
    assert office_client.post("/customers/99/archive/").status_code == 404


def test_archiving_asks_for_a_post(office_client: Client) -> None:
    supplier = make_supplier("Pipes")

    assert office_client.get(f"/customers/{supplier.pk}/archive/").status_code == 405
