"""The people at a contact, both ways: nobody is wiped, nothing is sent for nothing."""

from typing import Any

import pytest

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import Intent

pytestmark = pytest.mark.django_db

ANN = {
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@castle.example",
    "gets_copies": True,
}
BO = {"first_name": "Bo", "last_name": "Marsh", "email": "", "gets_copies": False}
CY = {"first_name": "", "last_name": "", "email": "cy@x.example", "gets_copies": False}
ANN_IN_XERO = {
    "FirstName": "Ann",
    "LastName": "Lee",
    "EmailAddress": "ann@castle.example",
    "IncludeInEmails": True,
}
BO_IN_XERO = {"FirstName": "Bo", "LastName": "Marsh", "IncludeInEmails": False}
CY_IN_XERO = {"EmailAddress": "cy@x.example", "IncludeInEmails": False}


def named(number: int) -> dict[str, Any]:
    return BO | {"first_name": f"P{number}"}


def in_xero(ledger: PracticeLedger, contact: Contact) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = xero(ledger, "Contacts", contact)["ContactPersons"]
    return sorted(found, key=lambda one: one.get("LastName", ""))


def set_in_xero(ledger: PracticeLedger, *people: dict[str, Any]) -> None:
    ledger.control(
        "contact/change", contact="Castle Hotel", ContactPersons=list(people)
    )


def test_people_go_with_a_new_contact_and_come_back_as_they_were(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", people=[BO, ANN])
    connect(ledger)
    in_step()

    assert in_xero(ledger, customer) == [ANN_IN_XERO, BO_IN_XERO]
    assert_silent()
    customer.refresh_from_db()
    assert customer.people == [ANN, BO]


def test_somebody_added_on_each_side_is_on_both(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel", people=[ANN])
    connect(ledger)
    in_step()

    change_contact(customer, {"people": [ANN, BO]}, by=TESTER)
    set_in_xero(ledger, ANN_IN_XERO, CY_IN_XERO)
    next_sync()

    customer.refresh_from_db()
    assert customer.people == [CY, ANN, BO]
    assert in_xero(ledger, customer) == [CY_IN_XERO, ANN_IN_XERO, BO_IN_XERO]
    assert_silent()


def test_somebody_removed_on_one_side_is_removed_on_the_other(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", people=[ANN, BO, CY])
    connect(ledger)
    in_step()

    change_contact(customer, {"people": [ANN, CY]}, by=TESTER)
    set_in_xero(ledger, ANN_IN_XERO, BO_IN_XERO)
    next_sync()

    customer.refresh_from_db()
    assert customer.people == [ANN]
    assert in_xero(ledger, customer) == [ANN_IN_XERO]
    assert_silent()


def test_a_change_of_something_else_never_sends_the_people(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", people=[ANN])
    connect(ledger)
    in_step()
    set_in_xero(ledger, ANN_IN_XERO, BO_IN_XERO)

    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    next_sync()

    last = Intent.objects.latest("pk")
    assert "028 2" in str(last.body)
    assert "ContactPersons" not in str(last.body)
    assert in_xero(ledger, customer) == [ANN_IN_XERO, BO_IN_XERO]


def test_people_of_a_recognised_contact_are_joined(ledger: PracticeLedger) -> None:
    ledger.load_books(
        {
            "Contacts": [
                {
                    "Name": "Castle Hotel",
                    "EmailAddress": "a@castle.example",
                    "ContactPersons": [BO_IN_XERO],
                    "IsCustomer": True,
                }
            ]
        }
    )
    customer = make_customer("Castle Hotel", email="a@castle.example", people=[ANN])
    connect(ledger)
    in_step()

    customer.refresh_from_db()
    assert customer.people == [ANN, BO]
    assert in_xero(ledger, customer) == [ANN_IN_XERO, BO_IN_XERO]
    assert_silent()


def test_whom_xero_has_no_room_for_stays_here_and_is_named(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", people=[named(n) for n in range(7)])
    connect(ledger)
    run = in_step()

    assert len(in_xero(ledger, customer)) == 5
    assert open_codes() == ["people_too_many"]
    assert not any(step.failed or step.held for step in run.steps.all())
    assert_silent()
    customer.refresh_from_db()
    assert len(customer.people) == 7
    assert open_codes() == ["people_too_many"]

    change_contact(customer, {"people": [named(n) for n in (0, 5, 6)]}, by=TESTER)
    next_sync()

    firsts = sorted(one["FirstName"] for one in in_xero(ledger, customer))
    assert firsts == ["P0", "P5", "P6"]
    assert open_codes() == []
