"""Addresses of invoices and the chart; ``customer_pages`` and ``item_pages`` are those
pages of contacts and stock that lie here, for ``fieldops.urls`` to put in their place."""

from django.urls import path

from invoicing.views import (
    chart,
    customers,
    editor,
    invoices,
    items,
    live,
)

app_name = "invoicing"
urlpatterns = [
    path("invoices/", invoices.InvoiceListView.as_view(), name="invoice-list"),
    path("invoices/new/", editor.InvoiceCreateView.as_view(), name="invoice-create"),
    path(
        "invoices/totals/",
        live.InvoiceTotalsView.as_view(),
        name="invoice-totals",
    ),
    path("invoices/line/", live.InvoiceLineView.as_view(), name="invoice-line"),
    path("invoices/items/", live.ItemOptionsView.as_view(), name="item-options"),
    path(
        "invoices/customers/",
        live.CustomerOptionsView.as_view(),
        name="customer-options",
    ),
    path(
        "invoices/<int:pk>/",
        invoices.InvoiceDetailView.as_view(),
        name="invoice-detail",
    ),
    path(
        "invoices/<int:pk>/edit/",
        editor.InvoiceEditView.as_view(),
        name="invoice-edit",
    ),
    path(
        "invoices/<int:pk>/approve/",
        invoices.InvoiceApproveView.as_view(),
        name="invoice-approve",
    ),
    path(
        "invoices/<int:pk>/cancel/",
        invoices.InvoiceCancelView.as_view(),
        name="invoice-cancel",
    ),
    path(
        "invoices/<int:pk>/print/",
        invoices.InvoicePrintView.as_view(),
        name="invoice-print",
    ),
    path("settings/accounts/", chart.AccountListView.as_view(), name="account-list"),
    path(
        "settings/accounts/new/",
        chart.AccountCreateView.as_view(),
        name="account-create",
    ),
    path(
        "settings/accounts/<int:pk>/",
        chart.AccountEditView.as_view(),
        name="account-edit",
    ),
    path(
        "settings/vat-rates/",
        chart.TaxRateListView.as_view(),
        name="tax-rate-list",
    ),
    path(
        "settings/vat-rates/new/",
        chart.TaxRateCreateView.as_view(),
        name="tax-rate-create",
    ),
    path(
        "settings/vat-rates/<int:pk>/",
        chart.TaxRateEditView.as_view(),
        name="tax-rate-edit",
    ),
    path(
        "settings/invoicing/",
        chart.InvoicingSettingsView.as_view(),
        name="invoicing-settings",
    ),
]

customer_pages = [
    path("", customers.CustomerListView.as_view(), name="customer-list"),
    path("<int:pk>/", customers.ContactDetailView.as_view(), name="contact-detail"),
]

item_pages = [
    path("<int:pk>/", items.ItemDetailView.as_view(), name="item-detail"),
    path("<int:pk>/edit/", items.ItemEditView.as_view(), name="item-edit"),
]
