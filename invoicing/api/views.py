"""Invoices: list, detail, write drafts, approve, cancel. The chart: list and detail."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fieldops.common.api.reading import RevisionSerializer, expected_revision
from fieldops.common.api.views import ResourceViewSet
from invoicing.api.filters import AccountFilter, InvoiceFilter, TaxRateFilter
from invoicing.api.serializers import (
    AccountSerializer,
    InvoiceChangeSerializer,
    InvoiceSerializer,
    NewInvoiceSerializer,
    TaxRateSerializer,
)
from invoicing.models import Account, Invoice, InvoiceLine, InvoiceQuerySet, TaxRate
from invoicing.permissions import Right
from invoicing.queries import visible_invoices
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.create_once import create_invoice_once
from invoicing.services.line_defaults import completed_lines
from invoicing.services.write_draft import change_invoice


class InvoiceViewSet(ResourceViewSet[Invoice]):
    """Sales invoices with their lines."""

    rights = {
        "list": Right.VIEW,
        "retrieve": Right.VIEW,
        "create": Right.EDIT,
        "partial_update": Right.EDIT,
        "approve": Right.APPROVE,
        "cancel": Right.CANCEL,
    }
    queryset = Invoice.objects.none()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    search_fields = ["number", "reference", "customer__name"]

    def visible_rows(self) -> InvoiceQuerySet:
        lines = Prefetch("lines", InvoiceLine.objects.select_related("item"))
        invoices = visible_invoices(self.user).select_related("customer")
        return invoices.prefetch_related(lines)

    @extend_schema(request=NewInvoiceSerializer)
    def create(self, request: Request) -> Response:
        """A draft. The same `uid` and content again answers 200 with the invoice that
        is there; the same `uid` with other content is refused with 409."""
        values = self.sent(NewInvoiceSerializer)
        customer, lines = values.pop("customer"), values.pop("lines", [])
        invoice, created = create_invoice_once(customer, values, lines, by=self.actor)
        return self.answer(invoice, created=created)

    @extend_schema(request=InvoiceChangeSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Change a draft: send what changes. With a `revision`, or `If-Match`, that is
        no longer the last one the change is refused with 409."""
        values = self.sent(InvoiceChangeSerializer, partial=True)
        revision = expected_revision(request, values)
        sent_lines = values.pop("lines", None)
        lines = None if sent_lines is None else completed_lines(sent_lines)
        invoice = change_invoice(
            self.get_object(), values, lines, by=self.actor, revision=revision
        )
        return self.answer(invoice)

    @extend_schema(request=RevisionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, uid: str) -> Response:
        """Gives the number and takes what is sold from stock."""
        revision = expected_revision(request, self.sent(RevisionSerializer))
        invoice = approve_invoice(self.get_object(), by=self.actor, revision=revision)
        return self.answer(invoice)

    @extend_schema(request=RevisionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, uid: str) -> Response:
        """What was taken from stock goes back."""
        revision = expected_revision(request, self.sent(RevisionSerializer))
        invoice = cancel_invoice(self.get_object(), by=self.actor, revision=revision)
        return self.answer(invoice)


class AccountViewSet(ResourceViewSet[Account]):
    """Nominal codes."""

    rights = {"list": Right.VIEW_ACCOUNTS, "retrieve": Right.VIEW_ACCOUNTS}
    queryset = Account.objects.none()
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    search_fields = ["code", "name"]

    def visible_rows(self) -> QuerySet[Account]:
        return Account.objects.all()


class TaxRateViewSet(ResourceViewSet[TaxRate]):
    """VAT rates. Whoever reads invoices may read them."""

    rights = {"list": Right.VIEW, "retrieve": Right.VIEW}
    queryset = TaxRate.objects.none()
    serializer_class = TaxRateSerializer
    filterset_class = TaxRateFilter
    search_fields = ["tax_type", "name"]

    def visible_rows(self) -> QuerySet[TaxRate]:
        return TaxRate.objects.all()
