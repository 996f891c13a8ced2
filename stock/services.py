"""Everything that writes stock."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import (
    change_record,
    create_record,
    create_records,
    locked,
    record_event,
    snapshot,
    stripped,
)
from fieldops.common.merging import require_standing, surviving
from stock.errors import ItemNameMissing, NothingMoved
from stock.models import StockItem, StockMovement
from stock.queries import level_of


@transaction.atomic
def create_item(values: Mapping[str, Any], *, by: Actor) -> StockItem:
    return create_record(_new_item(values), by=by)


@transaction.atomic
def create_items(
    many: Iterable[Mapping[str, Any]], *, by: Actor
) -> Sequence[StockItem]:
    """All of them or, if one is refused, none."""
    items = [_new_item(values) for values in many]
    create_records(items, by=by)
    return items


def _new_item(values: Mapping[str, Any]) -> StockItem:
    item = StockItem(**stripped(values))
    if not item.name:
        raise ItemNameMissing
    return item


@transaction.atomic
def change_item(
    item: StockItem,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
) -> StockItem:
    item = locked(item, revision=revision)
    require_standing(item)
    values = stripped(values)
    if not values.get("name", item.name):
        raise ItemNameMissing
    change_record(item, values, by=by)
    return item


@transaction.atomic
def archive_item(item: StockItem, *, by: Actor) -> StockItem:
    item = locked(item)
    change_record(item, {"is_archived": True}, by=by, action="archived")
    return item


@transaction.atomic
def restore_item(item: StockItem, *, by: Actor) -> StockItem:
    item = locked(item)
    require_standing(item)
    change_record(item, {"is_archived": False}, by=by, action="restored")
    return item


@transaction.atomic
def move_stock(
    item: StockItem,
    quantity: Decimal,
    kind: StockMovement.Kind,
    *,
    by: Actor,
    reference: str = "",
) -> StockMovement:
    """Add (or, below zero, take) a quantity; the level is the sum of all movements.

    The item's own revision stays: its master data did not change. What moves of an item
    that was merged into another one moves of that one.
    """
    if not quantity:
        raise NothingMoved
    item = surviving(item)
    movement = StockMovement.objects.create(
        item=item, kind=kind, quantity=quantity, reference=reference, user=by.user
    )
    record_event(
        item,
        "moved",
        by=by,
        after={"kind": kind, "quantity": quantity, "reference": reference},
    )
    return movement


@transaction.atomic
def count_stock(
    item: StockItem, counted: Decimal, *, by: Actor, reference: str = ""
) -> StockMovement | None:
    """Bring the level to what was counted; None when it agreed already."""
    item = locked(item)
    require_standing(item)
    difference = counted - level_of(item)
    if not difference:
        return None
    return move_stock(
        item, difference, StockMovement.Kind.COUNTED, by=by, reference=reference
    )


@transaction.atomic
def remove_item(item: StockItem, *, by: Actor) -> None:
    """For good, with its opening stock. One that anything else refers to is not removed:
    the database refuses."""
    item = locked(item)
    record_event(item, "removed", by=by, before=snapshot(item))
    item.movements.filter(kind=StockMovement.Kind.OPENING).delete()
    item.delete()
