"""The invoice editor through the client: as without scripts, and its live parts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact, PaymentTerms
from customers.services import archive_contact
from fieldops.common.actor import Actor
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice
from stock.services import archive_item
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_item,
)
from tests.pages import queries_of

pytestmark = pytest.mark.django_db

NEW = "/invoices/new/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def typed(*lines: dict[str, str], **head: str) -> dict[str, str]:
    """What the browser sends; three blank lines follow those that were typed."""
    data = {
        "customer": "Castle Hotel",
        "issued_on": "2026-11-21",
        "due_on": "",
        "amounts_are": "Exclusive",
        "lines-TOTAL_FORMS": str(len(lines) + 3),
        "lines-INITIAL_FORMS": "0",
        **head,
    }
    for number, values in enumerate(lines):
        data |= {f"lines-{number}-{name}": value for name, value in values.items()}
    return data


LABOUR = {"description": "Labour", "quantity": "2", "unit_price": "45"}


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


def test_the_first_invoice_makes_a_lead_a_customer(office_client: Client) -> None:
    lead = make_contact("Castle Hotel")
    page = office_client.get(f"{NEW}?customer={lead.pk}")
    assert page.context["form"]["customer"].value() == "Castle Hotel"

    office_client.post(f"{NEW}?customer={lead.pk}", typed(LABOUR))

    lead.refresh_from_db()
    assert lead.is_customer


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


def test_a_draft_comes_back_as_it_was_written(office_client: Client) -> None:
    item = make_item("VAL22")
    draft = make_draft(
        make_customer("Castle Hotel"), [line("18.50", "2", item=item), line("4.2")]
    )

    answer = office_client.get(f"/invoices/{draft.pk}/edit/")
    first, second, *blank = answer.context["lines"].forms

    assert [first[n].value() for n in ("item", "quantity", "unit_price")] == [
        "VAL22",
        "2",
        "18.50",
    ]
    assert second["unit_price"].value() == "4.20"
    assert (first.amount, len(blank)) == (Decimal("37.00"), 3)


def test_changes_lines_of_a_draft_and_leaves_out_removed_ones(
    office_client: Client,
) -> None:
    draft = make_draft(make_customer("Castle Hotel"), [line("1"), line("2"), line("3")])
    data = typed(revision="1", **{"lines-TOTAL_FORMS": "4", "lines-INITIAL_FORMS": "3"})
    for number, price in ((0, "1"), (2, "3"), (3, "4")):
        data |= {
            f"lines-{number}-description": f"Line {price}",
            f"lines-{number}-unit_price": price,
        }

    office_client.post(f"/invoices/{draft.pk}/edit/", data)

    assert [one.unit_price for one in draft.lines.all()] == [1, 3, 4]
    assert [one.position for one in draft.lines.all()] == [1, 2, 3]


def test_saving_an_unchanged_draft_changes_nothing(office_client: Client) -> None:
    item = make_item("VAL22")
    draft = make_draft(
        make_customer("Castle Hotel"),
        [line("18.50", "2", item=item, discount_percent=Decimal("2.5"))],
    )
    archive_item(item, by=TESTER)
    page = office_client.get(f"/invoices/{draft.pk}/edit/")
    data = typed(revision="1", issued_on="2026-11-02", due_on="2026-12-02")
    data["suggested_due_on"] = "2026-12-02"
    (first, *_) = page.context["lines"].forms
    data |= {f"lines-0-{name}": first[name].value() or "" for name in first.fields}

    answer = office_client.post(f"/invoices/{draft.pk}/edit/", data)

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 1
    assert draft.lines.get().item == item


def test_an_archived_item_is_not_sold_anew(office_client: Client) -> None:
    make_customer("Castle Hotel")
    archive_item(make_item("VAL22", name="Valve"), by=TESTER)

    answer = office_client.post(NEW, typed({"item": "VAL22"}))

    assert answer.context["lines"].forms[0].errors == {
        "item": ["VAL22 Valve is archived."]
    }
    assert not Invoice.objects.exists()


def test_two_people_at_once_lose_nothing(office_client: Client, office: User) -> None:
    draft = make_draft(make_customer("Castle Hotel"))
    change_invoice(draft, {"reference": "Theirs"}, by=Actor.person(office))

    answer = office_client.post(
        f"/invoices/{draft.pk}/edit/",
        typed(LABOUR, reference="Ours", revision="1"),
    )

    draft.refresh_from_db()
    assert (answer.status_code, draft.reference) == (422, "Theirs")
    page = answer.content.decode()
    assert "What was changed meanwhile" in page
    assert 'value="Ours"' in page
    assert answer.context["form"]["revision"].value() == "2"


def test_an_approved_invoice_is_not_edited(office_client: Client) -> None:
    invoice = approve_invoice(make_draft(), by=TESTER)

    answer = office_client.get(f"/invoices/{invoice.pk}/edit/", follow=True)

    assert answer.redirect_chain == [(f"/invoices/{invoice.pk}/", 302)]
    assert "can no longer be changed" in answer.content.decode()


def test_an_engineer_drafts_but_cannot_approve_by_the_editor(
    engineer_client: Client,
) -> None:
    make_customer("Castle Hotel")

    assert "Save and approve" not in engineer_client.get(NEW).content.decode()
    answer = engineer_client.post(NEW, typed(LABOUR, approve="1"))

    assert answer.status_code == 403
    assert not Invoice.objects.exists()
    assert engineer_client.post(NEW, typed(LABOUR)).status_code == 302


def test_the_cost_does_not_grow_with_the_lines(office_client: Client) -> None:
    few = make_draft(lines=[line(item=make_item())])
    many = make_draft(lines=[line(item=make_item()) for _ in range(12)])

    costs = [
        queries_of(office_client, f"/invoices/{draft.pk}/edit/")
        for draft in (few, many)
    ]

    assert costs[0] == costs[1]
    assert costs[0] <= 16


# --- while one types ---


def test_the_live_sums_are_those_that_are_saved(office_client: Client) -> None:
    make_customer("Castle Hotel")
    lines = [
        {"description": "A", "quantity": "3", "unit_price": "0.3333"},
        {"description": "B", "unit_price": "9.99", "tax_type": "RROUTPUT"},
        {"description": "C", "quantity": "no number", "unit_price": "5"},
    ]

    live = office_client.post("/invoices/totals/", typed(*lines), **HTMX)
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


def test_a_new_invoice_starts_today(office_client: Client) -> None:
    form = office_client.get(NEW).context["form"]

    assert form["issued_on"].value() == timezone.localdate()
