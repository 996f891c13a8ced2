"""The columns of Xero's sales invoice template, and of its own export of invoices."""

from collections.abc import Callable
from typing import Any

from customers.imports import address_columns
from customers.models import Contact
from fieldops.common.importing.cells import (
    CellError,
    currency,
    day,
    decimal,
    many_lines,
    one_line,
    percentage,
)
from fieldops.common.importing.layout import Column, Layout, longest_of
from fieldops.common.money import AmountsAre
from invoicing.models import Invoice, InvoiceLine

AMOUNTS_ARE = {
    "exclusive": AmountsAre.EXCLUSIVE,
    "taxexclusive": AmountsAre.EXCLUSIVE,
    "inclusive": AmountsAre.INCLUSIVE,
    "taxinclusive": AmountsAre.INCLUSIVE,
    "notax": AmountsAre.NO_TAX,
}
SALES_INVOICES = {"salesinvoice", "invoice", "accrec"}
APPROVED = {"awaitingpayment", "authorised", "approved", "paid"}

LINE_FIELDS = frozenset(
    {
        "item_code",
        "description",
        "quantity",
        "unit_price",
        "discount_percent",
        "account_code",
        "tax_type",
        "tax_amount",
    }
)


def amounts_are(cell: str) -> AmountsAre:
    key = _letters(cell)
    if key not in AMOUNTS_ARE:
        raise CellError(
            f'"{cell.strip()}" is not one of: Tax exclusive, Tax inclusive, No tax'
        )
    return AMOUNTS_ARE[key]


def sales_invoice(cell: str) -> str:
    if _letters(cell) not in SALES_INVOICES:
        raise CellError(f'"{cell.strip()}": only sales invoices can be imported')
    return cell.strip()


def approved_status(cell: str) -> str:
    if _letters(cell) not in APPROVED:
        raise CellError(f'"{cell.strip()}": only approved invoices can be imported')
    return cell.strip()


def invoice_layout(tax_type_of: Callable[[str], str]) -> Layout:
    return Layout(
        columns=(
            Column(
                "ContactName",
                "name",
                required=True,
                every_row=False,
                longest=longest_of(Contact, "name"),
            ),
            Column("EmailAddress", "email", longest=longest_of(Contact, "email")),
            *address_columns(),
            invoice_column("InvoiceNumber", "number", required=True),
            invoice_column("Reference", "reference"),
            Column("InvoiceDate", "issued_on", day, required=True, every_row=False),
            Column("DueDate", "due_on", day),
            Column("Currency", "currency", currency),
            Column("LineAmountTypes", "amounts_are", amounts_are),
            Column("Type", "type", sales_invoice),
            Column("Status", "status", approved_status),
            Column("Total", "total", decimal),
            line_column("InventoryItemCode", "item_code"),
            line_column("Description", "description", many_lines, required=True),
            line_column("Quantity", "quantity", decimal, required=True),
            line_column("UnitAmount", "unit_price", decimal, required=True),
            line_column("Discount", "discount_percent", percentage),
            line_column("AccountCode", "account_code", required=True),
            line_column("TaxType", "tax_type", tax_type_of, required=True),
            line_column("TaxAmount", "tax_amount", decimal),
        ),
        anchors=("InvoiceNumber",),
        unused=(
            "PlannedDate",
            "TaxTotal",
            "InvoiceAmountPaid",
            "InvoiceAmountDue",
            "LineAmount",
            "TrackingName1",
            "TrackingOption1",
            "TrackingName2",
            "TrackingOption2",
            "BrandingTheme",
            "Sent",
        ),
    )


def invoice_column(name: str, field: str, *, required: bool = False) -> Column:
    return Column(name, field, required=required, longest=longest_of(Invoice, field))


def line_column(
    name: str,
    field: str,
    read: Callable[[str], Any] = one_line,
    *,
    required: bool = False,
) -> Column:
    kept = field in {each.name for each in InvoiceLine._meta.get_fields()}
    longest = longest_of(InvoiceLine, field) if kept else None
    return Column(name, field, read, required, longest=longest)


def _letters(cell: str) -> str:
    return "".join(letter for letter in cell.casefold() if letter.isalpha())
