"""What Xero should never say when it is read, and might: an issue with words, never a
traceback, never a lost record; the rest of the run goes on, and the same sync again
writes nothing."""

import json
import unicodedata

import pytest
from django.utils import timezone

from customers.models import Contact
from invoicing.models import Invoice, TaxRate
from stock.models import StockItem
from tests.builders import TESTER, line, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.spoiled import (
    BEFORE_ALL,
    DEEP,
    ENDLESS,
    NO_GUID,
    Spoil,
    answers_are,
    assert_ended_well,
    assert_stable,
    concerns,
    drops,
    each_spoiled,
    elements_are,
    puts,
    unreadable_titles,
    with_body,
)
from tests.xero_sync.world import connect, next_sync, work_on
from xero_sync.client.exchange import Request, Response
from xero_sync.models import SyncIssue, SyncRun, XeroConnection
from xero_sync.report.render import summary
from xero_sync.runs.requests import start_first_sync

pytestmark = pytest.mark.django_db

# --- one record on a page is bad ---

# What is the matter, and whether the record can be read all the same.
CONTACTS: dict[str, tuple[Spoil, bool]] = {
    "no id": (drops("ContactID"), False),
    "null id": (puts(ContactID=None), False),
    "odd id": (puts(ContactID=NO_GUID), False),
    "number as id": (puts(ContactID=7), False),
    "endless id": (puts(ContactID=ENDLESS), False),
    "no moment": (drops("UpdatedDateUTC"), False),
    "odd moment": (puts(UpdatedDateUTC="yesterday"), False),
    "endless name": (puts(Name=ENDLESS), False),
    "number as name": (puts(Name=12), False),
    "list as phones' slot": (puts(Phones=[["DEFAULT"]]), False),
    "text as phones": (puts(Phones="01632 960001"), False),
    "text as flag": (puts(IsSupplier="yes"), False),
    "huge terms": (puts(PaymentTerms={"Sales": {"Day": 10**30}}), False),
    "before 1970": (puts(UpdatedDateUTC="/Date(-86400000+0000)/"), True),
    "before all": (puts(UpdatedDateUTC=BEFORE_ALL), True),
    "unknown fields": (puts(NewIn2031={"a": [None, 1]}, Balances=DEEP), True),
    "null texts": (
        puts(FirstName=None, EmailAddress=None, Addresses=None, Phones=None),
        True,
    ),
    "half a character": (puts(FirstName="\ud800"), True),
    "no character": (puts(FirstName="A\0nn", LastName="\x01"), True),
    "other form": (puts(FirstName=unicodedata.normalize("NFD", "Zoë")), True),
    "unknown status": (puts(ContactStatus="FROZEN"), True),
}
# Xero says that it is neither active nor anything we know: it is not brought in.
NOT_BROUGHT = {"unknown status"}


def test_a_bad_contact_keeps_no_other_back(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [*CONTACTS, "good"]
    ledger.load_books(
        {"Contacts": [{"Name": name, "IsCustomer": True} for name in names]}
    )
    spoils = {name: spoil for name, (spoil, _) in CONTACTS.items()}
    change = each_spoiled("Name", spoils)
    connect(ledger)
    answers_are(monkeypatch, elements_are("GET", "Contacts", change))

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    readable = {name for name, (_, reads) in CONTACTS.items() if reads} | {"good"}
    assert set(Contact.objects.values_list("name", flat=True)) == readable - NOT_BROUGHT
    assert len(unreadable_titles("contact")) == len(CONTACTS) + 1 - len(readable)
    assert_stable()

    monkeypatch.undo()
    XeroConnection.objects.update(full_compare_on=None)
    run = next_sync()
    assert (run.state, run.writes) == (SyncRun.State.FINISHED, 0)
    assert Contact.objects.count() == len(names)
    assert unreadable_titles("contact") == []


ITEMS: dict[str, tuple[Spoil, bool]] = {
    "NOID": (drops("ItemID"), False),
    "NOMOMENT": (drops("UpdatedDateUTC"), False),
    "NOCODE": (puts(Code=None), False),
    "HUGE": (puts(SalesDetails={"UnitPrice": 10**40}), False),
    "ENDLESSNUMBER": (puts(SalesDetails={"UnitPrice": "9" * 5000}), False),
    "WORDS": (puts(PurchaseDetails={"UnitPrice": "a lot"}), False),
    "ENDLESS": (puts(Description=ENDLESS), False),
    "LIST": (puts(SalesDetails=[1]), False),
    "NEGATIVE": (puts(SalesDetails={"UnitPrice": -5.25}), True),
    "NULLS": (puts(Name=None, SalesDetails=None, PurchaseDetails=None), True),
    "STRANGE": (puts(Colour="red", IsSold=None), True),
}


def test_a_bad_item_keeps_no_other_back(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [*ITEMS, "GOOD"]
    ledger.load_books({"Items": [{"Code": code, "Name": code} for code in codes]})
    change = each_spoiled("Code", {code: spoil for code, (spoil, _) in ITEMS.items()})
    connect(ledger)
    answers_are(monkeypatch, elements_are("GET", "Items", change))

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    readable = {code for code, (_, reads) in ITEMS.items() if reads} | {"GOOD"}
    assert set(StockItem.objects.values_list("code", flat=True)) == readable
    assert len(unreadable_titles("item")) == len(codes) - len(readable)
    assert_stable()


INVOICES: dict[str, Spoil] = {
    "no id": drops("InvoiceID"),
    "no moment": drops("UpdatedDateUTC"),
    "no contact": drops("Contact"),
    "null contact": puts(Contact={"ContactID": None}),
    "odd date": puts(Date="2026-13-45"),
    "huge total": puts(Total=10**20),
    "text as total": puts(Total="a lot"),
    "no status": puts(Status=None),
    "no type": drops("Type"),
    "null due": puts(AmountDue=None),
}


STRANGE_INVOICES: dict[str, Spoil] = {
    "unknown type": puts(Type="ACCBOTH"),
    "unknown state": puts(Status="ONHOLD"),
    "odd day": puts(DueDate=BEFORE_ALL),
}


def test_a_bad_invoice_is_an_issue_and_the_others_are_paid(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer("Ashdown Lifts")
    for number in (*INVOICES, *STRANGE_INVOICES, "good"):
        make_invoice(customer, number=number)
    connect(ledger)
    work_on(start_first_sync(by=TESTER))
    for number in (*INVOICES, "odd day", "good"):
        ledger.control("invoice/pay", invoice=number)
    XeroConnection.objects.update(full_compare_on=timezone.localdate())
    change = each_spoiled("InvoiceNumber", INVOICES | STRANGE_INVOICES)
    answers_are(monkeypatch, elements_are("GET", "Invoices", change))

    run = next_sync()

    assert_ended_well(run)
    assert unreadable_titles("invoice") == sorted(INVOICES)
    paid = Invoice.objects.filter(amount_paid__gt=0).values_list("number", flat=True)
    assert sorted(paid) == ["good", "odd day"]
    assert Invoice.objects.filter(status=Invoice.Status.APPROVED).count() == 14
    assert_stable()


# --- a page is odd as a whole ---


def test_a_page_that_names_records_twice_or_counts_wrongly_is_read(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Ashdown", "Barlow", "Corbett"]
    ledger.load_books({"Contacts": [{"Name": n, "IsCustomer": True} for n in names]})
    connect(ledger)

    def spoil(request: Request, response: Response) -> Response:
        if not concerns(request, "GET", "Contacts"):
            return response
        body = json.loads(response.body)
        body["Contacts"] = [*body["Contacts"], *reversed(body["Contacts"])]
        body["pagination"] |= {"itemCount": 0, "pageCount": 99}
        return with_body(response, json.dumps(body).encode())

    answers_are(monkeypatch, spoil)
    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    assert sorted(Contact.objects.values_list("name", flat=True)) == names
    assert_stable()


BROKEN_ANSWERS = {
    "a page of HTML": b"<!doctype html><title>Sign in</title>",
    "half a JSON": b'{"Status": "OK", "Contacts": [{"ContactID": "',
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "another list": b'{"Status": "OK", "Receipts": []}',
    "null as list": b'{"Status": "OK", "Contacts": null, "Items": null}',
    "numbers as records": b'{"Status": "OK", "Contacts": [1, 2], "Items": [1]}',
    "too deep": b'{"Status": "OK", "Contacts": ' + b"[" * 100_000,
    "without pages": b'{"Status": "OK", "Contacts": [], "Invoices": [], "Items": 1}',
}


@pytest.mark.parametrize("body", BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
def test_a_broken_answer_is_asked_for_again(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    """Each list is answered so twice, the organisation included."""
    ledger.load_books({"Contacts": [{"Name": "Ashdown", "IsCustomer": True}]})
    make_invoice(make_customer("Barlow"), [line(item=make_item("VALVE"))])
    connect(ledger)
    seen: dict[str, int] = {}

    def spoil(request: Request, response: Response) -> Response:
        called = f"{request.method} {request.address}"
        seen[called] = seen.get(called, 0) + 1
        return with_body(response, body) if seen[called] <= 2 else response

    answers_are(monkeypatch, spoil)
    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    assert not SyncIssue.objects.open().exists()
    state = ledger.state()
    assert (state["contacts"], state["items"], state["invoices"]) == (2, 1, 1)
    assert Contact.objects.count() == 2
    assert_stable()


def test_answers_that_stay_broken_end_the_run_in_words(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer("Barlow")
    connect(ledger)

    def spoil(request: Request, response: Response) -> Response:
        return with_body(response, b"<html>Welcome to the hotel's network</html>")

    answers_are(monkeypatch, spoil)
    run = work_on(start_first_sync(by=TESTER))

    assert (run.state, run.problem) == (SyncRun.State.FAILED, "unavailable")
    assert "hotel" not in json.dumps(run.problem_details)
    summary(run)
    monkeypatch.undo()
    assert_ended_well(work_on(start_first_sync(by=TESTER)))


# --- the chart of accounts ---


@pytest.mark.parametrize("length", [51, 64, 65, 5_000])
def test_a_vat_rate_with_an_endless_code_is_an_issue(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """SQLite would keep the code, PostgreSQL has no room for it."""
    connect(ledger)
    code = "T" * length
    change = each_spoiled("TaxType", {"OUTPUT2": puts(TaxType=code)})
    answers_are(monkeypatch, elements_are("GET", "TaxRates", change))

    run = work_on(start_first_sync(by=TESTER))

    assert_ended_well(run)
    assert unreadable_titles("tax_rate") == ["20% (VAT on Income)"]
    (issue,) = SyncIssue.objects.open().filter(kind="tax_rate")
    assert issue.details["field"] == "TaxType"
    assert not TaxRate.objects.filter(tax_type__startswith="TTT").exists()
    assert TaxRate.objects.filter(tax_type="INPUT2", is_active=True).exists()
    assert_stable()

    answers_are(monkeypatch, lambda request, response: response)
    XeroConnection.objects.update(full_compare_on=None)
    assert_ended_well(next_sync())

    assert unreadable_titles("tax_rate") == []
