"""The pages of stock, through the client."""

from decimal import Decimal

import pytest
from django.test import Client

from fieldops.users.models import User
from stock.models import StockItem, StockMovement
from stock.queries import level_of
from stock.services import archive_item, move_stock
from tests.builders import TESTER, make_item, make_supplier
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

RECEIVED = StockMovement.Kind.RECEIVED


def codes(client: Client, address: str) -> list[str]:
    return [item.code for item in client.get(address).context["page"]]


def stocked(code: str, quantity: str, **values: object) -> StockItem:
    item = make_item(code, **values)
    move_stock(item, Decimal(quantity), RECEIVED, by=TESTER)
    return item


def typed(**values: str) -> dict[str, str]:
    return {"code": "PIPE15", "name": "Copper pipe 15 mm", **values}


def test_lists_levels_and_finds_what_is_low(office_client: Client) -> None:
    stocked("LOW", "4", reorder_level=Decimal(5))
    stocked("JUST", "5", reorder_level=Decimal(5))
    make_item("NONE")
    archive_item(stocked("GONE", "1", reorder_level=Decimal(5)), by=TESTER)

    page = office_client.get("/stock/").context
    levels = {item.code: item.on_hand for item in page["page"]}

    assert levels == {"JUST": Decimal(5), "LOW": Decimal(4), "NONE": Decimal(0)}
    assert [tab["count"] for tab in page["views"]] == [3, 1, 1]
    assert codes(office_client, "/stock/?view=low") == ["LOW"]
    assert codes(office_client, "/stock/?view=archived") == ["GONE"]


def test_nothing_low_is_good_news(office_client: Client) -> None:
    make_item("VAL22")

    assert "Everything is above its reorder level." in main_of(
        office_client, "/stock/?view=low"
    )


def test_searches_filters_and_sorts(office_client: Client) -> None:
    pipes = make_supplier("Pipes")
    make_item("VAL22", name="Boiler valve", preferred_supplier=pipes)
    make_item("PIPE15", name="Copper pipe", description="per metre")

    assert codes(office_client, "/stock/?q=copper+metre") == ["PIPE15"]
    assert codes(office_client, f"/stock/?supplier={pipes.pk}") == ["VAL22"]
    assert codes(office_client, "/stock/?sort=-code") == ["VAL22", "PIPE15"]


@pytest.mark.parametrize(
    "address", ["/stock/", "/stock/{pk}/", "/stock/{pk}/?tab=movements"]
)
def test_the_cost_does_not_grow(office_client: Client, address: str) -> None:
    first = make_item("FIRST")
    address = address.format(pk=first.pk)

    def add(number: int) -> None:
        supplier = make_supplier(f"Supplier {number}")
        stocked(f"ITEM{number}", "3", preferred_supplier=supplier)
        move_stock(first, Decimal(1), RECEIVED, by=TESTER)

    add(1)
    cost = queries_of(office_client, address)
    for number in range(2, 12):
        add(number)

    assert queries_of(office_client, address) == cost
    assert cost <= 14


def test_a_new_item_takes_prices_as_they_are_typed(office_client: Client) -> None:
    answer = office_client.post(
        "/stock/new/",
        typed(
            sell_price="£1,018.5025",
            reorder_level="10",
            sales_account_code="200",
            sales_tax_type="OUTPUT2",
        ),
    )

    item = StockItem.objects.get()
    assert answer["Location"] == f"/stock/{item.pk}/"
    assert (item.sell_price, item.cost_price) == (Decimal("1018.5025"), None)
    assert (item.sales_account_code, item.purchase_account_code) == ("200", "")


def test_a_long_name_and_no_code_are_saved(office_client: Client) -> None:
    office_client.post("/stock/new/", {"code": "", "name": "x" * 71})

    item = StockItem.objects.get()
    assert (item.code, len(item.name)) == ("", 71)


def test_a_price_that_is_none_is_refused_and_kept(office_client: Client) -> None:
    answer = office_client.post("/stock/new/", typed(sell_price="about ten"))

    assert answer.status_code == 422
    assert 'value="about ten"' in answer.content.decode()
    assert not StockItem.objects.exists()


def test_no_choice_is_a_row_of_dashes(office_client: Client) -> None:
    page = main_of(office_client, "/stock/new/")
    assert '<option value="" selected>None</option>' in page
    assert "-----" not in page


def test_an_account_that_left_the_chart_stays_on_the_item(
    office_client: Client,
) -> None:
    item = make_item("VAL22", sales_account_code="999")
    form = office_client.get(f"/stock/{item.pk}/edit/").context["form"]
    assert form["sales_account_code"].value() == "999"

    office_client.post(
        f"/stock/{item.pk}/edit/",
        typed(sales_account_code="999", revision="1", name="Valve"),
    )

    item.refresh_from_db()
    assert (item.name, item.sales_account_code) == ("Valve", "999")


def test_records_what_came_and_what_went(office_client: Client, office: User) -> None:
    item = stocked("VAL22", "4")
    move = f"/stock/{item.pk}/move/"

    office_client.post(move, {"kind": "received", "quantity": "6", "reference": "DN 4"})
    office_client.post(move, {"kind": "used", "quantity": "2.5"})

    used, received, _ = item.movements.all()
    assert (received.quantity, received.reference) == (Decimal(6), "DN 4")
    assert (used.quantity, used.user) == (Decimal("-2.5"), office)
    assert level_of(item) == Decimal("7.5")


def test_a_stock_count_brings_the_level_to_what_is_there(
    office_client: Client,
) -> None:
    item = stocked("VAL22", "4")

    office_client.post(f"/stock/{item.pk}/move/", {"kind": "counted", "quantity": "3"})
    office_client.post(f"/stock/{item.pk}/move/", {"kind": "counted", "quantity": "3"})

    assert level_of(item) == Decimal(3)
    assert item.movements.filter(kind="counted").count() == 1


def test_moving_nothing_is_refused(office_client: Client) -> None:
    item = stocked("VAL22", "4")

    answer = office_client.post(
        f"/stock/{item.pk}/move/", {"kind": "received", "quantity": "0"}
    )

    assert answer.context["form"].errors == {
        "quantity": ["Enter a quantity other than zero."]
    }
    assert item.movements.count() == 1


def test_an_engineer_moves_stock_but_does_not_change_items(
    engineer_client: Client,
) -> None:
    item = stocked("VAL22", "4")

    move = engineer_client.post(
        f"/stock/{item.pk}/move/", {"kind": "used", "quantity": "1"}
    )

    assert move.status_code == 302
    assert level_of(item) == Decimal(3)
    for address in ("/stock/new/", f"/stock/{item.pk}/edit/"):
        assert engineer_client.get(address).status_code == 403
    assert engineer_client.post(f"/stock/{item.pk}/archive/").status_code == 403
    assert "Edit" not in main_of(engineer_client, f"/stock/{item.pk}/")


def test_an_accountant_moves_nothing(accountant_client: Client) -> None:
    item = stocked("VAL22", "4")

    assert accountant_client.get(f"/stock/{item.pk}/move/").status_code == 403


def test_archives_and_restores(office_client: Client) -> None:
    item = make_item("VAL22")

    office_client.post(f"/stock/{item.pk}/archive/")
    assert codes(office_client, "/stock/") == []
    office_client.post(f"/stock/{item.pk}/restore/")
    assert codes(office_client, "/stock/") == ["VAL22"]
