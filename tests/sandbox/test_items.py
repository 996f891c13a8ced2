"""Items: codes, limits, prices, accounts, and that a deleted one leaves no trace."""

from typing import Any

import pytest

from tests.sandbox.conftest import Books

PUMP = {
    "Code": "PUMP",
    "Name": "Pump",
    "Description": "A pump",
    "SalesDetails": {
        "UnitPrice": "145.6789",
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    },
}


def test_shapes_of_write_and_list(books: Books) -> None:
    made = books.made("/Items?unitdp=4", PUMP)
    (listed,) = books.rows("/Items")
    (exact,) = books.rows("/Items?unitdp=4")

    assert made["ValidationErrors"] == []
    assert made["UpdatedDateUTC"] == "/Date(1780315200000)/"
    assert "ValidationErrors" not in listed
    assert listed["UpdatedDateUTC"] == "/Date(1780315200000+0000)/"
    assert listed["PurchaseDetails"] == {}
    assert "PurchaseDescription" not in listed
    assert listed["SalesDetails"]["UnitPrice"] == 145.68
    assert exact["SalesDetails"]["UnitPrice"] == 145.6789


def test_the_list_is_never_paged(books: Books) -> None:
    books.call("PUT", "/Items", {"Items": [{"Code": f"C{n}"} for n in range(120)]})

    _status, body = books.call("GET", "/Items?page=1&pageSize=10")

    assert len(body["Items"]) == 120
    assert "pagination" not in body


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Code": "pump"}, "Price List Item with Code 'pump' already exists"),
        ({"Code": ""}, "The item Code must be specified."),
        ({"Code": "x" * 31}, "The Code must not be longer than 30 characters."),
        ({"Name": "x" * 51}, "The Name must not be longer than 50 characters."),
        (
            {"SalesDetails": {"AccountCode": "999"}},
            "Account code '999' does not exist or cannot be applied to Items",
        ),
        ({"SalesDetails": {"TaxType": "NOPE"}}, "TaxType code 'NOPE' does not exist."),
    ],
)
def test_what_is_refused(books: Books, changes: dict[str, Any], message: str) -> None:
    books.made("/Items", PUMP)

    assert books.refused("PUT", "/Items", {"Code": "NEW", **changes}) == [message]


def test_post_goes_by_id_then_by_code(books: Books) -> None:
    made = books.made("/Items", PUMP)

    by_code = books.changed("/Items", {"Code": "pump", "Name": "Big pump"})
    by_id = books.changed("/Items", {"ItemID": made["ItemID"], "Code": "PUMP-2"})
    new = books.changed("/Items", {"Code": "VALVE"})

    assert (by_code["ItemID"], by_code["Name"]) == (made["ItemID"], "Big pump")
    assert (by_id["Code"], by_id["Name"]) == ("PUMP-2", "Big pump")
    assert by_id["SalesDetails"]["AccountCode"] == "200"
    assert new["ItemID"] != made["ItemID"]


def test_not_sold_empties_the_sales_side(books: Books) -> None:
    books.made("/Items", PUMP)

    changed = books.changed("/Items", {"Code": "PUMP", "IsSold": False})

    assert changed["SalesDetails"] == {}
    assert "Description" not in changed


def test_a_deleted_item_is_never_heard_of_again(books: Books) -> None:
    made = books.made("/Items", PUMP)
    path = f"/Items/{made['ItemID']}"

    assert books.send("DELETE", path).status == 204
    assert books.rows("/Items") == []
    assert books.send("GET", path).status == 404
    assert books.send("DELETE", path).status == 404


def test_a_tracked_item_needs_its_accounts(books: Books) -> None:
    tracked = {**PUMP, "InventoryAssetAccountCode": "630"}
    assert books.refused("PUT", "/Items", tracked) == [
        "A tracked item needs PurchaseDetails.COGSAccountCode."
    ]

    made = books.made(
        "/Items", {**tracked, "PurchaseDetails": {"COGSAccountCode": "310"}}
    )

    assert (made["IsTrackedAsInventory"], made["QuantityOnHand"]) == (True, 0)
