"""Contacts in Django admin."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from customers.models import Contact, address_fields
from customers.services import (
    archive_contact,
    change_contact,
    create_contact,
    restore_contact,
)
from fieldops.common.actor import Actor
from fieldops.common.admin import RecordAdmin


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    ("first_name", "last_name"),
                    "account_number",
                    ("email", "accounting_email"),
                    ("phone", "mobile"),
                    ("direct_dial", "fax"),
                    ("tax_number", "website"),
                    ("payment_terms", "payment_days"),
                    "is_supplier",
                    ("is_customer", "is_archived"),
                    "notes",
                    "uid",
                )
            },
        ),
        ("Billing address", {"fields": address_fields("billing"), "classes": ["tab"]}),
        (
            "Delivery address",
            {"fields": address_fields("delivery"), "classes": ["tab"]},
        ),
    )
    readonly_fields = ("is_customer", "is_archived", "uid")
    list_display = ("name", "group", "account_number", "email", "phone", "is_archived")
    list_filter = ("is_customer", "is_supplier", "is_archived")
    search_fields = ("name", "account_number", "email", "phone", "billing_postcode")
    actions = ("archive", "restore")

    def create(self, values: Mapping[str, Any], *, by: Actor) -> Contact:
        return create_contact(values, by=by)

    def change(
        self,
        record: Contact,
        values: Mapping[str, Any],
        *,
        by: Actor,
        revision: int | None,
    ) -> Contact:
        return change_contact(record, values, by=by, revision=revision)

    @admin.action(description="Archive")
    def archive(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self.apply_each(request, contacts, archive_contact, "archived")

    @admin.action(description="Restore")
    def restore(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        self.apply_each(request, contacts, restore_contact, "restored")
