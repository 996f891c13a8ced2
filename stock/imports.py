"""Stock items from a table in the columns of Xero's item template.

A quantity becomes the opening stock of an item that is new, and of no other. Blank
cells never wipe what we have.
"""

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.importing.cells import decimal, many_lines, one_line
from fieldops.common.importing.flaws import FlawsOf
from fieldops.common.importing.layout import (
    Column,
    Layout,
    Row,
    longest_of,
    read_table,
)
from fieldops.common.importing.records import Recipe, RecordsImport
from fieldops.common.importing.report import ImportReport, Remark
from fieldops.common.importing.sheet import Sheet
from stock.models import StockItem, StockMovement
from stock.services import change_item, create_item, move_stock

ACCOUNT_COLUMNS = {
    "sales_account_code": "SalesAccount",
    "purchase_account_code": "PurchasesAccount",
}


def item_layout(tax_type_of: Callable[[str], str]) -> Layout:
    return Layout(
        columns=(
            item_column("ItemCode", "code"),
            item_column("ItemName", "name"),
            Column("Quantity", "quantity", decimal),
            item_column("PurchasesDescription", "purchase_description", many_lines),
            item_column("PurchasesUnitPrice", "cost_price", decimal),
            item_column("PurchasesAccount", "purchase_account_code"),
            item_column("PurchasesTaxRate", "purchase_tax_type", tax_type_of),
            item_column("SalesDescription", "description", many_lines),
            item_column("SalesUnitPrice", "sell_price", decimal),
            item_column("SalesAccount", "sales_account_code"),
            item_column("SalesTaxRate", "sales_tax_type", tax_type_of),
        ),
        anchors=("ItemCode", "ItemName"),
        unused=("InventoryAssetAccount", "CostOfGoodsSoldAccount", "InventoryType"),
        foreign={"invoicenumber": "invoices"},
    )


def item_column(name: str, field: str, read: Callable[[str], Any] = one_line) -> Column:
    return Column(name, field, read, longest=longest_of(StockItem, field))


def import_items(
    sheet: Sheet,
    *,
    tax_type_of: Callable[[str], str],
    account_codes: Collection[str],
    flaws_of: FlawsOf[StockItem],
    by: Actor,
) -> ImportReport:
    """``tax_type_of`` reads a VAT rate's name or code and raises CellError."""

    def create(row: Row) -> StockItem:
        return _create_with_stock(_stated(row), row.values.get("quantity"), by=by)

    recipe = Recipe[StockItem](
        number_field="code",
        number_decides=True,
        values_of=_stated,
        create=create,
        change=lambda item, values: change_item(item, values, by=by),
        flaws_of=flaws_of,
        warnings_of=lambda row: _warnings(row, account_codes),
    )
    table = read_table(sheet, item_layout(tax_type_of))
    return RecordsImport(table, StockItem.objects.all(), recipe).run()


@transaction.atomic
def _create_with_stock(
    values: dict[str, Any], quantity: Decimal | None, *, by: Actor
) -> StockItem:
    """A name is what we cannot do without: the code stands in for it."""
    item = create_item({"name": values.get("code", "")} | values, by=by)
    if quantity:
        move_stock(
            item, quantity, StockMovement.Kind.OPENING, by=by, reference="import"
        )
    return item


def _stated(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name != "quantity"}


def _warnings(row: Row, account_codes: Collection[str]) -> Iterator[Remark]:
    if "name" not in row.values:
        yield Remark(row.line, "ItemName", "is blank; a new item is named by its code")
    for field, column in ACCOUNT_COLUMNS.items():
        code = row.values.get(field)
        if code and code not in account_codes:
            yield Remark(row.line, column, f"there is no account {code} in your chart")
