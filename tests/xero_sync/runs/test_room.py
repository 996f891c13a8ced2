"""What Xero holds and our columns have no room for: the same issue on every database, with
the field, its length and the limit; nothing is lost, and nothing is half written."""

from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Contact
from invoicing.models import Account
from stock.models import StockItem, StockMovement
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.spoiled import (
    Spoil,
    answers_are,
    assert_ended_well,
    assert_stable,
    each_spoiled,
    elements_are,
    puts,
)
from tests.xero_sync.world import connect, in_step, next_sync, work_on
from xero_sync.models import SyncIssue, XeroConnection
from xero_sync.report.fields import message_of
from xero_sync.runs.requests import start_first_sync

pytestmark = pytest.mark.django_db


def issues() -> dict[str, tuple[str, str]]:
    """By title: the code, and what the row says."""
    return {one.title: (one.code, message_of(one)) for one in SyncIssue.objects.open()}


def read_all_again() -> None:
    XeroConnection.objects.update(full_compare_on=None)
    next_sync()


def test_new_contacts_with_texts_too_long_wait_in_xero(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = "y" * 255
    names = ("Long Town", "Just Fits", "Many Days", "Plain")
    ledger.load_books({"Contacts": [{"Name": n, "IsCustomer": True} for n in names]})
    address = {"AddressType": "POBOX", "City": "x" * 256}
    spoils: dict[str, Spoil] = {
        "Long Town": puts(Addresses=[address], FirstName="Ann"),
        "Just Fits": puts(Addresses=[address | {"City": fits}]),
        "Many Days": puts(
            PaymentTerms={"Sales": {"Day": 40_000, "Type": "DAYSAFTERBILLDATE"}}
        ),
    }
    connect(ledger)
    answers_are(
        monkeypatch, elements_are("GET", "Contacts", each_spoiled("Name", spoils))
    )

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    assert issues() == {
        "Long Town": (
            "too_long_for_us",
            "A text in Xero is too long for Fieldops. Town or city has 256 characters "
            "in Xero; there is room for 255 here.",
        ),
        "Many Days": (
            "rule",
            "Could not be saved here. Payment days is 40000 in Xero. That number is too "
            "large here.",
        ),
    }
    brought = dict(Contact.objects.values_list("name", "billing_city"))
    assert brought == {"Just Fits": fits, "Plain": ""}
    assert_stable()

    monkeypatch.undo()
    read_all_again()
    assert issues() == {}
    assert Contact.objects.count() == 4


def test_a_linked_contact_keeps_all_it_has_until_the_text_is_shorter(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    castle = make_customer("Castle", billing_city="Derry", phone="1")
    make_invoice(castle)
    connect(ledger)
    in_step()
    address = {"AddressType": "POBOX", "City": "x" * 300}
    spoil = puts(Addresses=[address], FirstName="Ann")
    change = each_spoiled("Name", {"Castle": spoil})
    answers_are(monkeypatch, elements_are("GET", "Contacts", change))

    read_all_again()

    castle.refresh_from_db()
    assert (castle.billing_city, castle.first_name, castle.revision) == ("Derry", "", 1)
    assert [code for code, _ in issues().values()] == ["too_long_for_us"]
    assert_stable()

    monkeypatch.undo()
    read_all_again()
    assert issues() == {}
    castle.refresh_from_db()
    assert castle.billing_city == "Derry"


def test_items_and_the_chart_have_the_same_rule(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = ("LONGTAX", "DEAR", "MANY", "GOOD")
    ledger.load_books({"Items": [{"Code": code, "Name": code} for code in codes]})
    tracked = puts(
        IsTrackedAsInventory=True,
        QuantityOnHand=10**14,
        InventoryAssetAccountCode="630",
    )
    items: dict[str, Spoil] = {
        "LONGTAX": puts(SalesDetails={"TaxType": "T" * 51}),
        "DEAR": puts(SalesDetails={"UnitPrice": 10**12}),
        "MANY": tracked,
    }
    accounts: dict[str, Spoil] = {
        "200": puts(Name="S" * 151),
        "260": puts(Type="T" * 21),
        "400": puts(Code="4" * 80),
    }
    connect(ledger)
    by_code = elements_are("GET", "Items", each_spoiled("Code", items))
    chart = elements_are("GET", "Accounts", each_spoiled("Code", accounts))
    answers_are(
        monkeypatch, lambda request, answer: chart(request, by_code(request, answer))
    )
    sales = Account.objects.get(code="200").name

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    found = {title.split(" ")[0][:9]: code for title, (code, _) in issues().items()}
    assert found == {
        "LONGTAX": "too_long_for_us",
        "DEAR": "rule",
        "MANY": "rule",
        "200": "too_long_for_us",
        "260": "account_differs",
        "Advertisi": "unreadable",
    }
    assert list(StockItem.objects.values_list("code", flat=True)) == ["GOOD"]
    assert not StockMovement.objects.exists()
    assert Account.objects.get(code="200").name == sales
    assert_stable()


def test_a_sum_of_money_that_is_too_large_changes_nothing(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = make_invoice(number="INV-1")
    connect(ledger)
    in_step()
    XeroConnection.objects.update(full_compare_on=timezone.localdate())
    ledger.control("invoice/pay", invoice="INV-1")
    change = each_spoiled("InvoiceNumber", {"INV-1": puts(AmountPaid=10**12)})
    answers_are(monkeypatch, elements_are("GET", "Invoices", change))

    assert_ended_well(next_sync())

    invoice.refresh_from_db()
    assert invoice.amount_paid == Decimal(0)
    assert [code for code, _ in issues().values()] == ["rule"]
