"""The pages of contacts that show money: the list of customers, the page of one contact.

They lie here because contacts know nothing of invoices; their addresses are among those
of the customers (``fieldops.urls``).
"""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from customers.models import Contact, ContactQuerySet
from customers.permissions import Right
from customers.queries import visible_contacts
from customers.views import COLUMNS, ContactListView
from fieldops.common.exports import Column
from fieldops.common.history import history_of
from fieldops.common.list_page import PAGE_SIZE, SavedView
from fieldops.common.merge_page import merge_context
from fieldops.common.models import ChangeEntry
from fieldops.common.views import OfficeView, page_tabs
from invoicing.models import InvoiceQuerySet
from invoicing.queries import amount_due, overdue, visible_invoices, with_money

RECENT = 5
ALWAYS_SHOWN = ("Email", "Phone")


class CustomerListView(ContactListView):
    template_name = "customers/customer_list.html"
    list_template = "customers/_customer_list.html"
    noun, nouns = "customer", "customers"
    shows_xero = "contact"
    intro = "People and companies you have invoiced. They sync to Xero."
    sorts = {
        "name": (Lower("name"),),
        "account": ("account_number",),
        "town": ("billing_city",),
        "balance": ("balance",),
        "overdue": ("overdue",),
        "invoiced": ("last_invoiced_on",),
    }
    columns = (
        *COLUMNS,
        Column("Balance", lambda c: c.balance),
        Column("Overdue", lambda c: c.overdue),
        Column("Last invoiced", lambda c: c.last_invoiced_on),
    )

    def records(self) -> ContactQuerySet:
        customers = visible_contacts(self.user).standing().customers()
        return with_money(customers, on=timezone.localdate())

    def saved_views(self) -> Sequence[SavedView]:
        everybody, archived = super().saved_views()
        return (
            everybody,
            SavedView("owing", "Owing money", Q(balance__gt=0)),
            SavedView("overdue", "Overdue", Q(overdue__gt=0), tone="bad"),
            archived,
        )


class ContactDetailView(OfficeView):
    """One contact: overview, invoices or history, by ``?tab=``."""

    permission = Right.VIEW
    tabs = {"overview": "Overview", "invoices": "Invoices", "history": "History"}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(visible_contacts(self.user), pk=pk)
        tab = request.GET.get("tab", "")
        tab = tab if tab in self.tabs else "overview"
        tell = {
            "overview": self.overview,
            "invoices": self.invoices,
            "history": self.history,
        }[tab]
        context = {
            "contact": contact,
            "tabs": page_tabs(self.tabs, tab),
            "today": timezone.localdate(),
            "invoices_url": "?tab=invoices",
            **merge_context(contact),
            **tell(contact),
        }
        return render(request, f"customers/contact_{tab}.html", context)

    def overview(self, contact: Contact) -> dict[str, Any]:
        invoices = self.invoices_of(contact)
        late = overdue(invoices, on=timezone.localdate())
        return {
            "invoices": invoices[:RECENT],
            "invoice_count": invoices.count(),
            "owed": amount_due(invoices),
            "overdue": amount_due(late),
            "details": details_of(contact),
            "people": people_rows(contact),
        }

    def invoices(self, contact: Contact) -> dict[str, Any]:
        invoices = Paginator(self.invoices_of(contact), PAGE_SIZE)
        page = invoices.get_page(self.request.GET.get("page"))
        return {"page": page, "invoices": page}

    def history(self, contact: Contact) -> dict[str, Any]:
        entries = Paginator(ChangeEntry.objects.of(contact), PAGE_SIZE)
        page = entries.get_page(self.request.GET.get("page"))
        return {"page": page, "history": history_of(contact, page.object_list)}

    def invoices_of(self, contact: Contact) -> InvoiceQuerySet:
        return visible_invoices(self.user).filter(customer=contact)


def details_of(contact: Contact) -> list[dict[str, str]]:
    """What the card "Contact" says; links where one can write, call or look."""
    person = f"{contact.first_name} {contact.last_name}".strip()
    website = contact.website
    if website and not website.startswith(("http://", "https://")):
        website = ""
    rows = [
        {"label": "Person", "value": person},
        {"label": "Email", "value": contact.email, "url": f"mailto:{contact.email}"},
        {
            "label": "Accounting email",
            "value": contact.accounting_email,
            "url": f"mailto:{contact.accounting_email}",
        },
        {"label": "Phone", "value": contact.phone, "url": f"tel:{contact.phone}"},
        {"label": "Mobile", "value": contact.mobile, "url": f"tel:{contact.mobile}"},
        {"label": "Direct", "value": contact.direct_dial},
        {"label": "Website", "value": contact.website, "url": website},
        {"label": "VAT number", "value": contact.tax_number},
        {"label": "Payment terms", "value": terms_in_words(contact)},
    ]
    return [row for row in rows if row["value"] or row["label"] in ALWAYS_SHOWN]


def people_rows(contact: Contact) -> list[dict[str, str]]:
    return [
        {
            "label": person.name or "No name",
            "value": person.email,
            "url": f"mailto:{person.email}",
            "note": "gets copies" if person.gets_copies else "",
        }
        for person in contact.contact_people
    ]


def terms_in_words(contact: Contact) -> str:
    if contact.payment_days is None or not contact.payment_terms:
        return "The company's usual terms"
    return f"{contact.payment_days} {contact.get_payment_terms_display()}"
