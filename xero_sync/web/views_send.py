"""The Xero button on a record, and on the ticked rows of a list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from customers.queries import visible_contacts
from fieldops.common.list_page import OfficeListView
from fieldops.common.numbers import whole_numbers
from fieldops.common.views import OfficeView
from invoicing.queries import visible_invoices
from stock.queries import visible_items
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.report.wording import counted
from xero_sync.runs.requests import send_records
from xero_sync.tasks import wake_worker

_VISIBLE = {
    Kind.CONTACT: visible_contacts,
    Kind.ITEM: visible_items,
    Kind.INVOICE: visible_invoices,
}


class SendView(OfficeView):
    """POST ``kind`` and ``selected``; or ``all_matching`` with the list's address."""

    permission = Right.RUN

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = request.POST.get("kind", "")
        if kind not in _VISIBLE:
            raise BadRequest("No such kind of record.")
        ids = self._chosen(Kind(kind))
        if not ids:
            messages.warning(request, "Tick what to send first.")
        else:
            send_records(kind, ids, by=self.actor)
            wake_worker()
            on_their_way = "is on its way" if len(ids) == 1 else "are on their way"
            messages.success(
                request, f"{counted(len(ids), kind)} {on_their_way} to Xero."
            )
        return redirect(self.refused_url())

    def _chosen(self, kind: Kind) -> list[int]:
        visible: QuerySet[Any] = _VISIBLE[kind](self.user)
        if self.request.POST.get("all_matching"):
            wanted = [record.pk for record in self._all_matching()]
        else:
            wanted = whole_numbers(self.request.POST.getlist("selected"))
        return list(visible.filter(pk__in=wanted).values_list("pk", flat=True))

    def _all_matching(self) -> list[Any]:
        """What the list itself would choose: it knows its own filters."""
        try:
            found = resolve(self.request.GET.get("list", ""))
        except Resolver404 as error:
            raise BadRequest("No such list.") from error
        view_class = getattr(found.func, "view_class", None)
        if not (
            isinstance(view_class, type) and issubclass(view_class, OfficeListView)
        ):
            raise BadRequest("No such list.")
        view: OfficeListView[Any] = view_class(
            **getattr(found.func, "view_initkwargs", {})
        )
        view.setup(self.request, *found.args, **found.kwargs)
        self.require(view.permission)
        return view.chosen_records()
