"""Whom the invoice editor takes for the customer that somebody typed."""

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import archive_contact
from invoicing.models import Invoice
from tests.builders import TESTER, make_contact, make_customer
from tests.invoicing.editor import LABOUR, NEW, typed

pytestmark = pytest.mark.django_db


def test_the_first_invoice_makes_a_lead_a_customer(office_client: Client) -> None:
    lead = make_contact("Castle Hotel")
    page = office_client.get(f"{NEW}?customer={lead.pk}")
    assert page.context["form"]["customer"].value() == "Castle Hotel"

    office_client.post(f"{NEW}?customer={lead.pk}", typed(LABOUR))

    lead.refresh_from_db()
    assert lead.is_customer


def test_asks_who_is_meant_when_several_match(office_client: Client) -> None:
    first = make_customer("Castle Hotel", account_number="C1", billing_city="Derry")
    make_customer("Castle Hotel", account_number="C2")

    answer = office_client.post(NEW, typed(LABOUR))
    assert "Several match “Castle Hotel”." in answer.content.decode()
    assert f'name="customer_pick" value="{first.pk}"' in answer.content.decode()
    assert not Invoice.objects.exists()

    office_client.post(NEW, typed(LABOUR, customer_pick=str(first.pk)))
    assert Invoice.objects.get().customer == first


@pytest.mark.parametrize(
    "text", ["Castle Hotel · C1", "c1", "castle hotel", "Castle", "Hot"]
)
def test_finds_the_customer_by_what_is_typed(office_client: Client, text: str) -> None:
    castle = make_customer("Castle Hotel", account_number="C1")
    make_customer("Foyle Dental")
    archive_contact(make_customer("Castle Hotel Old"), by=TESTER)

    office_client.post(NEW, typed(LABOUR, customer=text))

    assert Invoice.objects.get().customer == castle


def test_a_pick_that_does_not_fit_the_text_does_not_count(
    office_client: Client,
) -> None:
    foyle = make_customer("Foyle Dental")
    castle = make_customer("Castle Hotel")

    office_client.post(NEW, typed(LABOUR, customer_pick=str(foyle.pk)))

    assert Invoice.objects.get().customer == castle


def test_nobody_of_that_name_is_said(office_client: Client) -> None:
    answer = office_client.post(NEW, typed(LABOUR))

    assert "No customer or lead is called “Castle Hotel”." in answer.content.decode()
    assert not Contact.objects.exists()
