"""Which contacts a list shows."""

from django_filters import rest_framework as filters

from customers.models import ContactQuerySet
from fieldops.common.api.reading import RecordFilter, TrueFalseFilter

GROUPS = (("customers", "Customers"), ("leads", "Leads"), ("suppliers", "Suppliers"))


class ContactFilter(RecordFilter):
    group = filters.ChoiceFilter(choices=GROUPS, method="in_group")
    archived = TrueFalseFilter(field_name="is_archived")
    account_number = filters.CharFilter(lookup_expr="iexact")

    def in_group(
        self, contacts: ContactQuerySet, name: str, value: str
    ) -> ContactQuerySet:
        return {
            "customers": contacts.customers,
            "leads": contacts.leads,
            "suppliers": contacts.suppliers,
        }[value]()
