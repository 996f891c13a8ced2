"""The live parts of the invoice editor: sums, the due date, lines that fill themselves,
and what is offered."""

from decimal import Decimal

import pytest
from django.test import Client

from customers.models import PaymentTerms
from invoicing.models import Invoice
from tests.builders import make_customer, make_item
from tests.invoicing.editor import NEW, typed

pytestmark = pytest.mark.django_db


def test_the_live_sums_are_those_that_are_saved(office_client: Client) -> None:
    make_customer("Castle Hotel")
    lines = [
        {"description": "A", "quantity": "3", "unit_price": "0.3333"},
        {"description": "B", "unit_price": "9.99", "tax_type": "RROUTPUT"},
        {"description": "C", "quantity": "no number", "unit_price": "5"},
    ]

    live = office_client.post(
        "/invoices/totals/", typed(*lines), headers={"HX-Request": "true"}
    )
    office_client.post(NEW, typed(*lines[:2]))

    saved = Invoice.objects.get()
    assert live.context["totals"].total == saved.total == Decimal("11.69")
    page = live.content.decode()
    assert '<output id="lines-0-amount" hx-swap-oob="true">£1.00</output>' in page
    assert '<output id="lines-2-amount" hx-swap-oob="true"></output>' in page


def test_the_live_due_date_follows_customer_and_date(office_client: Client) -> None:
    make_customer(
        "Castle Hotel", payment_terms=PaymentTerms.OF_FOLLOWING_MONTH, payment_days=20
    )
    untouched = {"due_on": "2026-12-21", "suggested_due_on": "2026-12-21"}

    moved = office_client.post("/invoices/totals/", typed(**untouched))
    chosen = office_client.post(
        "/invoices/totals/", typed(**untouched | {"due_on": "2026-12-24"})
    )

    assert 'value="2026-12-20"' in moved.content.decode()
    assert 'id="id_due_on"' not in chosen.content.decode()


def test_picking_an_item_fills_its_line(office_client: Client) -> None:
    make_item("VAL22", name="Boiler valve", sell_price=Decimal("18.50"))
    make_item("PIPE15", name="Copper pipe", sell_price=Decimal("4.20"))

    picked = office_client.post(
        "/invoices/line/?line=lines-2", {"lines-2-item": "val22"}
    )
    form = picked.context["line"]
    assert [form[n].value() for n in ("item", "description", "unit_price")] == [
        "VAL22",
        "Boiler valve",
        "18.50",
    ]
    assert picked["HX-Trigger-After-Settle"] == "line-filled"

    again = office_client.post(
        "/invoices/line/?line=lines-2",
        {
            "lines-2-item": "PIPE15",
            "lines-2-filled_by": "VAL22",
            "lines-2-description": "Boiler valve",
            "lines-2-unit_price": "17",
            "lines-2-quantity": "6",
        },
    ).context["line"]
    assert [again[n].value() for n in ("description", "unit_price", "quantity")] == [
        "Copper pipe",
        "17",
        "6",
    ]


def test_an_unknown_item_is_said_at_once(office_client: Client) -> None:
    answer = office_client.post(
        "/invoices/line/?line=lines-0", {"lines-0-item": "NOSUCH"}
    )

    assert "No stock item has the code or name" in answer.content.decode()


def test_a_line_that_is_none_is_refused(office_client: Client) -> None:
    assert office_client.post("/invoices/line/?line=customer").status_code == 400


def test_offers_items_and_customers_by_what_is_typed(office_client: Client) -> None:
    make_item("VAL22", name="Boiler <valve>")
    make_item("PIPE15", name="Copper pipe")
    make_customer("Castle Hotel", account_number="C1")
    make_customer("Foyle Dental")

    items = office_client.get("/invoices/items/?lines-0-item=boiler").content.decode()
    people = office_client.get("/invoices/customers/?customer=cast").content.decode()

    assert items == '<option value="VAL22">Boiler &lt;valve&gt;</option>'
    assert people == '<option value="Castle Hotel · C1"></option>'
