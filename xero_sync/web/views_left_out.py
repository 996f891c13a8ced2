"""The records behind a count of what is left out on purpose."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fieldops.common.list_page import PAGE_SIZE
from fieldops.common.views import OfficeView
from xero_sync.models import XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.left_out import left_out_rows, reason_called, records_left_out


class LeftOutView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        connection, reason = XeroConnection.current(), reason_called(key)
        if connection is None or reason is None:
            raise Http404
        records = Paginator(records_left_out(connection, reason), PAGE_SIZE)
        page = records.get_page(request.GET.get("page"))
        context = {
            "reason": reason,
            "page": page,
            "rows": left_out_rows(connection, list(page)),
        }
        return render(request, "xero_sync/left_out.html", context)
