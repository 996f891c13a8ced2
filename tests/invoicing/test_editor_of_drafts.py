"""A draft that is opened in the invoice editor again."""

from decimal import Decimal

import pytest
from django.test import Client

from fieldops.common.actor import Actor
from fieldops.users.models import User
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice
from stock.services import archive_item
from tests.builders import TESTER, line, make_customer, make_draft, make_item
from tests.invoicing.editor import LABOUR, typed
from tests.pages import queries_of

pytestmark = pytest.mark.django_db


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


def test_the_cost_does_not_grow_with_the_lines(office_client: Client) -> None:
    few = make_draft(lines=[line(item=make_item())])
    many = make_draft(lines=[line(item=make_item()) for _ in range(12)])

    costs = [
        queries_of(office_client, f"/invoices/{draft.pk}/edit/")
        for draft in (few, many)
    ]

    assert costs[0] == costs[1]
    assert costs[0] <= 16
