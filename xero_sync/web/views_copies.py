"""Records that stand twice on one side: merged here, or in Xero's own screen."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from customers.models import Contact
from fieldops.common.views import OfficeView
from stock.models import StockItem
from xero_sync.consolidation.copies import Copy, Place, call_them_two, copies_of
from xero_sync.models import XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.report.deep_links import xero_url
from xero_sync.runs.errors import NotConnected
from xero_sync.web.pair_page import merge_url

SHOWN = 25
MAY_MERGE: Mapping[type[Model], str] = {
    Contact: "customers.merge_contact",
    StockItem: "stock.merge_stockitem",
}


class CopiesView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None:
            return redirect("xero_sync:duplicates")
        place = _place(request.GET.get("place", ""))
        page = Paginator(copies_of(connection, place), SHOWN).get_page(
            request.GET.get("page")
        )
        context = {
            "place": place,
            "is_here": place is not Place.XERO,
            "is_stock": place is Place.STOCK,
            "tabs": side_tabs(place),
            "page": page,
            "rows": self._rows(connection, place, list(page)),
            "may_deny": request.user.has_perm(Right.FIX),
        }
        return render(request, "xero_sync/copies.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(Right.FIX)
        connection = XeroConnection.current()
        if connection is None:
            raise NotConnected
        place = _place(request.POST.get("place", ""))
        one, other = request.POST.get("one", ""), request.POST.get("other", "")
        call_them_two(connection, place, one, other, by=self.actor)
        messages.success(
            request, "Not the same. Nobody is asked about these two again."
        )
        return redirect(_url(place))

    def refused_url(self) -> str:
        return reverse("xero_sync:copies")

    def _rows(
        self, connection: XeroConnection, place: Place, copies: list[Copy]
    ) -> list[dict[str, Any]]:
        if place is Place.XERO:
            return [
                {
                    "copy": copy,
                    "url": xero_url(connection, Kind.CONTACT, copy.one),
                    "other_url": xero_url(connection, Kind.CONTACT, copy.other),
                }
                for copy in copies
            ]
        uids = [uid for copy in copies for uid in (copy.one, copy.other)]
        model: Any = StockItem if place is Place.STOCK else Contact
        ours = {str(one.uid): one for one in model.objects.filter(uid__in=uids)}
        may_merge = self.user.has_perm(MAY_MERGE[model])
        return [
            {
                "copy": copy,
                "url": ours[copy.one].get_absolute_url(),
                "other_url": ours[copy.other].get_absolute_url(),
                "merge_url": (
                    merge_url(ours[copy.one], ours[copy.other]) if may_merge else ""
                ),
            }
            for copy in copies
            if copy.one in ours and copy.other in ours
        ]


def _place(asked: str) -> Place:
    return Place(asked) if asked in list(Place) else Place.HERE


def _url(place: Place) -> str:
    return f"{reverse('xero_sync:copies')}?{urlencode({'place': place})}"


def side_tabs(here: Place | None) -> list[dict[str, Any]]:
    """None is the list of what was called two."""
    labels = {
        Place.HERE: "Twice in Fieldops",
        Place.STOCK: "Stock twice in Fieldops",
        Place.XERO: "Twice in Xero",
    }
    tabs = [
        {"label": label, "url": _url(place), "is_active": place is here}
        for place, label in labels.items()
    ]
    remembered = {
        "label": "Called not the same",
        "url": reverse("xero_sync:called-two"),
        "is_active": here is None,
    }
    return [*tabs, remembered]
