"""The invoice editor through the client, as without scripts: a new invoice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import PaymentTerms
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice
from stock.services import archive_item
from tests.builders import TESTER, make_contact, make_customer, make_item
from tests.invoicing.editor import LABOUR, NEW, typed

pytestmark = pytest.mark.django_db


def line_facts(invoice: Invoice) -> list[tuple[Any, ...]]:
    return [
        (one.description, one.quantity, one.unit_price, one.account_code, one.tax_type)
        for one in invoice.lines.all()
    ]


def test_saves_a_draft_with_the_usual_account_and_rate(office_client: Client) -> None:
    make_customer("Castle Hotel")

    answer = office_client.post(NEW, typed(LABOUR))

    invoice = Invoice.objects.get()
    assert answer["Location"] == f"/invoices/{invoice.pk}/"
    assert (invoice.status, invoice.number) == ("draft", "")
    assert (invoice.subtotal, invoice.tax, invoice.total) == (
        Decimal("90.00"),
        Decimal("18.00"),
        Decimal("108.00"),
    )
    assert line_facts(invoice) == [
        ("Labour", Decimal(2), Decimal(45), "200", "OUTPUT2")
    ]
    assert str(ChangeEntry.objects.of(invoice).get().user) == "office"


def test_an_item_alone_fills_the_line(office_client: Client) -> None:
    make_customer("Castle Hotel")
    item = make_item(
        "VAL22",
        name="Boiler valve",
        sell_price=Decimal("18.50"),
        sales_account_code="260",
        sales_tax_type="RROUTPUT",
    )

    office_client.post(NEW, typed({"item": "val22"}))

    (one,) = Invoice.objects.get().lines.all()
    assert one.item == item
    assert (one.description, one.quantity, one.unit_price) == (
        "Boiler valve",
        Decimal(1),
        Decimal("18.5"),
    )
    assert (one.account_code, one.tax_type, one.tax_amount) == (
        "260",
        "RROUTPUT",
        Decimal("0.93"),
    )


def test_numbers_are_taken_as_people_write_them(office_client: Client) -> None:
    make_customer("Castle Hotel")

    office_client.post(
        NEW,
        typed(
            {
                "description": "Boiler",
                "quantity": " 1 ",
                "unit_price": "£1,234.50",
                "discount_percent": "10%",
            }
        ),
    )

    assert Invoice.objects.get().subtotal == Decimal("1111.05")


def test_the_due_date_follows_the_terms_unless_typed(office_client: Client) -> None:
    make_customer(
        "Castle Hotel", payment_terms=PaymentTerms.DAYS_AFTER_INVOICE, payment_days=7
    )

    office_client.post(NEW, typed(LABOUR))
    # Left at what was suggested for another date:
    suggested = {"due_on": "2026-12-21", "suggested_due_on": "2026-12-21"}
    office_client.post(NEW, typed(LABOUR, **suggested))
    office_client.post(NEW, typed(LABOUR, **suggested | {"due_on": "2026-12-24"}))

    assert [i.due_on for i in Invoice.objects.order_by("pk")] == [
        date(2026, 11, 28),
        date(2026, 11, 28),
        date(2026, 12, 24),
    ]


def test_saves_and_approves_in_one_go(office_client: Client) -> None:
    make_customer("Castle Hotel")

    office_client.post(NEW, typed(LABOUR, approve="1"))

    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.number) == ("approved", "INV-1001")


def test_what_cannot_be_approved_is_not_saved_and_not_lost(
    office_client: Client,
) -> None:
    lead = make_contact("Castle Hotel")

    answer = office_client.post(
        NEW,
        typed(LABOUR, {"description": "Pipe", "tax_type": "INPUT2"}, approve="1"),
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "cannot be used with account 200" in page
    assert answer.context["lines"].forms[1].non_field_errors()
    assert "Labour" in page
    assert not Invoice.objects.exists()
    lead.refresh_from_db()
    assert lead.is_lead


def test_errors_stand_in_their_lines_and_nothing_typed_is_lost(
    office_client: Client,
) -> None:
    make_customer("Castle Hotel")

    answer = office_client.post(
        NEW,
        typed(
            LABOUR | {"unit_price": "a lot"},
            {"item": "NOSUCH"},
            issued_on="2026-11-21",
            due_on="2026-11-01",
        ),
    )

    page = answer.content.decode()
    first, second, *_ = answer.context["lines"].forms
    assert first.errors == {"unit_price": ["Enter a number."]}
    assert second.errors == {"item": ["No stock item has the code or name “NOSUCH”."]}
    assert '<a href="#id_lines-0-unit_price">Price: Enter a number.</a>' in page
    assert 'value="a lot"' in page
    assert not Invoice.objects.exists()


def test_a_due_date_before_the_invoice_is_refused_at_its_field(
    office_client: Client,
) -> None:
    make_customer("Castle Hotel")

    answer = office_client.post(NEW, typed(LABOUR, due_on="2026-11-01"))

    assert answer.context["form"].errors == {
        "due_on": ["The due date is before the invoice date."]
    }
    assert not Invoice.objects.exists()


def test_recalculate_sums_up_and_adds_lines_without_saving(
    office_client: Client,
) -> None:
    make_customer("Castle Hotel")

    answer = office_client.post(NEW, typed(LABOUR, recalculate="1"))

    assert answer.status_code == 200
    assert answer.context["totals"].total == Decimal("108.00")
    assert len(answer.context["lines"].forms) == 7
    assert not Invoice.objects.exists()


# --- drafts ---


def test_an_archived_item_is_not_sold_anew(office_client: Client) -> None:
    make_customer("Castle Hotel")
    archive_item(make_item("VAL22", name="Valve"), by=TESTER)

    answer = office_client.post(NEW, typed({"item": "VAL22"}))

    assert answer.context["lines"].forms[0].errors == {
        "item": ["VAL22 Valve is archived."]
    }
    assert not Invoice.objects.exists()


def test_an_engineer_drafts_but_cannot_approve_by_the_editor(
    engineer_client: Client,
) -> None:
    make_customer("Castle Hotel")

    assert "Save and approve" not in engineer_client.get(NEW).content.decode()
    answer = engineer_client.post(NEW, typed(LABOUR, approve="1"))

    assert answer.status_code == 403
    assert not Invoice.objects.exists()
    assert engineer_client.post(NEW, typed(LABOUR)).status_code == 302


# --- while one types ---


def test_a_new_invoice_starts_today(office_client: Client) -> None:
    form = office_client.get(NEW).context["form"]

    assert form["issued_on"].value() == timezone.localdate()
