"""The list of invoices, through the client."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.settle_invoice import record_settlement
from tests.builders import TESTER, line, make_customer, make_draft, make_invoice
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def late(days: int, amount: str = "10.00") -> Invoice:
    return make_invoice(
        lines=[line(amount, tax_type="NONE")],
        issued_on=TODAY - timedelta(days=200),
        due_on=TODAY - timedelta(days=days),
    )


def numbers(client: Client, address: str) -> list[str]:
    return [invoice.number for invoice in client.get(address).context["page"]]


def test_each_view_holds_its_own(office_client: Client) -> None:
    make_draft()
    owing = late(-5)
    overdue = late(1)
    paid = late(1)
    record_settlement(paid, paid=Decimal("4"), credited=Decimal("6"), by=TESTER)
    cancelled = cancel_invoice(late(1), by=TESTER)

    views = office_client.get("/invoices/").context["views"]

    assert {view["label"]: view["count"] for view in views} == {
        "All": 5,
        "Draft": 1,
        "Owing": 2,
        "Overdue": 1,
        "Cancelled": 1,
    }
    assert set(numbers(office_client, "/invoices/?view=owing")) == {
        owing.number,
        overdue.number,
    }
    assert numbers(office_client, "/invoices/?view=overdue") == [overdue.number]
    assert numbers(office_client, "/invoices/?view=cancelled") == [cancelled.number]


@pytest.mark.parametrize(
    ("key", "days"), [("0", 0), ("1", 30), ("31", 31), ("61", 90), ("91", 91)]
)
def test_the_classes_of_age_meet_without_gap(
    office_client: Client, key: str, days: int
) -> None:
    wanted = late(days)
    keys = ("0", "1", "31", "61", "91")

    found = [k for k in keys if numbers(office_client, f"/invoices/?late={k}")]

    assert found == [key]
    assert numbers(office_client, f"/invoices/?late={key}") == [wanted.number]


def test_finds_by_number_reference_and_customer(office_client: Client) -> None:
    castle = make_customer("Castle Hotel", account_number="C1027")
    first = make_invoice(castle, reference="Job 471")
    make_invoice(make_customer("Foyle Dental"))

    for words in ("castle+471", "C1027", first.number.lower()):
        assert numbers(office_client, f"/invoices/?q={words}") == [first.number]


def test_dates_narrow_down(office_client: Client) -> None:
    make_invoice(issued_on=date(2026, 10, 31))
    first = make_invoice(issued_on=date(2026, 11, 1))

    assert numbers(office_client, "/invoices/?since=2026-11-01") == [first.number]
    assert numbers(office_client, "/invoices/?since=01/11/2026&until=01/11/2026") == [
        first.number
    ]


def test_costs_the_same_for_one_row_and_twenty(office_client: Client) -> None:
    late(3)
    cost = queries_of(office_client, "/invoices/")
    for number in range(20):
        late(number)

    assert queries_of(office_client, "/invoices/") == cost
    assert cost <= 12


def test_exports_what_the_books_need(office_client: Client) -> None:
    make_invoice(
        make_customer("Castle Hotel"),
        [line("100.00")],
        issued_on=date(2026, 11, 2),
        due_on=date(2026, 12, 2),
    )

    answer: Any = office_client.get("/invoices/?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[1] == (
        "INV-1001,Castle Hotel,,Approved,2026-11-02,2026-12-02,,"
        "100.00,20.00,120.00,0.00,0.00,120.00,GBP"
    )


def test_approves_the_ticked_drafts_and_names_what_is_not_ready(
    office_client: Client,
) -> None:
    good, bad = make_draft(), make_draft(lines=[])

    answer = office_client.post(
        "/invoices/",
        {"action": "approve", "selected": [good.pk, bad.pk], "query": "view=draft"},
        follow=True,
    )

    page = answer.content.decode()
    assert "1 invoice approved." in page
    assert "Add at least one line before you approve the invoice." in page
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == ("approved", "draft")


def test_an_engineer_approves_nothing(engineer_client: Client) -> None:
    draft = make_draft()

    answer = engineer_client.post(
        "/invoices/", {"action": "approve", "selected": [draft.pk]}
    )

    assert answer.status_code == 403
    draft.refresh_from_db()
    assert draft.is_draft
    assert 'value="approve"' not in main_of(engineer_client, "/invoices/")
