"""Changed on both sides: Xero's wins, ours is kept, and one click brings it back."""

from decimal import Decimal

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.actor import Actor
from fieldops.common.errors import ChangedSince
from fieldops.common.models import ChangeEntry
from fieldops.common.permissions import Role
from stock.models import StockItem
from stock.services import change_item
from tests.builders import TESTER, make_customer, make_item, make_user
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import SyncIssue, SyncRun
from xero_sync.report.bringing_back import bring_back_from_issue, bring_back_from_run
from xero_sync.report.errors import MayNotChange, NothingToBringBack

pytestmark = pytest.mark.django_db

OURS, THEIRS = "ours@castle.example", "theirs@castle.example"


@pytest.fixture
def both_changed(ledger: PracticeLedger) -> Contact:
    """The email on both sides, the phone here alone."""
    customer = make_customer("Castle Hotel", email="a@castle.example", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(customer, {"email": OURS, "phone": "028 2"}, by=TESTER)
    ledger.control("contact/change", contact="Castle Hotel", EmailAddress=THEIRS)
    next_sync()
    customer.refresh_from_db()
    return customer


def by_office() -> Actor:
    return Actor.person(make_user())


def test_xeros_value_is_taken_and_the_report_offers_ours(both_changed: Contact) -> None:
    assert (both_changed.email, both_changed.phone) == (THEIRS, "028 2")
    issue = SyncIssue.objects.open().get()
    assert (issue.code, issue.field_name) == ("both_changed", "email")
    assert issue.details == {"ours": OURS, "xeros": THEIRS}
    run = SyncRun.objects.latest("pk")
    assert not any(step.failed or step.held for step in run.steps.all())
    assert_silent()
    assert open_codes() == ["both_changed"]


def test_ours_is_brought_back_and_goes_to_xero(
    ledger: PracticeLedger, both_changed: Contact
) -> None:
    office = by_office()

    bring_back_from_issue(SyncIssue.objects.open().get(), by=office)

    both_changed.refresh_from_db()
    assert (both_changed.email, open_codes()) == (OURS, [])
    entry = ChangeEntry.objects.of(both_changed)[0]
    assert (entry.user, entry.cause) == (office.user, "brought back")
    assert (entry.before, entry.after) == ({"email": THEIRS}, {"email": OURS})
    before = xero(ledger, "Contacts", both_changed)
    run = next_sync()
    after = xero(ledger, "Contacts", both_changed)
    assert after["EmailAddress"] == OURS
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved <= {"EmailAddress", "UpdatedDateUTC"}
    assert run.writes == 1
    both_changed.refresh_from_db()
    assert (both_changed.email, both_changed.phone) == (OURS, "028 2")
    assert_silent()
    assert open_codes() == []


def test_ours_is_brought_back_from_the_runs_page(both_changed: Contact) -> None:
    change = SyncRun.objects.latest("pk").changes.exclude(losers=[]).get()

    bring_back_from_run(change, "email", by=by_office())

    both_changed.refresh_from_db()
    assert (both_changed.email, open_codes()) == (OURS, [])
    with pytest.raises(NothingToBringBack):
        bring_back_from_run(change, "phone", by=by_office())


def test_a_value_changed_since_is_not_overwritten(both_changed: Contact) -> None:
    change_contact(both_changed, {"email": "new@castle.example"}, by=TESTER)
    revision = Contact.objects.get().revision

    with pytest.raises(ChangedSince) as refusal:
        bring_back_from_issue(SyncIssue.objects.open().get(), by=by_office())

    assert refusal.value.message == (
        "Email address has been changed since. It is now new@castle.example. "
        "Nothing was brought back."
    )
    assert Contact.objects.get().revision == revision
    next_sync()
    assert open_codes() == []


def test_who_may_not_change_the_record_may_not_bring_back(
    both_changed: Contact,
) -> None:
    accountant = Actor.person(make_user(Role.ACCOUNTANT))

    with pytest.raises(MayNotChange):
        bring_back_from_issue(SyncIssue.objects.open().get(), by=accountant)

    assert Contact.objects.get().email == THEIRS
    assert open_codes() == ["both_changed"]


def test_keeping_xeros_closes_the_row_and_changes_nothing(
    client: Client, both_changed: Contact
) -> None:
    client.force_login(make_user())
    issue = SyncIssue.objects.open().get()
    page = client.get("/xero/").content.decode()
    assert "Good to know" in page
    assert OURS in page
    assert "records need a fix" not in page

    client.post(f"/xero/issues/{issue.pk}/keep/", headers={"HX-Request": "true"})

    assert open_codes() == []
    assert Contact.objects.get().revision == both_changed.revision
    assert_silent()


def test_the_row_brings_ours_back(client: Client, both_changed: Contact) -> None:
    client.force_login(make_user())
    issue = SyncIssue.objects.open().get()

    answer = client.post(
        f"/xero/issues/{issue.pk}/bring-back/", headers={"HX-Request": "true"}
    )

    assert "It goes to Xero with the next sync." in answer.content.decode()
    assert Contact.objects.get().email == OURS
    again = client.post(
        f"/xero/issues/{issue.pk}/bring-back/", headers={"HX-Request": "true"}
    )
    assert again.status_code == 422


def test_the_page_of_the_run_lists_what_was_replaced(
    client: Client, both_changed: Contact
) -> None:
    client.force_login(make_user())
    run = SyncRun.objects.latest("pk")
    change = run.changes.exclude(losers=[]).get()
    page = client.get(f"/xero/runs/{run.pk}/?step=replaced").content.decode()
    assert "Ours replaced" in page
    assert "Bring ours back" in page

    client.post(f"/xero/changes/{change.pk}/bring-back/", {"field": "email"})

    assert Contact.objects.get().email == OURS
    page = client.get(f"/xero/runs/{run.pk}/?step=replaced").content.decode()
    assert "Bring ours back" not in page


def test_a_first_link_raises_no_rows(ledger: PracticeLedger) -> None:
    ledger.load_books(
        {
            "Contacts": [
                {
                    "Name": "Castle Hotel",
                    "EmailAddress": "a@castle.example",
                    "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "028 9"}],
                    "IsCustomer": True,
                }
            ]
        }
    )
    make_customer("Castle Hotel", email="a@castle.example", phone="028 1")
    connect(ledger)
    run = in_step()

    assert open_codes() == []
    [change] = run.changes.exclude(losers=[])
    bring_back_from_run(change, "phone", by=by_office())
    next_sync()
    customer = Contact.objects.get()
    assert customer.phone == "028 1"
    [phone] = [
        one
        for one in xero(ledger, "Contacts", customer)["Phones"]
        if one["PhoneType"] == "DEFAULT"
    ]
    assert phone["PhoneNumber"] == "028 1"


def test_a_price_of_an_item_comes_back_too(ledger: PracticeLedger) -> None:
    item = make_item("PIPE15")
    connect(ledger)
    in_step()
    change_item(item, {"sell_price": Decimal("11.5")}, by=TESTER)
    ledger.control("item/change", item="PIPE15", SalesDetails={"UnitPrice": 12})
    next_sync()
    assert str(StockItem.objects.get().sell_price) == "12.0000"

    bring_back_from_issue(SyncIssue.objects.open().get(), by=by_office())
    next_sync()

    assert str(StockItem.objects.get().sell_price) == "11.5000"
    assert str(xero(ledger, "Items", item)["SalesDetails"]["UnitPrice"]) == "11.5"
    assert_silent()


def test_one_person_comes_back_among_those_there_now(ledger: PracticeLedger) -> None:
    ann = {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@castle.example",
        "gets_copies": False,
    }
    customer = make_customer("Castle Hotel", people=[ann])
    connect(ledger)
    in_step()
    ours = ann | {"first_name": "Anne"}
    change_contact(customer, {"people": [ours]}, by=TESTER)
    ledger.control(
        "contact/change",
        contact="Castle Hotel",
        ContactPersons=[
            {
                "FirstName": "Annie",
                "LastName": "Lee",
                "EmailAddress": "ann@castle.example",
            },
            {"FirstName": "Bo", "LastName": "Marsh"},
        ],
    )
    next_sync()
    assert [one["first_name"] for one in Contact.objects.get().people] == [
        "Annie",
        "Bo",
    ]

    bring_back_from_issue(SyncIssue.objects.open().get(), by=by_office())
    next_sync()

    assert [one["first_name"] for one in Contact.objects.get().people] == ["Anne", "Bo"]
    in_xero = xero(ledger, "Contacts", customer)["ContactPersons"]
    assert sorted(one["FirstName"] for one in in_xero) == ["Anne", "Bo"]
    assert_silent()
