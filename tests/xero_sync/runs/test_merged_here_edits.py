"""What is edited in Xero while a merged contact's link is another one's, and then the
merge is undone: Xero's edits stay, what only the kept one said does not."""

import pytest

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact
from fieldops.common.models import Merge
from stock.merging import merge_items, undo_item_merge
from tests.builders import TESTER, make_contact, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.merged import again, links, phones_there
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import ContactLink

pytestmark = pytest.mark.django_db

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@inn.example"}
BOB = {"first_name": "Bob", "last_name": "Kerr", "email": "bob@hotel.example"}


def moved(ledger: PracticeLedger) -> tuple[Contact, Contact, Merge]:
    """The merged one's link is the kept one's, and what that says is in Xero."""
    kept = make_contact("Castle Hotel", phone="028 1", website="", people=[BOB])
    other = make_customer(
        "Castle Inn", phone="028 2", email="inn@castle.example", people=[ANN]
    )
    make_invoice(other)
    connect(ledger)
    in_step()
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    assert set(links()) == {kept.pk}
    assert phones_there(ledger, kept) == {"028 1"}
    return kept, other, merge


def test_xeros_edits_win_over_what_nobody_has_typed_since(
    ledger: PracticeLedger,
) -> None:
    kept, other, merge = moved(ledger)
    change = {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "028 9"}]}
    ledger.control("contact/change", contact="Castle Hotel", **change, LastName="Moore")
    next_sync()
    assert again(kept).phone == "028 9"

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    inn = again(other)
    assert (inn.phone, inn.last_name, inn.name) == ("028 9", "Moore", "Castle Inn")
    there = xero(ledger, "Contacts", other)
    assert (there["Name"], there["LastName"]) == ("Castle Inn", "Moore")
    assert phones_there(ledger, other) == {"028 9"}
    assert open_codes() == []
    assert_silent()


def test_also_where_no_sync_had_seen_them_before_the_undo(
    ledger: PracticeLedger,
) -> None:
    _, other, merge = moved(ledger)
    change = {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "028 9"}]}
    ledger.control("contact/change", contact="Castle Hotel", **change)

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert again(other).phone == "028 9"
    assert phones_there(ledger, other) == {"028 9"}
    assert_silent()


def test_what_only_the_kept_one_said_gives_way(ledger: PracticeLedger) -> None:
    """Its name and phone, and its person, who is none of the other's."""
    kept, other, merge = moved(ledger)
    there = xero(ledger, "Contacts", kept)
    assert [one["FirstName"] for one in there["ContactPersons"]] == ["Bob", "Ann"]
    carol = {"FirstName": "Carol", "LastName": "Moore", "EmailAddress": "c@inn.example"}
    ledger.control(
        "contact/change",
        contact="Castle Hotel",
        ContactPersons=[*there["ContactPersons"], carol],
    )
    next_sync()
    change_contact(again(kept), {"phone": "028 3"}, by=TESTER)
    next_sync()
    assert phones_there(ledger, kept) == {"028 3"}

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert phones_there(ledger, other) == {"028 2"}
    there = xero(ledger, "Contacts", other)
    names = [one["FirstName"] for one in there["ContactPersons"]]
    assert (there["Name"], names) == ("Castle Inn", ["Ann", "Carol"])
    assert [one["first_name"] for one in again(other).people] == names
    assert open_codes() == []
    assert_silent()


def test_what_is_typed_after_the_undo_goes_up(ledger: PracticeLedger) -> None:
    """Where Xero has changed it too, Xero wins and ours is offered back."""
    _, other, merge = moved(ledger)
    ledger.control("contact/change", contact="Castle Hotel", LastName="Moore")
    next_sync()
    undo_contact_merge(merge, by=TESTER)
    typed = {"last_name": "Kelly", "phone": "028 7"}
    change_contact(again(other), typed, by=TESTER)
    next_sync()

    inn = again(other)
    assert (inn.last_name, inn.phone) == ("Moore", "028 7")
    assert phones_there(ledger, other) == {"028 7"}
    assert open_codes() == ["both_changed"]
    assert_silent()


def test_a_link_that_was_handed_on_comes_back_step_by_step(
    ledger: PracticeLedger,
) -> None:
    kept, other, first = moved(ledger)
    last = make_contact("Castle Group", phone="028 5", mobile="077 5")
    second = merge_contacts(last, [again(kept)], {}, by=TESTER)
    next_sync()
    assert (set(links()), phones_there(ledger, last)) == (
        {last.pk},
        {"028 5", "077 5"},
    )
    ledger.control("contact/change", contact="Castle Group", LastName="Moore")
    next_sync()

    undo_contact_merge(second, by=TESTER)
    next_sync()

    assert set(links()) == {kept.pk}
    hotel = again(kept)
    assert (hotel.name, hotel.last_name, hotel.phone) == (
        "Castle Hotel",
        "Moore",
        "028 1",
    )
    assert phones_there(ledger, kept) == {"028 1"}
    undo_contact_merge(first, by=TESTER)
    next_sync()

    inn = again(other)
    assert (inn.name, inn.last_name, inn.phone) == ("Castle Inn", "Moore", "028 2")
    assert phones_there(ledger, other) == {"028 2"}
    assert ContactLink.objects.get(record=other).left is None
    assert_silent()


def test_items_alike(ledger: PracticeLedger) -> None:
    other = make_item("PIPE22", name="Pipe", sell_price="3.50", cost_price="1.00")
    connect(ledger)
    in_step()
    kept = make_item("PIPE-22", name="Pipe 22 mm", sell_price="4.00")
    merge = merge_items(kept, [other], {"code": "PIPE22"}, by=TESTER)
    next_sync()
    ledger.control("item/change", item="PIPE22", PurchaseDescription="by the metre")
    next_sync()

    undo_item_merge(merge, by=TESTER)
    next_sync()

    there = xero(ledger, "Items", other)
    other.refresh_from_db()
    assert (there["Name"], there["SalesDetails"]["UnitPrice"]) == ("Pipe", 3.5)
    assert other.purchase_description == "by the metre"
    assert there["PurchaseDescription"] == "by the metre"
    assert_silent()
