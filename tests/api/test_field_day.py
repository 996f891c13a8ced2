"""A day of the field app, over the API alone."""

from decimal import Decimal
from typing import Any

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from invoicing.models import Invoice
from stock.models import StockItem
from tests.api.app import App
from tests.builders import make_customer, make_draft, make_item


def test_signing_in_says_who_it_is_and_what_they_may_do(office: User) -> None:
    credentials = {"username": "office", "password": "practice", "device": "Van 3"}

    user = App().made("sign-in", credentials)["user"]

    assert user["role"] == "office"
    assert "invoicing.approve_invoice" in user["rights"]


def draft_for_a_lead(app: App, item: StockItem) -> Any:
    lead = app.made("contacts", {"name": "Mary Doyle", "phone": "01632 960001"})
    assert (lead["is_lead"], lead["is_customer"]) == (True, False)
    lines = [
        {"item": str(item.uid), "quantity": "2"},
        {"description": "Labour", "quantity": "1.5", "unit_price": "45.00"},
    ]
    body = {"customer": lead["uid"], "issued_on": "2026-11-02", "lines": lines}
    return app.made("invoices", body)


def test_a_draft_takes_from_item_and_terms_what_is_not_said(office_app: App) -> None:
    item = make_item("PUMP-1", sell_price=Decimal("120.00"))

    draft = draft_for_a_lead(office_app, item)

    assert (draft["status"], draft["number"]) == ("draft", "")
    assert draft["due_on"] == "2026-12-02"
    sums = (draft["subtotal"], draft["tax"], draft["total"])
    assert sums == ("307.50", "61.50", "369.00")
    assert draft["lines"][0] == {
        "position": 1,
        "item": {"uid": str(item.uid), "code": "PUMP-1", "name": item.name},
        "description": item.name,
        "quantity": "2.0000",
        "unit_price": "120.0000",
        "discount_percent": "0.0000",
        "account_code": "200",
        "tax_type": "OUTPUT2",
        "tax_percent": "20.0000",
        "amount": "240.00",
        "tax_amount": "48.00",
    }


def test_approving_makes_a_customer_takes_from_stock_and_is_noted(office: User) -> None:
    item = make_item("PUMP-1", sell_price=Decimal("120.00"))
    app = App.signed_in(office, device="Van 3")
    draft = draft_for_a_lead(app, item)

    status, approved = app.call("post", f"invoices/{draft['uid']}/approve")

    assert (status, approved["status"]) == (200, "approved")
    assert (approved["number"], approved["amount_due"]) == ("INV-1001", "369.00")
    customer = app.got(f"contacts/{draft['customer']['uid']}")
    assert (customer["is_lead"], customer["is_customer"]) == (False, True)
    assert app.got(f"items/{item.uid}")["on_hand"] == "-2.0000"
    entry = ChangeEntry.objects.of(Invoice.objects.get()).get(action="approved")
    assert (entry.user, entry.cause) == (office, "by app on Van 3")


def test_an_engineer_may_not_approve(engineer_app: App) -> None:
    draft = make_draft()

    refused = engineer_app.error("post", f"invoices/{draft.uid}/approve")

    assert refused == (403, "permission_denied")
    draft.refresh_from_db()
    assert (draft.status, draft.number, draft.revision) == ("draft", "", 1)


def test_an_engineer_makes_leads_and_drafts(engineer_app: App) -> None:
    status, lead = engineer_app.call("post", "contacts", {"name": "Mary Doyle"})
    assert status == 201

    body = {"customer": lead["uid"], "lines": [{"description": "Call-out"}]}
    assert engineer_app.call("post", "invoices", body)[0] == 201


def test_an_engineer_may_not_change_or_archive_a_contact(engineer_app: App) -> None:
    contact = make_customer("Bridge Lifts")

    changed = engineer_app.error("patch", f"contacts/{contact.uid}", {"name": "Other"})
    archived = engineer_app.error("post", f"contacts/{contact.uid}/archive")

    assert changed == archived == (403, "permission_denied")
    contact = Contact.objects.get()
    assert (contact.name, contact.is_archived) == ("Bridge Lifts", False)


def test_what_is_not_there_answers_404(engineer_app: App) -> None:
    for path in (
        "contacts/6b0b1f0e-4a0b-4d6e-9a4e-0b8f6f3f0001",
        "contacts/not-a-uid",
        "invoices/6b0b1f0e-4a0b-4d6e-9a4e-0b8f6f3f0001",
        "items/17",
        "wrong-turning",
        "contacts/",
        "",
    ):
        assert engineer_app.error("get", path) == (404, "not_found"), path


def test_a_missing_right_is_named(engineer_app: App) -> None:
    _, answer = engineer_app.call("get", "accounts")

    assert answer["error"]["message"] == (
        "Your role does not include this right: invoicing.view_account."
    )


def test_the_chart_is_read_by_those_who_need_it(accountant_app: App) -> None:
    _, accounts = accountant_app.call("get", "accounts?code=200")
    _, rates = accountant_app.call("get", "tax-rates?tax_type=OUTPUT2")

    assert [(a["code"], a["account_class"]) for a in accounts["results"]] == [
        ("200", "REVENUE")
    ]
    assert [(r["tax_type"], r["percent"]) for r in rates["results"]] == [
        ("OUTPUT2", "20.0000")
    ]


def test_items_below_their_reorder_level(engineer_app: App) -> None:
    low = make_item("LOW", reorder_level=Decimal(5))
    make_item("FINE", reorder_level=Decimal(0))
    make_item("NO-LEVEL")

    _, page = engineer_app.call("get", "items?below_reorder_level=true")
    _, others = engineer_app.call("get", "items?below_reorder_level=false")

    assert [row["code"] for row in page["results"]] == [low.code]
    assert [row["code"] for row in others["results"]] == ["NO-LEVEL", "FINE"]
    assert StockItem.objects.count() == 3
