"""The people at a contact in a file: beside those we have, and back out again."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.models import ChangeEntry
from tests.builders import TESTER, make_contact
from tests.imports.files import counts, do_import, errors, warnings

pytestmark = pytest.mark.django_db

ROW = {
    "*ContactName": "Castle Hotel",
    "AccountNumber": "C1",
    "Person1FirstName": "Ann",
    "Person1LastName": "Adams",
    "Person1Email": "ann@castle.example",
    "Person1IncludeInEmails": "Yes",
    "Person2FirstName": "Bob",
    "Person2LastName": "Burns",
}
ANN = {
    "first_name": "Ann",
    "last_name": "Adams",
    "email": "ann@castle.example",
    "gets_copies": True,
}
BOB = {"first_name": "Bob", "last_name": "Burns", "email": "", "gets_copies": False}
CLEO = {"first_name": "Cleo", "last_name": "Cox", "email": "", "gets_copies": True}


def test_people_arrive_with_their_contact() -> None:
    report = do_import("contacts", [ROW])
    assert (counts(report), warnings(report)) == ((1, 0, 0, 0), [])
    assert Contact.objects.get().people == [ANN, BOB]

    entries = ChangeEntry.objects.count()
    again = do_import("contacts", [ROW])
    assert counts(again) == (0, 0, 1, 0)
    assert ChangeEntry.objects.count() == entries


def test_a_preview_names_them_and_writes_nothing() -> None:
    contact = make_contact("Castle Hotel", account_number="C1")
    report = do_import("contacts", [ROW], dry_run=True)
    assert [entry.changed for entry in report.entries] == [("people",)]
    contact.refresh_from_db()
    assert contact.people == []


def by_words(person: dict[str, object]) -> list[str]:
    """PostgreSQL keeps the order of the keys to itself."""
    return [str(person[name]) for name in ANN]


@pytest.mark.parametrize(
    ("cells", "people"),
    [
        ({"Person1FirstName": "Dora"}, [{**ANN, "first_name": "Dora"}, BOB, CLEO]),
        ({"Person1Email": "ANN@castle.example"}, None),
        ({"Person1IncludeInEmails": "no"}, [{**ANN, "gets_copies": False}, BOB, CLEO]),
        ({"Person1IncludeInEmails": ""}, [ANN, BOB, CLEO]),
        (
            {"Person2Email": "bob@castle.example", "Person2IncludeInEmail": "TRUE"},
            [ANN, {**BOB, "email": "bob@castle.example", "gets_copies": True}, CLEO],
        ),
        (
            {"Person1Email": "other@castle.example"},
            [ANN, {**ANN, "email": "other@castle.example"}, BOB, CLEO],
        ),
    ],
    ids=["name", "case", "no copies", "blank", "address", "namesake"],
)
def test_known_people_take_over_what_the_file_says_and_others_stay(
    cells: dict[str, str], people: list[dict[str, object]] | None
) -> None:
    contact = make_contact("Castle Hotel", account_number="C1")
    change_contact(contact, {"people": [ANN, BOB, CLEO]}, by=TESTER)

    do_import("contacts", [ROW | cells])

    contact.refresh_from_db()
    if people is None:
        people = [{**ANN, "email": "ANN@castle.example"}, BOB, CLEO]
    assert sorted(contact.people, key=by_words) == sorted(people, key=by_words)


def test_what_is_no_person_is_said_and_left_out() -> None:
    bad = {"Person1IncludeInEmails": "perhaps"}
    report = do_import("contacts", [ROW | bad])
    assert errors(report) == [
        (2, "Person1IncludeInEmails", '"perhaps" is neither yes nor no')
    ]
    assert not Contact.objects.exists()

    nobody = {"*ContactName": "Dunes Bar", "Person3IncludeInEmails": "yes"}
    report = do_import("contacts", [nobody])
    assert warnings(report) == [
        (
            2,
            "Person3IncludeInEmails",
            "this person has neither name nor email; left out",
        )
    ]
    assert Contact.objects.get().people == []


def test_what_goes_out_comes_in_again(office_client: Client) -> None:
    contact = make_contact("Castle Hotel", account_number="C1")
    change_contact(contact, {"people": [ANN, BOB]}, by=TESTER)
    answer: Any = office_client.get("/customers/leads/?export=csv")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert row["Person 1 email"] == "ann@castle.example"
    assert (row["Person 1 include in emails"], row["Person 2 include in emails"]) == (
        "yes",
        "no",
    )
    assert (row["Person 3 first name"], row["Person 3 include in emails"]) == ("", "")

    people = {name: cell for name, cell in row.items() if name.startswith("Person ")}
    change_contact(contact, {"people": []}, by=TESTER)
    do_import(
        "contacts", [{"*ContactName": row["Name"], "AccountNumber": "C1"} | people]
    )

    contact.refresh_from_db()
    assert contact.people == [ANN, BOB]
