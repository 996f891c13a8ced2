"""The pages of stock that need nothing but stock.

Those of one item show its accounts and VAT rates and live in invoicing.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from fieldops.common.exports import Column
from fieldops.common.form_page import OfficeFormView
from fieldops.common.history_page import OfficeBringBackView
from fieldops.common.list_page import (
    BulkAction,
    OfficeListView,
    SavedView,
    archive_action,
    restore_action,
)
from fieldops.common.merge_page import merge_action
from fieldops.common.views import OfficeView
from stock.filters import StockItemFilter
from stock.forms import MovementForm
from stock.models import StockItem, StockItemQuerySet, StockMovement
from stock.permissions import Right
from stock.queries import visible_items
from stock.services import (
    archive_item,
    change_item,
    count_stock,
    move_stock,
    restore_item,
)

ARCHIVE = archive_action(Right.CHANGE, archive_item)
RESTORE = restore_action(Right.CHANGE, restore_item)
MERGE = merge_action(Right.MERGE, "stock:item-merge")


class ItemListView(OfficeListView[StockItem]):
    permission = Right.VIEW
    template_name = "stock/item_list.html"
    list_template = "stock/_item_list.html"
    filterset_class = StockItemFilter
    search_hint = "Code, name or description"
    noun, nouns = "stock item", "stock items"
    shows_xero = "item"
    default_sort = "code"
    sorts = {
        "code": (Lower("code"),),
        "name": (Lower("name"),),
        "price": ("sell_price",),
        "on_hand": ("on_hand",),
        "reorder": ("reorder_level",),
    }
    columns = (
        Column("Code", lambda i: i.code),
        Column("Name", lambda i: i.name),
        Column("Description", lambda i: i.description),
        Column("Sales price", lambda i: i.sell_price),
        Column("Purchase price", lambda i: i.cost_price),
        Column("In stock", lambda i: i.on_hand),
        Column("Reorder level", lambda i: i.reorder_level),
        Column("Preferred supplier", lambda i: i.preferred_supplier or ""),
        Column("Sales account", lambda i: i.sales_account_code),
        Column("VAT on sales", lambda i: i.sales_tax_type),
    )

    def records(self) -> StockItemQuerySet:
        items = visible_items(self.user).standing().with_levels()
        return items.select_related("preferred_supplier")

    def saved_views(self) -> Sequence[SavedView]:
        active = Q(is_archived=False)
        low = active & Q(reorder_level__gt=F("on_hand"))
        return (
            SavedView("all", "All", active),
            SavedView("low", "Below reorder level", low, tone="warn"),
            SavedView("archived", "Archived", Q(is_archived=True)),
        )

    def bulk_actions(self) -> Sequence[BulkAction]:
        return (RESTORE,) if self.view.key == "archived" else (MERGE, ARCHIVE)


class ItemArchiveView(OfficeView):
    permission = Right.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(visible_items(self.user), pk=pk)
        return redirect(archive_item(item, by=self.actor))


class ItemRestoreView(OfficeView):
    permission = Right.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = get_object_or_404(visible_items(self.user), pk=pk)
        return redirect(restore_item(item, by=self.actor))


class ItemMoveView(OfficeFormView[MovementForm]):
    permission = Right.MOVE
    template_name = "stock/item_move.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk: int = kwargs["pk"]

    def item(self) -> StockItem:
        return get_object_or_404(visible_items(self.user).with_levels(), pk=self.pk)

    def form(self, data: QueryDict | None = None) -> MovementForm:
        return MovementForm(data)

    def save(self, form: MovementForm) -> StockItem:
        item, reference = self.item(), form.cleaned_data["reference"]
        if form.is_count:
            counted = form.cleaned_data["quantity"]
            count_stock(item, counted, by=self.actor, reference=reference)
        else:
            kind = StockMovement.Kind(form.cleaned_data["kind"])
            move_stock(item, form.moved, kind, by=self.actor, reference=reference)
        return item

    def done_message(self, form: MovementForm) -> str:
        return "Movement recorded."

    def page_context(self, form: MovementForm) -> dict[str, Any]:
        return {"item": self.item()}


class ItemBringBackView(OfficeBringBackView[StockItem]):
    permission = Right.CHANGE
    change = staticmethod(change_item)

    def find(self, pk: int) -> StockItem:
        return get_object_or_404(visible_items(self.user), pk=pk)
