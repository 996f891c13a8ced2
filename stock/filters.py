"""Search and filters of the list of stock items."""

import django_filters as filters
from django.db.models import Q

from customers.models import Contact
from stock.models import StockItem, StockItemQuerySet

SEARCHED = ("code", "name", "description", "purchase_description")


class StockItemFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(method="search", label="Search")
    supplier = filters.ModelChoiceFilter(
        field_name="preferred_supplier",
        queryset=Contact.objects.filter(supplied_items__isnull=False).distinct(),
        label="Supplier",
        empty_label="Any supplier",
    )

    class Meta:
        model = StockItem
        fields: tuple[str, ...] = ()

    def search(
        self, records: StockItemQuerySet, name: str, text: str
    ) -> StockItemQuerySet:
        """Every word has to be found somewhere in the item, or in one that was merged
        into it."""
        for word in text.split():
            found = Q()
            for field in SEARCHED:
                found |= Q(**{f"{field}__icontains": word})
            merged = StockItem.objects.filter(found, merged_into__isnull=False)
            records = records.filter(found | Q(pk__in=merged.values("merged_into")))
        return records
