"""The company that is measured, on either side: our rows, or Xero's books."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.bench.sizes import LINES, Sizes

Books = dict[str, list[dict[str, Any]]]

TOWNS = ("Leeds", "York", "Hull", "Bath", "Derby", "Truro", "Exeter", "Durham")
TRADES = ("Boilers", "Lifts", "Roofing", "Glazing", "Drains", "Alarms", "Paving")
OWNERS = ("Ashdown", "Barlow", "Corbett", "Denham", "Eastwood", "Farrow", "Gresham")
FIRST_DAY = datetime.date(2026, 1, 5)
DAYS = 300
DAYS_TO_PAY = datetime.timedelta(days=30)


def contact_name(number: int) -> str:
    owner = OWNERS[number % len(OWNERS)]
    trade = TRADES[number // len(OWNERS) % len(TRADES)]
    return f"{owner} {trade} {number:05}"


def contact_fields(number: int) -> dict[str, Any]:
    """By our names."""
    owner = OWNERS[number % len(OWNERS)]
    return {
        "name": contact_name(number),
        "first_name": "Alex",
        "last_name": owner,
        "email": f"office{number}@example.com",
        "account_number": f"C{number:06}",
        "phone": f"01632 {number:06}",
        "mobile": f"07700 {number:06}",
        "tax_number": f"GB{100000000 + number}",
        "billing_attention": f"Alex {owner}",
        "billing_line1": f"{number % 200 + 1} Mill Lane",
        "billing_line2": f"Unit {number % 30 + 1}",
        "billing_city": TOWNS[number % len(TOWNS)],
        "billing_region": "Yorkshire",
        "billing_postcode": f"LS{number % 28 + 1} {number % 9 + 1}AB",
        "billing_country": "United Kingdom",
        "is_customer": True,
    }


def item_fields(number: int) -> dict[str, Any]:
    return {
        "code": f"PART-{number:05}",
        "name": f"Valve {number:05}, brass",
        "description": f"Brass valve number {number} with two nuts and an olive",
        "purchase_description": f"Valve {number}",
        "sell_price": Decimal(number % 90 + 10) + Decimal("0.4500"),
        "cost_price": Decimal(number % 90 + 5) + Decimal("0.1250"),
        "sales_account_code": "200",
        "purchase_account_code": "310",
        "sales_tax_type": "OUTPUT2",
        "purchase_tax_type": "INPUT2",
    }


def line_fields(number: int, place: int) -> dict[str, Any]:
    return {
        "description": f"Visit {number}, part {place}: labour and materials",
        "quantity": Decimal(place + 1),
        "unit_price": Decimal(number % 50 + 20) + Decimal("0.2500"),
        "account_code": "200",
        "tax_type": "OUTPUT2",
    }


def invoice_number(number: int) -> str:
    return f"INV-{number:06}"


def issued_on(number: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=number % DAYS)


def books(sizes: Sizes) -> Books:
    """The whole company as Xero's own, in the shape of its API."""
    return {
        "Contacts": [xero_contact(number) for number in range(sizes.contacts)],
        "Items": [xero_item(number) for number in range(sizes.items)],
        "Invoices": [
            xero_invoice(number, {"Name": contact_name(number % sizes.contacts)})
            for number in range(sizes.invoices)
        ],
    }


def xero_contact(number: int) -> dict[str, Any]:
    ours = contact_fields(number)
    return {
        "Name": ours["name"],
        "FirstName": ours["first_name"],
        "LastName": ours["last_name"],
        "EmailAddress": ours["email"],
        "AccountNumber": ours["account_number"],
        "TaxNumber": ours["tax_number"],
        "Phones": [
            {"PhoneType": "DEFAULT", "PhoneNumber": ours["phone"]},
            {"PhoneType": "MOBILE", "PhoneNumber": ours["mobile"]},
        ],
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AttentionTo": ours["billing_attention"],
                "AddressLine1": ours["billing_line1"],
                "AddressLine2": ours["billing_line2"],
                "City": ours["billing_city"],
                "Region": ours["billing_region"],
                "PostalCode": ours["billing_postcode"],
                "Country": ours["billing_country"],
            }
        ],
        "IsCustomer": True,
    }


def xero_item(number: int) -> dict[str, Any]:
    ours = item_fields(number)
    return {
        "Code": ours["code"],
        "Name": ours["name"],
        "Description": ours["description"],
        "PurchaseDescription": ours["purchase_description"],
        "SalesDetails": {
            "UnitPrice": ours["sell_price"],
            "AccountCode": ours["sales_account_code"],
            "TaxType": ours["sales_tax_type"],
        },
        "PurchaseDetails": {
            "UnitPrice": ours["cost_price"],
            "AccountCode": ours["purchase_account_code"],
            "TaxType": ours["purchase_tax_type"],
        },
    }


def xero_invoice(number: int, contact: dict[str, Any]) -> dict[str, Any]:
    day = issued_on(number)
    return {
        "Type": "ACCREC",
        "InvoiceNumber": invoice_number(number),
        "Contact": contact,
        "Date": day.isoformat(),
        "DueDate": (day + DAYS_TO_PAY).isoformat(),
        "Reference": f"Order {number}",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "LineItems": list(_xero_lines(number)),
    }


def _xero_lines(number: int) -> Iterator[dict[str, Any]]:
    for place in range(LINES):
        ours = line_fields(number, place)
        yield {
            "Description": ours["description"],
            "Quantity": ours["quantity"],
            "UnitAmount": ours["unit_price"],
            "AccountCode": ours["account_code"],
            "TaxType": ours["tax_type"],
        }
