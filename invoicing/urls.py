"""Addresses of invoices and the chart; ``customer_pages`` and ``item_pages`` are those
pages of contacts and stock that lie here, for ``fieldops.urls`` to put in their place."""

from django.urls import path

from invoicing import (
    views_chart,
    views_customers,
    views_editor,
    views_invoices,
    views_items,
    views_live,
)

app_name = "invoicing"
urlpatterns = [
    path("invoices/", views_invoices.InvoiceListView.as_view(), name="invoice-list"),
    path(
        "invoices/new/", views_editor.InvoiceCreateView.as_view(), name="invoice-create"
    ),
    path(
        "invoices/totals/",
        views_live.InvoiceTotalsView.as_view(),
        name="invoice-totals",
    ),
    path("invoices/line/", views_live.InvoiceLineView.as_view(), name="invoice-line"),
    path("invoices/items/", views_live.ItemOptionsView.as_view(), name="item-options"),
    path(
        "invoices/customers/",
        views_live.CustomerOptionsView.as_view(),
        name="customer-options",
    ),
    path(
        "invoices/<int:pk>/",
        views_invoices.InvoiceDetailView.as_view(),
        name="invoice-detail",
    ),
    path(
        "invoices/<int:pk>/edit/",
        views_editor.InvoiceEditView.as_view(),
        name="invoice-edit",
    ),
    path(
        "invoices/<int:pk>/approve/",
        views_invoices.InvoiceApproveView.as_view(),
        name="invoice-approve",
    ),
    path(
        "invoices/<int:pk>/cancel/",
        views_invoices.InvoiceCancelView.as_view(),
        name="invoice-cancel",
    ),
    path(
        "invoices/<int:pk>/print/",
        views_invoices.InvoicePrintView.as_view(),
        name="invoice-print",
    ),
    path(
        "settings/accounts/", views_chart.AccountListView.as_view(), name="account-list"
    ),
    path(
        "settings/accounts/new/",
        views_chart.AccountCreateView.as_view(),
        name="account-create",
    ),
    path(
        "settings/accounts/<int:pk>/",
        views_chart.AccountEditView.as_view(),
        name="account-edit",
    ),
    path(
        "settings/vat-rates/",
        views_chart.TaxRateListView.as_view(),
        name="tax-rate-list",
    ),
    path(
        "settings/vat-rates/new/",
        views_chart.TaxRateCreateView.as_view(),
        name="tax-rate-create",
    ),
    path(
        "settings/vat-rates/<int:pk>/",
        views_chart.TaxRateEditView.as_view(),
        name="tax-rate-edit",
    ),
    path(
        "settings/invoicing/",
        views_chart.InvoicingSettingsView.as_view(),
        name="invoicing-settings",
    ),
]

customer_pages = [
    path("", views_customers.CustomerListView.as_view(), name="customer-list"),
    path(
        "<int:pk>/", views_customers.ContactDetailView.as_view(), name="contact-detail"
    ),
]

item_pages = [
    path("new/", views_items.ItemCreateView.as_view(), name="item-create"),
    path("<int:pk>/", views_items.ItemDetailView.as_view(), name="item-detail"),
    path("<int:pk>/edit/", views_items.ItemEditView.as_view(), name="item-edit"),
]
