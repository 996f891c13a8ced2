"""Stock items with their levels: list and detail."""

from fieldops.common.api.views import ResourceViewSet
from stock.api.filters import StockItemFilter
from stock.api.serializers import StockItemSerializer
from stock.filters import SEARCHED
from stock.models import StockItem, StockItemQuerySet
from stock.permissions import Right
from stock.queries import visible_items


class StockItemViewSet(ResourceViewSet[StockItem]):
    """What we sell and use, and how much of it is there."""

    rights = {"list": Right.VIEW, "retrieve": Right.VIEW}
    queryset = StockItem.objects.none()
    serializer_class = StockItemSerializer
    filterset_class = StockItemFilter
    search_fields = SEARCHED

    def visible_rows(self) -> StockItemQuerySet:
        items = visible_items(self.user).with_levels()
        return items.select_related("preferred_supplier", "merged_into")
