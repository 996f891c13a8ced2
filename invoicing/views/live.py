"""What the invoice editor asks while one types: sums, due date, a filled line, choices."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join

from customers.models import Contact
from fieldops.common.numbers import plain
from fieldops.common.views import OfficeView
from invoicing.forms.invoice import ChartChoices, InvoiceForm, LineForm
from invoicing.permissions import Right
from invoicing.services.line_defaults import completed_lines
from invoicing.services.write_draft import default_due_date
from invoicing.views.editor import (
    InvoiceCreateView,
    amounts_of,
    customer_options,
    item_options,
)
from stock.models import StockItem
from stock.queries import items_by_label
from stock.queries import label_of as item_label

LINE = re.compile(r"lines-\d{1,4}")


class InvoiceTotalsView(InvoiceCreateView):
    """The sums of what is typed, the amount of each line, and a due date that follows
    the terms as long as nobody typed one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        editor = self.editor(request.POST)
        editor.is_valid()
        context = {
            "form": editor.head,
            "lines": editor.lines,
            "due": due_form(editor.head),
            **amounts_of(editor),
        }
        return render(request, "invoicing/_live_totals.html", context)


def due_form(typed: InvoiceForm) -> InvoiceForm | None:
    """The form with the due date that the terms now suggest, if that is another one."""
    issued_on = typed.cleaned_data.get("issued_on")
    if issued_on is None or "due_on" in typed.errors or typed.due_was_typed:
        return None
    customer = typed.cleaned_data.get("customer") or Contact()
    due_on = default_due_date(customer, issued_on)
    if due_on == typed.cleaned_data.get("due_on"):
        return None
    return InvoiceForm(
        customer=None, initial={"due_on": due_on, "suggested_due_on": due_on}
    )


class InvoiceLineView(OfficeView):
    """One line anew, filled from the item that was picked on it."""

    permission = Right.EDIT

    def post(self, request: HttpRequest) -> HttpResponse:
        prefix = request.GET.get("line", "")
        if not LINE.fullmatch(prefix):
            raise BadRequest("No such line.")
        names = ("item", "filled_by", *FILLED, "quantity", "discount_percent")
        typed = {name: request.POST.get(f"{prefix}-{name}", "") for name in names}
        items = items_by_label([typed["item"], typed["filled_by"]])
        filled = filled_line(typed, items)
        form = LineForm(
            {f"{prefix}-{name}": value for name, value in filled.items()},
            prefix=prefix,
            chart=ChartChoices(),
            items=items,
        )
        response = render(request, "invoicing/_invoice_line.html", {"line": form})
        response["HX-Trigger-After-Settle"] = "line-filled"
        return response


FILLED = ("description", "unit_price", "tax_type", "account_code")


def filled_line(
    typed: Mapping[str, str], items: Mapping[str, StockItem]
) -> dict[str, str]:
    """The item's texts and prices, save where something else was typed by hand."""
    item = items.get(typed["item"].strip().lower())
    if item is None:
        return dict(typed)
    before = items.get(typed["filled_by"].strip().lower())
    new = as_typed(item)
    old = as_typed(before) if before else {}
    filled = {
        name: new[name] if typed[name] in ("", old.get(name)) else typed[name]
        for name in FILLED
    }
    return {
        **typed,
        **filled,
        "item": item_label(item),
        "filled_by": item_label(item),
        "quantity": typed["quantity"] or "1",
    }


def as_typed(item: StockItem) -> dict[str, str]:
    """What the item puts on a line, as it stands in the boxes."""
    (line,) = completed_lines([{"item": item}])
    return {
        "description": line.description,
        "unit_price": plain(line.unit_price, places=2),
        "tax_type": line.tax_type,
        "account_code": line.account_code,
    }


class ItemOptionsView(OfficeView):
    """Choices for the item box of a line, by what is typed in it."""

    permission = Right.EDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = [text for name, text in request.GET.items() if name.endswith("-item")]
        options = item_options(str(typed[0]).strip() if typed else "")
        return HttpResponse(
            format_html_join("", '<option value="{}">{}</option>', options)
        )


class CustomerOptionsView(OfficeView):
    """Choices for the customer box, by what is typed in it."""

    permission = Right.EDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        options = customer_options(request.GET.get("customer", "").strip())
        rows = ((label,) for label in options)
        return HttpResponse(format_html_join("", '<option value="{}"></option>', rows))
