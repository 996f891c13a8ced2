"""A phone without signal repeats what it sent: nothing is made twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from customers.models import Contact
from customers.services import change_contact, create_contact, create_contact_once
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice, InvoicingSettings
from invoicing.services.preferences import change_invoicing_settings
from tests.api.app import App
from tests.builders import TESTER, make_customer, make_item

UID = "0f4c6f0e-6f0b-4c55-9f0a-3a1f3d1f7a01"


def test_the_same_contact_again_answers_what_is_there(office_app: App) -> None:
    body = {"uid": UID, "name": " Mary Doyle ", "payment_days": 14, "phone": ""}

    first = office_app.call("post", "contacts", body)
    again = office_app.call("post", "contacts", body)

    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert first[1]["uid"] == UID
    assert ChangeEntry.objects.of(Contact.objects.get()).count() == 1


def test_a_change_made_meanwhile_is_kept(office_app: App) -> None:
    body = {"uid": UID, "name": "Mary Doyle"}
    office_app.call("post", "contacts", body)
    change_contact(Contact.objects.get(), {"phone": "01632 960001"}, by=TESTER)

    status, answer = office_app.call("post", "contacts", body)

    assert (status, answer["phone"], answer["revision"]) == (200, "01632 960001", 2)


@pytest.mark.parametrize(
    "other", [{"name": "Mary Doyl"}, {"phone": "01632 960001"}, {"is_customer": True}]
)
def test_other_content_under_the_same_uid_is_refused(
    office_app: App, other: dict[str, Any]
) -> None:
    office_app.call("post", "contacts", {"uid": UID, "name": "Mary Doyle"})

    refused = office_app.error(
        "post", "contacts", {"uid": UID, "name": "Mary Doyle"} | other
    )

    assert refused == (409, "uid_taken")
    contact = Contact.objects.get()
    assert (contact.name, contact.phone, contact.revision) == ("Mary Doyle", "", 1)


def test_a_uid_must_be_one(office_app: App) -> None:
    status, answer = office_app.call("post", "contacts", {"uid": "17", "name": "M"})

    assert (status, set(answer["error"]["fields"])) == (400, {"uid"})


def test_two_attempts_at_once(office_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other attempt commits between our look and our insert."""

    def late(values: dict[str, Any], *, by: Any) -> Contact:
        create_contact(values, by=TESTER)
        return create_contact(values, by=by)

    monkeypatch.setattr("customers.services.create_contact", late)

    status, answer = office_app.call("post", "contacts", {"uid": UID, "name": "Mary"})

    assert (status, answer["uid"]) == (200, UID)
    assert Contact.objects.get().uid == UUID(UID)


def invoice_body(customer: Contact, **values: Any) -> dict[str, Any]:
    lines = [{"description": "Labour", "quantity": "1.5", "unit_price": "45"}]
    return {"uid": UID, "customer": str(customer.uid), "lines": lines, **values}


def test_the_same_invoice_again(office_app: App) -> None:
    body = invoice_body(make_customer())

    first = office_app.call("post", "invoices", body)
    again = office_app.call("post", "invoices", body)

    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert Invoice.objects.count() == 1


def test_the_same_invoice_again_after_the_terms_changed(office_app: App) -> None:
    """What the phone left to us was filled in once; the repeat does not ask anew."""
    customer = make_customer()
    body = invoice_body(customer, lines=[{"description": "Call-out"}])
    _, first = office_app.call("post", "invoices", body)
    change_invoicing_settings(
        {"payment_days": 7, "sales_account_code": "260"}, by=TESTER
    )

    status, again = office_app.call("post", "invoices", body)

    assert (status, again["due_on"], again["lines"]) == (
        200,
        first["due_on"],
        first["lines"],
    )
    assert InvoicingSettings.current().payment_days == 7


def test_the_same_invoice_again_after_it_was_approved(office_app: App) -> None:
    body = invoice_body(make_customer())
    office_app.call("post", "invoices", body)
    office_app.call("post", f"invoices/{UID}/approve")

    status, answer = office_app.call("post", "invoices", body)

    assert (status, answer["status"], answer["number"]) == (200, "approved", "INV-1001")


@pytest.mark.parametrize(
    "other",
    [
        {"reference": "Boiler"},
        {"amounts_are": "Inclusive"},
        {"issued_on": "2026-01-05"},
        {"lines": []},
        {"lines": [{"description": "Labour", "quantity": "2", "unit_price": "45"}]},
        {"lines": [{"description": "Call-out", "quantity": "1.5", "unit_price": "45"}]},
    ],
)
def test_another_invoice_under_the_same_uid_is_refused(
    office_app: App, other: dict[str, Any]
) -> None:
    customer = make_customer()
    office_app.call("post", "invoices", invoice_body(customer))

    refused = office_app.error("post", "invoices", invoice_body(customer, **other))

    assert refused == (409, "uid_taken")
    assert str(Invoice.objects.get().total) == "81.00"


def test_another_customer_or_item_under_the_same_uid(office_app: App) -> None:
    customer, other, item = make_customer(), make_customer(), make_item()
    body = invoice_body(customer)
    office_app.call("post", "invoices", body)
    with_item = [body["lines"][0] | {"item": str(item.uid)}]

    for changed in (invoice_body(other), invoice_body(customer, lines=with_item)):
        assert office_app.error("post", "invoices", changed) == (409, "uid_taken")
    assert Invoice.objects.get().customer == customer


def test_a_record_without_uid_gets_its_own(office_app: App) -> None:
    _, one = office_app.call("post", "contacts", {"name": "Mary"})
    _, two = office_app.call("post", "contacts", {"name": "Mary"})

    assert one["uid"] != two["uid"]
    assert UUID(one["uid"]).version == uuid4().version


@pytest.mark.django_db(transaction=True)
def test_many_attempts_at_once_make_one_contact() -> None:
    """In real transactions, of which only one can be first."""
    start = Barrier(4)
    values = {"uid": UUID(UID), "name": "Mary Doyle"}

    def attempt(_: int) -> bool:
        try:
            start.wait(timeout=10)
            return create_contact_once(values, by=TESTER)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        created = list(pool.map(attempt, range(4)))

    assert sorted(created) == [False, False, False, True]
    assert ChangeEntry.objects.of(Contact.objects.get()).count() == 1
