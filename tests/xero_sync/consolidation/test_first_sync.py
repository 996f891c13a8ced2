"""Twenty doubtful pairs, decided in every way, and the first sync that follows."""

from typing import Any

import pytest

from customers.models import Contact
from stock.models import StockItem
from tests.builders import TESTER, make_customer, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    contacts_there,
    first_sync,
    next_sync,
    open_codes,
    preview,
    xero,
)
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.consolidation.starting import tick_for_archive
from xero_sync.models import (
    ContactLink,
    FoundPair,
    ItemLink,
    SyncRun,
    XeroConnection,
)
from xero_sync.runs.choices import change_settings

pytestmark = pytest.mark.django_db

ANSWERS = ("ours", "theirs", "different", "new", "undecided")
TOWNS = ("Derry", "Newry", "Lurgan", "Omagh")


def name_of(answer: str, town: str) -> str:
    return f"{town} {answer.title()} Garage"


def both_sides(ledger: PracticeLedger) -> None:
    """The same names on both sides and nothing else in common."""
    for number, town in enumerate(TOWNS):
        for answer in ANSWERS:
            make_customer(
                name_of(answer, town),
                phone=f"028 9032 10{number}0",
                email=f"{answer}{number}@here.example",
                billing_line1=f"{number} Here Street",
                billing_postcode=f"BT1 {number}AA",
            )
    ledger.load_books(
        {
            "Contacts": [
                _there(name_of(answer, town), f"{answer}{number}@there.example")
                for number, town in enumerate(TOWNS)
                for answer in ANSWERS
            ]
        }
    )


def _there(name: str, email: str) -> dict[str, Any]:
    address = {"AddressType": "POBOX", "City": "Elsewhere", "PostalCode": "BT99 9ZZ"}
    return {
        "Name": name,
        "EmailAddress": email,
        "IsCustomer": True,
        "Addresses": [address],
    }


def decide(answer: str) -> None:
    for pair in FoundPair.objects.filter(name_here__contains=f" {answer.title()} "):
        if answer in ("ours", "theirs"):
            decide_pair(pair, "same", {"email": answer}, by=TESTER)
        elif answer != "undecided":
            decide_pair(pair, answer, by=TESTER)


def test_twenty_pairs_decided_in_every_way_make_no_double(
    ledger: PracticeLedger,
) -> None:
    both_sides(ledger)
    connect(ledger)
    preview()
    assert FoundPair.objects.doubtful().count() == 20
    for answer in ANSWERS:
        decide(answer)
    preview()
    assert FoundPair.objects.doubtful().count() == 4

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED
    assert_accounted_for(run)
    for number, town in enumerate(TOWNS):
        _check_linked(ledger, "ours", town, f"ours{number}@here.example")
        _check_linked(ledger, "theirs", town, f"theirs{number}@there.example")
    # Twins of one name are two people for Xero only under two names: held for a person.
    held = Contact.objects.filter(name__contains=" Undecided ")
    assert not ContactLink.objects.filter(record__in=held).exists()
    there = contacts_there(ledger)
    assert len(there) == len(set(there)) == 20
    assert Contact.objects.count() == 20 + _called_different()
    assert FoundPair.objects.doubtful().count() == 4
    assert_silent()
    assert open_codes().count("possible_twin") == 4


def _called_different() -> int:
    """They come here as customers of their own: four different, four new."""
    return 8


def _check_linked(ledger: PracticeLedger, answer: str, town: str, email: str) -> None:
    contact = Contact.objects.get(name=name_of(answer, town))
    assert contact.email == email
    there = xero(ledger, "Contacts", contact)
    assert (there["Name"], there["EmailAddress"]) == (contact.name, email)
    numbers = [one["PhoneNumber"] for one in there["Phones"] if one["PhoneNumber"]]
    assert [contact.phone.endswith(number) for number in numbers] == [True]


def test_keep_ours_and_archive_in_xero_only_what_was_ticked(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", account_number="C1", phone="028 1")
    ledger.load_books(
        {
            "Contacts": [
                {"Name": "Castle Hotel Ltd", "AccountNumber": "C1", "IsCustomer": True},
                {"Name": "Old Forge", "IsCustomer": True},
                {"Name": "New Forge", "IsCustomer": True},
            ]
        }
    )
    connection = connect(ledger)
    change_settings({"start_with": "ours"}, by=TESTER)
    old = preview().changes.get(title="Old Forge").xero_id
    assert tick_for_archive(connection, [old], [old]) == 1

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED
    assert_accounted_for(run)
    assert xero(ledger, "Contacts", customer)["Name"] == "Castle Hotel"
    assert sorted(Contact.objects.values_list("name", flat=True)) == [
        "Castle Hotel",
        "New Forge",
    ]
    assert contacts_there(ledger) == ["Castle Hotel", "New Forge"]
    assert_silent()
    ledger.control("contact/unarchive", contact=old)
    XeroConnection.objects.update(full_compare_on=None)
    restored = next_sync()
    assert restored.writes == 0
    assert Contact.objects.filter(name="Old Forge").count() == 1


def test_pairs_that_show_up_later_wait_in_the_queue_as_well(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    assert first_sync().state == SyncRun.State.FINISHED
    name = "Castle Garage"
    customer = make_customer(name, phone="028 9032 1000", billing_postcode="BT1 1AA")
    ledger.load_books({"Contacts": [_there(name, "castle@there.example")]})

    next_sync()
    pair = FoundPair.objects.get()
    assert pair.record == customer
    assert pair.strength != FoundPair.Strength.CERTAIN
    assert open_codes() == ["possible_twin"]
    decide_pair(pair, "same", {"address": "ours"}, by=TESTER)
    next_sync()

    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    customer.refresh_from_db()
    assert customer.billing_postcode == "BT1 1AA"
    address = next(
        one
        for one in xero(ledger, "Contacts", customer)["Addresses"]
        if one["AddressType"] == "POBOX"
    )
    assert (address["PostalCode"], address.get("City", "")) == ("BT1 1AA", "")
    assert_silent()


def test_stock_is_decided_like_customers(ledger: PracticeLedger) -> None:
    ours = make_item("PIPE15", name="Copper pipe 15 mm")
    new = make_item("BOLT", name="Bolt of brass")
    ledger.load_books(
        {
            "Items": [
                {"Code": "PIPE15", "Name": "Garden hose, green"},
                {"Code": "BOLT", "Name": "Lightning conductor"},
            ]
        }
    )
    connect(ledger)
    preview()
    pairs = {pair.record.pk: pair for pair in FoundPair.objects.all()}
    assert {pair.group for pair in pairs.values()} == {"stock"}
    decide_pair(pairs[ours.pk], "same", {"name": "ours"}, by=TESTER)

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED
    assert xero(ledger, "Items", ours)["Name"] == "Copper pipe 15 mm"
    assert not ItemLink.objects.filter(record=new).exists()
    assert FoundPair.objects.get().record == new
    assert StockItem.objects.count() == 2
    assert_silent()


def test_a_second_copy_in_xero_waits_for_as_long_as_nobody_decides(
    ledger: PracticeLedger,
) -> None:
    castle = make_customer("Castle Garage", email="a@castle.example")
    ledger.load_books(
        {
            "Contacts": [
                _there("Castle Garage Ltd", "a@castle.example"),
                _there("Castle Garage Limited", "a@castle.example"),
            ]
        }
    )
    connect(ledger)
    preview()
    first, second = FoundPair.objects.order_by("name_there")
    decide_pair(first, "same", by=TESTER)
    preview()

    for number in range(4):
        assert (next_sync if number else first_sync)().state == SyncRun.State.FINISHED
        assert FoundPair.objects.get().xero_id == second.xero_id
        # Linking the first of the two has put right what the run had found.
        assert open_codes() == (["possible_twin"] if number else [])
        assert Contact.objects.get() == castle
    decide_pair(FoundPair.objects.get(), "different", by=TESTER)
    next_sync()

    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    assert Contact.objects.count() == 2
    XeroConnection.objects.update(full_compare_on=None)
    assert_silent()
    assert not FoundPair.objects.exists()
