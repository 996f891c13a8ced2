"""Prepared queries find and change what Django's do, on either database."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from django.db.models import F, QuerySet
from django.utils import timezone

import fieldops.common.prepared
from customers.models import Contact
from fieldops.common.prepared import Change, prepared, prepared_change, streamed
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import line, make_customer, make_invoice, make_item

pytestmark = pytest.mark.django_db

Rows: TypeAlias = "QuerySet[Any, Any]"


@prepared
def called(name: str, before: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(name=name, created_at__lt=before).order_by("pk")


@prepared
def names_of(uid: UUID, codes: list[str]) -> "QuerySet[StockItem, str]":
    items = StockItem.objects.filter(code__in=codes).exclude(uid=uid)
    return items.order_by("code").values_list("name", flat=True)


@prepared
def sums(ids: list[int], day: date) -> Rows:
    invoices = Invoice.objects.filter(pk__in=ids, issued_on__lte=day)
    return invoices.order_by("pk").values_list("customer__people", "total", "uid")


@prepared
def with_customers(ids: list[int]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(pk__in=ids).select_related("customer").order_by("pk")


@prepared
def named(is_archived: bool) -> Rows:
    items = StockItem.objects.filter(is_archived=is_archived)
    return items.values_list("code", "sell_price", named=True)


@streamed
def all_of(*, model: Any, names: tuple[str, ...], but_archived: bool) -> Rows:
    rows = model.objects.filter(is_archived=False) if but_archived else model.objects
    return rows.order_by("pk").values_list(*names)  # type: ignore[no-any-return]


@prepared_change
def renamed(name: str, codes: list[str], at: datetime | None) -> Change:
    items = StockItem.objects.filter(code__in=codes, is_archived=False)
    values = {"name": name, "revision": F("revision") + 1, "updated_at": at}
    return items, values


def test_records_are_as_django_reads_them() -> None:
    first, second = make_customer("Alder"), make_customer("Alder")
    make_customer("Birch")
    tomorrow = timezone.now() + timedelta(days=1)

    found = called("Alder", tomorrow)

    assert found == [first, second]
    assert found[0].people == []
    assert found[0].created_at == Contact.objects.get(pk=first.pk).created_at
    assert called("Alder", before=first.created_at) == []


def test_values_are_as_django_reads_them() -> None:
    items = [make_item(code, name=f"Item {code}") for code in "ABC"]

    assert names_of(items[0].uid, ["A", "C", "B"]) == ["Item B", "Item C"]
    assert names_of(items[0].uid, []) == []
    (row, *_) = named(False)
    assert (row.code, row.sell_price) == StockItem.objects.values_list(
        "code", "sell_price"
    ).earliest("pk")


def test_rows_and_what_belongs_to_them() -> None:
    customer = make_customer("Alder", people=[{"first_name": "Zoë"}])
    invoices = [make_invoice(customer, [line("0.10", "3")]) for _ in range(2)]
    ids = [one.pk for one in invoices]
    (day,) = {one.issued_on for one in invoices}

    assert sums(ids, day) == list(
        Invoice.objects.order_by("pk").values_list("customer__people", "total", "uid")
    )
    assert sums(ids, day - timedelta(days=1)) == []
    with_one = with_customers([ids[1]])
    assert [one.pk for one in with_one] == [ids[1]]
    assert with_one[0]._state.fields_cache["customer"] == customer


def test_each_time_other_values(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    make_customer("Alder")
    now = timezone.now() + timedelta(days=1)

    with django_assert_num_queries(3):  # type: ignore[operator]
        found = [len(called(name, now)) for name in ("Alder", "Birch", "Alder")]

    assert found == [1, 0, 1]


def test_what_the_question_depends_on_is_asked_for_each_value() -> None:
    items = [make_item(code) for code in ("A", "B")]
    customers = [make_customer(name) for name in ("Alder", "Birch")]
    StockItem.objects.filter(code="B").update(is_archived=True)

    found = {
        (model, names, but_archived): list(
            all_of(model=model, names=names, but_archived=but_archived)
        )
        for model, names in ((StockItem, ("code",)), (Contact, ("pk", "people")))
        for but_archived in (True, False, True)
    }

    assert found == {
        (StockItem, ("code",), True): [("A",)],
        (StockItem, ("code",), False): [(one.code,) for one in items],
        (Contact, ("pk", "people"), True): [(one.pk, []) for one in customers],
        (Contact, ("pk", "people"), False): [(one.pk, []) for one in customers],
    }


def test_a_long_answer_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fieldops.common.prepared, "CHUNK", 2)
    codes = [make_item(code).code for code in "ABCDE"]

    rows = all_of(model=StockItem, names=("code",), but_archived=True)

    assert next(rows) == ("A",)
    assert [code for (code,) in rows] == codes[1:]


def test_changes_only_what_it_finds() -> None:
    for code in "ABC":
        make_item(code, name="old")
    StockItem.objects.filter(code="B").update(is_archived=True)
    moment = timezone.now()

    assert renamed("new", ["A", "B"], moment) == 1
    assert renamed("new", codes=["X"], at=moment) == 0

    items = StockItem.objects.order_by("code")
    assert list(items.values_list("name", "revision")) == [
        ("new", 2),
        ("old", 1),
        ("old", 1),
    ]
    assert items[0].updated_at == moment


def test_a_decimal_is_not_given() -> None:
    @prepared
    def cheaper(price: object) -> QuerySet[StockItem]:
        return StockItem.objects.filter(sell_price__lt=price)

    with pytest.raises(TypeError, match="places"):
        cheaper(Decimal("1.50"))
