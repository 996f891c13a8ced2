"""The pages of one stock item: they show accounts and VAT rates, so they lie here.

Their addresses are among those of the stock (``fieldops.urls``).
"""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fieldops.common.form_page import OfficeEditView, OfficeFormView
from fieldops.common.history import history_of
from fieldops.common.list_page import PAGE_SIZE
from fieldops.common.merge_page import merge_context
from fieldops.common.models import ChangeEntry
from fieldops.common.views import OfficeView, page_tabs
from invoicing.queries import account_choices, chart_names, tax_rate_choices
from stock.forms import StockItemForm
from stock.models import StockItem
from stock.permissions import Right
from stock.queries import visible_items
from stock.services import change_item, create_item

RECENT = 10


def item_form(data: Any, initial: dict[str, Any]) -> StockItemForm:
    return StockItemForm(
        data,
        accounts=account_choices(),
        tax_rates=tax_rate_choices(),
        initial=initial,
    )


class ItemDetailView(OfficeView):
    """One item: overview, movements or history, by ``?tab=``."""

    permission = Right.VIEW
    tabs = {"overview": "Overview", "movements": "Movements", "history": "History"}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        items = visible_items(self.user).with_levels()
        item = get_object_or_404(items.select_related("preferred_supplier"), pk=pk)
        tab = request.GET.get("tab", "")
        tab = tab if tab in self.tabs else "overview"
        tell = {
            "overview": self.overview,
            "movements": self.movements,
            "history": self.history,
        }[tab]
        context = {
            "item": item,
            "tabs": page_tabs(self.tabs, tab),
            **merge_context(item),
            **tell(item),
        }
        return render(request, f"stock/item_{tab}.html", context)

    def overview(self, item: StockItem) -> dict[str, Any]:
        movements = item.movements.select_related("user")[:RECENT]
        return {"movements": movements, "details": details_of(item, chart_names())}

    def movements(self, item: StockItem) -> dict[str, Any]:
        movements = Paginator(item.movements.select_related("user"), PAGE_SIZE)
        page = movements.get_page(self.request.GET.get("page"))
        return {"page": page, "movements": page}

    def history(self, item: StockItem) -> dict[str, Any]:
        entries = Paginator(ChangeEntry.objects.of(item), PAGE_SIZE)
        page = entries.get_page(self.request.GET.get("page"))
        return {"page": page, "history": history_of(item, page.object_list)}


def details_of(item: StockItem, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Where the item is booked; a code the chart does not have stands as it is."""
    coded = (
        ("Sales account", item.sales_account_code),
        ("VAT on sales", item.sales_tax_type),
        ("Purchase account", item.purchase_account_code),
        ("VAT on purchases", item.purchase_tax_type),
    )
    return [
        {"label": label, "value": names.get(code, code) if code else "Usual"}
        for label, code in coded
    ]


class ItemCreateView(OfficeFormView[StockItemForm]):
    permission = Right.CHANGE
    template_name = "stock/item_form.html"

    def form(self, data: QueryDict | None = None) -> StockItemForm:
        return item_form(data, {})

    def save(self, form: StockItemForm) -> StockItem:
        return create_item(form.values, by=self.actor)

    def done_message(self, form: StockItemForm) -> str:
        return f"{form.cleaned_data['name']} saved."

    def page_context(self, form: StockItemForm) -> dict[str, Any]:
        return {"title": "New stock item", "cancel_url": reverse("stock:item-list")}


class ItemEditView(OfficeEditView[StockItemForm, StockItem]):
    permission = Right.CHANGE
    template_name = "stock/item_form.html"

    def find(self) -> StockItem:
        return get_object_or_404(visible_items(self.user), pk=self.pk)

    def form(self, data: QueryDict | None = None) -> StockItemForm:
        return item_form(
            data, model_to_dict(self.record) | {"revision": self.record.revision}
        )

    def save(self, form: StockItemForm) -> StockItem:
        return change_item(
            self.record,
            form.values,
            by=self.actor,
            revision=form.cleaned_data["revision"],
        )

    def done_message(self, form: StockItemForm) -> str:
        return f"{form.cleaned_data['name']} saved."

    def page_context(self, form: StockItemForm) -> dict[str, Any]:
        return {
            "title": f"Edit {self.record}",
            "cancel_url": self.record.get_absolute_url(),
        }
