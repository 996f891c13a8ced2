"""Invoices as the tests send them."""

from typing import Any


def line(amount: object, quantity: object = 1, **fields: object) -> dict[str, Any]:
    return {
        "Description": "Work",
        "Quantity": quantity,
        "UnitAmount": amount,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
        **fields,
    }


def invoice(*lines: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {
        "Type": "ACCREC",
        "Contact": {"Name": "Ann Ltd"},
        "Date": "2026-05-01",
        "DueDate": "2026-05-31",
        "Status": "AUTHORISED",
        "LineItems": list(lines) or [line("100.00")],
        **fields,
    }
