"""A day of the field app, over the API alone."""

from decimal import Decimal

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from invoicing.models import Invoice
from stock.models import StockItem
from tests.api.conftest import App
from tests.builders import make_customer, make_draft, make_item


def test_from_signing_in_to_an_approved_invoice(office: User) -> None:
    make_customer("Bridge Lifts", account_number="B-17")
    item = make_item("PUMP-1", sell_price=Decimal("120.00"))
    app = App(enforce_csrf_checks=True)

    status, signed_in = app.call(
        "post",
        "sign-in",
        {"username": "office", "password": "practice", "device": "Van 3"},
    )
    assert (status, signed_in["user"]["role"]) == (201, "office")
    assert "invoicing.approve_invoice" in signed_in["user"]["rights"]
    app.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in['token']}")

    _, found = app.call("get", "contacts?group=customers&search=bridge")
    assert [row["name"] for row in found["results"]] == ["Bridge Lifts"]

    status, lead = app.call(
        "post", "contacts", {"name": "Mary Doyle", "phone": "01632 960001"}
    )
    assert (status, lead["is_lead"], lead["is_customer"]) == (201, True, False)

    status, draft = app.call(
        "post",
        "invoices",
        {
            "customer": lead["uid"],
            "issued_on": "2026-11-02",
            "lines": [
                {"item": str(item.uid), "quantity": "2"},
                {"description": "Labour", "quantity": "1.5", "unit_price": "45.00"},
            ],
        },
    )
    assert (status, draft["status"], draft["number"]) == (201, "draft", "")
    assert (draft["subtotal"], draft["tax"], draft["total"]) == (
        "307.50",
        "61.50",
        "369.00",
    )
    assert draft["due_on"] == "2026-12-02"
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

    status, approved = app.call("post", f"invoices/{draft['uid']}/approve")
    assert (status, approved["status"], approved["number"]) == (
        200,
        "approved",
        "INV-1001",
    )
    assert approved["amount_due"] == "369.00"

    _, customer = app.call("get", f"contacts/{lead['uid']}")
    assert (customer["is_lead"], customer["is_customer"]) == (False, True)
    _, stocked = app.call("get", f"items/{item.uid}")
    assert stocked["on_hand"] == "-2.0000"
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
