"""Find anything: contacts, stock and invoices by one box."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django_filters import FilterSet

from customers.filters import ContactFilter
from customers.queries import visible_contacts
from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView, vary_on_htmx, wants_fragment
from fieldops.users.models import User
from invoicing.filters import InvoiceFilter
from invoicing.queries import visible_invoices
from stock.filters import StockItemFilter
from stock.queries import visible_items

SHOWN = 8


@dataclass(frozen=True)
class Found:
    """What one kind of record has to offer; ``url`` lists all of it."""

    title: str
    records: list[Any]
    count: int
    url: str


class SearchView(OfficeView):
    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponseBase:
        text = request.GET.get("q", "").strip()
        found = list(found_by(text, self.user)) if text else []
        part = wants_fragment(request)
        count = sum(group.count for group in found)
        if count == 1 and not part:
            return redirect(found[0].records[0])
        template = "fieldops/_found.html" if part else "fieldops/search.html"
        context = {"q": text, "found": found, "count": count}
        return vary_on_htmx(render(request, template, context))


def found_by(text: str, user: User) -> Iterable[Found]:
    contacts = visible_contacts(user).active()
    lists: tuple[tuple[str, str, type[FilterSet], QuerySet[Any]], ...] = (
        (
            "Customers",
            "customers:customer-list",
            ContactFilter,
            contacts.customers(),
        ),
        ("Leads", "customers:lead-list", ContactFilter, contacts.leads()),
        (
            "Suppliers",
            "customers:supplier-list",
            ContactFilter,
            contacts.suppliers().filter(is_customer=False),
        ),
        ("Stock", "stock:item-list", StockItemFilter, visible_items(user).active()),
        (
            "Invoices",
            "invoicing:invoice-list",
            InvoiceFilter,
            visible_invoices(user).select_related("customer"),
        ),
    )
    for title, url_name, filterset, records in lists:
        matching: QuerySet[Model] = filterset({"q": text}, records).qs
        count = matching.count()
        if count:
            url = f"{reverse(url_name)}?{urlencode({'q': text})}"
            yield Found(title, list(matching[:SHOWN]), count, url)
