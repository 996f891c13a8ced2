"""Changing records that others may be changing too."""

from datetime import UTC, datetime
from decimal import Decimal

from customers.models import Contact
from invoicing.models import Invoice
from tests.api.app import App
from tests.builders import line, make_contact, make_customer, make_draft, make_item


def test_changes_what_is_sent_and_nothing_else(office_app: App) -> None:
    contact = make_contact("Mary Doyle", phone="01632 960001")

    status, answer = office_app.call(
        "patch", f"contacts/{contact.uid}", {"email": "mary@example.com"}
    )

    assert status == 200
    assert (answer["name"], answer["phone"], answer["email"], answer["revision"]) == (
        "Mary Doyle",
        "01632 960001",
        "mary@example.com",
        2,
    )


def test_a_stale_revision_is_refused(office_app: App) -> None:
    contact = make_contact("Mary Doyle")
    path = f"contacts/{contact.uid}"
    office_app.call("patch", path, {"phone": "1", "revision": 1})

    in_body = office_app.error("patch", path, {"phone": "2", "revision": 1})
    in_header = office_app.error("patch", path, {"phone": "2"}, **{"If-Match": '"1"'})

    assert in_body == in_header == (409, "stale")
    assert Contact.objects.get().phone == "1"


def test_the_entity_tag_of_an_answer_is_what_if_match_takes(office_app: App) -> None:
    contact = make_contact("Mary Doyle")
    tag = office_app.get(f"/api/v1/contacts/{contact.uid}")["ETag"]

    status, _ = office_app.call(
        "patch", f"contacts/{contact.uid}", {"phone": "2"}, **{"If-Match": tag}
    )

    assert (status, tag) == (200, '"1"')


def test_an_if_match_that_is_no_revision(office_app: App) -> None:
    contact = make_contact("Mary Doyle")

    refused = office_app.error(
        "patch", f"contacts/{contact.uid}", {"phone": "2"}, **{"If-Match": '"a"'}
    )

    assert refused == (400, "invalid")


def test_a_customer_is_made_by_an_invoice_not_by_hand(office_app: App) -> None:
    lead = make_contact("Mary Doyle")

    status, answer = office_app.call(
        "patch", f"contacts/{lead.uid}", {"is_customer": True}
    )

    assert (status, set(answer["error"]["fields"])) == (400, {"is_customer"})
    assert Contact.objects.get().is_lead


def test_archives_and_restores(office_app: App) -> None:
    contact = make_contact("Mary Doyle")

    _, archived = office_app.call("post", f"contacts/{contact.uid}/archive")
    _, restored = office_app.call("post", f"contacts/{contact.uid}/restore")

    assert (archived["is_archived"], restored["is_archived"]) == (True, False)


def test_changes_a_draft_and_its_lines(engineer_app: App) -> None:
    item = make_item("PUMP", sell_price=Decimal("12.3456"))
    draft = make_draft(make_customer(), [line(), line()])

    status, answer = engineer_app.call(
        "patch",
        f"invoices/{draft.uid}",
        {"reference": "Boiler", "lines": [{"item": str(item.uid)}], "revision": 1},
    )

    assert (status, answer["reference"], answer["total"]) == (200, "Boiler", "14.82")
    assert [row["unit_price"] for row in answer["lines"]] == ["12.3456"]


def test_lines_stay_when_none_are_sent(engineer_app: App) -> None:
    draft = make_draft(lines=[line("10.00"), line("20.00")])

    _, answer = engineer_app.call("patch", f"invoices/{draft.uid}", {"notes": "Thanks"})

    assert [row["amount"] for row in answer["lines"]] == ["10.00", "20.00"]
    assert answer["notes"] == "Thanks"


def test_a_stale_draft_is_not_approved(office_app: App) -> None:
    draft = make_draft()
    office_app.call("patch", f"invoices/{draft.uid}", {"notes": "Thanks"})

    refused = office_app.error("post", f"invoices/{draft.uid}/approve", {"revision": 1})

    assert refused == (409, "stale")
    assert Invoice.objects.get().is_draft


def test_cancels(office_app: App) -> None:
    draft = make_draft()

    status, answer = office_app.call("post", f"invoices/{draft.uid}/cancel")

    assert (status, answer["status"], answer["amount_due"]) == (
        200,
        "cancelled",
        "0.00",
    )


def test_lists_invoices_by_what_is_asked(office_app: App) -> None:
    customer = make_customer("Bridge Lifts")
    draft = make_draft(customer, reference="Boiler")
    other = make_draft(make_customer("Mary"))
    office_app.call("post", f"invoices/{other.uid}/approve")

    def uids(query: str) -> list[str]:
        return [r["uid"] for r in office_app.call("get", query)[1]["results"]]

    assert uids(f"invoices?customer={customer.uid}") == [str(draft.uid)]
    assert uids("invoices?status=approved") == [str(other.uid)]
    assert uids("invoices?owing=true") == [str(other.uid)]
    assert uids("invoices?owing=false") == [str(draft.uid)]
    assert uids("invoices?search=boiler") == [str(draft.uid)]
    assert uids("invoices?number=inv-1001") == [str(other.uid)]
    assert uids("invoices?issued_to=2026-11-01") == []


def test_moments_are_utc_in_summer_too(office_app: App) -> None:
    contact = make_contact("Mary Doyle")
    Contact.objects.update(updated_at=datetime(2026, 7, 1, 12, 30, tzinfo=UTC))

    _, answer = office_app.call("get", f"contacts/{contact.uid}")
    _, since = office_app.call("get", "contacts?updated_since=2026-07-01T12:30:00Z")
    _, later = office_app.call("get", "contacts?updated_since=2026-07-01T12:30:01Z")

    assert answer["updated_at"] == "2026-07-01T12:30:00Z"
    assert (len(since["results"]), len(later["results"])) == (1, 0)
