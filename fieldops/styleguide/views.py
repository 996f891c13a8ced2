"""The pages of the style guide; its list works like a real one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment
from fieldops.styleguide import samples
from fieldops.styleguide.forms import EmailRowForm, LineForm, ListFilter, SampleForm
from fieldops.ui.filters import query_with

PER_PAGE = 25
WRONG = {"name": "", "email": "accounts@castle", "balance": "12,5O", "due_on": "31/2"}


class StyleguideView(OfficeView):
    permission = SIGNED_IN

    def get(self, request: HttpRequest, page: str = "index") -> HttpResponse:
        try:
            context = PAGES[page](request)
        except KeyError:
            raise Http404 from None
        template = f"styleguide/{page}.html"
        if page == "list" and wants_fragment(request):
            template = "styleguide/_list.html"
        return vary_on_htmx(render(request, template, context))


def index_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "tones": ["ok", "warn", "bad", "info", "mute"],
        "kinds": ["primary", "", "quiet", "danger", "danger-filled"],
        "empty_form": SampleForm(),
        "ageing": samples.AGEING,
        "runs": samples.RUNS,
        "history": samples.HISTORY,
        "attention": samples.ATTENTION,
        "contact": [
            {"label": "Email", "value": samples.AWKWARD[0].email, "url": "#"},
            {"label": "Accounting email", "value": ""},
            {"label": "Phone", "value": "028 9032 1188"},
        ],
    }


def list_context(request: HttpRequest) -> dict[str, Any]:
    form = ListFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    view = request.GET.get("view", "all")
    view = view if view in samples.VIEWS else "all"
    sort = request.GET.get("sort", "name")
    sort = sort if sort.removeprefix("-") in samples.SORTS else "name"
    found = samples.matching(view, chosen, sort)
    return {
        "filter": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "sort": sort,
        "views": list_views(request, view),
    }


def list_views(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": view.label,
            "url": query_with(request.GET, view=name),
            "count": sum(map(view.belongs, samples.SAMPLES)),
            "tone": view.tone,
            "is_active": name == chosen,
        }
        for name, view in samples.VIEWS.items()
    ]


def form_context(request: HttpRequest) -> dict[str, Any]:
    form = SampleForm(WRONG)
    form.add_error(None, "Another customer has this name and this phone.")
    return {"form": form}


def settings_context(request: HttpRequest) -> dict[str, Any]:
    return {"settings_form": SampleForm(initial={"address_to_use": "billing"})}


def editor_context(request: HttpRequest) -> dict[str, Any]:
    typed = {
        "l1-item": "VAL22",
        "l1-description": "Boiler valve 22 mm",
        "l1-quantity": "2",
        "l1-unit_price": "18.50",
    }
    return {
        "lines": [(LineForm(typed, prefix="l1"), "37.00"), (LineForm(prefix="l2"), "")],
        "totals": [
            {"label": "Subtotal", "amount": Decimal("37.00")},
            {"label": "VAT 20%", "amount": Decimal("7.40")},
            {"label": "Total", "amount": Decimal("44.40"), "is_total": True},
        ],
    }


def sync_context(request: HttpRequest) -> dict[str, Any]:
    wrong = ("accounts@castle", "office@@foyle.example", "n/a")
    rows = [
        EmailRowForm({f"row{n}-email": value}, prefix=f"row{n}")
        for n, value in enumerate(wrong)
    ]
    names = ("Castle Bakery", "Foyle Hotel", samples.AWKWARD[0].name)
    return {
        "steps": samples.STEPS,
        "rows": list(zip(names, rows, strict=True)),
        "runs": samples.RUNS,
        "ageing": samples.AGEING,
    }


PAGES = {
    "index": index_context,
    "list": list_context,
    "form": form_context,
    "settings": settings_context,
    "editor": editor_context,
    "sync": sync_context,
}
