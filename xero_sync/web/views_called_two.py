"""What was called "not the same": the list, and asking again."""

from typing import Any, TypeGuard

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from customers.models import Contact
from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView
from stock.models import StockItem
from xero_sync.consolidation.apart import Apart, apart_rows, called_two
from xero_sync.consolidation.taking_back import take_back
from xero_sync.models import XeroConnection
from xero_sync.permissions import Right
from xero_sync.runs.errors import NotConnected
from xero_sync.web.pair_page import merge_url
from xero_sync.web.views_copies import MAY_MERGE, side_tabs

SHOWN = 25


class CalledTwoView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None:
            return redirect("xero_sync:duplicates")
        page = Paginator(called_two(connection), SHOWN).get_page(
            request.GET.get("page")
        )
        context = {
            "tabs": side_tabs(None),
            "page": page,
            "rows": [self._row(one) for one in apart_rows(connection, list(page))],
            "can_fix": request.user.has_perm(Right.FIX),
        }
        return render(request, "xero_sync/called_two.html", context)

    def _row(self, apart: Apart) -> dict[str, Any]:
        return {"apart": apart, "merge_url": self._merge_url(apart)}

    def _merge_url(self, apart: Apart) -> str:
        one, other = apart.one, apart.other
        if not (apart.are_both_here and _stands(one) and _stands(other)):
            return ""
        return merge_url(one, other) if self.user.has_perm(MAY_MERGE[type(one)]) else ""


class AskAgainView(OfficeView):
    permission = Right.FIX

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None:
            raise NotConnected
        decision = get_object_or_404(called_two(connection), pk=pk)
        (apart,) = apart_rows(connection, [decision])
        if not apart.may_be_asked_again:
            raise DomainError("Both are here by now: merge them instead.")
        take_back(decision)
        messages.success(
            request,
            f"{apart.name} and {apart.other_name} are looked at again with the next sync.",
        )
        return redirect("xero_sync:called-two")

    def refused_url(self) -> str:
        return reverse("xero_sync:called-two")


def _stands(record: object) -> TypeGuard[Contact | StockItem]:
    return isinstance(record, Contact | StockItem) and record.merged_into_id is None
