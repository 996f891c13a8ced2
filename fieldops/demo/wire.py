"""Rows of the accountant's books, in the shape Xero's API speaks."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fieldops.demo.parties import Party

Wire = dict[str, Any]


def document(
    kind: str, number: str, name: str, day: date, status: str, line: Wire
) -> Wire:
    return {
        "Type": kind,
        "Status": status,
        "InvoiceNumber": number,
        "Contact": {"Name": name},
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(30)).isoformat(),
        "LineAmountTypes": "Exclusive",
        "LineItems": [line],
    }


def details(price: Decimal, account: str, tax_type: str) -> Wire:
    return {"UnitPrice": price, "AccountCode": account, "TaxType": tax_type}


def address(party: Party) -> Wire:
    return {
        "AddressType": "POBOX",
        "AddressLine1": party.line1,
        "AddressLine2": party.line2,
        "City": party.city,
        "PostalCode": party.postcode,
        "Country": "United Kingdom",
    }
