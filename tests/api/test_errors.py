"""One shape, plain words, and nothing written when something is refused."""

from typing import Any

import pytest

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice
from tests.api.app import App
from tests.builders import line, make_customer, make_draft, make_invoice


def raw(app: App, body: Any, content_type: str = "application/json") -> Any:
    response = app.generic("POST", "/api/v1/contacts", body, content_type)
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"name": NaN}',
        b'{"name": "\xff"}',
        "[" * 100_000,
        '{"payment_days": ' + "9" * 5000 + "}",
    ],
)
def test_json_that_cannot_be_read(office_app: App, body: bytes | str) -> None:
    assert raw(office_app, body) == (400, "parse_error")
    assert not Contact.objects.exists()


def test_a_sign_in_that_cannot_be_read(db: None) -> None:
    for body in ("{", "[]", '{"username": ["office"]}', '{"username": "a\\u0000b"}'):
        response = App().generic("POST", "/api/v1/sign-in", body, "application/json")
        assert response.status_code == 400, body
        assert set(response.json()) == {"error"}


@pytest.mark.parametrize("query", ["search=%00", "account_number=%00", "cursor=%00"])
def test_characters_no_database_keeps(office_app: App, query: str) -> None:
    assert office_app.error("get", f"contacts?{query}") == (400, "invalid")


def test_other_shapes_than_an_object(office_app: App) -> None:
    assert raw(office_app, "[]") == (400, "invalid")
    assert raw(office_app, "null") == (400, "invalid")
    assert raw(office_app, '"text"') == (400, "invalid")


def test_other_kinds_of_content(office_app: App) -> None:
    form = raw(office_app, "name=Mary", "application/x-www-form-urlencoded")

    assert form == (415, "unsupported_media_type")


def test_a_body_over_the_limit(office_app: App, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert raw(office_app, '{"name": "' + "x" * 100 + '"}') == (413, "too_large")


def test_methods_that_are_not_there(office_app: App) -> None:
    contact = make_customer()

    assert office_app.error("delete", f"contacts/{contact.uid}") == (
        405,
        "method_not_allowed",
    )
    assert office_app.error("put", f"contacts/{contact.uid}", {})[0] == 405
    assert office_app.error("options", "contacts")[0] == 405
    assert Contact.objects.exists()


def test_a_field_with_a_typing_error_is_refused_by_name(office_app: App) -> None:
    status, answer = office_app.call(
        "post", "contacts", {"name": "Mary Doyle", "e_mail": "mary@example.com"}
    )

    assert (status, answer["error"]["code"]) == (400, "invalid")
    assert answer["error"]["fields"] == {
        "e_mail": ["This field is not known, or cannot be set here."]
    }
    assert not Contact.objects.exists()


@pytest.mark.parametrize("name", ["is_archived", "revision", "is_lead", "created_at"])
def test_fields_that_are_only_read(office_app: App, name: str) -> None:
    status, answer = office_app.call("post", "contacts", {"name": "Mary", name: True})

    assert (status, set(answer["error"]["fields"])) == (400, {name})
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["grup=leads", "group=leeds", "archived=yes", "updated_since=soon", "limit=0"],
)
def test_filters_that_mean_nothing(office_app: App, query: str) -> None:
    status, answer = office_app.call("get", f"contacts?{query}")

    assert status == 400
    assert set(answer["error"]["fields"]) == {query.partition("=")[0]}


def test_what_is_wrong_in_a_line_is_named_by_its_place(office_app: App) -> None:
    customer = make_customer()
    lines = [
        {"description": "Labour"},
        {"quantity": "1.23456", "unit_price": "ten", "colour": "red"},
    ]

    status, answer = office_app.call(
        "post", "invoices", {"customer": str(customer.uid), "lines": lines}
    )
    lines[1].pop("colour")
    _, again = office_app.call(
        "post", "invoices", {"customer": str(customer.uid), "lines": lines}
    )

    assert (status, set(answer["error"]["fields"])) == (400, {"lines.1.colour"})
    assert again["error"]["fields"] == {
        "lines.1.quantity": ["Ensure that there are no more than 4 decimal places."],
        "lines.1.unit_price": ["A valid number is required."],
    }
    assert not Invoice.objects.exists()


def test_records_that_are_named_but_not_there(office_app: App) -> None:
    nobody = "6b0b1f0e-4a0b-4d6e-9a4e-0b8f6f3f0001"
    customer = str(make_customer().uid)

    _, no_customer = office_app.call("post", "invoices", {"customer": nobody})
    _, no_item = office_app.call(
        "post", "invoices", {"customer": customer, "lines": [{}, {"item": nobody}]}
    )

    assert no_customer["error"]["fields"] == {
        "customer": ["There is no contact with this uid."]
    }
    assert no_item["error"]["fields"] == {
        "lines.1.item": ["There is no stock item with this uid."]
    }
    assert not Invoice.objects.exists()


def test_a_number_no_float_could_hold_is_still_told_apart(office_app: App) -> None:
    """As a float this price would be one with four decimal places."""
    assert float("1234567890.12340000001") == float("1234567890.1234")
    customer = make_customer()
    body = (
        f'{{"customer": "{customer.uid}", "lines": '
        '[{"quantity": 0.1, "unit_price": 1234567890.12340000001}]}'
    )

    response = office_app.generic("POST", "/api/v1/invoices", body, "application/json")

    assert response.json()["error"]["fields"] == {
        "lines.0.unit_price": ["Ensure that there are no more than 15 digits in total."]
    }
    assert not Invoice.objects.exists()


def test_numbers_too_large_to_keep(office_app: App) -> None:
    customer = str(make_customer().uid)
    line = {"quantity": "0.0010", "unit_price": "10000000000.0000"}

    refused = office_app.error(
        "post", "invoices", {"customer": customer, "lines": [line]}
    )

    assert refused == (400, "amount_too_large")
    assert not Invoice.objects.exists()


def test_what_a_service_refuses_keeps_its_code(office_app: App) -> None:
    approved = make_invoice()
    entries = ChangeEntry.objects.count()

    assert office_app.error("post", f"invoices/{approved.uid}/approve") == (
        400,
        "not_a_draft",
    )
    assert office_app.error(
        "patch", f"invoices/{approved.uid}", {"reference": "x"}
    ) == (400, "not_a_draft")
    assert ChangeEntry.objects.count() == entries


def test_a_refusal_names_the_field(office_app: App) -> None:
    draft = make_draft(lines=[line(account_code="")])

    status, answer = office_app.call("post", f"invoices/{draft.uid}/approve")

    assert status == 400
    assert answer["error"] == {
        "code": "line_incomplete",
        "message": "Line 1 has no account.",
        "fields": {"lines": ["Line 1 has no account."]},
    }


def test_what_fails_inside_has_the_same_shape(
    office_app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(user: object) -> None:
        raise ZeroDivisionError("not for the public")

    monkeypatch.setattr("customers.api.views.visible_contacts", fail)

    status, answer = office_app.call("get", "contacts")

    assert (status, answer["error"]["code"]) == (500, "internal")
    assert "public" not in str(answer)
    assert "not for the public" in caplog.text


def test_an_unknown_right_stops_the_start() -> None:
    from fieldops.common.api.views import ApiViewSet

    with pytest.raises(TypeError, match="names no known right"):
        type("Wrong", (ApiViewSet,), {"rights": {"list": "customers.se_contact"}})
