"""Named reads of stock."""

from fieldops.users.models import User
from stock.models import StockItem, StockItemQuerySet


def visible_items(user: User) -> StockItemQuerySet:
    """The door to stock items: what this person may see."""
    if not user.has_perm("stock.view_stockitem"):
        return StockItem.objects.none()
    return StockItem.objects.all()
