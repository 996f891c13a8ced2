"""Which stock items a list shows."""

from django_filters import rest_framework as filters

from fieldops.common.api.reading import RecordFilter, TrueFalseFilter
from stock.models import StockItem, StockItemQuerySet


class StockItemFilter(RecordFilter):
    code = filters.CharFilter(lookup_expr="iexact")
    archived = TrueFalseFilter(field_name="is_archived")
    below_reorder_level = TrueFalseFilter(method="is_below_reorder_level")

    def is_below_reorder_level(
        self, items: StockItemQuerySet, name: str, value: bool
    ) -> StockItemQuerySet:
        below = StockItem.objects.below_reorder_level().order_by().values("pk")
        return items.filter(pk__in=below) if value else items.exclude(pk__in=below)
