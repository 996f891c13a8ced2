"""Invoices: totals by hand-computed cases, transitions, and what blocks a change."""

from typing import Any

import pytest

from tests.sandbox.conftest import Books
from tests.sandbox.documents import invoice, line

NOT_MODIFIABLE = "Invoice not of valid status for modification"
SETTLED = (
    "This document cannot be edited as it has a payment or credit note allocated to it."
)


@pytest.mark.parametrize(
    ("types", "lines", "sub_total", "tax", "total"),
    [
        # 25.06, 25.61, 25.63 at 20 %: 5.01 + 5.12 + 5.13 per line; 15.26 once in all
        (
            "Exclusive",
            [line("25.06"), line("25.61"), line("25.63")],
            76.30,
            15.26,
            91.56,
        ),
        # at 5 %: 0.03 four times from 0.50 each (0.025 rounds up), not 0.10
        ("Exclusive", [line("0.50", TaxType="RROUTPUT")] * 4, 2.00, 0.12, 2.12),
        # 541.25 x 20/120 = 90.2083, 500.00 x 20/120 = 83.3333
        ("Inclusive", [line("541.25"), line("500.00")], 867.71, 173.54, 1041.25),
        ("NoTax", [line("99.99", 3)], 299.97, 0, 299.97),
        # 3 x 33.33 less 12.5 % = 87.49125, rounded once to 87.49; tax 17.498
        ("Exclusive", [line("33.33", 3, DiscountRate=12.5)], 87.49, 17.50, 104.99),
        ("Exclusive", [line("50.00", 2, DiscountAmount=10)], 90.00, 18.00, 108.00),
        ("Exclusive", [line("10.00", TaxType="ZERORATEDOUTPUT")], 10.00, 0, 10.00),
        ("Exclusive", [line("-20.00"), line("100.00")], 80.00, 16.00, 96.00),
    ],
)
def test_totals(
    books: Books,
    types: str,
    lines: list[dict[str, Any]],
    sub_total: float,
    tax: float,
    total: float,
) -> None:
    made = books.made("/Invoices", invoice(*lines, LineAmountTypes=types))

    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (
        sub_total,
        tax,
        total,
    )
    assert made["AmountDue"] == total


def test_unit_prices_keep_four_places_only_when_asked(books: Books) -> None:
    price = line("1.2345", 1000)

    two = books.made("/Invoices", invoice(price))
    four = books.made("/Invoices?unitdp=4", invoice(price))

    assert (two["LineItems"][0]["UnitAmount"], two["SubTotal"]) == (1.23, 1230.00)
    assert (four["LineItems"][0]["UnitAmount"], four["SubTotal"]) == (1.2345, 1234.50)
    (read,) = books.rows(f"/Invoices/{four['InvoiceID']}")
    assert read["LineItems"][0]["UnitAmount"] == 1.23


def test_a_sent_line_amount_must_agree(books: Books) -> None:
    bad = invoice(line("33.33", 3, LineAmount=100))

    assert books.refused("PUT", "/Invoices", bad) == [
        "The line total 100.00 does not match the expected line total 99.99"
    ]


def test_an_item_brings_price_account_tax_and_description(books: Books) -> None:
    books.made(
        "/Items",
        {
            "Code": "PUMP",
            "Name": "Pump",
            "Description": "A pump",
            "SalesDetails": {
                "UnitPrice": 145,
                "AccountCode": "260",
                "TaxType": "RROUTPUT",
            },
        },
    )

    made = books.made("/Invoices", invoice({"ItemCode": "pump", "Quantity": 2}))

    (row,) = made["LineItems"]
    assert row["Description"] == "A pump"
    assert (row["UnitAmount"], row["LineAmount"], row["TaxAmount"]) == (145, 290, 14.5)
    assert (row["AccountCode"], row["TaxType"], row["ItemCode"]) == (
        "260",
        "RROUTPUT",
        "PUMP",
    )


def test_a_line_may_be_words_alone(books: Books) -> None:
    made = books.made("/Invoices", invoice({"Description": "As discussed"}, line(10)))

    assert made["Total"] == 12.00


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Contact": {}}, "A Contact must be specified for this type of transaction"),
        ({"DueDate": None}, "The document DueDate field must be specified"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        (
            {"CurrencyCode": "NZD"},
            "Users Organisation is not subscribed to currency NZD",
        ),
        (
            {"LineItems": [line(1, AccountCode="999")]},
            "Account code '999' is not a valid code for this document",
        ),
        (
            {"LineItems": [line(1, AccountCode="610")]},
            "Account code '610' is not a valid code for this document",
        ),
        (
            {"LineItems": [line(1, AccountCode=None)]},
            "The account code or ID must be specified",
        ),
        ({"LineItems": [line(1, ItemCode="NOPE")]}, "Item code 'NOPE' is not valid"),
        (
            {"LineItems": [line(1, TaxType="OUTPUT9")]},
            "TaxType code 'OUTPUT9' does not exist.",
        ),
        (
            {"LineItems": [line(1, TaxType="OUTPUT")]},
            "TaxType code 'OUTPUT' does not exist.",
        ),
        (
            {"LineItems": [line(1, TaxType="INPUT2")]},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
    ],
)
def test_what_is_refused(books: Books, changes: dict[str, Any], message: str) -> None:
    assert books.refused("PUT", "/Invoices", {**invoice(), **changes}) == [message]


def test_a_draft_needs_neither_lines_nor_due_date(books: Books) -> None:
    made = books.made(
        "/Invoices", {"Type": "ACCREC", "Contact": {"Name": "Ann"}, "Status": "DRAFT"}
    )

    assert (made["Status"], made["Total"]) == ("DRAFT", 0)
    assert made["DateString"] == "2026-06-01T00:00:00"


def test_numbers_are_given_and_unique_for_sales_only(books: Books) -> None:
    assert books.made("/Invoices", invoice())["InvoiceNumber"] == "INV-0001"
    books.made("/Invoices", invoice(InvoiceNumber="INV-0002"))
    assert books.made("/Invoices", invoice())["InvoiceNumber"] == "INV-0003"

    twin = invoice(InvoiceNumber="inv-0002")
    assert books.refused("PUT", "/Invoices", twin) == ["Invoice # must be unique."]
    bill = invoice(
        line(5, AccountCode="310", TaxType="INPUT2"),
        Type="ACCPAY",
        InvoiceNumber="INV-0002",
    )
    assert books.made("/Invoices", bill)["Type"] == "ACCPAY"


def test_post_of_a_known_sales_number_updates(books: Books) -> None:
    made = books.made("/Invoices", invoice(InvoiceNumber="F-1"))

    changed = books.changed(
        "/Invoices", {"Type": "ACCREC", "InvoiceNumber": "f-1", "Reference": "PO 7"}
    )

    assert (changed["InvoiceID"], changed["Reference"]) == (made["InvoiceID"], "PO 7")
    assert changed["Total"] == 120.00


def test_the_first_document_flags_the_contact_without_a_new_stamp(books: Books) -> None:
    contact = books.made("/Contacts", {"Name": "Ann Ltd"})
    books.clock.advance(minutes=10)

    books.made("/Invoices", invoice())
    (after_sale,) = books.rows(f"/Contacts/{contact['ContactID']}")
    books.made(
        "/Invoices",
        invoice(line(5, AccountCode="310", TaxType="INPUT2"), Type="ACCPAY"),
    )
    (after_bill,) = books.rows(f"/Contacts/{contact['ContactID']}")

    assert (after_sale["IsCustomer"], after_sale["IsSupplier"]) == (True, False)
    assert (after_bill["IsCustomer"], after_bill["IsSupplier"]) == (True, True)
    assert after_bill["UpdatedDateUTC"] == contact["UpdatedDateUTC"]


def test_an_unknown_name_makes_a_contact_and_an_archived_one_refuses(
    books: Books,
) -> None:
    made = books.made("/Invoices", invoice(Contact={"Name": "New Ltd"}))
    contact_id = made["Contact"]["ContactID"]
    assert made["Contact"]["Name"] == "New Ltd"
    archive = {"ContactID": contact_id, "ContactStatus": "ARCHIVED"}
    books.changed("/Contacts", archive)

    again = invoice(Contact={"ContactID": contact_id})

    assert books.refused("PUT", "/Invoices", again) == [
        "The contact with the specified contact details has been archived. The contact "
        "must be un-archived before creating new invoices or credit notes."
    ]


def test_contact_fields_beside_the_id_change_the_contact(books: Books) -> None:
    contact = books.made(
        "/Contacts", {"Name": "Ann Ltd", "ContactPersons": [{"FirstName": "A"}]}
    )
    identity = {"ContactID": contact["ContactID"]}

    books.made("/Invoices", invoice(Contact=identity))
    (kept,) = books.rows(f"/Contacts/{contact['ContactID']}")
    books.made("/Invoices", invoice(Contact={**identity, "FirstName": "Ann"}))
    (changed,) = books.rows(f"/Contacts/{contact['ContactID']}")

    books.made("/Invoices", invoice(Contact={**identity, "Name": "Anne Ltd"}))
    (renamed,) = books.rows(f"/Contacts/{contact['ContactID']}")

    assert renamed["Name"] == "Anne Ltd"
    assert kept["ContactPersons"] == [{"FirstName": "A", "IncludeInEmails": False}]
    assert (changed["FirstName"], changed["ContactPersons"]) == ("Ann", [])


ALLOWED = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "VOIDED": set(),
    "DELETED": set(),
}


@pytest.mark.parametrize("start", ALLOWED)
@pytest.mark.parametrize(
    "wanted", ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"]
)
def test_transitions(books: Books, start: str, wanted: str) -> None:
    first = {"VOIDED": "AUTHORISED", "DELETED": "DRAFT"}.get(start, start)
    made = books.made("/Invoices", invoice(Status=first))
    if start != first:
        books.changed("/Invoices", {"InvoiceID": made["InvoiceID"], "Status": start})

    step = {"InvoiceID": made["InvoiceID"], "Status": wanted}

    if wanted in ALLOWED[start]:
        assert books.changed("/Invoices", step)["Status"] == wanted
    else:
        assert books.refused("POST", "/Invoices", step) == [NOT_MODIFIABLE]


def test_lines_are_replaced_by_their_id(books: Books) -> None:
    made = books.made("/Invoices", invoice(line(10), line(20), Status="DRAFT"))
    kept = made["LineItems"][1]["LineItemID"]

    changed = books.changed(
        f"/Invoices/{made['InvoiceID']}",
        {"LineItems": [{"LineItemID": kept, "Quantity": 3}, line(1)]},
    )

    ids = [row["LineItemID"] for row in changed["LineItems"]]
    assert ids[0] == kept
    assert made["LineItems"][0]["LineItemID"] not in ids
    assert [row["LineAmount"] for row in changed["LineItems"]] == [60, 1]
    untouched = books.changed(
        "/Invoices", {"InvoiceID": made["InvoiceID"], "Reference": "x"}
    )
    assert [row["LineItemID"] for row in untouched["LineItems"]] == ids


def test_voiding_the_only_invoice_makes_no_customer_again(books: Books) -> None:
    made = books.made("/Invoices", invoice())

    voided = books.changed(
        "/Invoices", {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}
    )

    assert (voided["Status"], voided["Total"]) == ("VOIDED", 120.00)
    assert voided["Contact"]["IsCustomer"] is False


def test_a_closed_period_refuses_every_write(books: Books) -> None:
    made = books.made("/Invoices", invoice())
    books.org.change_profile(
        period_lock_date=books.clock().date().replace(day=1, month=5)
    )
    locked = (
        "The document date cannot be before the period lock date, "
        "currently set at 1 May 2026"
    )
    void = {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}

    assert books.refused("PUT", "/Invoices", invoice()) == [locked]
    assert books.refused("POST", "/Invoices", void) == [locked]
    assert books.made("/Invoices", invoice(Date="2026-05-02"))["Status"] == "AUTHORISED"


def test_wrong_dates_are_error_14(books: Books) -> None:
    status, body = books.call("PUT", "/Invoices", invoice(Date="20100510"))

    assert (status, body["ErrorNumber"]) == (400, 14)
    assert body["Message"] == "The string '20100510' is not a valid AllXsd value."


def test_lists_carry_lines_on_pages_only(books: Books) -> None:
    made = books.made("/Invoices", invoice(InvoiceNumber="F/1"))

    (listed,) = books.rows("/Invoices")
    (paged,) = books.rows("/Invoices?page=1")
    (summary,) = books.rows("/Invoices?summaryOnly=true")
    (numbered,) = books.rows("/Invoices/F%2F1")

    assert listed["LineItems"] == []
    assert paged["LineItems"] == made["LineItems"]
    assert not {"LineItems", "Payments", "HasAttachments"} & set(summary)
    assert numbered["InvoiceID"] == made["InvoiceID"]
