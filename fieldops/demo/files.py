"""Writes the demo company as CSV files in the columns of Xero's import templates."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fieldops.demo.books import accountants_books
from fieldops.demo.company import DemoCompany
from fieldops.demo.goods import (
    PURCHASES,
    SALES,
    STANDARD_PURCHASES,
    STANDARD_SALES,
    Good,
)
from fieldops.demo.parties import Party
from fieldops.demo.sales import Sale

PARTS = (
    "AttentionTo", "AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4",
    "City", "Region", "PostalCode", "Country",
)  # fmt: skip
CONTACT_COLUMNS = (
    "*ContactName", "AccountNumber", "EmailAddress", "FirstName", "LastName",
    *(f"PO{part}" for part in PARTS), *(f"SA{part}" for part in PARTS),
    "PhoneNumber", "FaxNumber", "MobileNumber", "DDINumber", "TaxNumber", "Website",
    "DueDateSalesDay", "DueDateSalesTerm",
)  # fmt: skip
ITEM_COLUMNS = (
    "*ItemCode", "ItemName", "Quantity", "PurchasesDescription",
    "PurchasesUnitPrice", "PurchasesAccount", "PurchasesTaxRate",
    "SalesDescription", "SalesUnitPrice", "SalesAccount", "SalesTaxRate",
)  # fmt: skip
INVOICE_COLUMNS = (
    "*ContactName", "EmailAddress", "*InvoiceNumber", "Reference", "*InvoiceDate",
    "*DueDate", "InventoryItemCode", "*Description", "*Quantity", "*UnitAmount",
    "Discount", "*AccountCode", "*TaxType", "Currency",
)  # fmt: skip
Cells = Mapping[str, Any]


def write_files(company: DemoCompany, folder: Path) -> dict[str, Path]:
    """By kind of import, and the accountant's books under "ledger"."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Sequence[str], Iterable[Cells]]] = {
        "contacts": (CONTACT_COLUMNS, map(_contact, company.contacts)),
        "suppliers": (CONTACT_COLUMNS, map(_contact, company.suppliers)),
        "items": (ITEM_COLUMNS, map(_item, company.goods)),
        "invoices": (INVOICE_COLUMNS, _invoice_rows(company.sales)),
    }
    paths = {}
    for kind, (columns, rows) in tables.items():
        paths[kind] = folder / f"{kind}.csv"
        _write(paths[kind], columns, rows)
    paths["ledger"] = folder / "ledger.json"
    paths["ledger"].write_bytes(_as_json(accountants_books(company)))
    return paths


def _write(path: Path, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _as_json(books: Mapping[str, Any]) -> bytes:
    """Decimals as numbers with all their digits, which json itself cannot write."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    return msgspec.json.format(encoder.encode(books), indent=1) + b"\n"


def _contact(party: Party) -> Cells:
    return {
        "*ContactName": party.name,
        "AccountNumber": party.account_number,
        "EmailAddress": party.email,
        "FirstName": party.first_name,
        "LastName": party.last_name,
        "POAttentionTo": party.attention,
        "POAddressLine1": party.line1,
        "POAddressLine2": party.line2,
        "POCity": party.city,
        "POPostalCode": party.postcode,
        "POCountry": "United Kingdom",
        "PhoneNumber": party.phone,
        "MobileNumber": party.mobile,
        "TaxNumber": party.tax_number,
        "Website": party.website,
        "DueDateSalesDay": "" if party.terms_day is None else party.terms_day,
        "DueDateSalesTerm": party.terms,
    }


def _item(good: Good) -> Cells:
    bought = {
        "PurchasesDescription": good.name,
        "PurchasesUnitPrice": good.cost,
        "PurchasesAccount": PURCHASES,
        "PurchasesTaxRate": STANDARD_PURCHASES,
        "Quantity": good.quantity,
    }
    return {
        "*ItemCode": good.code,
        "ItemName": good.name,
        **({} if good.is_service else bought),
        "SalesDescription": good.description,
        "SalesUnitPrice": good.price,
        "SalesAccount": SALES,
        "SalesTaxRate": STANDARD_SALES,
    }


def _invoice_rows(sales: Iterable[Sale]) -> Iterator[Cells]:
    """One row per line; what is true of the whole invoice stands in each."""
    for sale in sales:
        for line in sale.lines:
            yield {
                "*ContactName": sale.customer.name,
                "EmailAddress": sale.customer.email,
                "*InvoiceNumber": sale.number,
                "Reference": sale.reference,
                "*InvoiceDate": f"{sale.issued_on:%d/%m/%Y}",
                "*DueDate": f"{sale.due_on:%d/%m/%Y}" if sale.due_on else "",
                "InventoryItemCode": line.item_code,
                "*Description": line.description,
                "*Quantity": line.quantity,
                "*UnitAmount": line.price,
                "Discount": "" if line.discount is None else line.discount,
                "*AccountCode": line.account,
                "*TaxType": line.vat,
                "Currency": "GBP",
            }
