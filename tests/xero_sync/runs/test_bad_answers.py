"""What Xero should never answer to a write, and might: no record is made twice, none is
lost, and the same sync again writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from customers.models import Contact
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.spoiled import (
    DEEP,
    ENDLESS,
    NO_GUID,
    Element,
    Spoil,
    answers_are,
    assert_ended_well,
    assert_stable,
    drops,
    each_spoiled,
    elements_are,
    puts,
)
from tests.xero_sync.world import connect, next_sync, work_on
from xero_sync.models import Intent, SyncIssue, SyncRun, XeroConnection
from xero_sync.runs.requests import start_first_sync

pytestmark = pytest.mark.django_db

WRITTEN: dict[str, Spoil] = {
    "no id": drops("ContactID"),
    "null id": puts(ContactID=None),
    "odd id": puts(ContactID=NO_GUID),
    "endless id": puts(ContactID=ENDLESS),
    "no number": drops("ContactNumber"),
    "neither": drops("ContactNumber", "ContactID"),
    "no moment": drops("UpdatedDateUTC"),
    "before 1970": puts(UpdatedDateUTC="/Date(-86400000+0000)/"),
    "null name": puts(Name=None),
    "endless name": puts(Name=ENDLESS),
    "no character": puts(Name="A\0B", LastName="\ud800"),
    "unknown fields": puts(NewIn2031=DEEP),
    "unknown status": puts(ContactStatus="FROZEN", StatusAttributeString="MAYBE"),
    "odd flag": puts(IsCustomer="yes"),
}


def test_a_bad_answer_to_a_write_makes_no_record_twice_and_loses_none(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [*WRITTEN, "good"]
    for name in names:
        make_invoice(make_customer(name))
    connect(ledger)
    change = each_spoiled("Name", WRITTEN)
    answers_are(monkeypatch, elements_are("PUT", "Contacts", change))

    run = work_on(start_first_sync(by=TESTER))

    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    monkeypatch.undo()
    assert_all_there(ledger, names)


ODD_LISTS: dict[str, Callable[[list[Element]], list[Any]]] = {
    "empty": lambda elements: [],
    "shuffled": lambda elements: elements[::-1],
    "doubled": lambda elements: elements + elements,
    "one left out": lambda elements: elements[1:],
    "a stranger": lambda elements: [
        *elements,
        {"ContactID": "5b96e86b-418e-48e8-8949-308c14aec278", "Name": "Stranger"},
    ],
    "refused without reasons": lambda elements: [
        {"HasValidationErrors": True, "ValidationErrors": "none"} for _ in elements
    ],
}


@pytest.mark.parametrize("odd", ODD_LISTS.values(), ids=ODD_LISTS)
def test_an_odd_list_in_the_answer_to_a_write_is_put_right(
    ledger: PracticeLedger,
    monkeypatch: pytest.MonkeyPatch,
    odd: Callable[[list[Element]], list[Any]],
) -> None:
    names = ["Ashdown", "Barlow", "Corbett"]
    for name in names:
        make_invoice(make_customer(name))
    connect(ledger)
    answers_are(monkeypatch, elements_are("PUT", "Contacts", odd))

    run = work_on(start_first_sync(by=TESTER))

    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    monkeypatch.undo()
    assert_all_there(ledger, names)


def assert_all_there(ledger: PracticeLedger, names: list[str]) -> None:
    """With honest answers again: each once, linked, nothing open, nothing to write."""
    XeroConnection.objects.update(full_compare_on=None)
    run = next_sync()
    assert_ended_well(run)
    state = ledger.state()
    assert (state["contacts"], state["invoices"]) == (len(names), len(names))
    assert Contact.objects.count() == len(names)
    assert list(SyncIssue.objects.open()) == []
    assert not Intent.objects.exclude(state=Intent.State.SETTLED).exists()
    assert_stable()


def test_endless_reasons_are_cut(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_invoice(make_customer("Ashdown"))
    make_invoice(make_customer("Barlow"))
    connect(ledger)
    reasons = [{"Message": f"\0{ENDLESS}"}, {"Message": 7}, "odd", None]

    def refuse(elements: list[Element]) -> list[Any]:
        return [
            one | {"HasValidationErrors": True, "ValidationErrors": reasons}
            if one["Name"] == "Ashdown"
            else one
            for one in elements
        ]

    answers_are(monkeypatch, elements_are("PUT", "Contacts", refuse))

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    assert len(SyncIssue.objects.get(kind="contact").technical) == 4000
