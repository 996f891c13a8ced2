"""Forms that look around: who may be the same, and what Xero would refuse, while a record
is typed; a new one that may be there already is saved with a second press."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers.permissions import Right as ContactRight
from customers.views import ContactCreateView
from fieldops.common.views import OfficeView
from invoicing.views.items import ItemCreateView
from stock.permissions import Right as StockRight
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.report.while_typing import remarks_on


class TypedView(OfficeView):
    """Asked for whenever a field is left; writes nothing."""

    kind: ClassVar[Kind]

    def get(self, request: HttpRequest) -> HttpResponse:
        number = request.GET.get("record", "")
        pk = int(number) if number.isdecimal() else None
        remarks = remarks_on(
            self.kind,
            lambda name: request.GET.get(name, ""),
            pk=pk,
            sees_xero=request.user.has_perm(Right.VIEW),
            with_twins=pk is None,
        )
        return render(request, "xero_sync/_typed.html", {"remarks": remarks})


class TypedContactView(TypedView):
    permission = ContactRight.VIEW
    kind = Kind.CONTACT


class TypedItemView(TypedView):
    permission = StockRight.VIEW
    kind = Kind.ITEM


def unseen(kind: Kind, request: HttpRequest) -> bool:
    """Whether somebody it may be was not on the page when it was sent."""
    seen = request.POST.get("twins_seen", "").split(",")
    remarks = remarks_on(
        kind,
        lambda name: request.POST.get(name, ""),
        sees_xero=request.user.has_perm(Right.VIEW),
    )
    return not {twin.key for twin in remarks.twins} <= set(seen)


class NewContactView(ContactCreateView):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid() and unseen(Kind.CONTACT, request):
            return self.rendered(form, status=422)
        return super().post(request, **kwargs)


class NewItemView(ItemCreateView):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid() and unseen(Kind.ITEM, request):
            return self.rendered(form, status=422)
        return super().post(request, **kwargs)
