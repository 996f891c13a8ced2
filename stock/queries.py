"""Named reads of stock."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Lower

from fieldops.common.merging import surviving
from fieldops.users.models import User
from stock.models import StockItem, StockItemQuerySet


def visible_items(user: User) -> StockItemQuerySet:
    """The door to stock items: what this person may see."""
    if not user.has_perm("stock.view_stockitem"):
        return StockItem.objects.none()
    return StockItem.objects.all()


def level_of(item: StockItem) -> Decimal:
    """What is in stock: the sum of the item's movements."""
    moved = item.movements.aggregate(total=Sum("quantity"))["total"]
    return moved or Decimal(0)


def label_of(item: StockItem) -> str:
    """What people type to mean the item: its code, or the name when it has none."""
    return item.code or item.name


def items_by_label(labels: Iterable[str]) -> dict[str, StockItem]:
    """The item each text means, by code or name, without regard to case.

    Of two items of one code the active one is meant, then the older; of one that was
    merged away, the one it is now.
    """
    wanted = {label.strip().lower() for label in labels} - {""}
    if not wanted:
        return {}
    found = (
        StockItem.objects.annotate(lower_code=Lower("code"), lower_name=Lower("name"))
        .filter(Q(lower_code__in=wanted) | Q(lower_name__in=wanted))
        .select_related("merged_into")
        .order_by("-is_archived", "-id")
    )
    items = list(found)
    by_name = {item.name.lower(): item for item in items}
    by_code = {item.code.lower(): item for item in items if item.code}
    return {
        label: surviving(item)
        for label, item in (by_name | by_code).items()
        if label in wanted
    }


def items_like(text: str) -> StockItemQuerySet:
    """Active items to choose from while the text is typed."""
    like = Q(code__icontains=text) | Q(name__icontains=text)
    return StockItem.objects.active().filter(like)
