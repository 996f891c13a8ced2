"""Which invoices, accounts and VAT rates a list shows."""

from django_filters import rest_framework as filters

from fieldops.common.api.reading import RecordFilter, TrueFalseFilter
from invoicing.models import Invoice, InvoiceQuerySet


class InvoiceFilter(RecordFilter):
    status = filters.ChoiceFilter(choices=Invoice.Status.choices)
    customer = filters.UUIDFilter(field_name="customer__uid")
    number = filters.CharFilter(lookup_expr="iexact")
    owing = TrueFalseFilter(method="is_owing")
    issued_from = filters.DateFilter(field_name="issued_on", lookup_expr="gte")
    issued_to = filters.DateFilter(field_name="issued_on", lookup_expr="lte")
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte")

    def is_owing(
        self, invoices: InvoiceQuerySet, name: str, value: bool
    ) -> InvoiceQuerySet:
        owing = Invoice.objects.owing().order_by().values("pk")
        return (
            invoices.filter(pk__in=owing) if value else invoices.exclude(pk__in=owing)
        )


class AccountFilter(RecordFilter):
    active = TrueFalseFilter(field_name="is_active")
    code = filters.CharFilter()


class TaxRateFilter(RecordFilter):
    active = TrueFalseFilter(field_name="is_active")
    tax_type = filters.CharFilter()
