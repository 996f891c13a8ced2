"""Stock items and their movements in Django admin."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from fieldops.common.actor import Actor
from fieldops.common.admin import ReadOnlyAdmin, RecordAdmin
from stock.models import StockItem, StockMovement
from stock.services import archive_item, change_item, create_item, restore_item


@admin.register(StockItem)
class StockItemAdmin(RecordAdmin):
    fields = (
        ("code", "name"),
        "description",
        "purchase_description",
        ("sell_price", "cost_price"),
        ("sales_account_code", "sales_tax_type"),
        ("purchase_account_code", "purchase_tax_type"),
        ("reorder_level", "on_hand"),
        "preferred_supplier",
        "is_archived",
        "uid",
    )
    readonly_fields = ("on_hand", "is_archived", "uid")
    autocomplete_fields = ("preferred_supplier",)
    list_display = ("code", "name", "sell_price", "on_hand", "is_archived")
    list_display_links = ("code", "name")
    list_filter = ("is_archived",)
    search_fields = ("code", "name", "description")
    actions = ("archive", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        return StockItem.objects.with_levels()

    @admin.display(description="on hand")
    def on_hand(self, item: StockItem) -> str:
        return f"{getattr(item, 'on_hand', 0):.4f}"

    def create(self, values: Mapping[str, Any], *, by: Actor) -> StockItem:
        return create_item(values, by=by)

    def change(
        self,
        record: StockItem,
        values: Mapping[str, Any],
        *,
        by: Actor,
        revision: int | None,
    ) -> StockItem:
        return change_item(record, values, by=by, revision=revision)

    @admin.action(description="Archive")
    def archive(self, request: HttpRequest, items: QuerySet[StockItem]) -> None:
        self.apply_each(request, items, archive_item, "archived")

    @admin.action(description="Restore")
    def restore(self, request: HttpRequest, items: QuerySet[StockItem]) -> None:
        self.apply_each(request, items, restore_item, "restored")


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = ("at", "item", "kind", "quantity", "reference", "user")
    list_filter = ("kind",)
    list_select_related = ("item", "user")
    search_fields = ("item__code", "item__name", "reference")
    date_hierarchy = "at"
