"""Search and filters of the lists of contacts."""

from typing import Any

import django_filters as filters
from django.db.models import Q

from customers.models import Contact, ContactQuerySet
from customers.queries import towns_of

SEARCHED = (
    "name",
    "first_name",
    "last_name",
    "email",
    "accounting_email",
    "account_number",
    "phone",
    "mobile",
    "billing_postcode",
    "delivery_postcode",
)
WITH_OR_WITHOUT = (("with", "Has an email"), ("without", "Has no email"))


class ContactFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(method="search", label="Search")
    town = filters.ChoiceFilter(
        field_name="billing_city", label="Town", empty_label="Any town", choices=[]
    )
    email = filters.ChoiceFilter(
        method="with_email",
        label="Email",
        empty_label="With or without",
        choices=WITH_OR_WITHOUT,
    )

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["town"].extra["choices"] = [
            (town, town) for town in towns_of(self.queryset)
        ]

    def search(self, records: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
        """Every word has to be found somewhere in the record, or in one that was merged
        into it."""
        for word in text.split():
            found = Q()
            for field in SEARCHED:
                found |= Q(**{f"{field}__icontains": word})
            merged = Contact.objects.filter(found, merged_into__isnull=False)
            records = records.filter(found | Q(pk__in=merged.values("merged_into")))
        return records

    def with_email(
        self, records: ContactQuerySet, name: str, choice: str
    ) -> ContactQuerySet:
        none = Q(email="", accounting_email="")
        return records.filter(none if choice == "without" else ~none)
