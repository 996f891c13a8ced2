"""Items (products and services): what may be written, and how they look on the wire."""

import msgspec

from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Item, ItemDetails
from xero_sync.sandbox.submission import flag, guid, limited_text, number, one, text
from xero_sync.sandbox.wire import (
    Element,
    JsonObject,
    date_time,
    present,
    unit_price,
)

TEXT_FIELDS = {
    "Code": ("code", 30),
    "Name": ("name", 50),
    "Description": ("description", 4000),
    "PurchaseDescription": ("purchase_description", 4000),
    "InventoryAssetAccountCode": ("inventory_asset_account_code", 10),
}


def create_item(org: XeroOrganisation, element: Element, *, places: int) -> Item:
    """PUT: a new item; a code in use is refused."""
    blank = Item(item_id=org.new_id(), code="", updated=org.now())
    return _save(org, blank, element, places=places, is_new=True)


def save_item(org: XeroOrganisation, element: Element, *, places: int) -> Item:
    """POST: updates the item named by ItemID or Code, or creates one."""
    item_id = guid(element, "ItemID")
    if item_id is not None:
        known = org.items.get(item_id)
        if known is None:
            raise NotFound(item_id)
    else:
        known = item_by_code(org, text(element, "Code") or "")
    if known is None:
        return create_item(org, element, places=places)
    return _save(org, known, element, places=places, is_new=False)


def delete_item(org: XeroOrganisation, item_id: str) -> None:
    if org.items.get(item_id) is None:
        raise NotFound(item_id)
    org.items.remove(item_id)


def item_by_code(org: XeroOrganisation, code: str) -> Item | None:
    found = org.items.find("code", code.casefold()) if code else []
    return found[0] if found else None


def _save(
    org: XeroOrganisation, known: Item, element: Element, *, places: int, is_new: bool
) -> Item:
    problems: list[str] = []
    changes: dict[str, object] = {}
    for wire_name, (field, limit) in TEXT_FIELDS.items():
        value = limited_text(element, wire_name, limit, problems)
        if value is not None:
            changes[field] = value
    sales = _details(org, known.sales, one(element, "SalesDetails"), places, problems)
    purchase = _details(
        org, known.purchase, one(element, "PurchaseDetails"), places, problems
    )
    changed = msgspec.structs.replace(
        known, updated=org.now(), sales=sales, purchase=purchase, **changes
    )
    changed = _sides(changed, flag(element, "IsSold"), flag(element, "IsPurchased"))
    problems += _refusals(org, changed)
    if problems:
        raise ElementRefused(*problems, record_id=None if is_new else known.item_id)
    return org.items.put(changed.item_id, changed)


def _sides(item: Item, is_sold: bool | None, is_purchased: bool | None) -> Item:
    """Not sold (or not bought) also empties what belongs to that side."""
    if is_sold is not None:
        item = msgspec.structs.replace(item, is_sold=is_sold)
    if is_purchased is not None:
        item = msgspec.structs.replace(item, is_purchased=is_purchased)
    if not item.is_sold:
        item = msgspec.structs.replace(item, description="", sales=ItemDetails())
    if not item.is_purchased:
        item = msgspec.structs.replace(
            item, purchase_description="", purchase=ItemDetails()
        )
    return item


def _details(
    org: XeroOrganisation,
    known: ItemDetails,
    sent: Element,
    places: int,
    problems: list[str],
) -> ItemDetails:
    changes: dict[str, object] = {}
    price = number(sent, "UnitPrice")
    if price is not None:
        changes["unit_price"] = unit_price(price, places)
    for wire_name, field in (
        ("AccountCode", "account_code"),
        ("COGSAccountCode", "cogs_account_code"),
    ):
        code = text(sent, wire_name)
        if code is not None:
            changes[field] = code
            if code and not org.account_by_code(code):
                problems.append(
                    f"Account code '{code}' does not exist "
                    "or cannot be applied to Items"
                )
    tax_type = text(sent, "TaxType")
    if tax_type is not None:
        changes["tax_type"] = tax_type
        if tax_type and not org.tax_rate(tax_type):
            problems.append(f"TaxType code '{tax_type}' does not exist.")
    return msgspec.structs.replace(known, **changes)


def _refusals(org: XeroOrganisation, item: Item) -> list[str]:
    problems = []
    if not item.code:
        problems.append("The item Code must be specified.")
    twin = item_by_code(org, item.code)
    if twin is not None and twin.item_id != item.item_id:
        problems.append(f"Price List Item with Code '{item.code}' already exists")
    if item.is_tracked:
        account = org.account_by_code(item.inventory_asset_account_code)
        if account is None or account.type != "INVENTORY":
            problems.append(
                "The InventoryAssetAccountCode must name an inventory account."
            )
        if not item.purchase.cogs_account_code:
            problems.append("A tracked item needs PurchaseDetails.COGSAccountCode.")
    return problems


def wire_item(item: Item, *, places: int, written: bool = False) -> JsonObject:
    """A write is answered with ValidationErrors and a date without offset."""
    row: JsonObject = {
        "ItemID": item.item_id,
        "Code": item.code,
        **present(
            Name=item.name,
            Description=item.description,
            PurchaseDescription=item.purchase_description,
            InventoryAssetAccountCode=item.inventory_asset_account_code,
        ),
        "UpdatedDateUTC": date_time(item.updated, offset=not written),
        "PurchaseDetails": _wire_details(item.purchase, places),
        "SalesDetails": _wire_details(item.sales, places),
        "IsTrackedAsInventory": item.is_tracked,
        "IsSold": item.is_sold,
        "IsPurchased": item.is_purchased,
    }
    if item.is_tracked:
        row |= {"TotalCostPool": 0, "QuantityOnHand": 0}
    return row | {"ValidationErrors": []} if written else row


def _wire_details(details: ItemDetails, places: int) -> JsonObject:
    price = details.unit_price
    return present(
        UnitPrice=None if price is None else unit_price(price, places),
        COGSAccountCode=details.cogs_account_code,
        AccountCode=details.account_code,
        TaxType=details.tax_type,
    )
