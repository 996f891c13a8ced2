"""Stock items from a file."""

from decimal import Decimal

import pytest

from fieldops.common.importing.sheet import FileRefused
from stock.models import StockItem, StockMovement
from tests.builders import make_item
from tests.imports.files import counts, do_import, errors, table_sizes, warnings

pytestmark = pytest.mark.django_db

PIPE = {
    "*ItemCode": "H0101",
    "ItemName": "Copper pipe 15 mm",
    "Quantity": "12.5",
    "PurchasesDescription": "Pipe",
    "PurchasesUnitPrice": "£1.2375",
    "PurchasesAccount": "310",
    "PurchasesTaxRate": "20% (VAT on Expenses)",
    "SalesDescription": "Copper pipe,\nby the metre",
    "SalesUnitPrice": "1,002.50",
    "SalesAccount": "200",
    "SalesTaxRate": "output2",
}
NAME_LIMITS = "Xero takes 50, and nothing over 64 is sent"


def only_item() -> StockItem:
    return StockItem.objects.with_levels().get()


def test_an_item_arrives_with_all_its_fields_and_its_opening_stock() -> None:
    report = do_import("items", [PIPE])
    assert counts(report) == (1, 0, 0, 0)
    assert warnings(report) == []
    item = only_item()
    assert (item.code, item.name) == ("H0101", "Copper pipe 15 mm")
    assert item.description == "Copper pipe,\nby the metre"
    assert item.purchase_description == "Pipe"
    assert (item.cost_price, item.sell_price) == (Decimal("1.2375"), Decimal("1002.5"))
    assert (item.sales_account_code, item.purchase_account_code) == ("200", "310")
    assert (item.sales_tax_type, item.purchase_tax_type) == ("OUTPUT2", "INPUT2")
    movement = StockMovement.objects.get()
    assert movement.kind == StockMovement.Kind.OPENING
    assert movement.quantity == Decimal("12.5")


def test_the_same_file_again_changes_nothing_and_moves_no_stock() -> None:
    rows = [
        PIPE,
        PIPE | {"*ItemCode": "", "ItemName": "Loose screws"},
        PIPE | {"*ItemCode": "", "ItemName": "Loose nails"},
        PIPE | {"*ItemCode": "X1", "ItemName": ""},
    ]
    assert counts(do_import("items", rows)) == (4, 0, 0, 0)
    before = table_sizes()
    assert counts(do_import("items", rows)) == (0, 0, 4, 0)
    assert table_sizes() == before


def test_a_changed_file_changes_by_code_and_never_the_stock() -> None:
    do_import("items", [PIPE])
    changed = {"ItemName": "Tube", "SalesUnitPrice": "3", "Quantity": "99"}
    report = do_import("items", [PIPE | changed | {"SalesDescription": ""}])
    assert report.entries[0].changed == ("ItemName", "SalesUnitPrice")
    assert (only_item().name, only_item().sell_price) == ("Tube", Decimal(3))
    assert only_item().description == "Copper pipe,\nby the metre"
    assert vars(only_item())["on_hand"] == Decimal("12.5")


def test_an_item_without_a_code_is_found_by_its_name() -> None:
    item = make_item(name="Copper pipe 15 mm")
    StockItem.objects.filter(pk=item.pk).update(code="")
    assert counts(do_import("items", [PIPE])) == (0, 1, 0, 0)
    assert only_item().code == "H0101"
    assert not StockMovement.objects.exists()


def test_what_is_not_ready_for_the_books_is_imported_with_a_warning() -> None:
    names = ["a" * 64, "b" * 65, "c" * 50]
    report = do_import(
        "items",
        [
            {"*ItemCode": "", "ItemName": "No code"},
            {"*ItemCode": "1" * 31, "ItemName": "Long code"},
            *({"*ItemCode": name[:3], "ItemName": name} for name in names),
            {"*ItemCode": "ACC", "ItemName": "Accounts", "SalesAccount": "999"},
        ],
    )
    assert counts(report) == (6, 0, 0, 0)
    assert warnings(report) == [
        (2, "ItemCode", "has no code"),
        (3, "ItemCode", "is 31 characters long; Xero takes 30"),
        (4, "ItemName", f"is 64 characters long; {NAME_LIMITS}"),
        (5, "ItemName", f"is 65 characters long; {NAME_LIMITS}"),
        (7, "SalesAccount", "there is no account 999 in your chart"),
    ]


def test_of_two_items_with_one_code_the_later_is_named() -> None:
    items = [make_item(name="Elbow"), make_item(name="Tee")]
    StockItem.objects.filter(pk__in=[item.pk for item in items]).update(code="X1")
    report = do_import(
        "items",
        [
            {"*ItemCode": "x1", "ItemName": "Tee", "SalesUnitPrice": "2"},
            {"*ItemCode": "X2", "ItemName": "Elbow"},
        ],
    )
    assert warnings(report) == [(2, "ItemCode", "x1 is already the code of Elbow")]


def test_an_item_without_a_name_is_named_by_its_code() -> None:
    report = do_import("items", [{"*ItemCode": "H1", "ItemName": ""}])
    assert only_item().name == "H1"
    assert warnings(report) == [
        (2, "ItemName", "is blank; a new item is named by its code")
    ]


def test_bad_rows_are_named_and_the_others_are_not_lost() -> None:
    report = do_import(
        "items",
        [
            PIPE,
            PIPE
            | {"*ItemCode": "A", "Quantity": "a dozen", "SalesUnitPrice": "1.23456"},
            PIPE | {"*ItemCode": "B", "SalesTaxRate": "VAT"},
            {"*ItemCode": "", "ItemName": "", "Quantity": "3"},
            PIPE | {"ItemName": "Other pipe"},
        ],
    )
    [quantity, price, rate, nameless, again] = errors(report)
    assert quantity[:2] == (5 - 1, "Quantity")
    assert price == (4, "SalesUnitPrice", "1.23456 has more than 4 decimal places")
    assert rate[:2] == (6, "SalesTaxRate")
    assert '"VAT" is not known; known are: 20% (VAT on Expenses)' in rate[2]
    assert nameless == (8, "ItemName", "Enter a name.")
    assert again == (9, "ItemCode", "line 2 already gives H0101")
    assert only_item().name == "Copper pipe 15 mm"


def test_a_file_without_a_line_of_names_is_refused() -> None:
    with pytest.raises(FileRefused, match="at least ItemCode or ItemName"):
        do_import("items", "H0101,Pipe\n")
    assert not StockItem.objects.exists()


def test_a_dry_run_writes_nothing() -> None:
    before = table_sizes()
    planned = do_import("items", [PIPE], dry_run=True)
    assert table_sizes() == before
    assert do_import("items", [PIPE]) == planned
