"""The first page: every figure is real and leads to the list that makes it up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from customers.services import change_contact, remove_contact
from fieldops.common.actor import Actor
from fieldops.dashboard import RECENT, greeting
from fieldops.users.models import User
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.pages import main_of, queries_of
from tests.xero_sync.rows import bad_email_issue, make_connection, make_issue, make_run
from xero_sync.outcomes.codes import IssueCode

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def owing(amount: str, *, days_late: int) -> None:
    make_invoice(
        lines=[line(amount, tax_type="NONE")],
        issued_on=TODAY - timedelta(days=200),
        due_on=TODAY - timedelta(days=days_late),
    )


def test_a_new_company_is_shown_its_first_steps(administrator_client: Client) -> None:
    page = main_of(administrator_client, "/")

    assert "Welcome to Fieldops" in page
    assert "/settings/company/" in page
    assert "Needs you" not in page


def test_nothing_to_do_is_said(office_client: Client) -> None:
    make_customer("Castle Hotel")

    page = main_of(office_client, "/")

    assert "Nothing needs you today" in page
    assert "Nobody owes you anything." in page


def test_names_what_needs_somebody(office_client: Client) -> None:
    owing("100.00", days_late=31)
    owing("50.00", days_late=30)
    make_item("LOW", reorder_level=Decimal(2))
    make_draft()
    make_draft()

    attention = office_client.get("/").context["attention"]

    assert [(item["text"], item["figure"]) for item in attention] == [
        ("1 invoice is over 30 days late", "£100.00"),
        ("1 stock item is below reorder level", ""),
        ("2 draft invoices are not yet approved", ""),
    ]
    for item in attention:
        listed = office_client.get(item["url"]).context["page"]
        assert listed.paginator.count == item["count"], item["text"]


def test_names_what_did_not_reach_xero_and_draws_the_runs(
    office_client: Client, engineer_client: Client
) -> None:
    connection = make_connection()
    first, last = make_run(connection), make_run(connection)
    bad_email_issue(last)
    make_issue(last, make_item(""), IssueCode.CODE_MISSING, "code")

    context = office_client.get("/").context
    item = context["attention"][0]

    assert (item["text"], item["figure"], item["url"]) == (
        "2 records are not in step with Xero",
        "2 causes",
        "/xero/",
    )
    assert [run["url"] for run in context["runs"]] == [
        f"/xero/runs/{first.pk}/",
        f"/xero/runs/{last.pk}/",
    ]
    hidden = engineer_client.get("/").context
    assert hidden["runs"] == []
    assert not any("Xero" in item["text"] for item in hidden["attention"])


def test_the_ages_of_what_is_owed_add_up(office_client: Client) -> None:
    for days, amount in ((-5, "1"), (1, "2"), (31, "4"), (61, "8"), (100, "16")):
        owing(amount, days_late=days)

    context = office_client.get("/").context

    assert context["owed"] == Decimal(31)
    assert [row["value"] for row in context["ages"]] == [1, 2, 4, 8, 16]
    for row in context["ages"]:
        listed = office_client.get(row["url"]).context["page"]
        assert sum(invoice.amount_due for invoice in listed) == row["value"]


def test_tells_what_was_done_last_and_by_whom(
    office_client: Client, office: User
) -> None:
    customer = make_customer("Castle Hotel")
    change_contact(customer, {"phone": "1"}, by=Actor.person(office))

    changed, created = office_client.get("/").context["recent"]

    assert (changed.name, changed.text, changed.by) == (
        "Castle Hotel",
        "changed",
        "office",
    )
    assert (created.text, created.by) == ("created", "Test")


def test_what_was_removed_takes_no_place_among_the_last(office_client: Client) -> None:
    make_customer("Castle Hotel")
    for number in range(RECENT):
        remove_contact(make_customer(f"Gone {number}"), by=TESTER)
    [created] = office_client.get("/").context["recent"]
    assert (created.name, created.text) == ("Castle Hotel", "created")


def test_the_cost_does_not_grow(office_client: Client) -> None:
    owing("1", days_late=40)
    cost = queries_of(office_client, "/")
    for number in range(12):
        owing("1", days_late=number * 10)
        make_item()

    assert queries_of(office_client, "/") <= cost + 1  # stock now shows in "Recent"
    assert cost <= 22


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_greets_by_the_hour(hour: int, words: str) -> None:
    assert greeting(hour) == words
