"""The pages of invoices that are read: list, one invoice, print; approve and cancel."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from fieldops.common.exports import Column
from fieldops.common.history import history_of
from fieldops.common.list_page import BulkAction, OfficeListView, SavedView
from fieldops.common.models import Company
from fieldops.common.money import tax_by_rate
from fieldops.common.numbers import whole_number
from fieldops.common.views import OfficeView
from invoicing.filters import InvoiceFilter
from invoicing.models import Invoice, InvoiceLine, InvoiceQuerySet
from invoicing.permissions import Right
from invoicing.queries import chart_names, visible_invoices
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice

OWING = Q(
    status=Invoice.Status.APPROVED, total__gt=F("amount_paid") + F("amount_credited")
)
APPROVE = BulkAction(
    "approve",
    "Approve",
    "check",
    Right.APPROVE,
    "approved",
    lambda invoice, by: approve_invoice(invoice, by=by),
)


class InvoiceListView(OfficeListView[Invoice]):
    permission = Right.VIEW
    template_name = "invoicing/invoice_list.html"
    list_template = "invoicing/_invoice_list.html"
    filterset_class = InvoiceFilter
    search_hint = "Number, customer or reference"
    noun, nouns = "invoice", "invoices"
    shows_xero = "invoice"
    default_sort = "-date"
    sorts = {
        "number": ("number",),
        "customer": (Lower("customer__name"),),
        "date": ("issued_on",),
        "due": ("due_on",),
        "total": ("total",),
    }
    columns = (
        Column("Number", lambda i: i.number),
        Column("Customer", lambda i: i.customer.name),
        Column("Account number", lambda i: i.customer.account_number),
        Column("Status", lambda i: i.get_status_display()),
        Column("Invoice date", lambda i: i.issued_on),
        Column("Due date", lambda i: i.due_on),
        Column("Reference", lambda i: i.reference),
        Column("Subtotal", lambda i: i.subtotal),
        Column("VAT", lambda i: i.tax),
        Column("Total", lambda i: i.total),
        Column("Paid", lambda i: i.amount_paid),
        Column("Credited", lambda i: i.amount_credited),
        Column("Due", lambda i: i.amount_due),
        Column("Currency", lambda i: i.currency),
    )

    def records(self) -> InvoiceQuerySet:
        return visible_invoices(self.user).select_related("customer")

    def saved_views(self) -> Sequence[SavedView]:
        status = Invoice.Status
        late = OWING & Q(due_on__lt=timezone.localdate())
        return (
            SavedView("all", "All"),
            SavedView("draft", "Draft", Q(status=status.DRAFT)),
            SavedView("owing", "Owing", OWING),
            SavedView("overdue", "Overdue", late, tone="bad"),
            SavedView("cancelled", "Cancelled", Q(status=status.CANCELLED)),
        )

    def bulk_actions(self) -> Sequence[BulkAction]:
        return () if self.view.key == "cancelled" else (APPROVE,)

    def for_rows(self, page: Page[Invoice]) -> dict[str, Any]:
        return {"today": timezone.localdate()}


class InvoiceDetailView(OfficeView):
    permission = Right.VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = find_invoice(self, pk)
        content = document(invoice)
        return render(
            request,
            "invoicing/invoice_detail.html",
            {
                **content,
                "bookings": bookings(content["lines"], chart_names()),
                "history": history_of(invoice),
                "can_cancel": not invoice.is_cancelled
                and not invoice.amount_paid
                and not invoice.amount_credited,
            },
        )


class InvoicePrintView(OfficeView):
    """The document alone, laid out for A4."""

    permission = Right.VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = find_invoice(self, pk)
        return render(request, "invoicing/invoice_print.html", document(invoice))


class InvoiceApproveView(OfficeView):
    permission = Right.APPROVE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = approve_invoice(
            find_invoice(self, pk), by=self.actor, revision=seen_revision(request)
        )
        messages.success(request, f"Invoice {invoice.number} approved.")
        return redirect(invoice)

    def refused_url(self) -> str:
        return Invoice(pk=self.kwargs["pk"]).get_absolute_url()


class InvoiceCancelView(OfficeView):
    """Says what will happen, then does it."""

    permission = Right.CANCEL

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = find_invoice(self, pk)
        moved = invoice.lines.filter(item__isnull=False).exclude(quantity=0)
        returned = moved.select_related("item") if invoice.moved_stock else ()
        context = {"invoice": invoice, "returned": returned}
        return render(request, "invoicing/invoice_cancel.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = cancel_invoice(
            find_invoice(self, pk), by=self.actor, revision=seen_revision(request)
        )
        messages.success(request, f"{invoice} cancelled.")
        return redirect(invoice)

    def refused_url(self) -> str:
        return Invoice(pk=self.kwargs["pk"]).get_absolute_url()


def find_invoice(view: OfficeView, pk: int) -> Invoice:
    invoices = visible_invoices(view.user).select_related("customer")
    return get_object_or_404(invoices, pk=pk)


def seen_revision(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("revision", ""))


def document(invoice: Invoice) -> dict[str, Any]:
    """What the invoice as the customer sees it is made of."""
    lines = list(invoice.lines.select_related("item"))
    return {
        "invoice": invoice,
        "customer": invoice.customer,
        "lines": lines,
        "tax_by_rate": tax_by_rate(lines, invoice.amounts_are),
        "has_discounts": any(line.discount_percent for line in lines),
        "company": Company.current(),
        "is_settled": not invoice.is_draft and invoice.amount_due <= 0,
        "today": timezone.localdate(),
    }


def bookings(
    lines: Iterable[InvoiceLine], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Where each line is booked; a code the chart does not have stands as it is."""
    return [
        {
            "position": line.position,
            "account": names.get(line.account_code, line.account_code),
            "tax": names.get(line.tax_type, line.tax_type),
        }
        for line in lines
    ]
