"""Which linked contacts a run looks at: none on which both sides agree."""

from typing import Any

import pytest

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, in_step, next_sync
from xero_sync.models import SyncSettings
from xero_sync.steps.choosing import Choice, choose_contacts

pytestmark = pytest.mark.django_db


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch) -> list[Choice]:
    """What each run chose of the contacts."""
    made: list[Choice] = []

    def choose(*args: Any) -> Choice:
        made.append(choose_contacts(*args))
        return made[-1]

    monkeypatch.setattr("xero_sync.steps.planning.choose_contacts", choose)
    return made


def test_what_both_agree_on_is_not_looked_at(
    ledger: PracticeLedger, choices: list[Choice]
) -> None:
    ours = make_customer("Alder Heating", email="alder@alder.example")
    ledger.load_books({"Contacts": [{"Name": "Fern Cottage", "IsCustomer": True}]})
    connect(ledger)
    in_step()
    theirs = Contact.objects.get(name="Fern Cottage")
    next_sync()
    choices.clear()

    next_sync()
    change_contact(theirs, {"phone": "028 1"}, by=TESTER)
    next_sync()
    next_sync()  # has a look at what Xero made of it
    next_sync()
    SyncSettings.objects.update(address_slot=SyncSettings.AddressSlot.DELIVERY)
    next_sync()

    assert [choice.linked for choice in choices] == [
        frozenset(),
        {theirs.pk},
        {theirs.pk},
        frozenset(),
        {ours.pk, theirs.pk},
    ]
    assert [choice.unlinked for choice in choices] == [False] * 4 + [True]
