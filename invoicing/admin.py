"""Invoices, the chart of accounts and what new invoices start with, in Django admin."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from fieldops.common.actor import Actor
from fieldops.common.admin import (
    OneRowAdmin,
    ReadOnlyInline,
    RecordAdmin,
    RecordForm,
)
from fieldops.common.changes import locked
from invoicing.models import (
    CLASS_OF_TYPE,
    Account,
    Invoice,
    InvoiceLine,
    InvoicingSettings,
    TaxRate,
)
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.chart import put_account, put_tax_rate
from invoicing.services.preferences import change_invoicing_settings
from invoicing.services.write_draft import change_invoice


class LineInline(ReadOnlyInline):
    model = InvoiceLine
    fields = (
        "position",
        "item",
        "description",
        "quantity",
        "unit_price",
        "discount_percent",
        "account_code",
        "tax_type",
        "amount",
        "tax_amount",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvoiceLine]:
        return InvoiceLine.objects.select_related("item")


@admin.register(Invoice)
class InvoiceAdmin(RecordAdmin):
    """Drafts are written in the office pages; here their heads can be corrected."""

    fields = (
        ("number", "status"),
        "customer",
        ("issued_on", "due_on"),
        "reference",
        "amounts_are",
        "notes",
        ("subtotal", "tax", "total"),
        ("amount_paid", "amount_credited", "amount_due"),
        "uid",
    )
    readonly_fields = (
        "number",
        "status",
        "customer",
        "subtotal",
        "tax",
        "total",
        "amount_paid",
        "amount_credited",
        "amount_due",
        "uid",
    )
    inlines = (LineInline,)
    list_display = (
        "number_or_draft",
        "customer",
        "status",
        "issued_on",
        "due_on",
        "total",
        "amount_due",
    )
    list_filter = ("status",)
    list_select_related = ("customer",)
    search_fields = ("number", "reference", "customer__name")
    date_hierarchy = "issued_on"
    actions = ("approve", "cancel")

    @admin.display(description="number", ordering="number")
    def number_or_draft(self, invoice: Invoice) -> str:
        return invoice.number or "(draft)"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_draft)

    def change(
        self,
        record: Invoice,
        values: Mapping[str, Any],
        *,
        by: Actor,
        revision: int | None,
    ) -> Invoice:
        return change_invoice(record, values, by=by, revision=revision)

    @admin.action(description="Approve")
    def approve(self, request: HttpRequest, invoices: QuerySet[Invoice]) -> None:
        self.apply_each(request, invoices, approve_invoice, "approved")

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, invoices: QuerySet[Invoice]) -> None:
        self.apply_each(request, invoices, cancel_invoice, "cancelled")


class ChartAdmin(RecordAdmin):
    """An entry of the chart; its code is its name for ever."""

    code_field: str

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("uid",) if obj is None else ("uid", self.code_field)

    def put(self, code: str, values: Mapping[str, Any], *, by: Actor) -> Any:
        raise NotImplementedError

    def create(self, values: Mapping[str, Any], *, by: Actor) -> Any:
        others = {n: v for n, v in values.items() if n != self.code_field}
        return self.put(values[self.code_field], others, by=by)

    def change(
        self,
        record: Any,
        values: Mapping[str, Any],
        *,
        by: Actor,
        revision: int | None,
    ) -> Any:
        locked(record, revision=revision)
        return self.put(getattr(record, self.code_field), values, by=by)


class AccountForm(RecordForm):
    type = forms.ChoiceField(
        choices=[(type_, type_) for type_ in CLASS_OF_TYPE],
        initial="REVENUE",
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Account)
class AccountAdmin(ChartAdmin):
    code_field = "code"
    form = AccountForm
    fields = ("code", "name", "type", "tax_type", "is_active", "uid")
    list_display = ("code", "name", "type", "tax_type", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("code", "name")

    def put(self, code: str, values: Mapping[str, Any], *, by: Actor) -> Account:
        return put_account(code, values, by=by)


@admin.register(TaxRate)
class TaxRateAdmin(ChartAdmin):
    code_field = "tax_type"
    fields = (
        "tax_type",
        ("name", "percent"),
        (
            "applies_to_assets",
            "applies_to_equity",
            "applies_to_expenses",
            "applies_to_liabilities",
            "applies_to_revenue",
        ),
        "is_active",
        "uid",
    )
    list_display = ("tax_type", "name", "percent", "is_active")
    list_filter = ("is_active",)
    search_fields = ("tax_type", "name")

    def put(self, code: str, values: Mapping[str, Any], *, by: Actor) -> TaxRate:
        return put_tax_rate(code, values, by=by)


@admin.register(InvoicingSettings)
class InvoicingSettingsAdmin(OneRowAdmin):
    fields = (
        ("number_prefix", "next_number"),
        ("payment_terms", "payment_days"),
        ("sales_account_code", "sales_tax_type"),
        ("purchase_account_code", "purchase_tax_type"),
    )

    def current(self) -> InvoicingSettings:
        return InvoicingSettings.current()

    def change(
        self,
        record: Any,
        values: Mapping[str, Any],
        *,
        by: Actor,
        revision: int | None,
    ) -> InvoicingSettings:
        return change_invoicing_settings(values, by=by, revision=revision)
