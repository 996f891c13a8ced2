"""Lists: every row once, whatever is added meanwhile, at a known cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from tests.api.app import App
from tests.builders import line, make_customer, make_draft, make_item, make_supplier


def follow(app: App, url: str) -> Any:
    response = app.get(url)
    assert response.status_code == 200
    return response.json()


def test_no_gap_and_no_repeat_while_rows_are_added(office_app: App) -> None:
    Contact.objects.bulk_create(Contact(name=f"Old {n}") for n in range(1050))
    names: list[str] = []

    url: str | None = "/api/v1/contacts?limit=100"
    while url:
        page = follow(office_app, url)
        names += [row["name"] for row in page["results"]]
        Contact.objects.bulk_create(Contact(name=f"New {len(names)}") for _ in range(3))
        url = page["next"]

    assert names == [f"Old {n}" for n in reversed(range(1050))]


def test_goes_back_to_where_it_came_from(office_app: App) -> None:
    Contact.objects.bulk_create(Contact(name=f"{n}") for n in range(5))

    first = follow(office_app, "/api/v1/contacts?limit=2")
    second = follow(office_app, first["next"])
    back = follow(office_app, second["previous"])

    assert [r["name"] for r in first["results"]] == ["4", "3"]
    assert [r["name"] for r in second["results"]] == ["2", "1"]
    assert back["results"] == first["results"]
    assert first["previous"] is None


@pytest.mark.parametrize("limit", ["501", "-1", "many", "²"])
def test_a_limit_out_of_bounds(office_app: App, limit: str) -> None:
    _, answer = office_app.call("get", f"contacts?limit={limit}")

    assert answer["error"]["fields"] == {"limit": ["Enter a number from 1 to 500."]}


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OQ=="]
)
def test_a_cursor_that_is_not_ours(office_app: App, cursor: str) -> None:
    assert office_app.error("get", f"contacts?cursor={cursor}") == (400, "invalid")


def cost_of(app: App, path: str) -> int:
    app.call("get", path)  # notes the device's use, once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert app.call("get", path)[0] == 200
    assert not any("COUNT(" in query["sql"] for query in queries)
    return len(queries)


def test_the_cost_of_a_list_does_not_grow(office_app: App) -> None:
    supplier = make_supplier("Pump House")
    paths = ("contacts", "items", "invoices", "accounts", "tax-rates", "devices")

    def add_some() -> None:
        for _ in range(3):
            item = make_item(preferred_supplier=supplier)
            make_draft(make_customer(), [line(item=item), line()])

    add_some()
    before = {path: cost_of(office_app, path) for path in paths}
    add_some()
    after = {path: cost_of(office_app, path) for path in paths}

    assert (
        before
        == after
        == {
            "contacts": 3,
            "items": 3,
            "invoices": 4,
            "accounts": 2,
            "tax-rates": 2,
            "devices": 2,
        }
    )


def test_the_groups_as_people_know_them(office_app: App) -> None:
    make_customer("Both", is_supplier=True)
    make_customer("Customer")
    make_supplier("Supplier")
    Contact.objects.create(name="Lead")
    Contact.objects.create(name="Old lead", is_archived=True)

    def names(query: str) -> list[str]:
        return [r["name"] for r in office_app.call("get", query)[1]["results"]]

    assert names("contacts?group=customers") == ["Customer", "Both"]
    assert names("contacts?group=suppliers") == ["Supplier", "Both"]
    assert names("contacts?group=leads") == ["Old lead", "Lead"]
    assert names("contacts?group=leads&archived=false") == ["Lead"]
    assert names("contacts?search=LEAD&archived=true") == ["Old lead"]
