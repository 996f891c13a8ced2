"""Stock items: Xero's JSON to a draft, and back without quantities."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from xero_sync.mappers import wire
from xero_sync.mappers.wire import PRICE, Payload
from xero_sync.outcomes.drafts import ItemDraft, RemoteItem

TEXTS = {
    "name": "Name",
    "description": "Description",
    "purchase_description": "PurchaseDescription",
}
DETAILS = {
    "SalesDetails": {
        "sell_price": "UnitPrice",
        "sales_account_code": "AccountCode",
        "sales_tax_type": "TaxType",
    },
    "PurchaseDetails": {
        "cost_price": "UnitPrice",
        "purchase_account_code": "AccountCode",
        "purchase_tax_type": "TaxType",
    },
}
# A tracked item has this instead of an account code on the purchase side.
TRACKED_ACCOUNT = "COGSAccountCode"


def item_from_wire(payload: object) -> RemoteItem:
    item = wire.payload_of(payload)
    tracked = wire.flag(item, "IsTrackedAsInventory")
    return RemoteItem(
        xero_id=wire.required_guid(item, "ItemID"),
        updated_at=wire.required_moment(item, "UpdatedDateUTC"),
        draft=_draft(item),
        is_sold=wire.flag(item, "IsSold", default=True),
        is_purchased=wire.flag(item, "IsPurchased", default=True),
        quantity_on_hand=(
            wire.number(item, "QuantityOnHand", PRICE) if tracked else None
        ),
    )


def _draft(item: Payload) -> ItemDraft:
    sales = wire.nested(item, "SalesDetails")
    purchase = wire.nested(item, "PurchaseDetails")
    return ItemDraft(
        code=wire.required_text(item, "Code"),
        # Xero shows an item without a name by its code.
        name=wire.text(item, "Name") or wire.required_text(item, "Code"),
        description=wire.text(item, "Description"),
        purchase_description=wire.text(item, "PurchaseDescription"),
        sell_price=wire.number(sales, "UnitPrice", PRICE),
        cost_price=wire.number(purchase, "UnitPrice", PRICE),
        sales_account_code=wire.text(sales, "AccountCode"),
        purchase_account_code=(
            wire.text(purchase, "AccountCode") or wire.text(purchase, TRACKED_ACCOUNT)
        ),
        sales_tax_type=wire.text(sales, "TaxType"),
        purchase_tax_type=wire.text(purchase, "TaxType"),
    )


def item_to_wire(
    draft: ItemDraft,
    *,
    fields: Collection[str] | None,
    xero_id: str = "",
    tracked: bool = False,
) -> dict[str, object]:
    """``fields`` None says all that is not blank, for a create. The code goes always:
    Xero asks for it. What is sold, purchased or tracked stays as Xero has it."""
    filled = {
        name for name in draft.__slots__ if getattr(draft, name) not in ("", None)
    }
    named = filled if fields is None else set(fields)
    body: dict[str, object] = {"Code": draft.code}
    if xero_id:
        body["ItemID"] = xero_id
    for ours, theirs in TEXTS.items():
        if ours in named:
            body[theirs] = getattr(draft, ours)
    for group, parts in DETAILS.items():
        if named & parts.keys():
            # Whole: what becomes of parts left out of a nested object is not documented.
            body[group] = {
                theirs: _value(getattr(draft, ours))
                for ours, theirs in parts.items()
                if ours in filled | named
            }
    return _with_tracked_account(body) if tracked else body


def _value(value: str | Decimal | None) -> str | Decimal | None:
    if isinstance(value, Decimal):
        return value.quantize(PRICE, rounding=ROUND_HALF_UP)
    return value


def _with_tracked_account(body: dict[str, object]) -> dict[str, object]:
    purchase = wire.nested(body, "PurchaseDetails")
    if not purchase:
        return body
    renamed = {
        TRACKED_ACCOUNT if part == "AccountCode" else part: value
        for part, value in purchase.items()
    }
    return body | {"PurchaseDetails": renamed}
