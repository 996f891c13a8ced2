"""Stock items as Xero writes them, and as we write them to Xero."""

from decimal import Decimal

import pytest

from tests.xero_sync.mappers.payloads import CONTACT_ID, item
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.outcomes.drafts import ItemDraft

DRAFT = ItemDraft(
    code="BLR-1",
    name="Boiler",
    sell_price=Decimal("1234.5"),
    sales_account_code="200",
    sales_tax_type="OUTPUT2",
    cost_price=Decimal("0.12345"),
)


def test_reads_an_item_as_both_sides_say_it() -> None:
    read = item_from_wire(item())

    assert read.xero_id == CONTACT_ID
    assert read.draft == ItemDraft(
        code="BLR-1",
        name="Boiler",
        description="A boiler\nwith flue",
        sell_price=Decimal("1234.5000"),
        sales_account_code="200",
        sales_tax_type="OUTPUT2",
    )
    assert (read.is_sold, read.is_purchased) == (True, True)
    assert read.quantity_on_hand is None


def test_a_tracked_item_has_a_quantity_and_an_account_for_its_cost() -> None:
    purchase = {"UnitPrice": 5, "COGSAccountCode": "310", "TaxType": "INPUT2"}

    read = item_from_wire(
        item(
            IsTrackedAsInventory=True,
            QuantityOnHand=Decimal("2.5"),
            PurchaseDetails=purchase,
        )
    )

    assert read.quantity_on_hand == Decimal("2.5000")
    assert read.draft.purchase_account_code == "310"


def test_an_item_without_a_name_goes_by_its_code_as_in_xero() -> None:
    assert item_from_wire(item(Name=None)).draft.name == "BLR-1"


def test_an_item_that_is_not_tracked_has_no_quantity_whatever_xero_says() -> None:
    assert item_from_wire(item(QuantityOnHand=0)).quantity_on_hand is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ItemID": ""}, "ItemID"),
        ({"Code": ""}, "Code"),
        ({"SalesDetails": 5}, "SalesDetails"),
        ({"SalesDetails": {"UnitPrice": "dear"}}, "UnitPrice"),
    ],
)
def test_names_the_field_it_cannot_read(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        item_from_wire(item(**changes))

    assert refusal.value.field == field


def test_a_create_says_all_that_is_not_blank_with_four_places() -> None:
    body = item_to_wire(DRAFT, fields=None)

    assert body == {
        "Code": "BLR-1",
        "Name": "Boiler",
        "SalesDetails": {
            "UnitPrice": Decimal("1234.5000"),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
        "PurchaseDetails": {"UnitPrice": Decimal("0.1235")},
    }
    price = body["SalesDetails"]
    assert isinstance(price, dict)
    assert str(price["UnitPrice"]) == "1234.5000"


def test_an_update_has_the_code_and_the_whole_of_the_details_it_touches() -> None:
    body = item_to_wire(DRAFT, fields=["sell_price"], xero_id=CONTACT_ID)

    assert body == {
        "ItemID": CONTACT_ID,
        "Code": "BLR-1",
        "SalesDetails": {
            "UnitPrice": Decimal("1234.5000"),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
    }


def test_a_named_blank_is_sent_and_an_unnamed_one_is_not() -> None:
    draft = ItemDraft(code="A", name="", sales_account_code="200")

    body = item_to_wire(draft, fields=["name", "sell_price"], xero_id=CONTACT_ID)

    assert body == {
        "ItemID": CONTACT_ID,
        "Code": "A",
        "Name": "",
        "SalesDetails": {"UnitPrice": None, "AccountCode": "200"},
    }


def test_the_purchase_account_of_a_tracked_item_goes_where_xero_keeps_it() -> None:
    draft = ItemDraft(code="A", purchase_account_code="310")

    body = item_to_wire(
        draft, fields=["purchase_account_code"], xero_id=CONTACT_ID, tracked=True
    )

    assert body["PurchaseDetails"] == {"COGSAccountCode": "310"}
