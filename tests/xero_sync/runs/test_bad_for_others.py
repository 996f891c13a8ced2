"""A record that Xero describes badly must not do harm to others, nor to the syncs that
come after: no list is read no further, nothing is taken for deleted, no run breaks off."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from invoicing.models import Invoice
from tests.builders import TESTER, line, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.spoiled import (
    BEFORE_ALL,
    NO_GUID,
    Element,
    Spoil,
    answers_are,
    assert_ended_well,
    concerns,
    drops,
    each_spoiled,
    elements_are,
    puts,
    unreadable_titles,
)
from tests.xero_sync.world import (
    connect,
    in_step,
    next_sync,
    next_sync_of_the_day,
    one_slice,
    open_codes,
    work_on,
    xero,
)
from xero_sync.client.exchange import Request, Response
from xero_sync.models import (
    InvoiceLink,
    MirrorRecord,
    SyncCursor,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import start_first_sync

pytestmark = pytest.mark.django_db

IN_THE_YEAR_9987 = "/Date(253000000000000+0000)/"


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_moment_in_years_to_come_hides_nothing_that_happens_before(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    customer = make_customer("Ashdown")
    odd, good = (make_invoice(customer, number=one) for one in ("ODD", "GOOD"))
    connect(ledger)
    change = each_spoiled(
        "InvoiceNumber", {"ODD": puts(UpdatedDateUTC=IN_THE_YEAR_9987)}
    )
    answers_are(monkeypatch, elements_are(method, "Invoices", change))
    assert_ended_well(work_on(start_first_sync(by=TESTER)))
    ledger.control("invoice/pay", invoice="ODD", Amount="1.00")
    assert_ended_well(next_sync_of_the_day())
    assert unreadable_titles("invoice") == (["ODD"] if method == "GET" else [])

    monkeypatch.undo()
    for number in ("ODD", "GOOD"):
        ledger.control("invoice/pay", invoice=number, Amount="2.00")
    assert_ended_well(next_sync_of_the_day())

    paid = dict(Invoice.objects.values_list("number", "amount_paid"))
    assert paid == {odd.number: Decimal(3), good.number: Decimal(2)}
    assert open_codes() == []


def test_a_book_of_moments_before_all_time_is_read_again(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.load_books({"Contacts": [{"Name": "Ashdown", "IsCustomer": True}]})
    connect(ledger)

    def age(elements: list[Element]) -> list[Any]:
        return [one | {"UpdatedDateUTC": BEFORE_ALL} for one in elements]

    answers_are(monkeypatch, elements_are("GET", "Contacts", age))
    assert_ended_well(work_on(start_first_sync(by=TESTER)))
    assert_ended_well(next_sync_of_the_day())
    ledger.load_books({"Contacts": [{"Name": "Barlow", "IsCustomer": True}]})
    XeroConnection.objects.update(full_compare_on=None)

    assert_ended_well(next_sync())

    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    "spoil", [drops("UpdatedDateUTC"), drops("ItemID"), puts(ItemID=NO_GUID)]
)
def test_an_item_that_is_listed_badly_is_not_taken_for_deleted(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    customer, valve = make_customer("Ashdown"), make_item("VALVE")
    make_invoice(customer, [line(item=valve)])
    connect(ledger)
    in_step()
    change = each_spoiled("Code", {"VALVE": spoil})
    answers_are(monkeypatch, elements_are("GET", "Items", change))
    XeroConnection.objects.update(full_compare_on=None)
    second = make_invoice(customer, [line(item=valve)])

    assert_ended_well(next_sync())

    assert open_codes() == ["unreadable"]
    assert xero(ledger, "Invoices", second)["LineItems"][0]["ItemCode"] == "VALVE"


def test_accounts_without_ids_are_not_taken_for_deleted(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Ashdown")
    connect(ledger)
    in_step()

    def without_ids(elements: list[Element]) -> list[Any]:
        return [{**one, "AccountID": None} for one in elements]

    answers_are(monkeypatch, elements_are("GET", "Accounts", without_ids))
    XeroConnection.objects.update(full_compare_on=None)
    make_invoice(customer)

    assert_ended_well(next_sync())

    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)


def test_a_number_where_an_account_number_is_expected(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its contact is an issue, and no sync of others that looks for their numbers breaks
    off at it."""
    ashdown = make_customer("Ashdown", account_number="A1")
    other = {"Name": "Barlow", "IsCustomer": True, "AccountNumber": "77"}
    ledger.load_books({"Contacts": [other]})
    connect(ledger)
    change = each_spoiled("Name", {"Barlow": puts(AccountNumber=77)})
    answers_are(monkeypatch, elements_are("GET", "Contacts", change))
    assert_ended_well(work_on(start_first_sync(by=TESTER)))
    change_contact(ashdown, {"first_name": "Ann"}, by=TESTER)

    assert_ended_well(next_sync_of_the_day())

    assert xero(ledger, "Contacts", ashdown)["FirstName"] == "Ann"
    assert unreadable_titles("contact") == ["Barlow"]


def test_a_number_where_an_invoice_number_is_expected(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Ashdown")
    make_invoice(customer, number="1001")
    connect(ledger)
    in_step()
    _forget_invoices()
    change = each_spoiled("InvoiceNumber", {"1001": puts(InvoiceNumber=1001)})
    answers_are(monkeypatch, elements_are("GET", "Invoices", change))
    make_invoice(customer, [line("99.00")], number="1002")

    assert_ended_well(next_sync_of_the_day())

    assert InvoiceLink.objects.get().record.number == "1002"
    assert unreadable_titles("invoice") == ["1001"]


def _forget_invoices() -> None:
    """As after a backup: Xero's invoice is nobody's."""
    InvoiceLink.objects.all().delete()
    MirrorRecord.objects.filter(kind=Kind.INVOICE).delete()
    SyncCursor.objects.filter(kind=Kind.INVOICE).update(watermark=None)


def test_an_endless_status_in_the_answer_to_an_invoice_is_kept_short(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL has no room for it, and would keep the intent open for good."""
    make_invoice(make_customer("Ashdown"))
    connect(ledger)
    status = "X" * 40
    answers_are(
        monkeypatch,
        elements_are(
            "PUT", "Invoices", lambda all_: [one | {"Status": status} for one in all_]
        ),
    )

    assert_ended_well(work_on(start_first_sync(by=TESTER)))

    assert InvoiceLink.objects.get().status == status[:20]


@pytest.mark.parametrize("value", ["9" * 20, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_for_xero_longer_than_a_day(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    connect(ledger)
    headers = {"retry-after": value, "x-rate-limit-problem": "day"}

    def limit(request: Request, response: Response) -> Response:
        is_read = concerns(request, "GET", "Contacts")
        return Response(429, headers, b"") if is_read else response

    answers_are(monkeypatch, limit)
    run = start_first_sync(by=TESTER)
    one_slice(run)

    assert (run.state, run.problem) == (SyncRun.State.WAITING, "day_limit")
    until = XeroConnection.objects.get().not_before
    assert until is not None
    assert 86_000 < (until - timezone.now()).total_seconds() < 86_500
