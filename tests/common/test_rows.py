"""Many rows by their keys: the same values as the ORM gives, on either database."""

from decimal import Decimal

import pytest

from customers.models import Contact
from fieldops.common.rows import Among, change_rows, read_named, read_rows
from stock.models import StockItem

pytestmark = pytest.mark.django_db

_NAMES = ("id", "uid", "code", "sell_price", "cost_price", "is_archived", "created_at")


@pytest.mark.parametrize(
    "price", ["0", "0.0001", "-0.5", "1", "20.25", "99999999.9999", "1234567.8900"]
)
def test_reads_what_the_orm_reads(price: str) -> None:
    item = StockItem.objects.create(code="A", name="A", sell_price=Decimal(price))
    other = StockItem.objects.create(code="B", name="B", is_archived=True)
    StockItem.objects.create(code="C", name="C")

    rows = read_rows(StockItem, _NAMES, Among("id", [item.pk, other.pk]))

    assert sorted(rows) == list(
        StockItem.objects.filter(code__in="AB").order_by("pk").values_list(*_NAMES)
    )
    assert str(sorted(rows)[0][3]) == f"{Decimal(price):.4f}"
    assert sorted(rows)[1][3] is None


def test_reads_json_by_texts_in_order_and_by_what_is_fixed() -> None:
    people = [{"first_name": "Zoë", "last_name": "", "email": "", "gets_copies": True}]
    first = Contact.objects.create(name="One", account_number="1", people=people)
    Contact.objects.create(name="Two", account_number="2", is_archived=True)
    last = Contact.objects.create(name="Three", account_number="3")

    rows = read_rows(
        Contact,
        ("id", "people"),
        Among("account_number", ["3", "2", "1", "0"]),
        order=("id",),
        is_archived=False,
    )

    assert rows == [(first.pk, people), (last.pk, [])]
    (named,) = read_named(Contact, ("id", "name"), Among("id", [last.pk]))
    assert (named.id, named.name) == (last.pk, "Three")


def test_changes_only_those_that_say_what_they_must() -> None:
    for code, name in (("A", "one"), ("B", "two"), ("C", "three"), ("D", "one")):
        StockItem.objects.create(code=code, name=name)
    chosen = Among("code", ["A", "B", "C"])

    changed = change_rows(
        StockItem,
        {"description": "changed", "sell_price": Decimal("1.5")},
        chosen,
        name=("one", "two"),
        is_archived=False,
    )

    assert changed == 2
    found = StockItem.objects.filter(description="changed", sell_price="1.5000")
    assert sorted(found.values_list("code", flat=True)) == ["A", "B"]


def test_an_empty_list_asks_nothing(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert read_rows(StockItem, ("id",), Among("id", [])) == []
        assert change_rows(StockItem, {"name": "x"}, Among("id", [])) == 0
