"""Search and filters of the list of invoices."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from invoicing.models import Invoice, InvoiceQuerySet
from invoicing.queries import AGE_CLASSES


def date_field(label: str, lookup: str) -> filters.DateFilter:
    return filters.DateFilter(
        field_name="issued_on",
        lookup_expr=lookup,
        label=label,
        widget=forms.DateInput,
    )


class InvoiceFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(method="search", label="Search")
    late = filters.MultipleChoiceFilter(
        method="owing_for",
        label="Late by",
        choices=[(age.key, age.label) for age in AGE_CLASSES],
        widget=forms.CheckboxSelectMultiple,
    )
    since = date_field("Dated from", "gte")
    until = date_field("Dated to", "lte")

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def search(self, records: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Every word has to be found somewhere in the invoice."""
        for word in text.split():
            records = records.filter(
                Q(number__icontains=word)
                | Q(reference__icontains=word)
                | Q(customer__name__icontains=word)
                | Q(customer__account_number__iexact=word)
            )
        return records

    def owing_for(
        self, records: InvoiceQuerySet, name: str, keys: list[str]
    ) -> InvoiceQuerySet:
        if not keys:
            return records
        today, wanted = timezone.localdate(), Q()
        for age in AGE_CLASSES:
            if age.key in keys:
                wanted |= age.condition(today)
        return records.owing().filter(wanted)
